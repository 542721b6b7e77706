"""Rewrites sentences by rule for training: lightly, so that they stay true, or in one place, so that they do not.

Decides which words stand for which. Each function gives None when a sentence offers nothing to change.
"""

from __future__ import annotations

import random
import re

_OPPOSITES = (
    ("increased", "decreased"), ("increase", "decrease"), ("increases", "decreases"), ("increasing", "decreasing"),
    ("higher", "lower"), ("greater", "smaller"), ("more", "fewer"), ("raised", "lowered"), ("improved", "worsened"),
    ("improvement", "worsening"), ("improves", "worsens"), ("better", "worse"), ("longer", "shorter"),
    ("elevated", "reduced"), ("superior", "inferior"), ("positive", "negative"), ("upregulated", "downregulated"),
    ("gain", "loss"), ("faster", "slower"), ("earlier", "later"), ("stronger", "weaker"), ("above", "below"),
    ("activates", "inhibits"), ("activation", "inhibition"), ("activated", "inhibited"), ("common", "rare"),
    ("effective", "ineffective"), ("safe", "unsafe"), ("beneficial", "harmful"), ("before", "after"),
    ("with", "without"), ("always", "never"), ("benefit", "harm"), ("high", "low"), ("rises", "falls"), ("rose", "fell"),
    ("gained", "lost"), ("enhanced", "impaired"), ("promotes", "prevents"), ("causes", "prevents"),
)  # fmt: skip
# One way only: turning "reduced" to "increased" is right, "increased" has its own partner above.
_ONE_WAY = {"reduced": "increased", "reduces": "increases", "reduce": "increase", "reduction": "increase",
            "reductions": "increases", "declined": "rose", "less": "more", "diminished": "increased",
            "lowers": "raises", "lowering": "raising", "inhibited": "activated", "suppressed": "enhanced"}  # fmt: skip
_TURN = {**dict(_OPPOSITES), **{b: a for a, b in _OPPOSITES}, **_ONE_WAY}
# Words that turn a finding round only where a comparison is made; left out when a sentence has a stronger one.
_WEAK = {"with", "without", "more", "before", "after", "above", "below", "common", "rare", "high", "low", "positive",
         "negative", "always", "never", "safe", "fewer"}  # fmt: skip
_TURNED = re.compile(r"\b(" + "|".join(_TURN) + r")\b", re.I)
_SYNONYMS = (
    (r"\breduced\b", ("lowered", "decreased", "cut")), (r"\bincreased\b", ("raised", "went up in", "higher")),
    (r"\bpatients\b", ("people", "individuals", "participants")), (r"\bassociated with\b", ("linked to", "related to", "tied to")),
    (r"\bsignificantly\b", ("markedly", "clearly", "")), (r"\bdemonstrated\b", ("showed",)), (r"\bshowed\b", ("demonstrated", "found")),
    (r"\bcommon\b", ("frequent", "usual")), (r"\bcauses\b", ("leads to", "brings about")), (r"\bcaused by\b", ("due to", "a result of")),
    (r"\btreatment\b", ("therapy", "management")), (r"\btherapy\b", ("treatment",)), (r"\bchildren\b", ("kids", "paediatric patients")),
    (r"\bcompared with\b", ("versus", "relative to", "as opposed to")), (r"\bmortality\b", ("death", "the risk of dying")),
    (r"\badverse events\b", ("side effects", "harms")), (r"\bmay\b", ("can", "might")), (r"\busually\b", ("typically", "mostly")),
    (r"\bincluding\b", ("such as", "among them")), (r"\bmutations\b", ("variants", "changes")), (r"\blower\b", ("smaller", "reduced")),
    (r"\bhigher\b", ("greater", "larger")), (r"\brequires\b", ("needs",)), (r"\bapproximately\b", ("about", "around")),
    (r"\bphysicians?\b", ("doctors",)), (r"\boccurs\b", ("happens", "arises")), (r"\bprevents\b", ("protects against", "stops")),
)  # fmt: skip
_LEAD = re.compile(r"^(?:In conclusion|Moreover|Furthermore|However|In addition|Additionally|Thus|Therefore|Overall|Finally|"
                   r"These (?:results|findings|data) (?:suggest|indicate|show) that|We (?:found|observed|report) that|"
                   r"Our (?:results|findings|data) (?:suggest|indicate|show) that)[, ]+", re.I)  # fmt: skip
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]{1,80}[)\]]")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w])")
_NOT = re.compile(
    r"\b(was|were|is|are|did|does|do|has|have|had|could|can|may|will|should) not\b|\bno (significant|difference|effect|evidence|association)",
    re.I,
)
_AUXILIARY = re.compile(r"\b(was|were|is|are|has been|have been|can|may|could|will|should)\b(?! not)")
_NAMES = re.compile(
    r"\b(?:[A-Z][A-Za-z]*\d[\w-]*|[A-Z]{3,}[\w-]*|[a-z]{4,}(?:mab|nib|statin|pril|sartan|cillin|mycin|azole|ine|itis|oma|osis|emia)s?)\b"
)


def flipped(text: str) -> str | None:
    """The first telling word of direction turned to its opposite."""
    found = list(_TURNED.finditer(text))
    strong = [m for m in found if m[1].lower() not in _WEAK] or found
    if not strong:
        return None
    m = strong[0]
    turned = _TURN[m[1].lower()]
    return text[: m.start()] + (turned.capitalize() if m[1][0].isupper() else turned) + text[m.end() :]


def negated(text: str, rng: random.Random) -> str | None:
    """A negation taken away, or put in after an auxiliary."""
    if m := _NOT.search(text):
        if m[1]:
            return text[: m.start()] + m[1] + text[m.end() :]
        return text[: m.start()] + ("a significant " if m[2].lower() == "significant" else "a ") + (
            "" if m[2].lower() == "significant" else m[2]) + text[m.end() :]  # fmt: skip
    if found := list(_AUXILIARY.finditer(text)):
        m = rng.choice(found[:2])
        first, _, rest = m[1].partition(" ")
        return f"{text[: m.start()]}{first} not{' ' + rest if rest else ''}{text[m.end() :]}"
    return None


def renumbered(text: str, rng: random.Random) -> str | None:
    """One number changed: a factor of ten, another digit, or half as much again."""
    found = list(_NUMBER.finditer(text))
    if not found:
        return None
    m = rng.choice(found)
    value = m[0]
    places = len(value.partition(".")[2])
    kind = rng.randrange(3)
    number = float(value) * (
        10 if kind == 0 else 0.1 if kind == 1 and float(value) >= 10 else rng.choice((1.3, 1.6, 0.6))
    )
    new = f"{number:.{places}f}"
    return text[: m.start()] + new + text[m.end() :] if new != value else None


def lightly(text: str, rng: random.Random) -> str:
    """The same in slightly other words: a lead or brackets left out, two synonyms, sometimes only the main clause."""
    text = _LEAD.sub("", text)
    if rng.random() < 0.5:
        text = _BRACKETS.sub("", text)
    rules = [r for r in _SYNONYMS if re.search(r[0], text)]
    for pattern, others in rng.sample(rules, min(len(rules), rng.randrange(3))):
        text = re.sub(pattern, rng.choice(others), text, count=1)
    if (
        rng.random() < 0.25
        and (cut := re.search(r"(?:, (?:whereas|while|but|although|and)|;)\s", text))
        and cut.start() > 50
    ):
        text = text[: cut.start()] + "."
    text = re.sub(r"  +", " ", text).strip()
    return text[:1].upper() + text[1:]


def with_entity_of(text: str, other: str, rng: random.Random) -> str | None:
    """One name (drug, gene, disease) exchanged for one of another text."""
    own, foreign = _NAMES.findall(text), [n for n in _NAMES.findall(other) if n not in text]
    if not own or not foreign:
        return None
    return text.replace(rng.choice(own), rng.choice(foreign))


_BE = re.compile(
    r"^([A-Z][^.;:()]{3,70}?) (is|are|was|were|can|may|could|does|has been|have been) (not )?([^.]{15,200})\.$"
)
_VERB = re.compile(
    r"^([A-Z][^.;:()]{3,70}?) (?:significantly |also |often |directly )?"
    r"(increase|reduce|improve|cause|induce|predict|affect|decrease|promote|require|regulate|influence|enhance|lead to|"
    r"result in|inhibit|prevent)(s|d|ed|es)? ([^.]{10,200})\.$"
)


def as_question(sentence: str) -> tuple[str, bool] | None:
    """A yes/no question that the sentence answers, and whether with yes; None if it is not of a simple form."""
    if (m := _BE.match(sentence)) and not re.match(r"(?:There|It|This|These|We|They)\b", m[1]):
        first, _, rest = m[2].partition(" ")
        return f"{first.capitalize()} {_inside(m[1])}{' ' + rest if rest else ''} {m[4]}?", not m[3]
    if m := _VERB.match(sentence):
        does = "Did" if m[3] in ("d", "ed") else "Does" if m[3] else "Do"
        return f"{does} {_inside(m[1])} {m[2]} {m[4]}?", True
    return None


def _inside(subject: str) -> str:
    """A subject as it stands inside a sentence: its capital goes unless it is a name."""
    first = subject.split(maxsplit=1)[0]
    return subject if any(c.isupper() or c.isdigit() for c in first[1:]) else subject[0].lower() + subject[1:]
