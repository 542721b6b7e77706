"""Forms of English words: spelling variants (British and American, Greek letters, hyphens), singular, and the form in
which a phrase is looked up. Decides by rules, not a list."""

from __future__ import annotations

import re

_GREEK = dict(
    zip(
        "αβγδεζηθκλμντφχψω",
        "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu tau phi chi psi omega".split(),
        strict=True,
    )
)
_RULES = (
    (r"^haem", "hem"), (r"^hem(?=[aeiot])", "haem"), (r"aemi(a|c)", r"emi\1"), (r"(?<=[a-z]{2})emi(a|c)$", r"aemi\1"),
    (r"^paed", "ped"), (r"^pediat", "paediat"), (r"^oed", "ed"), (r"^edem", "oedem"), (r"^oesoph", "esoph"),
    (r"^esoph", "oesoph"), (r"^oestr", "estr"), (r"^estr", "oestr"), (r"^foet", "fet"), (r"^fet(?=al|us)", "foet"),
    (r"^gynaec", "gynec"), (r"^gynec", "gynaec"), (r"^anaesth", "anesth"), (r"^anesth", "anaesth"),
    (r"^orthopaed", "orthoped"), (r"^orthoped", "orthopaed"), (r"^leuk(?=em)", "leuk"), (r"rrhoea$", "rrhea"),
    (r"rrhea$", "rrhoea"), (r"pnoea", "pnea"), (r"pnea", "pnoea"), (r"tumour", "tumor"), (r"tumor", "tumour"),
    (r"fibre", "fiber"), (r"fiber", "fibre"), (r"litre", "liter"), (r"liter(?=s?$)", "litre"), (r"centre", "center"),
    (r"center", "centre"), (r"behaviour", "behavior"), (r"behavior", "behaviour"), (r"colour", "color"),
    (r"(?<=[a-z]{3})is(e|ed|es|ing|ation|ations)$", r"iz\1"), (r"(?<=[a-z]{3})iz(e|ed|es|ing|ation|ations)$", r"is\1"),
    (r"(?<=[a-z]{3})yse(d|s)?$", r"yze\1"), (r"(?<=[a-z]{3})yze(d|s)?$", r"yse\1"), (r"sulph", "sulf"),
    (r"sulf", "sulph"), (r"caesar", "cesar"), (r"cesar(?=ean|ian)", "caesar"), (r"ischaem", "ischem"),
    (r"ischem", "ischaem"), (r"^celiac", "coeliac"), (r"^coeliac", "celiac"), (r"mould", "mold"),
    (r"^ageing$", "aging"), (r"^aging$", "ageing"),
)  # fmt: skip
_COMPILED = tuple((re.compile(pattern), with_) for pattern, with_ in _RULES)
# Words that only look as if they could be spelled otherwise.
_FIXED = re.compile(
    r"(?:exerc|adv|surpr|comprom|prem|superv|rev|dev|prom|prec|conc|otherw|likew|d|r|w)is|(?:s|pr)iz|noise|raise|cause|disease"
)


def spellings(word: str) -> tuple[str, ...]:
    """Other spellings of a word, in lower case; none for most words."""
    lower = word.lower()
    found = {lower}
    for letter, name in _GREEK.items():
        if letter in lower:
            found.add(lower.replace(letter, name))
        elif re.search(rf"(?:^|-){name}(?:-|$)", lower) and len(lower) > len(name):
            found.add(lower.replace(name, letter))
    if "-" in lower and len(lower) > 4:
        found.add(lower.replace("-", ""))
    if lower.isascii() and lower.isalpha() and len(lower) > 4 and not _FIXED.search(lower):
        for pattern, with_ in _COMPILED:
            if (variant := pattern.sub(with_, lower)) != lower:
                found.add(variant)
    return tuple(sorted(found - {lower}))


_IRREGULAR = {"teeth": "tooth", "feet": "foot", "vertebrae": "vertebra", "metastases": "metastasis"}


def bare(text: str) -> str:
    """A name without what only its place in a sentence gives it: case, possessive, hyphens."""
    words = text.lower().replace("’", "'").replace("-", " ").split()
    return " ".join(word.removesuffix("s").removesuffix("'") if "'" in word[-2:] else word for word in words)


def plain(text: str) -> str:
    """The form in which a phrase is looked up: bare, and each word in the singular."""
    return " ".join(map(singular, bare(text).split()))


def singular(word: str) -> str:
    """The singular of an English noun, by rules; another word may lose its s too, on both sides of a comparison."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "shes", "ches", "xes", "zes")) else word[:-1]
