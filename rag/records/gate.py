"""The egress gate: record text goes only to a generator on this machine, unless the policy names its host.

Decides from the generator's spec and the policy alone. Nothing that a question, a document or a prompt says is looked
at. The address is read by the generator's own parser, so that both see one host.
"""

from __future__ import annotations

import ipaddress
from typing import Literal

from indexer.errors import ConfigError
from rag.generators.openai import address
from rag.records.policy import Policy

Way = Literal["here", "de-identified", "refused"]
_PORTS = {"http": 80, "https": 443}


def way(spec: str, policy: Policy) -> Way:
    """How record text may reach the generator of this spec: as it is, de-identified, or not at all."""
    kind = spec.partition(":")[0]
    if spec == "extractive" or kind == "hf":
        return "here"
    if kind != "openai" or (host := host_of(spec)) is None:
        return "refused"
    if _is_here(host):
        return "here"
    return "de-identified" if host in policy.hosts else "refused"


def host_of(spec: str) -> str | None:
    """`host:port` that the generator of an `openai:` spec connects to, as the generator itself reads it; else None."""
    try:
        _, url = address(spec)
        port = url.port or _PORTS.get(url.scheme)
    except (ConfigError, ValueError):
        return None
    if not url.hostname or port is None:
        return None
    return f"[{url.hostname}]:{port}" if ":" in url.hostname else f"{url.hostname}:{port}"


def _is_here(host: str) -> bool:
    """Whether the name is `localhost` or a literal loopback address; other names may resolve to anything."""
    name = host.rpartition(":")[0].strip("[]")
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
