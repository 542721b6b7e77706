"""Chinese text in one form: traditional characters become simplified ones, character by character.

Decides only what two texts are compared by; a stored text is never changed. Offsets stay, since every character becomes
one character. The pairs (`traditional.txt`: one line traditional, one line simplified) are those of OpenCC's character
table.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

_CJK = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")


def simplified(text: str) -> str:
    """The text with simplified characters; as long as before."""
    return text.translate(_table()) if _CJK.search(text) else text


@functools.cache
def _table() -> dict[int, str]:
    traditional, simple = Path(__file__).with_name("traditional.txt").read_text("utf-8").splitlines()
    return {ord(t): s for t, s in zip(traditional, simple, strict=True)}
