"""How much of what a question asks about stands in a text: weighted coverage of the question's terms.

English terms are stems, Chinese ones characters and bigrams; a term weighs as much as it is rare in the library
(Robertson and Spärck Jones' idf), and little when it only says how a question is asked. Knows nothing of ranking.
"""

from __future__ import annotations

import math
import re

from indexer.lexical import TantivyLexical, chinese_terms
from rag.types import Question

# Words of a question that no good passage needs to repeat; they count, but little.
_GENERIC = frozenset(
    "adult affect assess associate association available average base benefit better cause change clinical common "
    "compare comparison consider control current daily day decrease define definition describe determine develop "
    "development difference different disease does dose drug early effect effective effectiveness efficacy "
    "effectively evaluate evidence exist find finding first follow frequency frequent general give good group help "
    "high higher identify impact important improve improvement incidence include increase indicate influence involve "
    "kind know large less level like likely line long low lower main major make management manner mean measure "
    "mechanism medication medicine method need new number numb occur occurrence offer option outcome people patient "
    "percentage person possible potential prefer present prevent prevention primary prior proportion provide purpose "
    "rate reason receive recommend recommendation recommended reduce reduction relate relation relationship relative "
    "report require result risk role safe safety serious show sign significant similar size start stop strategy "
    "study superior support take target term test therapy time treat treatment trial type typical usual value versus "
    "vs week work worse year".split()
)
_GENERIC_WEIGHT = 0.25
# Words of a thing's name that say of what kind it is.
_KINDS = " ".join(sorted(_GENERIC)) + " supplement treatment vaccine disease"
# Share of a name's weight: at 1.0 three of 60 questions about corpus/ more were refused (bowel cancer cases).
_OF_NAME = 0.4
# A bigram that the library never holds is mostly one that spans two words of the question.
_UNKNOWN_BIGRAM_WEIGHT = 0.3


# Generic drug names by the stems of the WHO's INN list, and diseases, procedures and organisms by their endings: words
# that have no everyday synonym. A source in which such a word of the question is missing is about something else.
_TECHNICAL = re.compile(
    r"\b\w{2,60}?(?:mab|nib|ciclib|parib|pril|prilat|sartan|vastatin|olol|dipine|prazole|conazole|floxacin|cillin|mycin|"
    r"micin|cycline|vir|gliptin|gliflozin|glutide|glitazone|formin|parin|xaban|gatran|grel|grelor|platin|taxel|rubicin|"
    r"triptan|gepant|setron|azepam|azolam|barbital|tidine|dronate|dronic|mustine|afil|lukast|terol|tropium|olone|asone|"
    r"isone|curium|caine|triptyline|oxetine|apine|idone|peridol|ramate|gabalin|racetam|trexate|thiazide|semide|oxacin|"
    r"bactam|penem|sulfan|quine|urea|amine|amide|azine|azole|cept|stim|kinra|limus|mibe|fibrate|zepam|zolam|"
    r"itis|osis|aemia|emia|oma|omas|pathy|algia|plegia|paresis|ectomy|plasty|otomy|ostomy|oscopy|entia|penia|uria|"
    r"rrhoea|rrhea|rrhage|sclerosis|trophy|cele|stasis|coccus|virus|cytosis|philia|megaly|gravidarum)s?$"
)

# Chinese: the last characters of diseases, drugs and devices, with the one before. Unlike an English stem, such a pair
# may stand for a longer or shorter name (肾病, 肾脏疾病), so only a pair that the whole library lacks counts.
_ZH_TECHNICAL = re.compile(
    "[\u4e00-\u9fff](?:[癌瘤炎疮疹癣疝痨痢疟障癫痫呆毒镜膜酯胺唑班肽苷碱]|(?<=[\u4e00-\u9fff])(?:霉素|沙星|西林|他汀|普利|沙坦|"
    "洛尔|地平|单抗|替尼|列净|列汀|拉唑|光眼))"
)


# Capitals and digits inside a word, and parts that a library may write apart (GLP1, COVID19, topoisomeraseII).
_WRITTEN_AS_NAME = re.compile(r"(?<=.)[A-Z]|\d")
_PARTS = re.compile(r"[A-Z]+[a-z]*|[a-z]+|\d+")
_SHORT_FORM = re.compile(r"(?=\w{0,5}[A-Z]\w{0,5}[A-Z])\w{2,6}")
# From so many passages a library is large, and a short form or a common word that is nowhere in it is telling: of 40
# questions about 92 documents 3 use a short form that is written out there (AZT), of 486 about 13,149 passages 2.
LARGE = 5000
# Who is named with a title, and of where, is no topic; the first word of a sentence has its capital from there.
_NO_TOPIC = re.compile(
    r"(?:\b(?:[Pp]rof(?:essor)?|[Dd]rs?|[Dd]octor|Mrs?|Ms|Sir)\.? (?:[A-Z][\w.’'-]* ?){0,3}"
    r"(?:(?:of|from|at) (?:the )?(?:[A-Z][\w.’'-]* ?){0,3})?|(?:^|[.:;!?] )\W*[A-Z])$"
)


def technical(word: str) -> bool:
    """Whether an English word, in lower case, has the ending of a drug's generic name or of a disease or procedure."""
    return _TECHNICAL.match(word) is not None


class Terms:
    """The weighted terms of one question, and what else they may be called."""

    def __init__(self, asked: Question, lexical: TantivyLexical) -> None:
        question, self._lexical = asked.text, lexical
        self._question = question
        # What the words of an expansion also stand for: a text that holds another name holds them.
        self._names = [
            (self._searched(e.found), [n for n in map(self._searched, e.added) if n]) for e in asked.expansions
        ]
        self._weights: dict[tuple[str, str], float] = {}
        generic = {t for f, t in lexical.terms(" ".join(sorted(_GENERIC))) if f == "text"}
        for field, term in lexical.terms(question):
            if field in ("text", "zh"):
                self._weights[field, term] = self._weight(field, term, generic)
        words = dict.fromkeys(re.findall(r"[a-z][a-z-]{4,}", question.lower()))
        self._technical = [w for w in words if _TECHNICAL.match(w)]
        pairs = dict.fromkeys(_ZH_TECHNICAL.findall(question))
        self._unheard = [p for p in pairs if not lexical.frequency("zh", p[-2:])]
        self._total = sum(self._weights.values())

    def _weight(self, field: str, term: str, generic: set[str]) -> float:
        count, total = self._lexical.frequency(field, term), len(self._lexical)
        weight = math.log(1 + (total - min(count, total) + 0.5) / (count + 0.5))
        if field == "text":
            return weight * (_GENERIC_WEIGHT if term in generic else 1.0)
        if len(term) == 2:
            return weight * (_UNKNOWN_BIGRAM_WEIGHT if count == 0 else 1.0)
        return weight * 0.5

    def __bool__(self) -> bool:
        return self._total > 0

    def coverage(self, text: str) -> float:
        """Share of the question's weight whose terms stand in `text`, 0 to 1; 0 for a question without terms."""
        if not self._total:
            return 0.0
        present = self.present(text)
        return sum(w for term, w in self._weights.items() if term in present) / self._total

    def unknown(self) -> list[str]:
        """The specific terms of the question that stand nowhere in the library, as the question writes them."""
        named = {term for found, names in self._names for term in found if any(map(self._known, names))}
        terms = {
            (field, term)
            for (field, term), weight in self._weights.items()
            if (field, term) not in named
            and self._lexical.frequency(field, term) == 0
            and weight > 1
            and (field == "text" or len(term) == 1)
        }
        words = [w for w in dict.fromkeys(re.findall(r"[^\W_]+", self._question)) if self._searched(w) & terms]
        return words or [term for _, term in sorted(terms)]

    @property
    def passages(self) -> int:
        """How many passages the library has."""
        return len(self._lexical)

    def unheard_short_form(self, name: str) -> bool:
        """Whether a name is a short form or formula that the library may well write out: MgSO4, AZT."""
        return _WRITTEN_AS_NAME.search(name) is not None and not any(self._known({t}) for t in self._searched(name))

    def names(self, name: str, present: set[tuple[str, str]]) -> bool:
        """Whether a text with these terms holds enough of a name, by weight; words that only say a kind count nothing.

        Of what the library holds at least _OF_NAME must be there: a "stroke patient" is named by stroke.
        """
        wanted = self._searched(name)
        wanted = (wanted - self._searched(_KINDS)) or wanted
        weights = {t: self._weight(*t, set()) for t in wanted if self._known({t})}
        if not weights:
            return wanted <= present
        return sum(w for t, w in weights.items() if t in present) >= _OF_NAME * sum(weights.values())

    def foreign(self) -> list[str]:
        """Names in the question that stand nowhere in the library; what it answers is about something else. A short
        form counts only where so much is read that the library would write it too."""
        names = [w for w in self._unheard_words() if self._is_name(w)]
        return [w[0] for w in names if len(self._lexical) >= LARGE or not _SHORT_FORM.fullmatch(w[0])]

    def unheard(self) -> list[str]:
        """Words of the question, as it writes them, that stand nowhere in the library: names, and in a large one
        all others."""
        return [w[0] for w in self._unheard_words() if len(self._lexical) >= LARGE or self._is_name(w)]

    def _unheard_words(self) -> list[re.Match[str]]:
        # Beside Chinese characters a Latin word is part of their run in the lexical index, so it cannot be looked up.
        if self._question.isupper() or any(f == "zh" for f, _ in self._weights):
            return []
        named = {term for found, names in self._names for term in found if any(map(self._known, names))}
        words = re.finditer(r"[^\W_]{3,60}", self._question)
        return [w for w in words if self._is_foreign(w[0]) and not named & self._searched(w[0])]

    def _is_name(self, word: re.Match[str]) -> bool:
        if technical(word[0].lower()):
            return True
        before = self._question[max(0, word.start() - 150) : word.start() + 1]
        capital = word[0][0].isupper() and not _NO_TOPIC.search(before)
        return capital or _WRITTEN_AS_NAME.search(word[0]) is not None

    def _is_foreign(self, word: str) -> bool:
        if not re.search("[A-Za-z]", word):
            return False
        parts = _PARTS.findall(word)
        forms = [[word], [word.removesuffix("s")], parts] if len(parts) == 2 else [[word], [word.removesuffix("s")]]
        return not any(all(map(self._holds, form)) for form in forms)

    def _holds(self, word: str) -> bool:
        return any(self._lexical.frequency("text", stem) for stem in self._lexical.stems(word))

    def missing(self, text: str) -> list[str]:
        """Technical words of the question (drugs by generic name, diseases, procedures) that `text` does not hold."""
        present = {term for _, term in self.present(text)}
        absent = [w for w in self._technical if not set(self._lexical.stems(w)) & present]
        return absent + self._unheard

    def present(self, text: str) -> set[tuple[str, str]]:
        """The terms of a text, with those of the question that it holds under another name."""
        found = {("text", stem) for stem in self._lexical.stems(text)}
        found |= {("zh", term) for term in chinese_terms(text)}
        for words, names in self._names:
            if any(name <= found for name in names):
                found |= words
        return found

    def _searched(self, name: str) -> set[tuple[str, str]]:
        return {(field, term) for field, term in self._lexical.terms(name) if field in ("text", "zh")}

    def _known(self, name: set[tuple[str, str]]) -> bool:
        return all(self._lexical.frequency(*term) for term in name)
