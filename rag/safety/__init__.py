"""Safety before anything else: red flags, crises, threats, and requests that are declined. `first` and `decline`.

Plain rules, and a linear layer that only adds alarms, outside every generator: they run before one is asked, when
none is there, and whatever one says. Patterns are linear, nothing is kept, nothing leaves. docs/safety.md says what was
measured. Knows no library and no terminal.
"""

from __future__ import annotations

from rag.safety.alerts import LIMIT, decline, first
from rag.safety.types import Alert, Decline, Line

__all__ = ["LIMIT", "Alert", "Decline", "Line", "decline", "first"]
