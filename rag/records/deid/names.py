"""Names of people in English text where nobody told us whom to look for.

Decides by what stands around a word (titles, kinship, labels, credentials) and by the tagger; then searches the whole
text for the words that it is sure of, so that "Okonkwo" is found after one "Dr. Okonkwo". Eponyms ("Baker cyst",
"Crohn's") are no names unless a title or a given name stands before them. Knows nothing of places.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.records.deid.fold import plain
from rag.records.deid.tokens import HAN, Token
from rag.records.deid.types import Finding
from rag.records.deid.vocabulary import DOTTED, EPONYMS, NOUNS, STATES, STOP, brands

THRESHOLD = 0.05
# Dotted letters that are no person even after "with" or "by".
_NEVER = frozenset("iv po us usa er ed or im md rn eg ie mri ct ekg ecg am pm pt ot".split())
_L = rf"[^\W\d_{HAN}]"
_WORD = rf"(?:{_L}(?:{_L}|['\-](?={_L})){{1,24}}|(?-i:[A-Z])(?:\.|(?![\w'])))"
_PARTICLE = r"(?:(?:van|von|de|del|della|di|da|dos|la|le|el|al|bin|ibn|ter|der|den|st\.?)[ ]){0,2}"
_GAP = r"[ ]{1,2}"
_TITLE = re.compile(
    rf"(?<![A-Za-z])(?P<t>mr|mrs|ms|miss|mx|dr|drs|doctor|prof|professor|rev|reverend|nurse|sir|madam|sgt|capt|judge|pastor|rabbi|imam|señora?|sra?|mme|herr|frau|auntie|uncle|aunt)(?:(?<!or)\.[ ]{{0,2}}|[ ]{{1,2}})(?=(?P<n>{_PARTICLE}{_WORD}(?:(?:{_GAP}|(?<=\.)){_PARTICLE}{_WORD}){{0,2}}))",
    re.I,
)
_LABEL = re.compile(
    rf"(?<![A-Za-z])(?:(?:patient|pt|full|first|last|given|family|maiden|middle|legal|preferred)?[ ']{{0,2}}s?[ ]?name|surname|patient|pt|attending|provider|physician|surgeon|resident|referring(?: physician| provider)?|pcp|"
    rf"consultant|assistant|anesthesiologist|(?:electronically |digitally )?signed(?: by)?|(?:dictated|transcribed|reviewed|performed|prepared|authored|verified|witnessed|ordered|interpreted|read|reported|seen|written|examined|completed|documented|entered|co-?signed|approved) by|cc|author|"
    rf"contact|next of kin|nok|guardian|caregiver|witness|interpreter|informant|emergency contact|proxy|poa|re|dear|attn|attention|from|to|clinician|nurse|rn|guarantor|insured|spouse|scribe|technologist|technician|therapist)[ ]?:[ \t]{{0,4}}(?=(?P<n>{_PARTICLE}{_WORD}(?:(?:,?{_GAP}|(?<=\.)){_PARTICLE}{_WORD}){{0,3}}))",
    re.I,
)
_KIN = r"mother|father|wife|husband|daughter|son|sister|brother|aunt|uncle|niece|nephew|cousin|spouse|partner|girlfriend|boyfriend|friend|neighbou?r|fianc[eé]e?|grand(?:mother|father|son|daughter|ma|pa)|caregiver|caretaker|guardian|roommate|stepson|stepdaughter|stepmother|stepfather|twin|child|baby|infant|nurse|therapist|mom|dad|coworker|colleague|counselor|interpreter|aide"
_NEAR = re.compile(
    rf"(?<![A-Za-z])(?:(?:{_KIN})(?:,| is| named| called|'s name is| is called| is named)?|named|my name is|(?:name|known|goes|called) (?:is|as|by)|i am|i'm|this is|dear|hi|hello|hey|spoke (?:with|to)|discussed with|per|signed|(?:seen|referred|signed|done|sent|accompanied|brought in|administered|given) by|reviewed with|let|asked|told|according to|thank you|thanks)[ ,]{{1,2}}(?=(?P<n>{_PARTICLE}{_WORD}(?:{_GAP}{_WORD}){{0,2}}))",
    re.I,
)
_CAPITAL = rf"(?:[^\W\d_a-z](?:{_L}|['\-](?={_L})){{1,24}}|[A-Z]\.?)"
_CREDENTIAL = re.compile(
    rf"(?<![\w'])(?P<n>{_CAPITAL}(?:{_GAP}(?:(?:van|von|de|del|la|di|da|al|el|bin)[ ]){{0,2}}{_CAPITAL}){{0,3}}),?[ ](?:M\.?D|D\.?O|R\.?N|N\.?P|PA(?:-C)?|Ph\.?D|DPM|DDS|DMD|LPN|CRNA|FNP|LCSW|PharmD|BSN|MSN|MBBS|FACS|FACP|APRN|DNP|OD|DPT|MSW|CNA|CNM|ARNP|Esq)\b"
)
_SPEAKER = re.compile(
    r"(?i)(?:patient|pt|doctor|nurse|from|to|re|guest\w*|clinician|therapist|contact|interpreter|caregiver|guardian|spouse|resident|consultant|assistant|reported|read|seen|examined)[ ]?:"
)
_INITIALS = re.compile(r"(?<![\w.])(?:[A-Z]\.[ ]?){1,2}[A-Z]\.(?![A-Za-z]|[ ]?\d)")
_SOME_INITIALS = re.compile(
    r"(?i)(?<![A-Za-z])(?:with|by|per|signed|initials:?|told|asked|from|and|called)[ ](?P<v>(?:[^\W\d_]\.[ ]?){1,2}[^\W\d_]\.)(?!\w)|(?<![\w.])(?P<w>(?:[^\W\d_]\.[ ]?){1,2}[^\W\d_]\.)(?=[ ](?:is|was|has|had|reports?|reported|states?|stated|denies|denied|presents|presented|came|will|says|said|complains|lives|works|feels|agreed|understands)\b)"
)
_LOW_INITIAL = re.compile(rf"(?<![\w.'])(?:[a-zà-ÿ]\.[ ]){{1,2}}(?P<w>{_L}{{3,24}})")
_BEFORE_SURNAME = re.compile(rf"(?<![\w.'])(?:[A-Z]\.[ ]?){{1,2}}{_PARTICLE}(?P<w>{_L}(?:{_L}|['\-](?={_L})){{2,24}})")
# What follows a drug or a product, and endings that only those have.
_DRUG = re.compile(r"[ ]?(?:\d|®|™|-\d|[ ](?:tablet|cream|mg|ointment|spray|inhaler|vaccine|pump))")
_EPONYM_NEXT = re.compile(r"(?:'s?)?[ -]{1,2}(?P<w>[a-z]+)", re.I)


def find_names(text: str, *, found: Sequence[Token], probabilities: NDArray[np.float32]) -> list[Finding]:
    """Findings in a folded text, in no order; `found` are its tokens, with a row of probabilities each."""
    likely = {t.start: float(row[1]) for t, row in zip(found, probabilities, strict=True) if row[1] >= 0.02}
    sure = [f for f in _ruled(text, likely) if f.end > f.start]
    tagged = list(_tagged(text, found, probabilities))
    names = sure + [f for f in tagged if not _eponym(text, f)]
    return names + list(_again(text, [f for f in names if f.score >= 0.85]))


def _ruled(text: str, likely: Mapping[int, float]) -> Iterator[Finding]:
    for m in _TITLE.finditer(text):
        yield _trimmed(text, m, 0.95 if m["t"][0].isupper() else 0.85, likely)
    for m in _LABEL.finditer(text):
        # "Patient: Yes" is somebody speaking.
        if likely.get(m.start("n"), 0.0) >= 0.3 or not _SPEAKER.match(m.group()):
            yield _trimmed(text, m, 0.9, likely)
    for m in _NEAR.finditer(text):
        # In these places an ordinary word is as likely: only a capital one, whose sentence goes on, counts.
        if likely.get(m.start("n"), 0.0) >= (0.1 if m["n"][0].isupper() else 0.2):
            yield _trimmed(text, m, 0.7, likely)
    for m in _CREDENTIAL.finditer(text):
        if m["n"][0].isupper():
            yield _trimmed(text, m, 0.9, likely)
    for m in _INITIALS.finditer(text):
        if re.sub(r"[^a-z]", "", m.group().lower()) not in DOTTED:
            yield Finding(m.start(), m.end(), "name", 0.6)
    for m in _SOME_INITIALS.finditer(text):
        name = "v" if m["v"] else "w"
        if re.sub(r"[^a-z]", "", m[name].lower()) not in _NEVER:
            yield Finding(*m.span(name), "name", 0.7)
    for m in _LOW_INITIAL.finditer(text):
        if likely.get(m.start("w"), 0.0) >= 0.15 and m["w"] not in STOP:
            yield Finding(m.start(), m.end(), "name", 0.75)
    for m in _BEFORE_SURNAME.finditer(text):
        if (
            m["w"][0].isupper()
            and m["w"].lower() not in STOP | EPONYMS
            and re.sub(r"[^a-z]", "", m.group().split(m["w"])[0].lower()) not in DOTTED
        ):
            yield Finding(m.start(), m.end(), "name", 0.85)


def _trimmed(text: str, m: re.Match[str], score: float, likely: Mapping[int, float]) -> Finding:
    """The words of a match up to the first that cannot be of a name; empty when that is the first."""
    start, end = m.start("n"), m.start("n")
    capital = m["n"][0].isupper()
    for word in re.finditer(r"[^\s,]+", m["n"]):
        bare = word.group().strip(".")
        low = bare.lower()
        if (
            (low in STOP and not (len(bare) == 1 and word.start()))
            or low in STATES
            or (
                capital
                and not (
                    bare[0].isupper()
                    or low
                    in (
                        "van",
                        "von",
                        "de",
                        "del",
                        "la",
                        "da",
                        "di",
                        "al",
                        "bin",
                        "el",
                        "ter",
                        "der",
                        "den",
                        "dos",
                        "le",
                    )
                )
            )
        ):
            break
        if not capital and word.start() and likely.get(start + word.start(), 0.0) < 0.2 and len(bare) > 1:
            # "dr. patel reviewed the": in lower case only the tagger can tell where a name ends.
            break
        end = start + word.end()
    while end > start and text[end - 1] in ".," and not re.search(r"(?:^|[ .])[A-Z]\.$", text[start:end]):
        end -= 1
    return Finding(start, end, "name", score)


def _tagged(text: str, found: Sequence[Token], probabilities: NDArray[np.float32]) -> Iterator[Finding]:
    likely = probabilities[:, 1] if len(found) else np.empty(0)
    at: tuple[int, int, float] | None = None
    for i in np.flatnonzero(likely >= THRESHOLD).tolist():
        token = found[i]
        if (
            not token.text[0].isalpha()
            or "\u3400" <= token.text <= "\u9fff"
            or (token.text.lower() in STOP and not token.text[0].isupper())
            or (len(token.text) == 1 and token.text.islower())
        ):
            continue
        p = float(likely[i])
        if at and token.start - at[1] <= 2 and set(text[at[1] : token.start]) <= set(" .'-"):
            at = (at[0], token.end, max(at[2], p))
            continue
        if at:
            yield Finding(at[0], at[1], "name", at[2] * 0.95)
        at = (token.start, token.end, p)
    if at:
        yield Finding(at[0], at[1], "name", at[2] * 0.95)


def unknown_words(text: str, *, found: Sequence[Token], level: Callable[[str], int]) -> Iterator[Finding]:
    """Capital words inside a sentence that no medical prose has in lower case: names, as far as anybody can tell.

    Not in a text of one case, nor after a stop, and neither eponyms nor what a digit or "®" follows (drugs)."""
    if text.isupper() or text.islower():
        return
    for before, token in itertools.pairwise(found):
        word = token.text
        if (
            len(word) < 3
            or not word[0].isupper()
            or not word[1:].islower()
            or not (before.text[0].isalnum() or before.text == ",")
        ):
            continue
        low = plain(word)
        if (
            low in STOP
            or low in EPONYMS
            or low in STATES
            or low in brands()
            or level(word)
            or _DRUG.match(text, token.end)
        ):
            continue
        after = _EPONYM_NEXT.match(text, token.end)
        if not (after and after["w"].lower() in NOUNS):
            yield Finding(token.start, token.end, "name", 0.45)


def _eponym(text: str, finding: Finding) -> bool:
    words = re.findall(r"[^\W\d_]+", plain(text[finding.start : finding.end]))
    after = _EPONYM_NEXT.match(text, finding.end)
    if after and after["w"].lower() in NOUNS:
        return True
    bare = [w for w in words if len(w) > 1]
    if finding.score < 0.8 and bare and all(w in brands() for w in bare):
        return True
    return (all(w in EPONYMS for w in bare) and finding.score < 0.93) or all(w in STATES for w in bare)


def _again(text: str, sure: Sequence[Finding]) -> Iterator[Finding]:
    """The words of sure names wherever else they stand, capital as a name is (or where all the text is of one case)."""
    words = set()
    for f in sure:
        words |= {
            w for w in re.findall(rf"{_L}{{3,25}}", plain(text[f.start : f.end])) if w not in STOP and w not in EPONYMS
        }
    if not words:
        return
    low = plain(text)
    one_case = text.islower() or text.isupper()
    for m in re.finditer(rf"{_L}{{3,25}}", low):
        if m.group() in words and (one_case or text[m.start()].isupper()):
            yield Finding(m.start(), m.end(), "name", 0.8)
