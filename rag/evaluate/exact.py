"""Scores short answers: yes/no(/maybe), one name (factoid), several names (list), as BioASQ defines it.

G. Tsatsaronis et al., "An overview of the BIOASQ large-scale biomedical semantic indexing and question answering
competition", BMC Bioinformatics 2015 (table 14). Names are compared by their letters and digits in small letters,
without articles (after SQuAD: Rajpurkar et al., EMNLP 2016; here spaces count as little as hyphens), which is more
lenient than BioASQ's own comparison of strings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Names = Sequence[Sequence[str]]
_WORD = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]|[^\\W_\u3400-\u4dbf\u4e00-\u9fff]+")
_ARTICLES = frozenset({"a", "an", "the"})
LENIENT = 5
# Words that end a noun phrase in the baseline: articles, prepositions, conjunctions, pronouns, common verbs, adverbs.
_STOPS = frozenset(
    "a an the this that these those its their our his her it they we he she who which what whose where when how why "
    "of in on at by for from with without to into onto as between among through during after before under over via "
    "about against within than per and or but nor so if whether while although because since not no only also both "
    "either is are was were be been being has have had having do does did can could may might must shall should will "
    "would there here such more most less least very often however therefore thus then called named known used using "
    "based caused causes cause associated include includes including included show shows showed shown suggest suggests "
    "found find identified lead leads led result results resulted increase increases increased decrease decreases "
    "decreased reduce reduces reduced inhibit inhibits inhibited target targets treat treats treated due".split()
)
_TOKEN = re.compile(r"[^\s,;:()\[\]{}\"“”]+|[,;:()\[\]{}\"“”]")


def normal(name: str) -> str:
    """A name as it is compared."""
    return "".join(w for w in _WORD.findall(name.lower()) if w not in _ARTICLES)


def same(name: str, synonyms: Sequence[str]) -> bool:
    """Whether a name is one of the synonyms."""
    return bool(normal(name)) and normal(name) in {normal(s) for s in synonyms}


def factoid(candidates: Sequence[str], synonyms: Sequence[str]) -> dict[str, float]:
    """Strict accuracy (the first is right), lenient accuracy (one of the first five is), MRR (1 / rank of the first
    right one of five, else 0): BioASQ's measures since its third year."""
    rank = next((i for i, c in enumerate(candidates[:LENIENT], start=1) if same(c, synonyms)), 0)
    return {"strict accuracy": float(rank == 1), "lenient accuracy": float(rank > 0), "MRR": 1 / rank if rank else 0.0}


def listed(candidates: Sequence[str], names: Names) -> dict[str, float]:
    """Precision, recall and F1 of one list question; a thing that is named twice counts once. BioASQ reports means."""
    given = list(dict.fromkeys(normal(c) for c in candidates if normal(c)))
    wanted = [{normal(s) for s in synonyms} for synonyms in names]
    left, right = list(wanted), 0
    for name in given:
        match = next((w for w in left if name in w), None)
        if match is not None:
            left.remove(match)
            right += 1
    precision, recall = right / (len(given) or 1), right / (len(wanted) or 1)
    both = precision + recall
    return {"precision": precision, "recall": recall, "F1": 2 * precision * recall / both if both else 0.0}


def named(text: str, names: Names) -> float:
    """The share of the wanted things of which `text` holds a synonym, as whole words: STR-EM of ASQA (Stelmakh et al.,
    EMNLP 2022), as ALCE uses it. Needs no short answer; says nothing of what else the text names."""
    found = _WORD.findall(text.lower())
    wanted = [{normal(s) for s in synonyms} - {""} for synonyms in names]
    return sum(any(_holds(found, n) for n in group) for group in wanted) / (len(wanted) or 1)


def _holds(found: Sequence[str], name: str) -> bool:
    """Whether some run of words, written together, is the name; articles within are passed over."""
    for start in range(len(found)):
        run = ""
        for word in found[start:]:
            run += "" if word in _ARTICLES else word
            if run == name:
                return True
            if not name.startswith(run):
                break
    return False


def label(verdict: str | None, labels: Sequence[str]) -> str | None:
    """What a verdict says in a set with these labels. `mixed`, `unclear` and none are `maybe` where the set has that
    label; elsewhere they are no answer, which is never right."""
    if verdict in ("yes", "no"):
        return verdict
    return "maybe" if "maybe" in labels else None


def decided(pairs: Sequence[tuple[str, str | None]]) -> dict[str, float]:
    """Accuracy and macro-F1 of (right, given) labels: the mean of F1 over the labels that are right somewhere.

    A question without an answer (None) is wrong and lowers recall, not precision.
    """
    values = {"accuracy": sum(right == given for right, given in pairs) / (len(pairs) or 1)}
    for name in sorted({right for right, _ in pairs}):
        hits = sum(right == given == name for right, given in pairs)
        said = sum(given == name for _, given in pairs) + sum(right == name for right, _ in pairs)
        values[f"F1 {name}"] = 2 * hits / said if said else 0.0
    each = [v for k, v in values.items() if k.startswith("F1 ")]
    return {**values, "macro F1": sum(each) / (len(each) or 1)}


def phrases(sentence: str, question: str) -> list[str]:
    """The baseline «first noun phrase of the best sentence»: runs of words without punctuation, function words or
    common verbs (a closed list, no tagger) that hold a word which the question lacks, in their order."""
    asked = set(_WORD.findall(question.lower()))
    runs: list[list[str]] = [[]]
    for token in _TOKEN.findall(sentence):
        word = token.rstrip(".!?")
        if not word or not word[0].isalnum() or word.lower() in _STOPS:
            runs.append([])
        else:
            runs[-1].append(word)
    kept = [" ".join(run) for run in runs if not set(_WORD.findall(" ".join(run).lower())) <= asked]
    return list(dict.fromkeys(kept))
