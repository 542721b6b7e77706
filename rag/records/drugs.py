"""What is said of a drug or a class of drugs that a record does not have, and why an entry counts as it.

Decides that nothing is denied by name alone: a product of several ingredients whose parts are recorded is told so, and
a class is only denied of the drugs that a table knows; the others are named as not looked up.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.records.drug_names import drug_names
from rag.records.ingredients import meant, recognised, same
from rag.records.names import label
from rag.records.told import MOST, Asked, Told, current, missing, state
from rag.records.types import Entry


def none(asked: Asked, lost: list[str]) -> Told | None:
    """That no entry is the drug or of the class that is asked for; None where the name is neither's."""
    name = asked.wanted.name
    meaning = meant(name)
    if meaning.kind == "drug":
        some = same(meaning, asked.entries)[1]
        if not some:
            odd = _odd(asked)
            return asked.told(missing(asked, lost) + _unread(asked, odd), odd, recorded=False) if odd else None
        items = "; ".join(state(e, asked) for e in some[-MOST:])
        text = missing(asked, lost) + asked.say(
            f" Of its ingredients ({meaning.name}) there is: {items}.", f"其成分（{meaning.name}）中有：{items}。"
        )
        return asked.told(text, some[-MOST:], recorded=False)
    if meaning.kind == "class":
        return _no_class(asked, meaning.name)
    return None


def _no_class(asked: Asked, name: str) -> Told:
    odd = _odd(asked)
    text = asked.say(
        f"Not recorded: any of the {name} that the table of drug classes knows.",
        f"未见记录：药物类别表所列的“{asked.wanted.name}”（{name}）。",
    )
    return asked.told(text + _unread(asked, odd), odd, recorded=False)


def _odd(asked: Asked) -> list[Entry]:
    """Current medications of which no table knows an ingredient, of each name the last."""
    odd = [e for e in asked.entries if e.category == "medication" and not recognised(e.name)]
    return list({e.name: e for e in odd if current(e, asked.today)}.values())[-MOST:]


def _unread(asked: Asked, odd: Sequence[Entry]) -> str:
    if not odd:
        return ""
    listed = "; ".join(label(e) for e in odd)
    return asked.say(f" Taken, but what it holds is not known here: {listed}.", f"在用但成分未能识别：{listed}。")


def unknown(asked: Asked, lost: Sequence[str]) -> str:
    """What is said of names of which no entry is found; one that no table knows as a drug or a class is not denied."""
    other = [n for n in lost if not meant(n).kind and not drug_names(f"taking {n}") and not drug_names(f"服用{n}")]
    known = [n for n in lost if n not in other]
    text = missing(asked, known) if known else ""
    if other:
        text += asked.say(
            f"Not understood as a drug or a class of drugs, so it was not looked up: {', '.join(other)}.",
            f"未能理解为药物或药物类别，未作查找：{'、'.join(other)}。",
        )
    return text


def why(asked: Asked, entries: Sequence[Entry]) -> str:
    """By which class or generic name an entry counts, where its own name does not show it; "" where it does."""
    meaning, zh = meant(asked.wanted.name), asked.zh
    if meaning.kind == "class":
        return asked.say(f" Found by the table of drug classes: {meaning.name}.", f"依据药物类别表：{meaning.name}。")
    plain = asked.wanted.name.lower()
    if meaning.kind != "drug" or zh or any(c.isdigit() for c in meaning.name + plain):
        return ""
    if plain == meaning.name or all(plain in e.name.lower() for e in entries):
        return ""
    return f" {plain[:1].upper()}{plain[1:]} is {meaning.name}."
