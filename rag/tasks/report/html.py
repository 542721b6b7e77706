"""A page as one HTML file that needs nothing from outside and runs nothing.

Decides the layout and the look. Everything that comes from data is escaped; drawings pass `drawing`; a policy in the
page itself forbids scripts, forms, frames and every load (Content Security Policy, W3C), its one style named by its
hash.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from html import escape

from rag.render import safe
from rag.tasks.page import Block, Heading, Page, Paragraph, Picture, Points, Reference, Table, Text
from rag.tasks.report.drawing import clean_svg
from rag.tasks.report.links import web
from rag.tasks.report.wording import word

_STYLE = (
    "body{font:16px/1.5 system-ui,-apple-system,'Segoe UI','Noto Sans CJK SC','Microsoft YaHei',sans-serif;"
    "color:#1b1b1b;background:#fff;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "h1,h2,h3,h4{line-height:1.25;break-after:avoid}h1{border-bottom:2px solid #444;padding-bottom:.3rem}"
    "aside{border-left:4px solid #b35c00;background:#fff6ea;padding:.4rem .8rem;margin:1rem 0}aside p{margin:.2rem 0}"
    "table{border-collapse:collapse;width:100%;margin:.8rem 0;font-size:.92em}"
    "caption{text-align:left;font-weight:600;padding:.2rem 0}"
    "th,td{border:1px solid #999;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "th{background:#eee}tr{break-inside:avoid}thead{display:table-header-group}"
    "figure{margin:.8rem 0;break-inside:avoid}figcaption{font-size:.85em;color:#444}svg{max-width:100%;height:auto}"
    "sup{font-size:.75em;line-height:0;white-space:nowrap}a{color:#0b4f9e}"
    "#references li{overflow-wrap:anywhere;font-size:.9em}q{font-style:italic}li:target{background:#fff3b0}"
    "@page{margin:18mm}@media print{body{margin:0;max-width:none;font-size:10.5pt}a{color:inherit;"
    "text-decoration:none}aside{background:none}}"
)
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"


def html(page: Page) -> str:
    """The whole file, with its line ends."""
    language = "zh-CN" if page.language == "zh" else "en"
    anchors = {r.label: f"c{n}" for n, r in enumerate(page.references, start=1)}
    notices = "".join(f"<p>{_data(n)}</p>" for n in page.notices)
    blocks = "\n".join(_block(b, anchors, page.language) for b in page.blocks)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_data(page.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{_data(page.title)}</h1>\n" + (f"<aside>{notices}</aside>\n" if notices else "")
        + f"{blocks}\n{''.join(_references(page, anchors))}</main>\n</body>\n</html>\n"
    )  # fmt: skip


def _data(text: str) -> str:
    """Data as HTML shows it."""
    return escape(safe(text))


def _block(block: Block, anchors: Mapping[str, str], language: str) -> str:
    if isinstance(block, Heading):
        level = min(max(block.level, 1) + 1, 6)
        return f"<h{level}>{_data(block.text)}</h{level}>"
    if isinstance(block, Paragraph):
        return f"<p>{('' if language == 'zh' else ' ').join(_text(t, anchors) for t in block.texts)}</p>"
    if isinstance(block, Points):
        return f"<ul>{''.join(f'<li>{_text(t, anchors)}</li>' for t in block.items)}</ul>"
    if isinstance(block, Picture):
        return f"<figure>{clean_svg(safe(block.svg))}<figcaption>{_data(block.alt)}</figcaption></figure>"
    return _table(block, anchors)


def _table(table: Table, anchors: Mapping[str, str]) -> str:
    caption = f"<caption>{_data(table.caption)}</caption>" if table.caption else ""
    head = "".join(f'<th scope="col">{_data(h)}</th>' for h in table.header)
    rows = "".join("<tr>" + "".join(f"<td>{_text(t, anchors)}</td>" for t in row) + "</tr>" for row in table.rows)
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _text(text: Text, anchors: Mapping[str, str]) -> str:
    labels = "".join(
        f'<sup><a href="#{anchors[c]}">[{_data(c)}]</a></sup>' if c in anchors else f"<sup>[{_data(c)}]</sup>"
        for c in text.cites
    )
    return _data(text.text) + labels


def _references(page: Page, anchors: Mapping[str, str]) -> Iterator[str]:
    if not page.references:
        return
    yield f'<section id="references">\n<h2>{word("references", page.language)}</h2>\n<ul>\n'
    for reference in page.references:
        yield _reference(reference, anchors[reference.label])
    yield "</ul>\n</section>\n"


def _reference(reference: Reference, anchor: str) -> str:
    quote = f" <q>{_data(reference.quote)}</q>" if reference.quote else ""
    address = web(reference.link)
    link = f' <a href="{escape(address)}" rel="noopener noreferrer">{escape(address)}</a>' if address else ""
    return f'<li id="{anchor}">[{_data(reference.label)}] {_data(reference.text)}{quote}{link}</li>\n'
