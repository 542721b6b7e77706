"""Says a sentence of a source in plain words, and only if nothing of what it says changes.

Brackets with statistics and nothing else go (they stay in the quote), hard words become easy ones of a fixed
table, long sentences are parted where a new clause with its own verb begins, unless a condition or a scope would be
left behind. Numbers and negations must be those of the source, else the sentence stays as it is; words of direction are
never changed. Decides wording only, not which sentences are said.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.language import language_of
from rag.expand import table

# Brackets, and what is statistics in them: an interval, a ratio, a P value, the size of a group.
_BRACKET = re.compile(r" ?[(\[（]([^()\[\]（）]{1,200})[)\]）]")
_STATISTIC = re.compile(
    r"(?:adjusted |relative |absolute |hazard|odds|risk|rate|incidence|mean|ratio|difference|confidence|interval|"
    r"per cent|percentage|points?|to|and|for|versus|vs|both|P|n|CI|[aAcC]?[HOR]R|SD|IQR|%|=|<|>|≤|≥|"
    r"[\d.,;:，；：–—·-]|置信区间|可信区间|比值比|风险比|率比|相对危险度|至|和|差值|百分点)+",
)
_SAYS_STATISTICS = re.compile(
    r"\bCI\b|置信区间|可信区间|ratio|比值比|风险比|率比|危险度|\bP ?[<=>]|\b[HOR]R\b|\bn ?= ?\d"
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATION = re.compile(r"\b(?:not?|never|without|neither|nor|none|cannot|n't|fewer|less)\b|n't\b|[不未无没非]", re.I)
_VERB = (
    r"(?:was|were|is|are|had|has|have|did|does|do|can|may|might|could|should|will|lowered|lowers?|raised|cut|showed|shows?|"
    r"reduced|increased|died|happened|needed|helped|led|caused|got|gave|took|made|worked|fell|rose|remained|received)"
)
# Where a sentence may be parted: the mark, what joins, and that a subject and a verb follow soon.
_JOINT = re.compile(
    r"(?P<joint>;|, (?P<word>and|but|so|while|whereas)|(?P<dash> – | — ))"
    rf"(?! {_VERB}\b)(?= (?:[\w’'%().-]{{1,30}} ){{1,7}}?{_VERB}\b)"
)
_SAYS = re.compile(rf"\b{_VERB}\b")
_JOINED = {"and": "", "but": "But ", "so": "So ", "while": "But ", "whereas": "But "}
_ZH_JOINT = re.compile("；|，(?=但|而|其中|同时|并且|因此)")
# A sentence with a condition, a scope or a doubt is not parted: what follows would stand without it.
_WHOLE = re.compile(
    r"\A(?:in|among|for|during|after|with|within|of|at|despite|compared|as)\b|\b(?:if|when|unless|whether|although|though|"
    r"neither|nor|until|provided|except|only|unclear|uncertain|unknown|because|since)\b|如果|若|当|除非|是否|尚不|虽然|只有|对于|在",
    re.I,
)
_LEAST = 4  # words that each part must have


@dataclass(frozen=True, slots=True)
class Plain:
    """A sentence in plain words. changed: the hard words that were said otherwise, as the source has them."""

    text: str
    changed: tuple[tuple[str, str], ...] = ()


def plain(sentence: str) -> Plain:
    """The sentence in plain words; as it is if that would change what it says."""
    chinese = language_of(sentence) == "zh"
    text = _without_statistics(sentence)
    text, changed = _easier(text, "plain-words-zh" if chinese else "plain-words")
    if not _WHOLE.search(text):
        text = "".join(_parted_zh(text)) if chinese else " ".join(_parted(text))
    if not _says_the_same(sentence, text, changed):
        return Plain(sentence)
    return Plain(text, tuple(changed))


def _without_statistics(sentence: str) -> str:
    """The sentence without brackets that hold statistics and nothing else: a bracket with a word of meaning stays."""

    def kept(m: re.Match[str]) -> str:
        bare = _STATISTIC.sub("", m[1]).strip()
        return "" if _SAYS_STATISTICS.search(m[1]) and not bare else m[0]

    return " ".join(_BRACKET.sub(kept, sentence).split())


def _says_the_same(source: str, text: str, changed: list[tuple[str, str]]) -> bool:
    """Whether numbers and negations of the text are those of its source, brackets of statistics aside."""
    kept = _without_statistics(source)
    for hard, easy in changed:  # "asymptomatic → without symptoms" is no new negation
        kept = kept.replace(hard, easy)
    same = sorted(_NUMBER.findall(kept)) == sorted(_NUMBER.findall(text))
    return same and len(_NEGATION.findall(kept)) == len(_NEGATION.findall(text))


@functools.cache
def _pattern(name: str) -> re.Pattern[str]:
    words = sorted(table(name), key=len, reverse=True)
    joined = "|".join(map(re.escape, words))
    return re.compile(joined if name.endswith("zh") else rf"(?<![\w-])(?:{joined})(?![\w-])", re.I)


def _easier(text: str, name: str) -> tuple[str, list[tuple[str, str]]]:
    changed: list[tuple[str, str]] = []

    def easy(m: re.Match[str]) -> str:
        found = table(name)[m[0] if m[0] in table(name) else m[0].lower()][0]
        if len(found) > 3 and found.lower() in text.lower():  # said already beside it: "stroke (cerebral infarction)"
            return m[0]
        if m[0][:1].isupper():
            found = found[:1].upper() + found[1:]
        changed.append((m[0], found))
        return found

    return _articles(_pattern(name).sub(easy, text)), changed


def _articles(text: str) -> str:
    """a or an by the word that follows now."""
    text = re.sub(r"\b([Aa])n (?=[bcdfgjklmnpqrstvwxyz]|h(?!our|onest|eir))", r"\1 ", text)
    return re.sub(r"\b([Aa]) (?=[aeio])", r"\1n ", text)


def _parted(text: str) -> Iterator[str]:
    at = 0
    lead = ""
    for m in _JOINT.finditer(text):
        before, after = text[at : m.start()], text[m.end() :]
        if (
            len(before.split()) < _LEAST
            or len(after.split()) < _LEAST
            or text.count("(", 0, m.start()) != text.count(")", 0, m.start())
        ):
            continue
        yield _sentence(lead + before.strip())
        at, lead = m.end(), _JOINED.get(m["word"] or "", "")
    yield _sentence(lead + text[at:].strip())


def _sentence(text: str) -> str:
    text = text.strip(" ,;")
    text = text[:1].upper() + text[1:]
    return text if text[-1:] in ".!?" else text + "."


def _parted_zh(text: str) -> Iterator[str]:
    at = 0
    for m in _ZH_JOINT.finditer(text):
        if len(text[at : m.start()]) < 6 or len(text) - m.end() < 6:
            continue
        yield text[at : m.start()] + "。"
        at = m.end()
    yield text[at:]
