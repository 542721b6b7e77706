"""Measures the PDF reader: typesets JATS articles as PDF, reads them back, compares word by word.

    python scripts/bench_pdf.py --data DIR [--json FILE] [--keep FOLDER] [--count 24]

Decides nothing. Printed for each file: F1 of its words (as a multiset), order (longest common subsequence over the
article's words), reference entries and running heads found in sections, pages a second. The JATS is parsed here, apart
from the project's own reader, so that the measure does not depend on it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import sys
import tempfile
import time
import xml.etree.ElementTree as ET  # the data set is ours to trust
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from indexer.readers.pdf import PdfReader
from indexer.types import Document
from tests.typeset import Article, Style, by_frames, encodable, vera
from tests.typeset_lines import by_hand

_SKIPPED = {"table-wrap", "fig", "ref-list", "sec-meta", "disp-formula", "inline-formula", "title", "label", "fn-group"}
_WORD = re.compile(r"\w+")
F1_TARGET, ORDER_TARGET = 0.97, 0.95


def styles() -> list[tuple[str, Any, Style]]:
    """(name, engine, style), one and two columns alternately."""
    return [
        ("frames 1", by_frames, Style(columns=1)),
        ("frames 2", by_frames, Style(columns=2, size=9, gutter=14, odd_even=True)),
        ("hand 1 lines, ragged", by_hand, Style(columns=1, justify=False, indent=False)),
        ("hand 2 spaced, row after row", by_hand, Style(columns=2, draw="spaced", size=9, gutter=16, rows=True)),
        ("frames 1 ligatures", by_frames, Style(columns=1, family=vera(), head_last=True, indent=False)),
        ("hand 2 words", by_hand, Style(columns=2, draw="word", size=9.5, head_last=True, wide_abstract=False)),
        ("hand 1 words", by_hand, Style(columns=1, draw="word", odd_even=True, footnote="* Both wrote this article.")),
        ("hand 2 ligatures, words in rows", by_hand,
         Style(columns=2, draw="word", size=8, family=vera(), rows=True, footnote="* Both wrote this article.")),
    ]  # fmt: skip


def article_of(path: Path) -> Article:
    """Title, authors, abstract, paragraphs, simple tables and references of a JATS file."""
    root = ET.parse(path).getroot()  # noqa: S314
    blocks: list[tuple[str, Any]] = []
    body = root.find("body")
    if body is not None:
        _walk(body, blocks)
    meta = root.find("front/article-meta")
    assert meta is not None
    doi = meta.find("article-id[@pub-id-type='doi']")
    names = [" ".join(encodable(t) for t in n.itertext() if t.strip()) for n in meta.iter("name")]
    abstract = meta.find("abstract")
    return Article(
        title=_plain(meta.find("title-group/article-title")),
        authors=", ".join(names[:8]),
        abstract=tuple(_plain(p) for p in abstract.iter("p")) if abstract is not None else (),
        blocks=tuple((kind, content) for kind, content in blocks if content),
        references=tuple(filter(None, (_reference(ref) for ref in root.iter("ref")))),
        doi=doi.text or "" if doi is not None else "",
        head="Someone and others: a study of something",
    )


def _walk(element: ET.Element, blocks: list[tuple[str, Any]]) -> None:
    for child in element:
        if child.tag == "title":
            blocks.append(("heading", _plain(child)))
        elif child.tag == "p":
            blocks.append(("text", _plain(child)))
            for table in child.iter("table-wrap"):
                _table(table, blocks)
        elif child.tag == "table-wrap":
            _table(child, blocks)
        elif child.tag not in _SKIPPED:
            _walk(child, blocks)


def _table(wrap: ET.Element, blocks: list[tuple[str, Any]]) -> None:
    """A table of two to five columns, first twelve rows, cells of at most 60 characters."""
    rows = [tuple(_plain(cell) for cell in row) for row in wrap.iter("tr")]
    wide = max(map(len, rows), default=0)
    rows = [row for row in rows if len(row) == wide and any(row)][:12]
    if 2 <= wide <= 5 and len(rows) >= 3 and max(len(c) for r in rows for c in r) <= 60:
        blocks.append(("table", tuple(rows)))


def _plain(element: ET.Element | None) -> str:
    if element is None:
        return ""
    parts = [element.text or ""]
    for child in element:
        if child.tag not in _SKIPPED:
            parts.append(_plain(child) if len(child) or child.text else "")
            parts.append(" " if child.tag in ("p", "list-item", "sec") else "")
        parts.append(child.tail or "")
    return encodable("".join(parts)) if element.tag in ("p", "title", "article-title", "td", "th") else "".join(parts)


def _reference(ref: ET.Element) -> str:
    return encodable(" ".join(t.strip() for t in ref.itertext() if t.strip()))


def words_of(text: str) -> list[str]:
    """Lower-case words of a text."""
    return _WORD.findall(text.lower())


def f1(truth: list[str], found: list[str]) -> float:
    """Harmonic mean of precision and recall over the two multisets of words."""
    common = sum((Counter(truth) & Counter(found)).values())
    return 2 * common / (len(truth) + len(found)) if truth or found else 1.0


def common_subsequence(a: list[str], b: list[str]) -> int:
    """Length of the longest common subsequence (Hyyrö 2004, bit-parallel)."""
    places: dict[str, int] = {}
    for i, word in enumerate(a):
        places[word] = places.get(word, 0) | 1 << i
    full = (1 << len(a)) - 1
    state = full
    for word in b:
        hit = state & places.get(word, 0)
        state = ((state + hit) | (state - hit)) & full
    return len(a) - state.bit_count()


def measure(article: Article, path: Path) -> dict[str, Any]:
    """One file's numbers."""
    started = time.perf_counter()
    document = next(iter(PdfReader().read(path)))
    seconds = time.perf_counter() - started
    truth = words_of(article.words())
    kept = [s for s in document.sections if s.kind != "references"]
    found = words_of(_without_references(document))
    quoted = "\n".join(document.text[s.start : s.end] for s in kept)
    flat = " ".join(words_of(quoted))
    entries = [" ".join(words_of(r)[:8]) for r in article.references]
    return {
        "f1": f1(truth, found), "order": common_subsequence(truth, found) / len(truth), "words": len(truth),
        "references": sum(e in flat for e in entries if len(e) > 30), "heads": _heads(article, flat),
        "pages": len(document.pages), "seconds": seconds, "doi": document.source.links.get("doi", "") == article.doi,
        "title": words_of(document.source.title) == words_of(article.title),
    }  # fmt: skip


def _without_references(document: Document) -> str:
    text, at, parts = document.text, 0, []
    for section in document.sections:
        if section.kind == "references":
            parts.append(text[at : section.start])
            at = section.end
    return "".join(parts) + text[at:]


def _heads(article: Article, flat: str) -> int:
    running = (article.head, "journal of tests 2020 volume 7")
    return sum(flat.count(" ".join(words_of(head))) for head in running)


def main() -> int:
    """Prints the table; exit code 1 when a target is missed."""
    parser = argparse.ArgumentParser(description="Measure the PDF reader on typeset JATS articles.")
    parser.add_argument("--data", type=Path, default=os.environ.get("ANAMNESIS_DATA"))
    parser.add_argument("--json", type=Path, help="write the numbers here")
    parser.add_argument("--keep", type=Path, help="keep the PDF files in this folder")
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--skip", type=int, default=0, help="leave out the first articles")
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("give --data DIR or set ANAMNESIS_DATA")
    folder = Path(arguments.data) / "evidence_inference_v2" / "annotations" / "xml_files"
    # Every 16th of 394: years and journals mixed.
    paths = sorted(folder.glob("*.nxml"))[arguments.skip :: 16][: arguments.count]
    results = []
    with tempfile.TemporaryDirectory() as temporary:
        kept = arguments.keep or Path(temporary)
        kept.mkdir(parents=True, exist_ok=True)
        for number, path in enumerate(paths):
            name, engine, style = styles()[number % len(styles())]
            article = article_of(path)
            target = kept / f"{path.stem}.pdf"
            engine(article, into=target, style=replace(style))
            results.append({"file": path.stem, "style": name, **measure(article, target)})
            _row(results[-1])
    return _report(results, arguments.json)


def _row(r: dict[str, Any]) -> None:
    print(f"{r['file']:<12} {r['style']:<32} F1 {r['f1']:.4f}  order {r['order']:.4f}  references {r['references']}  "
          f"heads {r['heads']}  title {r['title']:d}  doi {r['doi']:d}  pages {r['pages']}  "
          f"{r['pages'] / r['seconds']:.0f}/s", flush=True)  # fmt: skip


def _report(results: list[dict[str, Any]], into: Path | None) -> int:
    summary = {
        "files": len(results), "f1_mean": statistics.mean(r["f1"] for r in results),
        "f1_least": min(r["f1"] for r in results), "order_mean": statistics.mean(r["order"] for r in results),
        "order_least": min(r["order"] for r in results), "references": sum(r["references"] for r in results),
        "heads": sum(r["heads"] for r in results),
        "pages_per_second": sum(r["pages"] for r in results) / sum(r["seconds"] for r in results),
    }  # fmt: skip
    print("  ".join(f"{k} {v:.4g}" for k, v in summary.items()))
    if into:
        machine = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
        into.write_text(json.dumps({"summary": summary, "machine": machine, "files": results}, indent=1) + "\n")
    good = summary["f1_least"] >= F1_TARGET and summary["order_least"] >= ORDER_TARGET
    return 0 if good and not summary["references"] and not summary["heads"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
