"""Cuts noun phrases out of clauses: where the name of an outcome, an arm or a group of people begins and ends.

Decides by words that cannot stand inside such a name. Knows nothing of what the names mean.
"""

from __future__ import annotations

import re

Span = tuple[int, int]
# Brackets that only hold a short form stay: "blood pressure (BP)".
_HIDE = re.compile(r"[(\[](?![A-Z][A-Za-z-]{1,8}[)\]])[^()\[\]]{0,240}[)\]]")
_LEAD = re.compile(
    r"\A(?:(?:in|at|after|during|within|by|over|for|among|compared with|compared to|relative to|as compared with|when|with|under|following)\b[^,]{1,90},\s*(?=\S)|"
    r"[\s,;:.\"'“”‘’]+|(?:the|a|an|any|all|both|this|that|these|those|their|its|our|his|her|of|in|for|on|to|and|but|also|there|with|"
    r"although|though|while|whereas|(?:adjusted |crude |pooled )?(?:hazards?|odds|risk|rate) ratios? (?:for|of)|significant|significantly|statistically|similarly|however|moreover|furthermore|finally|overall|additionally|secondly|thus|therefore|"
    r"respectively|or|by|as|either|receive|receiving|were|was|had|has|have|we found|found|patients with increased)\b(?!-)\s*|"
    r"(?:rate|level|number|proportion|percentage|mean|incidence|frequency|prevalence) (?=of the (?:patients|rate)\b))",
    re.I,
)
_TAIL = re.compile(
    r"(?:[\s,;:.\"'“”‘’]{1,20}|\b(?:the|a|an|of|in|for|on|to|and|or|but|also|with|was|were|is|are|had|has|have|by|at|from|as|than|that|which|"
    r"significantly|statistically|who|were not|between|among|respectively|only|both|being|been|not|more|less|most|did|do|does|while|whereas|when|"
    r"after|during|compared|using|rates? of the|group|groups|observed|found|seen|reported|noted|however|alone|it))\Z",
    re.I,
)
# What stands before a comma is then no first part of a list.
_CLAUSE = re.compile(
    r"(?:^|\s)(?:was|were|is|are|had|has|did|showed|found|required|in|at|after|with|when|for|among|during|i\.e\.|increased|decreased|reduced)\s",
    re.I,
)
# Where a name read from its beginning ends.
_STOP = re.compile(
    r"[.;:!?](?=\s|\Z)|,(?!\d)|\s(?:in (?:the|a|an|both|either|all|any|each|group|patients|women|men|children|adults|subjects|participants|those|this|these)|"
    r"between|among(?:st)?|compared|than|versus|vs\.?|when|after|before|during|throughout|over (?:the|a|\d+|time)|whereas|while|but|"
    r"although|though|at (?:the|\d+|all|any|each|baseline|one|two|three|six|day|week|month|follow)|with (?:the|either|both|a|respect|placebo)|for (?:the|both|any|either|all|each)|by (?:the|\d[\d.]*|a|an|using|end)|"
    r"from (?:the|baseline|\d+|pre\w*)|as (?:compared|assessed|measured|well|determined|evidenced|a|an)|relative to|within|was|were|is|are|did|do|does|had|has|have|"
    r"which|that|who|and (?:the|a|was|were|did|had|no|not|significantly|reduced?s?|increased?s?|improved?s?|decreased?s?|in|with|at|there|it|this|an|of)|to (?:the|a|be|\d+)|through|via|according|"
    r"using|on (?:the|day)|across|following|until|per|if|suggesting|indicating|for \d+|even|in (?:terms|comparison|addition|response|contrast)|because|due|so|without|despite|regardless|under)\b",
    re.I,
)


def hidden(text: str) -> str:
    """The text with brackets and what they hold as spaces, so that offsets stay."""
    for _ in range(2):
        text = _HIDE.sub(lambda m: " " * len(m[0]), text)
    return text


def trimmed(text: str, start: int, end: int) -> Span | None:
    """The stretch without words and marks at its ends that are no part of a name; None when nothing is left."""
    while start < end and (m := _LEAD.match(text[start:end])) and m.end():
        start += m.end()
    while start < end and (m := _TAIL.search(text, max(start, end - 40), end)) and m.end() == end and m.start() < end:
        if m[0][0].isalnum() and m.start() > start and text[m.start() - 1] in "-’'":
            break
        end = m.start()
    return (start, end) if end - start > 2 and re.search(r"[A-Za-z\u4e00-\u9fff]{2}", text[start:end]) else None


def after(text: str, start: int, limit: int, *, most: int = 140) -> Span | None:
    """The name that begins at `start`, up to the first word that cannot be in it."""
    limit = min(limit, start + most)
    m = _STOP.search(text, start + 1, limit)
    end = m.start() if m else limit
    hole = text.find("   ", start + 3, end)
    return trimmed(text, start, hole if hole > 0 else end)


def before(text: str, start: int, end: int) -> Span | None:
    """The name that ends at `end`: what stands there from the last break of the clause, without what follows it."""
    part = text[start:end]
    for mark in (
        ";",
        ":",
        " that ",
        " whereas ",
        ", while ",
        " but ",
        ", and ",
        ", with ",
        " although ",
        " had ",
        " judged ",
        " rated ",
    ):
        if (i := part.rfind(mark)) >= 0 and len(part) - i > 8:
            start += i + len(mark)
            part = text[start:end]
    hole = part.rstrip().rfind("   ")
    if hole >= 0:
        start += hole
    found = trimmed(text, start, end)
    if found and (comma := text.rfind(", ", *found)) > 0 and _CLAUSE.search(text, found[0], comma):
        found = trimmed(text, comma + 1, found[1])
    if found is None or not (m := _STOP.search(text, found[0] + 1, found[1])):
        return found
    return trimmed(text, found[0], m.start())
