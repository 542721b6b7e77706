"""Cuts a PDF content stream into operators with their operands (PDF 32000-1, 7.2 and 7.8.2).

Our own, because pages drawn word by word have some 9,000 operators, for which pypdf's object parser needs
100 ms and this one 12 ms (measured on five typeset pages). What cannot be parsed is skipped. Knows nothing of what
operators mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_DELIMITER = rb"\x00\t\n\f\r ()<>\[\]{}/%"
_TOKEN = re.compile(
    rb"[\x00\t\n\f\r ]*(?:"
    rb"([-+]?(?:\d{1,18}\.?\d{0,18}|\.\d{1,18}))(?=[" + _DELIMITER + rb"]|$)"  # 1 number
    rb"|\(([^()\\]*)\)"  # 2 plain string
    rb"|([A-Za-z'\"][^" + _DELIMITER + rb"]{0,30})"  # 3 operator
    rb"|/([^" + _DELIMITER + rb"]*)"  # 4 name
    rb"|([\[\]])"  # 5 array
    rb"|\(((?:[^()\\]|\\.)*)\)"  # 6 string with escapes
    rb"|(\()"  # 7 string with parentheses
    rb"|<([0-9A-Fa-f\x00\t\n\f\r ]*)>"  # 8 hexadecimal string
    rb"|(%[^\r\n]*)"  # 9 comment
    rb"|(<<|>>|[{}])"  # 10 dictionary
    rb"|([^" + _DELIMITER + rb"]+|.)"  # 11 anything else
    rb")",
    re.DOTALL,
)
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n?|\n)|(.))", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_SPACES = re.compile(rb"[\x00\t\n\f\r ]+")
_NAME_CODE = re.compile(rb"#([0-9A-Fa-f]{2})")
# The end of an inline image: EI between spaces, followed by what looks like an operator or a number.
_IMAGE_END = re.compile(rb"[\x00\t\n\f\r ]EI(?=[\x00\t\n\f\r ]+[-+.\dA-Za-z/\[(<]{1,3}|[\x00\t\n\f\r ]*$)")
_MOST_OPERANDS, _LONGEST_ARRAY, _LONGEST_STRING = 64, 20_000, 65_536

Operation = tuple[list[Any], bytes]


def operations(data: bytes) -> Iterator[Operation]:
    """Yields (operands, operator). Operands: float, bytes (a string), str (a name with its slash), list (an array).

    Dictionaries are dropped. An inline image is one operator `BI` without operands.
    """
    operands: list[Any] = []
    array: list[Any] | None = None
    at, end, match = 0, len(data), _TOKEN.match
    while at < end and (token := match(data, at)):
        at, kind = token.end(), token.lastindex
        if kind == 1:
            value: Any = float(token[1])
        elif kind == 2:
            value = token[2]
        elif kind == 3:
            operator = token[3]
            if operator in (b"true", b"false", b"null"):
                continue
            if operator == b"BI":
                found = _IMAGE_END.search(data, at)
                at = found.end() if found else end
            yield operands, operator
            operands, array = [], None
            continue
        elif kind == 5:
            if token[5] == b"[":
                array = []
            elif array is not None:
                operands.append(array)
                array = None
            continue
        elif kind in (4, 6, 7, 8):
            value, at = _value(data, token, kind, at)
        else:
            continue
        if array is not None:
            if len(array) < _LONGEST_ARRAY:
                array.append(value)
        elif len(operands) < _MOST_OPERANDS:
            operands.append(value)


def _value(data: bytes, token: re.Match[bytes], kind: int, at: int) -> tuple[Any, int]:
    if kind == 4:
        name = token[4]
        if b"#" in name:
            name = _NAME_CODE.sub(lambda m: bytes([int(m[1], 16)]), name)
        return "/" + name.decode("utf-8", "replace"), at
    if kind == 6:
        return _unescaped(token[6]), at
    if kind == 8:
        digits = _SPACES.sub(b"", token[8])
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii")), at
    return _nested(data, at)


def _unescaped(text: bytes) -> bytes:
    def plain(match: re.Match[bytes]) -> bytes:
        if match[1]:
            return bytes([int(match[1], 8) & 255])
        return b"" if match[2] else _ESCAPED.get(match[3], match[3])

    return _ESCAPE.sub(plain, text)


def _nested(data: bytes, at: int) -> tuple[bytes, int]:
    """A string with balanced parentheses inside, from the character after its first one."""
    depth, i = 1, at
    last = min(len(data), at + _LONGEST_STRING)
    while i < last:
        byte = data[i]
        if byte == 0x5C:
            i += 1
        elif byte == 0x28:
            depth += 1
        elif byte == 0x29:
            depth -= 1
            if not depth:
                return _unescaped(data[at:i]), i + 1
        i += 1
    return b"", last  # it never ends; to try again at the next parenthesis would take quadratic time
