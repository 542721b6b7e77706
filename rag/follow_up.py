"""Makes a follow-up question whole, from the questions before it: "and in children?", "is it safe?", «剂量呢？».

Decides by rules what is missing and which words of the last turns fill it: pronouns, left-out subjects, comparisons
without a second side, bare question words. A question that names its own topic stays as it is. Knows no language model
and not what was answered, beside the titles of the sources; what it carried over is shown to the reader.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.language import language_of
from rag import cues, follow_up_zh
from rag.topic import Term, asks_only, named, terms
from rag.turns import Resolved, Topic, Turn, replaced, topic_of

# Characters of a question from which it cannot be a follow-up that only makes sense with the last one.
_LONGEST = 300


def resolve(question: str, turns: Sequence[Turn]) -> Resolved:
    """The question as it stands alone, and the words that it took from `turns` (oldest first)."""
    text = " ".join(question.split())
    topic = topic_of(turns)
    if not text or len(text) > _LONGEST or topic is None:
        return Resolved(text)
    return follow_up_zh.resolve(text, topic) if language_of(text) == "zh" else _english(text, topic)


def _english(text: str, topic: Topic) -> Resolved:
    rest = cues.LED.sub("", text)
    led, core = rest != text, rest.rstrip(" ?.!…")
    own = named(terms(core))
    if cues.AGAIN.match(core) or not core:
        return Resolved(topic.question, (topic.question,), topic.question)
    if cues.MORE.match(core):
        return topic.says(f"Describe {topic.joined()}.", *topic.texts)
    if cues.BARE.match(core) and not own:
        return _bare(core, topic)
    if match := cues.ALSO_TRUE.match(core) or cues.IF.match(core):
        added = match[1] if match.re is cues.ALSO_TRUE else f"if {'patients' if match[1] else ''}{match[2].rstrip()}"
        return _fragment(added, topic)
    about = cues.ABOUT.match(core)
    if about:
        core = core[about.end() :]
        own = named(terms(core))
    if core and (about or _is_fragment(core, own, led=led, asked=text.endswith("?"))):
        return _fragment(core, topic)
    return _clause(rest[0].upper() + rest[1:] if led else text, topic, own)


def _is_fragment(core: str, own: list[Term], *, led: bool, asked: bool) -> bool:
    """Whether the words are no sentence but the part of one that changes."""
    if cues.CLAUSE.match(core) or len(core.split()) > 8:
        return False
    if led or cues.PREPOSITION.match(core):
        return True
    if not own:
        return bool(terms(core))
    found = terms(core)
    alone = len(found) == 1 and found[0].start == 0 and found[0].end == len(core)
    return asked and (alone or (found[0].kind in ("aspect", "outcome") and len(own) == 0))


def _bare(core: str, topic: Topic) -> Resolved:
    """A question word alone: put before the last question if that was yes or no, else before its topic."""
    word = re.sub(r"\s+(?:so|come|exactly|is that)$", "", core, flags=re.I)
    last = topic.question.rstrip(" ?.")
    if cues.YES_NO_START.match(last) and word.lower() != "why not":
        return Resolved(f"{word[0].upper()}{word[1:]} {last[0].lower()}{last[1:]}?", (last,), topic.question)
    return Resolved(f"{word[0].upper()}{word[1:]}: {last}?", topic.texts, topic.question)


def _fragment(core: str, topic: Topic) -> Resolved:
    """A part that takes the place of its like in the last question, is added to it, or asks for an aspect."""
    core = re.sub(r"^(?:the|a|an)\s+", "", core, flags=re.I)
    found, last = terms(core), topic.question.rstrip(" ?.")
    if re.match("[A-Z][a-z]", core) and (
        asks_only(core.split()[0]) or (found and found[0].kind in ("aspect", "outcome", "people"))
    ):
        core = core[0].lower() + core[1:]
    if match := cues.PREPOSITION.match(core):
        return _placed(match[1], core, match[2], topic)
    if not found:
        return topic.says(f"{last}: {core}?", *topic.texts)
    first = found[0]
    if cues.PRONOUN.search(core) and not named(found):
        return _clause(f"What about {core}?", topic, [])
    if first.kind == "people":
        return _placed("in", f"in {core}", core, topic)
    if first.kind == "aspect":
        about = topic.about(disease=bool(cues.OF_DISEASE.search(first.text)))
        verb = "are" if re.search(r"(?<!si)s$|evidence$", first.text) and not first.text.endswith("ness") else "is"
        if named(found) and not cues.PREPOSITION.match(core[first.end :].strip()):
            return Resolved(f"What {verb} the {core}?")
        return topic.says(f"What {verb} the {core[: first.end]} of {about.text}{core[first.end :]}?", about.text)
    if first.kind == "outcome":
        return _outcome(core, topic)
    if swapped := replaced(last, topic.found, core, first.kind):
        return topic.says(f"{swapped}?", *topic.others(swapped))
    return topic.says(f"{core[0].upper()}{core[1:]}: {last}?", *topic.texts)


def _outcome(core: str, topic: Topic) -> Resolved:
    last = topic.question.rstrip(" ?.")
    if swapped := replaced(last, topic.found, core, "outcome"):
        return topic.says(f"{swapped}?", *topic.others(swapped))
    return topic.says(f"What is the effect of {topic.joined()} on {core}?", *topic.texts)


def _placed(preposition: str, core: str, object_: str, topic: Topic) -> Resolved:
    """The last question with "in children" or "with warfarin" in the place of its like, or at its end."""
    last, found = topic.question.rstrip(" ?."), terms(object_)
    kind = found[0].kind if found else "other"
    if kind in ("people", "drug", "disease"):
        for old in (t for t in topic.found if t.kind == kind):
            led = re.search(r"\b(\w+)\s+(?:(?:the|a|an)\s+)?$", last[: old.start])
            same = led is not None and led[1].lower() == preposition.lower()
            near = led is not None and {led[1].lower(), preposition.lower()} <= {"in", "for", "among", "of", "on"}
            if same or (near and kind != "drug"):
                whole = f"{last[: old.start]}{object_}{last[old.end :]}"
                return topic.says(f"{whole}?", *topic.others(whole))
    return topic.says(f"{last} {core}?", *topic.texts)


def _clause(text: str, topic: Topic, own: list[Term]) -> Resolved:
    """A whole sentence: its pronouns are filled, a missing second side or subject is added."""
    carried: list[str] = []
    filled = _pronouns(_nouns(text, topic, own, carried), topic, own, carried)
    if carried:
        return Resolved(filled, tuple(dict.fromkeys(carried)))
    end = text.rstrip(" ?.")
    if own and cues.COMPARES.search(end) and not cues.HAS_OTHER_SIDE.search(end):
        link = (
            "as"
            if re.search(r"\bas \w+$", end)
            else "than"
            if not re.search(r"equally|superior|inferior", end)
            else "compared with"
        )
        other = topic.about(unlike=own[0])
        return topic.says(f"{end} {link} {other.text}?", other.text)
    which = cues.WHICH_ONE.match(end)
    if which and not asks_only(which[1]) and all(t.kind == "other" for t in own):
        return topic.says(f"{end}: {topic.question}", *topic.texts)
    if own and (match := cues.BESIDE.search(end)):
        other = topic.about(unlike=own[0])
        return topic.says(f"{end} {'to' if match['to'] else 'of'} {other.text}?", other.text)
    if own or not _lacks_topic(end):
        return Resolved(text)
    found = terms(end)
    aspect = next((t for t in found if t.kind == "aspect"), None)
    about = topic.about(disease=bool(cues.OF_DISEASE.search(end)))
    if aspect and not re.match(r"\s+(?:of|for)\b", end[aspect.end :]):
        return topic.says(f"{end[: aspect.end]} of {about.text}{end[aspect.end :]}?", about.text)
    return topic.says(f"{end} for {about.text}?", about.text)


def _lacks_topic(text: str) -> bool:
    """Whether every word only asks, or names people, aspects and outcomes."""
    rest = text
    for t in reversed(terms(text)):
        if t.kind not in ("people", "aspect", "outcome"):
            return False
        rest = rest[: t.start] + rest[t.end :]
    return all(asks_only(word) or word.isdigit() for word in re.findall(r"[\w']+", rest))


def _nouns(text: str, topic: Topic, own: list[Term], carried: list[str]) -> str:
    """ "This drug", "the disease", "that trial" by name, unless the sentence has named one before."""

    def fill(match: re.Match[str]) -> str:
        disease = bool(cues.DISEASE_NOUN.search(match[1]))
        definite = match[0].lower().startswith("the ")
        wanted = ("disease",) if disease else ("drug", "other")
        others = [t for t in own if t.kind in (wanted if definite else wanted[:1]) and t.end <= match.start()]
        later = [t for t in own if definite and t.kind in wanted and t.start >= match.end()]
        if others or later:
            return match[0]
        found = topic.about(disease=disease)
        carried.append(found.text)
        return found.text

    def study(match: re.Match[str]) -> str:
        if any(t.kind != "other" and t.end <= match.start() for t in own) or not topic.title:
            return match[0]
        carried.append(topic.title)
        return f"{match[0]} “{topic.title}”"

    return cues.STUDY.sub(study, cues.NOUN.sub(fill, text))


def _pronouns(text: str, topic: Topic, own: list[Term], carried: list[str]) -> str:
    if cues.TO_COME.search(text) and own:
        return text
    disease = bool(cues.OF_DISEASE.search(text))

    def fill(match: re.Match[str]) -> str:
        word, before, after = match[0].lower(), text[: match.start()], text[match.end() :]
        other_side = word not in ("its", "their", "theirs") and re.search(
            r"\b(?:than|compared? (?:with|to)|versus|vs|as)\s*$", before, re.I
        )
        if any(t.end <= match.start() and _agrees(word, t) for t in own) and not other_side:
            return match[0]
        if word in cues.MANY and cues.SOMEBODY.search(before):
            return match[0]
        if word in ("this", "that", "these", "those") and not _stands_alone(word, before, after):
            return match[0]
        one = next((t for t in (*topic.things, *own) if t.text in carried or t in own), None) if other_side else None
        found = topic.about(disease=disease and not other_side, last=word == "the latter", unlike=one)
        carried.append(found.text)
        if word in ("its", "their", "theirs"):
            return f"{found.text}'s"
        return found.text

    filled = cues.PRONOUN.sub(fill, text)
    return re.sub(r"(\S[^?]*?)'s ((?:[\w-]+ )?[\w-]+)", lambda m: _of(m, carried), filled) if carried else filled


def _stands_alone(word: str, before: str, after: str) -> bool:
    """Whether "this" or "that" means a thing by itself: no noun follows, and it begins no clause."""
    if re.search(r"\bdo $", before) or not cues.AFTER_BARE.match(after):
        return False
    return word != "that" or cues.BEFORE_THAT.search(before) is not None


def _agrees(word: str, term: Term) -> bool:
    """Whether the pronoun can mean a thing that its own sentence named before it."""
    many = term.text.endswith("s") and not term.text.endswith(("ss", "is", "us"))
    return term.kind != "other" or many == (word in (*cues.MANY, "these", "those"))


def _of(match: re.Match[str], carried: list[str]) -> str:
    """ "Metformin's side effects" as "the side effects of metformin"."""
    for owner in carried:
        if match[1].endswith(owner):
            words = match[2].split()
            kept = words[:1] if asks_only(words[-1]) else words
            rest = match[2][len(" ".join(kept)) :]
            return f"{match[1][: -len(owner)]}the {' '.join(kept)} of {owner}{rest}"
    return match[0]
