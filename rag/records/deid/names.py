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
from rag.records.deid.persons import GIVEN_NAMES
from rag.records.deid.tagger import runs
from rag.records.deid.tokens import HAN, Token
from rag.records.deid.types import Finding
from rag.records.deid.vocabulary import DOTTED, EPONYMS, NOUNS, STATES, STOP, drugs, unheard

THRESHOLD, _LEAST = 0.08, 0.004
# Dotted letters that are no person even after "with" or "by".
_NEVER = frozenset("iv po us usa er ed or im md rn eg ie mri ct ekg ecg am pm pt ot".split())
_L = rf"[^\W\d_{HAN}]"
_WORD = rf"(?:{_L}(?:{_L}|['\-](?={_L})){{1,24}}|(?-i:[A-Z])(?:\.|(?![\w'])))"
_PARTICLE = r"(?:(?:van|von|de|del|della|di|da|dos|la|le|el|al|bin|ibn|ter|der|den|st\.?)[ ]){0,2}"
_GAP = r"[ ]{1,2}"
_TITLE = re.compile(
    rf"(?i)(?<![A-Za-z])(?P<t>mr|mrs|ms|miss|mx|dr|drs|doctor|prof|professor|rev|reverend|nurse|sir|madam|sgt|capt|judge|pastor|rabbi|imam|señora?|sra?|mme|herr|frau|auntie|uncle|aunt)(?:(?<!or)\.[ ]{{0,2}}|[ ]{{1,2}})(?=(?P<n>{_PARTICLE}{_WORD}(?:(?:{_GAP}|(?<=\.)){_PARTICLE}{_WORD}){{0,2}}))",
)
_LABEL = re.compile(
    rf"(?i)(?<![A-Za-z])(?:(?:patient|pt|full|first|last|given|family|maiden|middle|legal|preferred)?[ ']{{0,2}}s?[ ]?name|surname|patient|pt|attending|provider|physician|surgeon|resident|referring(?: physician| provider)?|pcp|"
    rf"consultant|assistant|anesthesiologist|(?:electronically |digitally )?signed(?: by)?|(?:dictated|transcribed|reviewed|performed|prepared|authored|verified|witnessed|ordered|interpreted|read|reported|seen|written|examined|completed|documented|entered|co-?signed|approved) by|cc|author|"
    rf"contact|next of kin|nok|guardian|caregiver|witness|interpreter|informant|emergency contact|proxy|poa|re|dear|attn|attention|from|to|clinician|nurse|rn|guarantor|insured|spouse|scribe|technologist|technician|therapist)[ ]?:[ \t]{{0,4}}(?=(?P<n>{_PARTICLE}{_WORD}(?:(?:,?{_GAP}|(?<=\.)){_PARTICLE}{_WORD}){{0,3}}))",
)
_KIN = r"(?:(?:grand|step|god|great-grand)?(?:mother|father|son|daughter|child|parents?)|wife|husband|sister|brother|aunt|uncle|niece|nephew|cousin|spouse|partner|girlfriend|boyfriend|friend|neighbou?r|fianc[eé]e?|grand(?:ma|pa)|caregiver|caretaker|guardian|roommate|twin|baby|infant|nurse|therapist|mom|dad|mum|coworker|colleague|counselor|interpreter|aide|teacher|coach|boss|landlord|pastor|chaplain|midwife|dietitian|pharmacist|surgeon|cardiologist|resident|fellow|intern|student|psychologist|hospitalist|paramedic|psychiatrist|neurologist|oncologist|radiologist|pathologist|dentist|carer|driver|widow|witness|translator|assistant|anesthetist|anesthesiologist|technician)(?:-in-law)?"
_NEAR = re.compile(
    rf"(?i)(?<![A-Za-z])(?!per (?:rn|np|pt|dr|md)\b)(?:(?:{_KIN})(?:,| is| named| called|'s name is| is called| is named)?|named|my name is|(?:name|known|goes|called) (?:is|as|by)|i am|i'm|this is|dear|hi|hello|hey|spoke (?:with|to)|discussed with|per|signed|(?:seen|referred|signed|done|sent|accompanied|brought in|administered|given) by|reviewed with|let|asked|told|according to|thank you|thanks|pt|patient|rn|lpn|np|pcp|morning|afternoon|evening|note about|known as|call(?:ed)? from|explained (?:this|it|that) to)(?:[ ,(]{{1,2}}|\.[ ])(?=(?P<n>{_PARTICLE}{_WORD}(?:{_GAP}{_WORD}){{0,2}}))",
)
# "Ann Lee (wife)", "Ann, her daughter,": the kin stands behind the name.
_BEHIND = re.compile(
    rf"(?i)(?<![\w'])(?P<n>{_WORD}(?:{_GAP}{_WORD}){{0,2}})(?=[ ]\((?:his |her |the |their )?(?:{_KIN}|hcp|poa|nok|rn|md|pcp)\b|, (?:his|her|the patient's|their|my) (?:{_KIN})\b)",
)
# "Lee vomited twice.", "lee, age 6": what a sentence begins with before a verb.
_SUBJECT = re.compile(
    rf"(?i)(?:\A|(?<=[.!?:\n]))\s{{0,3}}(?P<n>{_WORD}(?:{_GAP}{_WORD})?)(?=(?:'s)?,? (?:is|was|has|had|will|can|cannot|could|did|does|felt|said|says|came|went|got|spent|gave|slept|ate|wants|feels|needs|takes|lives|works|remains|denies|reports|states|complains|presents|agrees|\(?age[ds]?|and|[a-z]{{3,11}}ed)\b)",
)
# "speech therapy (Lee)", "Mom (Ann)".
_INSIDE = re.compile(rf"(?<=[a-z] \()(?P<n>{_WORD}(?:{_GAP}{_WORD})?)(?=\)|, )", re.I)
_SPEAKS = re.compile(r"(?m)^(?P<n>[^\W\d_a-z][^\W\d_A-Z]{2,15})(?=: )")
_NEXT = re.compile(r"(?:,? (?:and|or|&) |, )(?P<n>[^\W\d_a-z][^\W\d_A-Z]{2,24})(?![\w-])")
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


def find_names(
    text: str, *, found: Sequence[Token], probabilities: NDArray[np.float32], level: Callable[[str], int]
) -> list[Finding]:
    """Findings in a folded text, in no order; `found` are its tokens, with a row of probabilities each. level: how
    ordinary a word is (`Tagger.level`)."""
    likely = {t.start: float(row[1]) for t, row in zip(found, probabilities, strict=True) if row[1] >= 0.02}
    # Where a name may stand, a word that no medical prose has is as good as one that the tagger takes for a name.
    strange = {t.start: 0.3 for t in found if likely.get(t.start, 0.0) < 0.3 and unheard(t.text, level)}
    sure = [f for f in _ruled(text, likely, likely | strange) if f.end > f.start]
    tagged = list(_tagged(text, found, probabilities, level))
    names = sure + [f for f in tagged if not _eponym(text, f)] + list(_called(text, level))
    names += _listed(text, names, level)
    return names + list(_again(text, [f for f in names if f.score >= 0.75], level))


def _called(text: str, level: Callable[[str], int]) -> Iterator[Finding]:
    """Common given names, where nothing else is meant: with a capital word behind, or alone if no medical prose has the
    word often in lower case."""
    one_case = text.islower() or text.isupper()
    for m in re.finditer(
        rf"(?<![\w'.-]){_L}{{2,12}}(?![\w])(?=(?P<s>{_GAP}(?P<n>{_L}(?:{_L}|['\-](?={_L})){{1,24}}))?)", text
    ):
        low = plain(m.group())
        if low not in GIVEN_NAMES or not (one_case or m.group()[0].isupper()):
            continue
        after = plain(m["n"]) if m["n"] else ""
        whole = after and after not in STOP | NOUNS and (unheard(after, level) if one_case else m["n"][0].isupper())
        if whole:
            yield Finding(m.start(), m.end("n"), "name", 0.8)
        elif level(low) < 2 and low not in EPONYMS | STATES and after not in NOUNS:
            yield Finding(m.start(), m.end(), "name", 0.6)


def _listed(text: str, names: Sequence[Finding], level: Callable[[str], int]) -> list[Finding]:
    """What is enumerated with a name: "Ann, Lee and White"."""
    more, ends = [], {f.end for f in names if f.score >= 0.4}
    waiting = sorted(ends)
    while waiting:
        m = _NEXT.match(text, waiting.pop())
        if (
            m
            and m.end() not in ends
            and m["n"].lower() not in STOP | STATES
            and (level(m["n"]) < 2 or " and " in m.group())
        ):
            more.append(Finding(m.start("n"), m.end(), "name", 0.5))
            ends.add(m.end())
            waiting.append(m.end())
    return more


def _ruled(text: str, tagged: Mapping[int, float], likely: Mapping[int, float]) -> Iterator[Finding]:
    for m in _TITLE.finditer(text):
        yield _trimmed(text, m, 0.95 if m["t"][0].isupper() else 0.85, likely)
    for m in _LABEL.finditer(text):
        # "Patient: Yes" is somebody speaking.
        whole = re.match(rf"{_CAPITAL},?{_GAP}{_CAPITAL}[ ]*(?:[\n.;]|\Z)", text[m.start("n") : m.start("n") + 60])
        if tagged.get(m.start("n"), 0.0) >= 0.3 or whole or not _SPEAKER.match(m.group()):
            yield _trimmed(text, m, 0.9, likely)
    for m in _NEAR.finditer(text):
        # In these places an ordinary word is as likely: only a capital one, whose sentence goes on, counts.
        if likely.get(m.start("n"), 0.0) >= (0.05 if m["n"][0].isupper() else 0.2):
            yield _trimmed(text, m, 0.7, likely)
    for pattern in (_SUBJECT, _INSIDE, _SPEAKS):
        for m in pattern.finditer(text):
            if likely.get(m.start("n"), 0.0) >= 0.1:
                yield _trimmed(text, m, 0.6, likely)
    for m in _BEHIND.finditer(text):
        # The last word stands before the kin; those before it count while they may be of the name.
        words = [w for w in re.finditer(r"[^\s]+", m["n"]) if w.group().lower() not in STOP]
        while words and likely.get(m.start("n") + words[0].start(), 0.0) < 0.1:
            words = words[1:]
        if words:
            yield Finding(m.start("n") + words[0].start(), m.end("n"), "name", 0.8)
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


def _tagged(
    text: str, found: Sequence[Token], probabilities: NDArray[np.float32], level: Callable[[str], int]
) -> Iterator[Finding]:
    likely = probabilities[:, 1] if len(found) else np.empty(0)
    one_case = text.islower() or text.isupper()

    def names() -> Iterator[tuple[Token, float]]:
        for i in np.flatnonzero(likely >= _LEAST).tolist():
            token, p = found[i], float(likely[i])
            if _may_be_of_a_name(token.text) and (p >= THRESHOLD or p >= _needed(token.text, level, one_case=one_case)):
                yield token, p

    for start, end, p in runs(text, names(), between=" .'-"):
        yield Finding(start, end, "name", p * 0.95)


def _needed(word: str, level: Callable[[str], int], *, one_case: bool) -> float:
    """The probability from which a word is a name: the less ordinary it is, the lower."""
    ordinary = 0 if unheard(word, level) else max(1, level(word))
    if one_case:
        return 0.02 if ordinary < 2 and len(word) > 2 else THRESHOLD
    if not (word[0].isupper() and word[1:].islower() and len(word) > 2):
        return THRESHOLD
    return (0.004, 0.004, THRESHOLD)[ordinary]


def _may_be_of_a_name(word: str) -> bool:
    return (
        word[0].isalpha()
        and not "\u3400" <= word <= "\u9fff"
        and not (word.lower() in STOP and not word[0].isupper())
        and not (len(word) == 1 and word.islower())
    )


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
        if not unheard(word, level) or _DRUG.match(text, token.end):
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
    if finding.score < 0.8 and bare and all(w in drugs() for w in bare):
        return True
    return (all(w in EPONYMS for w in bare) and finding.score < 0.93) or all(w in STATES for w in bare)


def _again(text: str, sure: Sequence[Finding], level: Callable[[str], int]) -> Iterator[Finding]:
    """The words of sure names wherever else they stand, capital as a name is (where all the text is of one case, or
    nobody writes the word otherwise, in any), and the initials of whole names."""
    words: set[str] = set()
    initials: set[str] = set()
    for f in sure:
        parts = re.findall(rf"{_L}+", plain(text[f.start : f.end]))
        words |= {w for w in parts if 2 < len(w) < 26 and w not in STOP and w not in EPONYMS}
        if 1 < len(parts) < 4 and all(len(w) > 1 for w in (parts[0], parts[-1])) and f.score >= 0.85:
            initials |= {parts[0][0] + parts[-1][0], "".join(w[0] for w in parts)}
    if not words:
        return
    one_case = text.islower() or text.isupper()
    for m in re.finditer(rf"{_L}{{3,25}}", plain(text)):
        if m.group() in words and (one_case or text[m.start()].isupper() or not level(m.group())):
            yield Finding(m.start(), m.end(), "name", 0.8)
    for m in re.finditer(rf"(?<![\w.]){_L}(?:\.[ ]?{_L}){{1,2}}\.", text):
        if re.sub(r"[^\w]", "", m.group().lower()) in initials and (one_case or m.group()[0].isupper()):
            yield Finding(m.start(), m.end(), "name", 0.8)
