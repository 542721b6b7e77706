"""Which sex the people of a phrase have, and whether they are pregnant, breastfeeding or past the menopause.

Decides by words, English and Chinese, and only of the first people that a phrase names: "children of women with HIV"
are children. Whether they are those of the study is not decided here.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class People(NamedTuple):
    """A word at [start, end). kind: `sex`, `pregnancy`, `lactation` or `menopause`. what: `female`, `male`,
    `pregnancy`, `lactation`, `postmenopausal`, `premenopausal`."""

    kind: str
    what: str
    start: int
    end: int


_SEX = re.compile(
    r"(?P<f>\b(?:(?:post|pre|peri)-?menopausal |pregnant |lactating |older |elderly |nonpregnant )?"
    r"(?:women|woman|females?|girls|mothers|daughters|wives|nulliparae)\b|\bfemale (?=patients|subjects|volunteers)|"
    r"(?:绝经[前后])?(?:女性|妇女|女童|女孩)|孕产?妇|产妇)|"
    r"(?P<m>\b(?:men|males?|boys|sons|husbands)\b|\bmale (?=patients|subjects|volunteers)|男性|男童|男孩)",
    re.I,
)
BOTH = re.compile(
    r"\b(?:wo)?men\W{1,2}(?:(?:and|or|as well as) )?(?:also )?(?:\w{1,14} )?(?:wo)?men\b|"
    r"\bmales? (?:and|or|/) (?:non-?pregnant )?females?|\b(?:both|either|all|any) (?:sex|gender)|of both sexes|"
    r"females? (?:and|or) males?|boys (?:and|or) girls|girls (?:and|or) boys|"
    r"男女|性别不限|男\W?\d{1,5}\W?[例人名]|男/女",
    re.I,
)
SHARE = re.compile(
    r"(?<![\d.])(?:[1-9]\d?(?:\.\d{1,2})?)\s?%\W{0,3}(?:[\w()]{1,14} ){0,5}(?:women|men|females?|males?)\b|"
    r"\b(?:women|men|females?|males?)\b\W{1,3}(?:n\W{1,3})?\d{1,5}\s?\(\s?\d{1,2}(?:\.\d)?\s?%?\)|(?:男|女)性?\W{0,2}占",
    re.I,
)
_NO_SEX = re.compile(
    r"child-?bearing|contracepti|fertile|育龄|reproductive potential|if (?:female|male)|\bn\s?=|\d\s?%", re.I
)
_OTHERS = re.compile(
    r"(?:born to|partners? of|children of|infants of|offspring of|sex with|\bof|from|to|by|by the|than|both|"
    r"their|\d (?:\w{1,12} )?were|was|of whom)\s$",
    re.I,
)
# "(12 males; …)": some of those who took part.
_SOME = re.compile(
    r"\((?:n\s?=\s?)?(?:\d{1,5}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s"
    r"(?:wom[ae]n|m[ae]n|(?:fe)?males?|girls|boys)\b", re.I,
)  # fmt: skip
_MOTHERS = re.compile(r"mothers|wives|daughters|sons|husbands|产妇", re.I)
_CHILDREN = re.compile(
    r"\b(?:infants?|child|children|bab(?:y|ies)|newborns?|neonates?|parents|fathers)\b|婴儿|儿童|新生儿", re.I
)
_CARRIED = re.compile(r"(?:\b(?:in|during|singleton|twin|early|late|of|with an?) (?:\w{1,12} ){0,2})$", re.I)
_PREGNANT = re.compile(
    r"(?<!pre-)(?<!post-)\bpregnan(?:t|cy)\b(?!\W(?:test|loss|rate|outcome|complicat|intention|intent|plans?\b|prevention|induced|"
    r"related|associated|prevention|interval))|"
    r"\bgravidae?\b|(?<!未)(?<!非)(?:妊娠期?|怀孕|孕妇|孕期|孕产妇)(?!期高血压|期糖尿病|结局|率|合并|纹)",
    re.I,
)
_NOT_NOW = re.compile(
    r"(?:previous|prior|past|earlier|last|history of|planned|planning|\bplan|prevent\w*) (?:\w{1,10} ){0,2}$", re.I
)
_LACTATING = re.compile(
    r"\blactat(?:ing|ion)\b|\bbreast-?feeding\b|\bnursing (?:women|mothers|an infant|a child)|哺乳期?(?!动物)", re.I
)
_FEEDING = re.compile(r"(?:affect|interfer|support|promot|initiat)\w{0,6} (?:\w{1,12} )?$", re.I)
_NURSING = re.compile(r"\W{0,2}(?:women|mothers|or pregnant|persons|people|期?妇女|妇女|女性)", re.I)
_MENOPAUSE = re.compile(
    r"\b(?P<post>post-?menopausal)\b|\b(?P<pre>pre-?menopausal)\b|(?P<zpost>绝经后)|(?P<zpre>绝经前)", re.I
)
_BOTH_SIDES = re.compile(
    r"\b(?:pre|peri|post)\W{0,2}(?:menopausal )?(?:and|or|/)\W{0,2}(?:pre|peri|post)\W?menopausal|绝经前[后和及、]",
    re.I,
)


def sex(said: str, start: int, end: int) -> People | None:
    """The one sex of the people in [start, end); None where both or neither is named."""
    found = [
        m for m in _SEX.finditer(said)
        if not _OTHERS.search(said[max(0, m.start() - 20) : m.start()]) or m.start() == start
    ]  # fmt: skip
    if not found or len({m.lastgroup for m in found}) > 1 or BOTH.search(said) or _SOME.search(said):
        return None
    if _MOTHERS.match(said, found[0].start()) and _CHILDREN.search(said):
        return None
    first = next((m for m in found if start <= m.start() and m.end() <= end), None)
    if first is None:
        return None
    if _is_name(said, first) or _NO_SEX.search(said[max(0, first.start() - 25) : first.end() + 45]):
        return None
    return People("sex", "female" if first.lastgroup == "f" else "male", first.start(), first.end())


def _is_name(said: str, m: re.Match[str]) -> bool:
    """Whether it is a part of a name ("Shi Men Er Road"), unless the whole sentence is in capitals, as titles are."""
    words = re.findall(r"[A-Za-z]{4,20}", said[:400])
    title = sum(w[0].isupper() for w in words) * 2 > len(words)
    return m[0][0].isupper() and m.start() > 0 and not title


def states(said: str) -> list[People]:
    """The first words of pregnancy, of breastfeeding and of the menopause, in any part of a sentence."""
    found: list[People] = []
    for m in _PREGNANT.finditer(said):
        if not _NOT_NOW.search(said[max(0, m.start() - 30) : m.start()]):
            found.append(People("pregnancy", "pregnancy", *m.span()))
            break
    fed = _LACTATING.search(said)
    if fed and not _FEEDING.search(said[max(0, fed.start() - 30) : fed.start()]):
        found.append(People("lactation", "lactation", *fed.span()))
    both = _BOTH_SIDES.search(said)
    if not both and (change := _MENOPAUSE.search(said)):
        what = "postmenopausal" if str(change.lastgroup).endswith("post") else "premenopausal"
        found.append(People("menopause", what, *change.span()))
    return found


def expecting(said: str, start: int, end: int) -> bool:
    """Whether pregnant people are named, not a pregnancy as a subject ("pregnancy intention")."""
    named = not re.match("pregnanc", said[start:end], re.I)
    return named or _CARRIED.search(said[max(0, start - 40) : start]) is not None


def nursing(said: str, end: int) -> bool:
    """Whether people are named as breastfeeding, not the feeding itself ("breastfeeding support")."""
    return _NURSING.match(said, end) is not None or "哺乳" in said[max(0, end - 3) : end]
