"""Bibliographic facts that PubMed and JATS write differently and that we keep in one form: names, languages, years,
identifiers, retraction marks in titles. Knows nothing of XML.
"""

from __future__ import annotations

import re

_CJK = re.compile("[\u3400-\u9fff\uac00-\ud7af\u3040-\u30ff]")
# Four digits alone, or at the head of a compact date (20190312, 201903).
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?=(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?)?(?!\d))")
_PMCID = re.compile(r"(?:PMC)?(\d{1,10})(?:\.\d+)?", re.I)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
# The publication type of a retracted article (National Library of Medicine).
RETRACTED = "Retracted Publication"
_RETRACTED = re.compile(
    r"\W{0,3}(?:retracted(?: article| paper)?\b\s*[:\]).—–-]|retracted article\b|【?已?撤稿】?[：:])",
    re.I,
)
_SMALL = {
    "a",
    "an",
    "and",
    "as",
    "at",
    "by",
    "for",
    "from",
    "in",
    "of",
    "on",
    "or",
    "per",
    "the",
    "to",
    "vs",
    "with",
}
# ISO 639-2/B, as PubMed writes it → ISO 639-1.
_LANGUAGES = dict(
    pair.split(":")
    for pair in (
        "afr:af alb:sq ara:ar arm:hy aze:az bos:bs bul:bg cat:ca chi:zh zho:zh cze:cs ces:cs dan:da dut:nl nld:nl "
        "eng:en epo:eo est:et fin:fi fre:fr fra:fr geo:ka ger:de deu:de gle:ga gre:el ell:el heb:he hin:hi hrv:hr "
        "hun:hu ice:is isl:is ind:id ita:it jpn:ja kin:rw kor:ko lat:la lav:lv lit:lt mac:mk mao:mi may:ms mul: nor:no "
        "per:fa fas:fa pol:pl por:pt pus:ps rum:ro ron:ro rus:ru san:sa slo:sk slk:sk slv:sl spa:es srp:sr swe:sv "
        "tha:th tur:tr ukr:uk und: urd:ur uzb:uz vie:vi wel:cy"
    ).split()
)


def language(code: str) -> str:
    """ISO 639-1 for `eng`, `zh-CN` or `EN`; "" for what has none or is not known."""
    base = code.strip().lower().replace("_", "-").split("-")[0]
    if len(base) == 2 and base.isascii() and base.isalpha():
        return base
    return _LANGUAGES.get(base, "")


def year(text: str) -> int | None:
    """The first year in `text` (`1998 Dec-1999 Jan` → 1998, `20190312` → 2019), None if there is none."""
    found = _YEAR.search(text)
    return int(found[0]) if found else None


def author(last: str, given: str, suffix: str = "") -> str:
    """`Last FM`; Chinese, Japanese and Korean names as they are written: surname, then given name, without a space."""
    if _CJK.search(last):
        return f"{last}{given}".replace(" ", "")
    initials = given if given.isupper() and len(given) <= 4 else _initials(given)
    return " ".join(part for part in (last, initials, suffix) if part)


def _initials(given: str) -> str:
    return "".join(part[0].upper() for part in re.split(r"[\s.\-‐]+", given) if part[:1].isalpha())


def pmcid(text: str) -> str:
    """`PMC123` for `123`, `PMC123` or `PMC123.1`; "" for anything else."""
    found = _PMCID.fullmatch(text.strip())
    return f"PMC{found[1]}" if found else ""


def doi(text: str) -> str:
    """A DOI in lower case without resolver or `doi:`; "" if there is none."""
    found = _DOI.search(text.strip())
    return found[0].lower() if found else ""


def is_retracted(title: str) -> bool:
    """Whether the title itself says so ("RETRACTED: …"); the title of a notice ("Retraction: …") does not."""
    return bool(_RETRACTED.match(title))


def title_case(label: str) -> str:
    """`MATERIALS AND METHODS` → `Materials and Methods`; a label that is not all capitals stays as it is."""
    if label.upper() != label:
        return label[:1].upper() + label[1:]
    words = re.split(r"(\W+)", label.lower())
    return "".join(w if w in _SMALL and i else w[:1].upper() + w[1:] for i, w in enumerate(words))
