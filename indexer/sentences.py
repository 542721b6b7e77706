"""Where sentences begin and end, in English and Chinese medical text. Decides by rules; knows nothing of documents.

A mark ends a sentence unless what stands before it is an abbreviation, an initial or a number, or what follows cannot
begin a sentence. Every pattern is linear in the text.
"""

from __future__ import annotations

import re

# An end mark with what belongs to it: closing quotes and brackets, and superscript reference numbers run into it.
_END = re.compile(
    r"(?<![.!?])[.!?]+(?:[\"'”’)\]]+)?(?:\[\d[\d,–\- ]{0,20}\])?(?=\s|$)|[.](?=[A-Z][a-z]{3,} [a-z])|[。！？]+[”’」』）)\"]*|…{2,}|\n\s*\n"
)
_AFTER = re.compile(r"\s*(\S{1,30})")
_BEFORE = re.compile(r"(\S{1,20})$")
_ABBREVIATIONS = frozenset(
    "e.g i.e eg ie vs v cf al etc fig figs eq eqs ref refs no nos vol pp p ch sec tab dr mr mrs ms prof st jr sr inc "
    "ltd co corp dept univ approx ca resp est min max avg wt temp viz spp sp subsp var cv ser ext suppl ed eds hosp "
    "med surg gen sci natl int am j br eur jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k u.s.a ph.d m.d "
    "b.i.d t.i.d q.i.d q.d p.o i.v i.m s.c a.m p.m n.b d.o.i wk yr mo hr i.p o.d b.d t.d.s p.r.n".split()
)  # fmt: skip
# Abbreviations that may well end a sentence: they do when a capital follows that is no name or number.
_MAY_END = frozenset(
    "etc al inc ltd co corp u.s u.k ph.d m.d b.i.d t.i.d q.i.d q.d p.o i.v a.m p.m min max hr yr wk mo resp p.r.n t.d.s b.d o.d".split()
)
_NUMBERED = frozenset("fig figs eq eqs ref refs no nos vol pp p ch sec tab ext suppl approx ca".split())
_ORGANISM = re.compile(r"\s{1,8}[a-z]{4,}")
_LETTERED = frozenset(
    "vitamin vitamins hepatitis influenza type group grade class stage phase category arm panel haemophilia".split()
)
_LIST_NUMBER = re.compile(r"^\(?(?:\d{1,2}|[ivx]{1,4}|[a-z])$", re.I)
_OPENERS = "\"'“‘([（「『"


def split(text: str) -> list[tuple[int, int]]:
    """Half-open offsets of the sentences of `text`, in order, without outer white space; together they cover all of
    its other characters."""
    spans: list[tuple[int, int]] = []
    begin = 0
    for match in _END.finditer(text):
        if match[0].isspace() or _ends(text, begin, match.start(), match.end()):
            _add(spans, text, begin, match.end())
            begin = match.end()
    _add(spans, text, begin, len(text))
    return spans


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        start += len(piece) - len(piece.lstrip())
        spans.append((start, start + len(stripped)))


def _ends(text: str, begin: int, mark: int, after: int) -> bool:
    """Whether the mark at `mark`, with all that belongs to it up to `after`, ends the sentence from `begin`."""
    if text[mark] in "。！？…":
        return True
    following = _next_word(text, after)
    if text[mark] in "!?":
        return not following[:1].islower()
    if not following:
        return True
    word = _last_word(text, begin, mark)
    bare = word.lstrip("([{\"'“‘—–-")
    key = bare.lower().rstrip(".")
    if after - mark == 1 and mark + 1 < len(text) and not text[mark + 1].isspace():
        return len(bare) > 2 and bare.isalpha() and bare.islower()  # "...shown.However it": a space was lost
    if key in _ABBREVIATIONS:
        return _abbreviation_ends(key, following)
    if len(bare) == 1 and bare.isupper() and bare.isalpha():
        # An initial or a genus: "J. R. Smith", "E. coli"; but "hepatitis B. The" and "vitamin D. In".
        if _ORGANISM.match(text, after):
            return False
        before = _last_word(text, begin, mark - 2)
        return bool(before) and (before.lower() in _LETTERED or _is_common_start(following))
    if _LIST_NUMBER.match(bare) and mark - len(word) <= begin + 1:
        return False  # "1. First item"
    return not following[:1].islower() or following[:1].isdigit() or _is_gene(following)


def _abbreviation_ends(key: str, following: str) -> bool:
    first = following.lstrip(_OPENERS)[:1]
    if key in _NUMBERED and (first.isdigit() or (first.isupper() and len(following.strip("().,;")) <= 3)):
        return False
    return key in _MAY_END and first.isupper() and _is_common_start(following)


_COMMON = frozenset(
    "the in a an this these those it we our they there however although patients participants all both after among "
    "at by during for from if it its no of on one overall results methods conclusion conclusions background treatment "
    "adverse serious compared similarly moreover furthermore when while with to two three mean median thus therefore "
    "as each most some such women men children adults data studies trials".split()
)


def _is_common_start(word: str) -> bool:
    return word.lstrip(_OPENERS).rstrip(",.;:").lower() in _COMMON


def _is_gene(word: str) -> bool:
    """`p53`, `miR-21`, `mTOR`: a word that begins a sentence although its first letter is small."""
    return len(word) > 2 and word[0].islower() and any(c.isupper() or c.isdigit() for c in word[:5])


def _next_word(text: str, at: int) -> str:
    match = _AFTER.match(text, at)
    return match[1].lstrip(_OPENERS) or match[1] if match else ""


def _last_word(text: str, begin: int, mark: int) -> str:
    match = _BEFORE.search(text, max(begin, mark - 24), mark)
    return match[1] if match else ""
