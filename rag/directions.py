"""The words of direction, in English and Chinese: which axis each speaks of, and which of its two ends.

Decides only the list. Knows nothing of sentences.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# Whether the denial of one end says the other ("not significant" does, "not increased" does not).
AXES = {
    "amount": False, "length": False, "quality": False, "success": False, "difference": True, "significance": True,
    "relation": True, "effect": True, "safety": True, "presence": True, "frequency": False, "agreement": False,
    "advice": False, "time": False, "degree": False, "response": False, "level": False,
}  # fmt: skip

_WORDS = {
    ("amount", 1): "increase increases increased increasing rise rises rose risen rising raise raises raised raising higher greater "
    "more elevate elevated elevates elevation larger upregulated upregulation upregulates up-regulated up-regulation "
    "enhance enhanced enhances enhancement augmented gain stronger highest most "
    "增加 升高 提高 上升 增高 增多 增强 高于 多于 更高 更多 较高 上调 增大",
    ("amount", -1): "decrease decreases decreased decreasing reduce reduces reduced reducing reduction reductions lower lowers lowered "
    "lowering fewer less decline declines declined declining fall falls fell fallen drop drops dropped diminish "
    "diminished diminishes smaller downregulated downregulation downregulates down-regulated down-regulation attenuate "
    "attenuated attenuates attenuation loss weaker lowest least impair impaired impairs suppress suppressed suppresses "
    "减少 降低 下降 减低 减轻 减弱 低于 少于 更低 更少 较低 下调 缩小",
    ("length", 1): "long longer prolonged prolong prolongs extended 延长",
    ("length", -1): "short shorter shortened shorten shortens 缩短",
    ("quality", 1): "better improve improves improved improving improvement improvements superior favorable favourable beneficial "
    "benefit benefits benefited best 改善 优于 好于 更好 有益",
    ("quality", -1): "worse worsen worsens worsened worsening inferior unfavorable unfavourable harmful harm harms deteriorate "
    "deteriorated deterioration worst 恶化 劣于 差于 更差 有害",
    ("effect", 1): "effective efficacious successful 有效",
    ("effect", -1): "ineffective unsuccessful inefficacious 无效",
    ("safety", 1): "safe 安全",
    ("safety", -1): "unsafe 不安全",
    ("significance", 1): "significant significantly 显著 明显",
    ("significance", -1): "nonsignificant non-significant insignificant nonsignificantly 不显著",
    ("difference", 1): "differ differs differed different difference differences 差异",
    ("difference", -1): "similar similarly comparable equivalent identical unchanged 相似 相当 相同",
    ("relation", 1): "associated association associations correlated correlation correlates correlate related linked 相关 有关",
    ("relation", -1): "unrelated independent unassociated uncorrelated 无关",
    ("presence", 1): "present 存在",
    ("presence", -1): "absent absence lack lacks lacked lacking 缺乏 缺失",
    ("frequency", 1): "common frequent frequently often commonly usually 常见",
    ("frequency", -1): "rare rarely uncommon infrequent infrequently seldom 罕见 少见",
    ("agreement", 1): "positive positively protective activate activates activated activation agonist promote promotes "
    "promoted stimulate stimulates stimulated induce induces induced 阳性 促进 激活",
    ("agreement", -1): "negative negatively inhibit inhibits inhibited inhibition inhibitor antagonist inverse inversely block blocks "
    "blocked 阴性 抑制",
    ("advice", 1): "recommended recommend recommends indicated 推荐 建议",
    ("advice", -1): "contraindicated discouraged 禁用 禁忌",
    ("level", 1): "high large",
    ("level", -1): "low small",
    ("response", 1): "sensitive responsive susceptible 敏感",
    ("response", -1): "resistant unresponsive refractory 耐药",
    ("time", 1): "earlier before prior early 早于",
    ("time", -1): "later after late delayed 晚于",
}  # fmt: skip
NEGATORS = frozenset(
    "not no never without neither nor cannot can't didn't doesn't don't isn't wasn't weren't aren't hasn't haven't won't "
    "wouldn't couldn't shouldn't fail fails failed lacked absence none unlikely "
    "不 未 没有 无 并未 并不 未见 未能 无明显 无显著".split()
)
BREAKS = frozenset(
    ", ; : . ( ) but although however whereas while though and which ， ； 。 ： 但 但是 然而 而".split()
)
THAN = frozenset("than versus vs compared relative 比 于".split())


@dataclass(frozen=True, slots=True)
class Cue:
    """A direction word: what it speaks of, and which end (1 or -1)."""

    axis: str
    pole: int


_CUES = {word: Cue(axis, pole) for (axis, pole), words in _WORDS.items() for word in words.split()}
_CHINESE = sorted(
    (w for w in [*_CUES, *NEGATORS, *BREAKS, *THAN] if "\u3400" <= w[0] <= "\u9fff"), key=len, reverse=True
)
# What turns a statement for one of several: who it holds for is not read here.
EXCEPT = frozenset("except excluding unless".split())
# Beginnings of words that turn the rest.
PREFIXES = (
    ("hyper", "hypo"), ("pre", "post"), ("un", ""), ("in", ""), ("non-", ""), ("non", ""), ("ir", ""), ("im", ""),
    ("dis", ""), ("over", "under"), ("up", "down"), ("pro", "anti"), ("intra", "inter"), ("anti-", "pro-"),
)  # fmt: skip
# Words, numbers, marks; of Chinese the words above, and single characters between them.
TOKEN = re.compile(
    "|".join(_CHINESE)
    + r"|[\u3400-\u4dbf\u4e00-\u9fff]|\d[\d.,]{0,20}(?<![.,])|[A-Za-zα-ω][\w'’]{0,40}(?:-[A-Za-z]\w{0,40}){0,3}|[,;:.()%<>=≤≥±，；。：]"
)


_COMPOUND = frozenset(("agreement", "response", "relation", "length", "level", "amount"))


def cue_of(tokens: Sequence[str], i: int, token: str) -> Cue | None:
    """The direction word at `i`; None for one that only counts ("more than 30 patients") or belongs to a name."""
    cue = _CUES.get(token)
    if cue is None:
        first, _, last = token.partition("-")
        found = _CUES.get(last) or _CUES.get(first)  # "gram-negative", "longer-term"
        return found if last and found and found.axis in _COMPOUND else None
    after = tokens[i + 1] if i + 1 < len(tokens) else ""
    if token in ("more", "less", "fewer", "greater", "higher", "lower") and after == "than":
        number = tokens[i + 2] if i + 2 < len(tokens) else ""
        if number[:1].isdigit() or number in ("one", "two", "half", "a"):
            return None
    if token in ("more", "most", "less", "least") and after not in ("than", "") and after in _CUES:
        return Cue("degree", cue.pole)  # "more effective": the second word has a cue of its own
    if token in ("before", "after", "prior", "early", "late", "most", "least", "loss", "gain", "common", "present"):
        return None if token not in ("common",) or after in ("carotid", "bile", "cold") else cue
    return cue


def turned(one: str, other: str) -> bool:
    """Whether two words differ only in a beginning that turns the meaning: `hypertension`, `hypotension`."""
    for a, b in PREFIXES:
        for first, second in ((one, other), (other, one)):
            rest = first[len(a) :]
            if first.startswith(a) and len(rest) >= 5 and second == b + rest:
                return True
    return False
