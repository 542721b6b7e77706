"""Measures the guards of patient records: who sees what (P2), what leaves (P8), what errors and logs tell (P9).

    python -m scripts.eval_privacy [--queries 10000] [--cells 1000] [--canaries 200] [--faults 100]
        [--json benchmarks/privacy.json]

Everything is invented; --data is taken and not needed. P2: random policies, people and patients on every surface, held
against a reference of its own (scripts/privacy_world.py). P8: a matrix of generator, source, way, environment, request
and policy, in a network of its own where the system allows one (scripts/privacy_egress.py). P9: words that only records
hold, looked for in all that is not an answer (scripts/privacy_canaries.py). Exit code 1 when anything failed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from scripts import privacy_access, privacy_canaries, privacy_egress

SEED = 5


def access(queries: int, seed: int) -> dict[str, Any]:
    """P2 in one process."""
    with tempfile.TemporaryDirectory() as folder:
        made = privacy_access.world(Path(folder) / "world", patients=10, rng=random.Random(seed))
        try:
            return privacy_access.run(made, queries=queries)
        finally:
            made.close()


def joined(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """The counts of several runs added up."""
    whole: dict[str, Any] = {"n": sum(p["n"] for p in parts), "failures": sum(p["failures"] for p in parts)}
    for name in ("by kind", "counted"):
        keys = sorted({k for p in parts for k in p[name]})
        whole[name] = {k: sum(p[name].get(k, 0) for p in parts) for k in keys}
    return {**whole, "examples": [e for p in parts for e in p["examples"]][:20]}


def canaries(count: int, faults: int) -> dict[str, Any]:
    """P9."""
    with tempfile.TemporaryDirectory() as folder:
        return privacy_canaries.run(Path(folder) / "p9", count=count, faults=faults, rng=random.Random(SEED))


def measured(o: argparse.Namespace) -> dict[str, Any]:
    """All three, side by side in processes of their own (P9 traces its lines)."""
    halves = [o.queries // 2, o.queries - o.queries // 2]
    with ProcessPoolExecutor(o.processes, max_tasks_per_child=1) as pool:

        def start(work: Callable[..., Any], *values: Any) -> Any:
            return pool.submit(work, *values)

        p2 = [start(access, n, SEED + i) for i, n in enumerate(halves) if n]
        p8 = start(_egress, o.cells) if o.cells else None
        p9 = start(canaries, o.canaries, o.faults) if o.canaries else None
        found: dict[str, Any] = {"P2 access": joined([p.result() for p in p2])} if p2 else {}
        return found | {k: p.result() for k, p in (("P8 egress", p8), ("P9 canaries", p9)) if p}


def _egress(cells: int) -> dict[str, Any]:
    return privacy_egress.apart(cells, seed=SEED)


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="not needed")
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--cells", type=int, default=1000)
    parser.add_argument("--canaries", type=int, default=200)
    parser.add_argument("--faults", type=int, default=100)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path)
    o = parser.parse_args()
    began = time.monotonic()
    found = measured(o)
    result = {
        **found, "seed": SEED, "seconds": round(time.monotonic() - began),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
    }  # fmt: skip
    print(json.dumps(result, indent=1, ensure_ascii=False))
    if o.json:
        o.json.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.exit(any(part["failures"] for part in found.values()))


if __name__ == "__main__":
    main()
