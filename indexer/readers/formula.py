"""A formula on one line: MathML or the body of a LaTeX document as plain text.

Decides only how it reads, not what it means.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

_RELATIONS = set("=<>≤≥±×+−≈≠∼~→∈÷·")
_SHORT = 40


def formula(element: Element) -> str:
    """MathML as one line: `a/b`, `x^2`, `x_i`, `√(x)`; relations stand between spaces."""
    tag, children = element.tag, list(element)
    if tag in ("mi", "mn", "mtext", "ms"):
        return "".join(element.itertext()).strip("\n")
    if tag == "mo":
        sign = "".join(element.itertext()).strip().replace("-", "−")
        return f" {sign} " if sign in _RELATIONS else sign
    if tag in ("annotation", "annotation-xml"):
        return ""
    parts = [formula(c) for c in children]
    if tag == "mfrac" and len(parts) == 2:
        return f"{_grouped(parts[0])}/{_grouped(parts[1])}"
    if tag == "msup" and len(parts) == 2:
        return f"{_grouped(parts[0])}{_raised(parts[1])}"
    if tag == "msub" and len(parts) == 2:
        return f"{parts[0]}_{_grouped(parts[1])}"
    if tag == "msubsup" and len(parts) == 3:
        return f"{parts[0]}_{_grouped(parts[1])}{_raised(parts[2])}"
    if tag == "msqrt":
        return f"√({''.join(parts).strip()})"
    if tag in ("mtr", "mtable"):
        return " ".join(parts)
    if tag == "mfenced":
        inside = element.get("separators", ",")[:1].join(p.strip() for p in parts)
        return f"{element.get('open', '(')}{inside}{element.get('close', ')')}"
    # Anything else, invalid MathML included, reads from left to right.
    return "".join((element.text or "").strip() and [element.text or ""]) + "".join(parts)


def _raised(text: str) -> str:
    text = text.strip()
    return text if text and set(text) <= set("′″‴*†'") else f"^{_grouped(text)}"


def _grouped(text: str) -> str:
    text = text.strip()
    short = len(text) <= _SHORT and re.fullmatch(r"[\w.,%]*|[−-]\s?[\w.]+", text)
    return text.replace("− ", "−") if short else f"({text.replace('− ', '−')})"


def tex(source: str) -> str:
    r"""LaTeX as one line: the body of `\begin{document}`, without its dollar signs."""
    _, begun, body = source.partition(r"\begin{document}")
    text = body.partition(r"\end{document}")[0] if begun else source
    return text.replace("$$", " ").replace("$", "").strip()
