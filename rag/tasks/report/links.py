"""Which addresses a report may link to: http and https alone, without anything that could end an attribute."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"https?://[A-Za-z0-9\-._~:/?#@!$&()*+,;=%\[\]]{1,2000}\Z", re.I)


def web(link: str | None) -> str | None:
    """The address, or None where it is not one that a page may link to."""
    return link if link and _ADDRESS.match(link) else None
