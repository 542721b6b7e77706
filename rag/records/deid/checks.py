"""Check digits: whether a number can be what it looks like.

Luhn (ISO/IEC 7812-1, cards; NPI with the prefix 80840), vehicle numbers (49 CFR 565), Chinese citizen numbers (GB
11643), DEA registrations. A check that fails never hides a labelled number: a mistyped one still leads to its owner.
"""

from __future__ import annotations

_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_VALUES = {c: int(v) for c, v in zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True)}
_CITIZEN = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def luhn(number: str) -> bool:
    """Whether the digits of a card or of an NPI (`80840` put before it) pass."""
    total = 0
    for i, char in enumerate(reversed(number)):
        digit = int(char) * (1 + i % 2)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


def vin(number: str) -> bool:
    """Whether the ninth of 17 characters is the check character."""
    try:
        total = sum(w * (int(c) if c.isdigit() else _VIN_VALUES[c]) for w, c in zip(_VIN_WEIGHTS, number, strict=True))
    except (KeyError, ValueError):
        return False
    return number[8] == "0123456789X"[total % 11]


def citizen(number: str) -> bool:
    """Whether the last of 18 characters is the check character."""
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()):
        return False
    return number[17].upper() == "10X98765432"[sum(w * int(c) for w, c in zip(_CITIZEN, number, strict=False)) % 11]
