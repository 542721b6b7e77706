"""Answers what asks for a list or for the person: current drugs, problems and allergies, vaccines, visits, age and sex,
values outside their range.

Decides what is current, which value of a test is looked at, and how many entries are named. Only the flags and ranges
that the record gives count as abnormal. Knows nothing of a single thing's name.
"""

from __future__ import annotations

from datetime import date

from rag.records.chart import plain_number
from rag.records.names import Match
from rag.records.told import MOST, Asked, Told, current, dated, family, latest, missing, past, state, within
from rag.records.types import Entry

_LISTS: dict[str, tuple[str, str]] = {
    "medication": ("medications", "药物"), "condition": ("problems", "问题"), "allergy": ("allergies", "过敏"),
    "immunization": ("immunizations", "疫苗接种"), "procedure": ("procedures", "操作"), "encounter": ("visits", "就诊"),
}  # fmt: skip


def listed(asked: Asked) -> Told | None:
    want = asked.wanted
    english, chinese = _LISTS[want.detail]
    pool = within([e for e in asked.entries if e.category == want.detail], want)
    if want.detail in ("medication", "condition", "allergy") and not want.since and not want.until:
        names: dict[str, list[Entry]] = {}
        for e in pool:
            if not family(e) and not past(e):
                names.setdefault(e.name.lower(), []).append(e)
        pool = [e for e in latest(Match(n, tuple(es)) for n, es in names.items()) if current(e, asked.today)]
        english, chinese = f"active {english}", f"现有{chinese}"
    if not pool:
        return asked.told(asked.say(f"No {english} are recorded.", f"未见{chinese}的记录。"), recorded=False)
    chosen = pool[-MOST:]
    say = state if want.detail in ("medication", "condition", "allergy") else dated
    items, n = "; ".join(say(e, asked) for e in chosen), len(pool)
    more = asked.say(", the latest", "，最近的") if len(chosen) < n else ""
    text = asked.say(
        f"{english.capitalize()}, n = {n} (counted){more}: {items}.", f"{chinese}共{n}项（计数）{more}：{items}。"
    )
    return asked.told(text, chosen)


def person(asked: Asked) -> Told | None:
    facts = {e.name: e for e in asked.entries if e.category == "person"}
    if asked.wanted.detail == "sex":
        entry, value = facts.get("Sex"), asked.person.sex
        words = {"female": "女", "male": "男"}
        text = asked.say(f"Sex: {value}.", f"性别：{words.get(value, value)}（{value}）。")
        return asked.told(text if value else missing(asked, ["sex"]), [entry] if entry else [], recorded=bool(value))
    entry, born = facts.get("Birth date"), asked.person.birth[:10]
    if not born:
        return asked.told(missing(asked, [asked.say("birth date", "出生日期")]), recorded=False)
    text = asked.say(f"Born {born}.", f"出生日期：{born}。")
    cited = [entry] if entry else []
    if asked.wanted.detail == "age" and len(born) == 10:
        end, dead = asked.person.death[:10], facts.get("Death")
        age = _years(date.fromisoformat(born), date.fromisoformat(end) if len(end) == 10 else asked.today)
        at = asked.say(
            f"{age} years old (computed{', at death on ' + end if end else ''})",
            f"{age}岁（计算{'，去世时 ' + end if end else ''}）",
        )
        text = asked.say(f"Born {born}: {at}.", f"出生日期{born}：{at}。")
        cited += [dead] if dead and end else []
    return asked.told(text, cited)


def _years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def abnormal(asked: Asked) -> Told | None:
    """Values that their source flags, or that lie outside the range it gives; of each test the last, or each of the
    period."""
    want = asked.wanted
    pool = [
        e
        for e in within(asked.entries, want)
        if e.category in ("laboratory", "vital") and (e.value is not None or e.flag)
    ]
    if not want.since and not want.until:
        pool = list({(e.name, e.codes): e for e in pool}.values())
    known = [e for e in pool if e.flag or e.low is not None or e.high is not None]
    if not known:
        text = asked.say(
            "No reference ranges or flags are recorded with the values, so none can be called abnormal.",
            "各项结果均未记录参考范围或标记，无法判断是否异常。",
        )
        return asked.told(text, recorded=False)
    chosen = [e for e in known if (side := _side(e)) and (not want.detail or want.detail == side)]
    items = "; ".join(f"{dated(e, asked)} {_why(e, asked)}" for e in chosen[-MOST:])
    n = len(chosen)
    if not n:
        return asked.told(
            asked.say("None of the values with a range or flag is outside it.", "有参考范围或标记的结果均未超出。"), []
        )
    return asked.told(asked.say(f"n = {n} (counted): {items}.", f"共{n}项（计数）：{items}。"), chosen[-MOST:])


def _side(e: Entry) -> str:
    if e.flag:
        return e.flag
    if e.value is None:
        return ""
    return "high" if e.high is not None and e.value > e.high else "low" if e.low is not None and e.value < e.low else ""


def _why(e: Entry, asked: Asked) -> str:
    words = {"high": "偏高", "low": "偏低", "abnormal": "异常", "critical": "危急"}
    bound = e.high if _side(e) == "high" else e.low if _side(e) == "low" else None
    limit = f", {plain_number(bound)}" if bound is not None else ""
    return asked.say(f"[{_side(e)}{limit}]", f"［{words.get(_side(e), _side(e))}{limit}］")
