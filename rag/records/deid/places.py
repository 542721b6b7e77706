"""Places smaller than a state in English text: addresses, towns, post codes, and hospitals and employers by name.

Decides by the form of an address, by words such as "lives in" before a capital word, and by the tagger. States and
countries alone are kept, as Safe Harbor allows; five-digit ZIP codes are not. Knows nothing of people.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.records.deid.tagger import runs
from rag.records.deid.tokens import HAN, Token, everywhere
from rag.records.deid.types import Finding
from rag.records.deid.vocabulary import EPONYMS, STATES, STOP, unheard

THRESHOLD = 0.2
_W = rf"[^\W\d_{HAN}][\w'.\-]{{0,24}}"
_KIND = r"(?:street|st|avenue|ave?|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|way|place|pl|terrace|ter|parkway|pkwy|highway|hwy|circle|cir|square|sq|trail|trl|crescent|cres|close|alley|plaza|loop|row|gardens?|mews|walk|pike|turnpike|path|grove|hill|strasse|straße|rue|via|route)"
_UNIT = r"(?:,?[ ](?:(?:apt|apartment|unit|suite|ste|room|rm|floor|fl|flat|bldg|building|lot)\.?[ ]?#?[ ]?|#[ ]?)[A-Z]?\d{0,5}[A-Z]?\b)?"
_STATE = r"(?:A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])"
_TOWN = r"(?:,?[ ]?\n?[ ]?(?-i:[A-Z])[\w'.\-]{1,24}(?:[ ](?-i:[A-Z])[\w'.\-]{1,24}){0,3})?"
_END = rf"(?:,?[ ]{{1,2}}(?-i:{_STATE}))?(?:,?[ ]\d{{5}}(?:-\d{{4}})?(?!\d))?"
_STREET = re.compile(
    rf"(?<![\w/.])\d{{1,6}}[A-Z]?(?:[ ](?:[NSEW]\.?|north|south|east|west|NE|NW|SE|SW))?(?:[ ]{_W}){{1,4}}[ ]{_KIND}\b\.?{_UNIT}(?:,{_TOWN}{_END})?",
    re.I,
)
_BOX = re.compile(rf"\bP\.?[ ]?O\.?[ ]Box[ ]\d{{1,7}}(?:,{_TOWN}{_END})?", re.I)
_ZIP = re.compile(
    rf"\b(?P<t>(?:[A-Z][\w'.\-]{{1,24}}[ ]){{0,3}}[A-Z][\w'.\-]{{1,24}})(?:,[ ]{_STATE}\b(?!:)(?:,?[ ]\d{{5}}(?:-\d{{4}})?)?|[ ]{_STATE}[ ]\d{{5}}(?:-\d{{4}})?)(?!\w)|\b{_STATE}[ ]\d{{5}}(?:-\d{{4}})?\b"
)
_ZIP_LABEL = re.compile(
    r"(?i)\b(?:zip|postal|post)[ ]?(?:code)?[ ]?(?:is|of|[:#])?[ ]{0,2}(?P<v>[A-Z0-9]{2,5}[ -]?[A-Z0-9]{2,5})\b"
)
# "the corner of 3 Elm and Oak"; ships and posts overseas: "PSC 12, Box 3\nAPO AE 09012".
_CORNER = re.compile(r"(?i)\b(?:the )?corner of (?P<v>[^\n.;?]{4,80})")
_POST = re.compile(
    r"(?i)(?<![a-z])(?:(?:psc|cmr|unit) \d{1,5},? box \d{1,5}|us(?:s|ns|nv|cgc) [^\W\d]{2,25}(?: [^\W\d]{2,25})?),?\s{1,3}(?:apo|fpo|dpo),? (?:aa|ae|ap)(?: \d{5}(?:-\d{4})?)?"
)
# An address in lines: the first begins with the house's number, the last has the code.
_LINES = re.compile(
    r"(?m)^[ >]{0,4}(?P<v>\d{1,5}[A-Za-z]?[ ][^\W\d_a-z][^\n.:;]{2,40}\n(?:[ >]{0,4}[^\n:;]{1,40}\n){0,4}?[ >]{0,4}[^\n:;\d]{0,30}\d{4,6}(?:-\d{3,4})?)[ ]{0,3}$"
)
_UK = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?[ ]\d[A-BD-HJLNP-UW-Z]{2}\b")
_LIVES = re.compile(
    r"(?i)(?<![a-z])(?:lives?|living|lived|resid(?:es?|ing|ed|ent)|from|moved(?: here)?(?: from| to)?|born|raised|grew up|travel(?:l?ed|l?ing|s)?|trip|flew|visit(?:ed|ing)|home(?:town)?|relocat(?:ed|ing)|native|based|clinic|stay(?:ing|ed)?|works?|address|back|near|outside)(?:[ ](?:in|at|of|to|from|near|outside|is|back))?[ :]{1,2}(?P<v>(?-i:[A-Z])[\w'.\-]{1,24}(?:[ ](?-i:[A-Z])[\w'.\-]{1,24}){0,3})"
)
_ADDRESS = re.compile(
    r"(?i)(?<![a-z])(?:home |mailing |street |current |billing |permanent )?address(?:es)?(?:[ ](?:is|on file))?(?:[ ]?:[ ]{0,3}|[ ](?=\d))(?P<v>[^\n;]{4,110})"
)
_AT = re.compile(
    r"(?i)(?<![a-z])(?:(?:lives?|living|lived|resid(?:es?|ing)|residence|stay(?:s|ing)?|located|found|picked up|shop|room|house|home)(?: alone| now| currently| together)? (?:at|is)|(?:mail(?:ed)?|results|them|it|go|visit|taxi|deliver(?:ed|y)?|ship(?:ped)?|sent|send|moved|bills|address|forwarded) to|address (?:is|with|as))[ ](?P<v>(?=[^\n]{0,60}\d)(?:[^\n.;]|\n(?=[ ])|\.(?=[ ]?[a-z0-9])|(?<=\b\w\w)\.|(?<=\b\w)\.){4,100})"
)
_HOUSE = re.compile(
    r"(?<![\w'])(?P<v>(?:(?:St\.?|Saint|Mount|Mt\.?)[ ])?(?:[A-Z][\w'.\-]{1,24}[ ](?:(?:of|the|and|de|du)[ ])?){1,4}(?:(?:General|Memorial|Regional|Community|Medical|Children's|University|Veterans|Health|County|District|Teaching|City|Family|Urgent)[ ]){0,3}(?:Hospital|Medical Center|Clinic|Infirmary|Health Center|Hospice|Nursing Home|Health System|Healthcare|University|College|High School|Elementary School|School|Pharmacy|Rehabilitation|Inc\.?|LLC|Ltd\.?|GmbH|Corporation|Corp\.?|Company))(?![\w])"
)
_HOUSE_NUMBER = re.compile(r"(?:^|(?<=[\s,:]))(?P<v>(?:\d{1,5} )?\d{1,5}[A-Za-z]?[ ,]{1,2})\Z")
_MORE = re.compile(
    rf"[\s,]{{1,6}}(?:(?:(?:Apt|Suite|Ste|Unit|Box|Flat|Room|Floor|Apartment)\.?[ ]?#?\d{{1,6}}[A-Z]?)|{_STATE}(?:[ ]\d{{5}})?\b(?!:)|(?:[^\W\d_a-z][\w'.\-]{{1,24}}[ ]){{1,3}}\d{{4,5}}(?![\w/.-])|(?<=\n )[^\W\d_a-z][\w'.\-]{{1,24}}(?:[ ][^\W\d_a-z][\w'.\-]{{1,24}}){{0,2}}(?=\n|,|\Z)|\d{{4,5}}(?:-\d{{3,4}})?(?![\w/.-])|[A-Z]{{1,2}}\d[A-Z\d]?[ ]\d[A-Z]{{2}}\b)"
)
_LIVES_LOW = re.compile(
    rf"(?i)(?<![a-z])(?:(?:lives?|living|lived|resides?|residing|staying) in|(?:moved|is|originally|travell?ed|sent) from|born in|grew up (?:in|near)|(?:travell?ed|moved|trip) to|clinic in|hometown:)[ ](?P<v>{_W})(?:[ ]{_W}(?=[.,\n]))?"
)
_EMPLOYER = re.compile(
    r"(?i)(?<![a-z])(?:employer|workplace|employed by|place of (?:work|employment))[ ]?:?[ ]{1,3}(?P<v>[^\s:;]{1,25}(?:[ ](?![A-Z][a-z]{0,20}:)[^\s:;.]{1,25}(?:\.(?![ \n]|$))?){0,4})"
)
_WORKS = re.compile(
    r"(?:[Ww]ork(?:s|ed|ing)?|WORKS|[Ee]mployed|[Jj]ob|[Rr]etired|[Cc]ook|[Dd]river|[Tt]eacher|[Cc]lerk|[Mm]anager) (?:at|for|from|with)[ ](?P<v>(?:[A-Z][\w'&+.-]{0,24})(?:[ ](?:(?:of|the|and|&|to|at)[ ]){0,2}[A-Z&][\w'&+-]{0,24}){0,4})"
)
# "drives a truck for Acme", "employed as a welder with Acme", "Acme employee".
_AS = re.compile(
    r"(?:[Ee]mployed|[Ww]ork(?:s|ed|ing)?|[Dd]rives?|[Dd]riving|[Dd]elivers?) (?:as )?(?:an? )?[a-z]{2,15}(?: [a-z]{2,15})? (?:at|for|with|by)[ ](?P<v>(?:[A-Z][\w'&+.-]{0,24})(?:[ ](?:(?:of|the|and|&|to|at)[ ]){0,2}[A-Z&][\w'&+-]{0,24}){0,4})"
)
_STAFF = re.compile(
    r"(?<![\w'])(?P<v>[A-Z][\w'&+-]{1,24}(?:[ ](?:(?:of|the|and|&)[ ])?[A-Z&][\w'&+-]{0,24}){0,4})[ ](?:employee|worker|driver|manager|staff member|pensioner|native)\b"
)
_IN = re.compile(
    rf"(?<![A-Za-z])(?:[Ii]n|IN|[Nn]ear|NEAR|[Ff]rom|FROM|[Oo]utside|[Aa]round|[Vv]ia|[Tt]o|TO)[ ](?P<v>[^\W\d_a-z{HAN}][\w'.\-]{{1,24}}(?:[ ](?:(?:de|del|la|le|do|da|am|an|der|of|the|sur|upon|en)[ ]){{0,2}}[^\W\d_a-z{HAN}][\w'.\-]{{1,24}}){{0,3}})"
)
_IN_LOW = re.compile(
    rf"(?i)(?<![a-z])(?:in|near|from|outside|around|via|to|at|of)[ ](?P<v>{_W}(?:[ ](?:(?:de|del|la|le|do|da|der|of)[ ]){{0,1}}{_W}){{0,2}})"
)
_WORKS_LOW = re.compile(
    rf"(?i)(?<![a-z])(?:work(?:s|ed|ing)?|employed|driv(?:es|ing) an? [a-z]{{3,9}}|welder|driver|clerk|cook|nurse|teacher|manager|retired|laid off) (?:at|for|from|with|by)[ ](?P<v>{_W}(?:[ ](?:&[ ])?{_W}){{0,4}})"
)
_HOUSE_LOW = re.compile(
    rf"(?i)(?<![a-z'])(?P<v>{_W}(?:[ ]{_W}){{0,3}}?)[ ](?:(?:general|memorial|regional|community|medical|children's|university|veterans|county|district|city)[ ]){{0,2}}(?:hospital|medical center|infirmary|health center|clinic|nursing home|university|college|pharmacy)(?![\w])"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_GENERIC = frozenset("the a our this that local outside emergency general primary family medical urgent care pain sleep eye free our another nearest hospital clinic medicine surgery cardiology oncology dermatology gastroenterology orthopedic orthopedics neurology psychiatry pediatric pediatrics women's diabetes wound infusion university college high school elementary nursing".split())  # fmt: skip


def find_places(
    text: str, *, found: Sequence[Token], probabilities: NDArray[np.float32], level: Callable[[str], int]
) -> list[Finding]:
    """Findings in a folded text, in no order; `found` are its tokens, with a row of probabilities each. level: how
    ordinary a word is (`Tagger.level`)."""
    ruled = [
        f
        for f in itertools.chain(_ruled(text), _one_case(text, level), _employers(text), _after_in(text, level))
        if not _kept(text[f.start : f.end])
    ]
    found_places = ruled + [f for f in _tagged(text, found, probabilities) if not _kept(text[f.start : f.end])]
    # One Chinese character is no place.
    grown = [_grown(text, f) for f in found_places if f.end - f.start > 1]
    return grown + list(_again(text, grown))


def _again(text: str, sure: Sequence[Finding]) -> Iterator[Finding]:
    """Places that were found, wherever else they stand: a town of an address is one without its street too."""
    names = set()
    for f in sure:
        if f.score >= 0.6:
            for part in re.split(r"[,\n]", text[f.start : f.end]):
                words = part.split()
                if (
                    words
                    and not "\u3400" <= part.strip()[0] <= "\u9fff"
                    and not any(c.isdigit() for c in part)
                    and 3 < len(part.strip()) < 40
                ):
                    names.add(" ".join(words))
    names = {
        n for n in names if n.lower() not in STOP and not all(w.lower() in _GENERIC for w in n.split()) and not _kept(n)
    }
    for start, end in everywhere(text, names):
        yield Finding(start, end, "place", 0.6)


def _after_in(text: str, level: Callable[[str], int]) -> Iterator[Finding]:
    """What stands after "in", "near" or "from" and has a word that no medical prose has in lower case."""
    for m in () if text.islower() or text.isupper() else _IN.finditer(text):
        words = m["v"].rstrip(".").split()
        if any(unheard(w, level) for w in words) and words[0].lower() not in STOP:
            yield Finding(m.start("v"), m.start("v") + len(m["v"].rstrip(".")), "place", 0.5)


def _grown(text: str, f: Finding) -> Finding:
    """With the house number before it, and the units, codes and state after it, over a line's end."""
    before = _HOUSE_NUMBER.search(text, max(0, f.start - 12), f.start)
    start, end = before.start("v") if before else f.start, f.end
    while m := _MORE.match(text, end):
        end = m.end()
    return Finding(start, end, f.category, f.score)


def _ruled(text: str) -> Iterator[Finding]:
    for m in _CORNER.finditer(text):
        if any(c.isdigit() for c in m["v"]):
            yield Finding(m.start(), m.end(), "place", 0.7)
    for pattern, score in ((_STREET, 0.9), (_BOX, 0.95), (_UK, 0.8), (_POST, 0.95), (_LINES, 0.8)):
        for m in pattern.finditer(text):
            yield Finding(m.start("v") if pattern is _LINES else m.start(), m.end(), "place", score)
    for m in _ZIP.finditer(text):
        if m["t"] is None or not set(m["t"].lower().split()) & STOP:
            yield Finding(m.start(), m.end(), "place", 0.8)
    for m in _ZIP_LABEL.finditer(text):
        if any(c.isdigit() for c in m["v"]):
            yield Finding(m.start("v"), m.end("v"), "place", 0.9)
    for m in _ADDRESS.finditer(text):
        end = m.start("v") + len(re.split(r"(?<=[^\W_]{3})\.[ ]+(?=[A-Z])|(?<=[^\W_]{3})\.$", m["v"])[0].rstrip())
        if (
            any(c.isdigit() for c in m["v"])
            and "@" not in m["v"]
            and not re.match(r"[\d.:]+$", text[m.start("v") : end])
        ):
            yield Finding(m.start("v"), end, "place", 0.9)
    for m in _AT.finditer(text):
        # In lower case the next sentence looks like this one: stop at a full stop there.
        end = len(
            re.split(r"(?<=[^\W_]{3})\.[ ]|[ ](?:with|and|but|who|where|since|alone|because|if|as|when)\b", m["v"])[0]
        )
        yield Finding(m.start("v"), m.start("v") + end, "place", 0.85)
    for m in _LIVES.finditer(text):
        words = re.findall(r"[^\s.]+", m["v"])
        if words[0].lower() not in STOP | EPONYMS and not words[0].isupper():
            yield Finding(m.start("v"), m.start("v") + len(m["v"].rstrip(".")), "place", 0.6)
    for m in _HOUSE.finditer(text):
        words = m["v"].split()
        while words and words[0].lower() in STOP | {"the"}:
            words = words[1:]
        if len(words) > 1 and not all(w.lower().rstrip(".") in _GENERIC for w in words[:-1]):
            yield Finding(m.end("v") - len(m["v"][m["v"].index(words[0]) :]), m.end("v"), "place", 0.75)


def _one_case(text: str, level: Callable[[str], int]) -> Iterator[Finding]:
    """Where all is of one case: the words after "lives in" that are not ordinary ones."""
    if text.islower() or text.isupper():
        for m in _LIVES_LOW.finditer(text):
            if m["v"].lower() not in STOP and not level(m["v"]):
                yield Finding(m.start("v"), m.end(), "place", 0.6)
        for m in _IN_LOW.finditer(text):
            end = m.start("v")
            for w in re.finditer(r"\S+", m["v"]):
                if not unheard(w.group().strip(".'"), level):
                    break
                end = m.start("v") + w.end()
            if end > m.start("v"):
                yield Finding(m.start("v"), end, "place", 0.4)
        yield from _houses_low(text, level)
        for m in _WORKS_LOW.finditer(text):
            end, count = m.start("v"), 0
            for w in re.finditer(r"\S+", m["v"]):
                if w.group().lower().strip(".") in STOP - {"and", "of"} | _GENERIC and w.group() != "&":
                    break
                end, count = m.start("v") + w.end(), count + 1
                if w.group()[-1] in ".,":
                    break
            # One word, if it is not an ordinary one: "works with computers".
            if count > 1 or (count and not level(text[m.start("v") : end].strip("."))):
                yield Finding(m.start("v"), end, "place", 0.5)


def _houses_low(text: str, level: Callable[[str], int]) -> Iterator[Finding]:
    """In a text of one case: the words before "hospital" and the like, back to the first ordinary one."""
    for m in _HOUSE_LOW.finditer(text):
        start = m.end("v")
        for w in reversed(list(re.finditer(r"\S+", m["v"]))):
            if w.group().lower() in STOP | _GENERIC or level(w.group()) > 1:
                break
            start = m.start("v") + w.start()
        if start < m.end("v"):
            yield Finding(start, m.end(), "place", 0.6)


def _employers(text: str) -> Iterator[Finding]:
    for m in _EMPLOYER.finditer(text):
        if not set(m["v"].lower().split()) & {"none", "self", "unknown", "retired", "unemployed", "n/a"}:
            yield Finding(m.start("v"), m.end("v"), "place", 0.8)
    for pattern in (_WORKS, _AS, _STAFF):
        for m in pattern.finditer(text):
            if m["v"].lower() not in STOP | _GENERIC:
                yield Finding(m.start("v"), m.end("v"), "place", 0.6)


def _kept(value: str) -> bool:
    return re.sub(r"[^a-z ]", "", value.lower()).strip() in STATES


def _tagged(text: str, found: Sequence[Token], probabilities: NDArray[np.float32]) -> Iterator[Finding]:
    likely = probabilities[:, 2] + probabilities[:, 3] if len(found) else np.empty(0)
    marked = ((found[i], float(likely[i])) for i in np.flatnonzero(likely >= THRESHOLD).tolist())
    for start, end, p in runs(text, ((t, p) for t, p in marked if t.text[0].isalnum()), between=" .'-,\n"):
        # A number begins a place only when that is rather sure.
        if not text[start].isdigit() or (p >= 0.7 and not _YEAR.fullmatch(text[start:end])):
            yield Finding(start, end, "place", p * 0.9)
