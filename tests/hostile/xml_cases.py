"""Hostile XML files, and a small process that reads each one in a child and says what it cost.

`python -m tests.hostile.xml_cases PATH...` prints a JSON line a file: {path, reason, documents, text, seconds, rss}.
"""

import gzip
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from indexer.errors import ReadError
from indexer.readers import reader_for

CANARY = "CANARY-7f3a91"
MB = 1 << 20
HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n"


def article(body: str, doctype: str = "", *, attributes: str = "") -> bytes:
    """A small JATS article around `body`."""
    front = (
        "<front><article-meta><article-id pub-id-type='pmid'>1</article-id><title-group>"
        "<article-title>T</article-title></title-group></article-meta></front>"
    )
    return f"{HEAD}{doctype}<article{attributes}>{front}<body>{body}</body></article>".encode()


def citations(abstract: str, doctype: str = "") -> bytes:
    """A PubMed set of one citation around `abstract`."""
    return (
        f"{HEAD}{doctype}<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>"
        f"<ArticleTitle>T</ArticleTitle><Abstract><AbstractText>{abstract}</AbstractText></Abstract></Article>"
        "</MedlineCitation></PubmedArticle></PubmedArticleSet>"
    ).encode()


def _laughs() -> str:
    lines = "".join(f"<!ENTITY l{i} '{f'&l{i - 1};' * 10}'>" for i in range(1, 12))
    return f"<!DOCTYPE article [<!ENTITY l0 'lol'>{lines}]>"


def _bomb(inside: bytes, count: int) -> bytes:
    """gzip members of 8 MB of `inside`, `count` of them."""
    return gzip.compress(inside * (8 * MB // len(inside)), 9) * count


# name → (file name, reason code or None when the file is read, what makes its bytes from canary path and port)
CASES: dict[str, tuple[str, str | None, Callable[[Path, int], bytes]]] = {
    "billion laughs": ("a.xml", "entities", lambda c, p: article("<p>&l11;</p>", _laughs())),
    "billion laughs in pubmed": ("a.xml", "entities", lambda c, p: citations("&l11;", _laughs())),
    "billion laughs in an attribute": (
        "a.xml", "entities", lambda c, p: article("<p id='&l11;'/>", _laughs())),
    "quadratic blow-up": (
        "a.xml", "entities",
        lambda c, p: article("<p>" + "&a;" * 100_000 + "</p>", f"<!DOCTYPE article [<!ENTITY a '{'x' * 100_000}'>]>")),
    "external entity, file": (
        "a.xml", "entities",
        lambda c, p: article("<p>&x;</p>", f"<!DOCTYPE article [<!ENTITY x SYSTEM 'file://{c}'>]>")),
    "external entity, http": (
        "a.xml", "entities",
        lambda c, p: article("<p>&x;</p>", f"<!DOCTYPE article [<!ENTITY x SYSTEM 'http://127.0.0.1:{p}/x'>]>")),
    "external entity, utf-16": (
        "a.xml", "entities",
        lambda c, p: (f"<!DOCTYPE article [<!ENTITY x SYSTEM 'file://{c}'>]>"
                      "<article><body><p>&x;</p></body></article>").encode("utf-16")),
    "unparsed entity": (
        "a.xml", "entities",
        lambda c, p: article(
            "<p/>", f"<!DOCTYPE article [<!NOTATION n SYSTEM 'n'><!ENTITY x SYSTEM 'file://{c}' NDATA n>]>")),
    "parameter entity, file": (
        "a.xml", "entities",
        lambda c, p: article("<p>&x;</p>", f"<!DOCTYPE article [<!ENTITY % d SYSTEM 'file://{c}'> %d;]>")),
    "parameter entity, http": (
        "a.xml", "entities",
        lambda c, p: article("<p/>", f"<!DOCTYPE article [<!ENTITY % d SYSTEM 'http://127.0.0.1:{p}/'> %d;]>")),
    # expat reads no declaration after a parameter entity that it did not read: the entities stay undeclared.
    "laughs after an undeclared parameter entity": (
        "a.xml", None, lambda c, p: article("<p>Read &l11;</p>", _laughs().replace("[", "[%d; ", 1))),
    "external subset, http": (
        "a.xml", None,
        lambda c, p: article("<p>Read &alpha; &x;.</p>", f"<!DOCTYPE article SYSTEM 'http://127.0.0.1:{p}/x.dtd'>")),
    "external subset, file": (
        "a.xml", None, lambda c, p: article("<p>Read &x;.</p>", f"<!DOCTYPE article SYSTEM 'file://{c}'>")),
    "xinclude": (
        "a.xml", None,
        lambda c, p: article(
            f"<p>Read <xi:include parse='text' href='file://{c}'/>.</p>",
            attributes=" xmlns:xi='http://www.w3.org/2001/XInclude'")),
    "stylesheet and schema": (
        "a.xml", None,
        lambda c, p: article(
            f"<?xml-stylesheet href='http://127.0.0.1:{p}/s.xsl' type='text/xsl'?><p>Read.</p>",
            attributes=" xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
            f"xsi:schemaLocation='a http://127.0.0.1:{p}/a.xsd'")),
    "defaults of attributes": (
        "a.xml", None,
        lambda c, p: article(
            "<p>Read.</p>" + "<p/>" * 100_000, f"<!DOCTYPE article [<!ATTLIST p id CDATA '{'x' * 100_000}'>]>")),
    "depth 100,000": ("a.xml", "too_deep", lambda c, p: article("<sec>" * 100_000)),
    "depth 100,000 in pubmed": ("a.xml", "too_deep", lambda c, p: citations("<i>" * 100_000)),
    "depth 100,000 around nothing": (
        "a.xml", "too_deep", lambda c, p: b"<article>" * 100_000),
    "attribute of 20 MB": ("a.xml", "too_big", lambda c, p: article(f"<p id='{'x' * 20 * MB}'/>")),
    "comment of 20 MB": ("a.xml", "too_big", lambda c, p: article(f"<!--{'x' * 20 * MB}-->")),
    "instruction of 20 MB": ("a.xml", "too_big", lambda c, p: article(f"<?a {'x' * 20 * MB}?>")),
    "name of 20 MB": ("a.xml", "too_big", lambda c, p: article(f"<{'x' * 20 * MB}/>")),
    "doctype of 20 MB": ("a.xml", "too_big", lambda c, p: article("", f"<!DOCTYPE {'x' * 20 * MB}>")),
    "comment before the root of 20 MB": (
        "a.xml", "too_big", lambda c, p: article("", f"<!--{'x' * 20 * MB}-->")),
    "paragraph of 20 MB": ("a.xml", "too_big", lambda c, p: article(f"<p>{'x' * 20 * MB}</p>")),
    "paragraph of 20 MB in pubmed": ("a.xml", "too_big", lambda c, p: citations("x" * 20 * MB)),
    "CDATA of 20 MB": ("a.xml", "too_big", lambda c, p: article(f"<p><![CDATA[{'x' * 20 * MB}]]></p>")),
    "a million elements": ("a.xml", "too_big", lambda c, p: article("<p/>" * 1_000_000)),
    "100,000 attributes": (
        "a.xml", "too_big",
        lambda c, p: article("<p " + " ".join(f"a{i}=''" for i in range(100_000)) + "/>")),
    "100,000 names": (
        "a.xml", "too_big", lambda c, p: article("".join(f"<n{i}/>" for i in range(100_000)))),
    "gzip bomb of 800 MB": (
        "a.xml.gz", "too_big", lambda c, p: gzip.compress(HEAD.encode() + b"<article><body>") + _bomb(b"<p></p>.", 100)),
    "gzip bomb of spaces": (
        "a.xml.gz", "too_big",
        lambda c, p: gzip.compress(b"<PubmedArticleSet>") + _bomb(b" " * 64, 100)),
    "gzip bomb before the root": ("a.xml.gz", "too_big", lambda c, p: _bomb(b" " * 64, 100)),
    "gzip bomb without its suffix": (
        "a.xml", "too_big", lambda c, p: gzip.compress(b"<article>") + _bomb(b"<p></p>.", 100)),
    "gzip cut short": (
        "a.xml.gz", "broken", lambda c, p: gzip.compress(article("<p>Read.</p>" * 500))[:-40]),
    "gzip of garbage": ("a.xml.gz", "broken", lambda c, p: b"\x1f\x8b\x08\x00" + bytes(range(200))),
    "wide and high spans": (
        "a.xml", None,
        lambda c, p: article(
            "<p>Read.</p><table-wrap><table><tr>" + "<td rowspan='9999' colspan='9999'>abc</td>" * 300
            + "</tr>" + "<tr/>" * 100_000 + "</table></table-wrap>")),
    "a high column beside empty cells": (
        "a.xml", None,
        lambda c, p: article(
            "<p>Read.</p><table-wrap><table><tr>" + "<td rowspan='9999'/>" * 190 + "</tr>"
            + "<tr><td>x</td></tr>" * 90_000 + "</table></table-wrap>")),
    "a long header over many rows": (
        "a.xml", "too_big",
        lambda c, p: article(
            f"<table-wrap><table><thead><tr>{f'<th>{chr(120) * 300}</th>' * 20}</tr></thead><tbody>"
            + f"<tr>{'<td>1</td>' * 20}</tr>" * 9_000 + "</tbody></table></table-wrap>")),
    "long headings over short blocks": (
        "a.xml", "too_big",
        lambda c, p: article(
            "".join(f"<sec><title>{chr(97 + i % 26) * 9_000}</title>" for i in range(150))
            + "<p>a</p><fig><caption>b</caption></fig>" * 20_000 + "</sec>" * 150)),
    "nested superscripts and references": (
        "a.xml", None,
        lambda c, p: article(
            "<p>Read " + "<sup><xref ref-type='bibr'>" * 90 + "1, " * MB + "</xref></sup>" * 90 + "</p>")),
    "brackets and citation marks": (
        "a.xml", None,
        lambda c, p: article("<p>Read " + "[ (1 and <xref ref-type='bibr'>1</xref>, 2 and 3 " * 60_000 + "</p>")),
    "formulas that never end": (
        "a.xml", None,
        lambda c, p: article(
            "<p>Read <tex-math>" + "\\begin{document}$ " * 200_000 + "</tex-math></p>")),
    "deep fractions": (
        "a.xml", None,
        lambda c, p: article("<p>Read <math>" + "<msup><mi>x</mi>" * 180 + f"<mi>{'x' * MB}</mi>"
                             + "</msup>" * 180 + "</math></p>")),
    "empty file": ("a.xml", "broken", lambda c, p: b""),
    "only a declaration": ("a.xml", "broken", lambda c, p: HEAD.encode()),
    "not XML": ("a.xml", "broken", lambda c, p: b"%PDF-1.7 and more"),
    "cut short": ("a.xml", "broken", lambda c, p: article("<p>Read.</p>")[:-20]),
    "wrong nesting": ("a.xml", "broken", lambda c, p: article("<p><i></p></i>")),
    "two roots": ("a.xml", "broken", lambda c, p: article("<p>Read.</p>") + b"<article/>"),
    "not UTF-8": ("a.xml", "broken", lambda c, p: article("<p>Read.</p>").replace(b"Read", b"\xff\xfe\x80")),
    "zero bytes": ("a.xml", "broken", lambda c, p: article("<p>Read.</p>").replace(b"Read", b"\0\0")),
    "unknown encoding": (
        "a.xml", "broken", lambda c, p: article("<p/>").replace(b"UTF-8", b"utf-7")),
    "encoding that is none": (
        "a.xml", "broken", lambda c, p: article("<p/>").replace(b"UTF-8", b"zlib_codec")),
    "character reference to nothing": ("a.xml", "broken", lambda c, p: article("<p>&#0;</p>")),
    "another vocabulary": ("a.xml", "unsupported", lambda c, p: b"<svg><article/></svg>"),
}  # fmt: skip


def write(folder: Path, *, canary: Path, port: int) -> dict[str, Path]:
    """Every case's file, by the case's name."""
    paths = {}
    for number, (name, (file, _, make)) in enumerate(CASES.items()):
        path = folder / str(number) / file
        path.parent.mkdir(parents=True)
        path.write_bytes(make(canary, port))
        paths[name] = path
    return paths


def _read(path: Path) -> dict[str, object]:
    reason, texts, started = None, [], time.monotonic()
    try:
        for document in reader_for(path).read(path):
            texts.append(document.text)
    except ReadError as error:
        reason = error.reason
    seconds = time.monotonic() - started
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    text = "\n".join(texts)
    return {
        "path": str(path), "reason": reason, "documents": len(texts), "head": text[:500],
        "canary": CANARY in text, "seconds": seconds, "rss": rss,
    }  # fmt: skip


def main() -> None:
    """Reads each path in its own child, so that memory is counted for each."""
    # Imported lazily by the readers: not the file's cost.
    __import__("indexer.design"), __import__("indexer.language")
    __import__("indexer.readers.jats"), __import__("indexer.readers.pubmed")
    for path in sys.argv[1:]:
        sys.stdout.flush()
        if (child := os.fork()) == 0:
            sys.stdout.write(json.dumps(_read(Path(path))) + "\n")
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
