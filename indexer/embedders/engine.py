"""Chooses what runs a model on this machine, and proves the choice once: bf16 where the CPU has it, else float32 on
OpenVINO, else torch.

A candidate is taken when, on the model's probe texts, every vector has a cosine of at least 0.9995 to the reference
that sentence-transformers computed in float32. The outcome is kept in the cache, so that later processes spare the
check. `ANAMNESIS_ENGINE` (openvino-bf16, openvino-f32 or torch) allows only that one. Knows
nothing of what the vectors are for.
"""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import json
import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.embedders import cache
from indexer.errors import ConfigError
from indexer.types import Vectors

Ints = NDArray[np.int32]
NAMES = ("openvino-bf16", "openvino-f32", "torch")
MIN_COSINE = 0.9995


class Engine(Protocol):
    """Runs one model. `workers`: how many threads may usefully call `run` at once."""

    workers: int

    def run(self, ids: Ints, mask: Ints) -> Vectors:
        """Token ids and mask (batch, length) to one row of floats per text."""
        ...


@dataclass(frozen=True, slots=True)
class Model:
    """What an engine needs. key: changes with the weights and the probes. graph: builds the openvino model.

    check: the lowest cosine between an engine's vectors of the probe texts and the stored reference.
    """

    key: str
    folder: Path
    graph: Callable[[], Any]
    check: Callable[[Engine], float]


def open_engine(model: Model) -> tuple[Engine, str]:
    """The first candidate that works here, and one line that says which and why.

    Raises ConfigError when none works, or for an unknown name in ANAMNESIS_ENGINE.
    """
    name = f"engine-{_machine_key(model.key)}"
    kept = cache.recall(name) or {}
    failures: list[str] = []
    for candidate in _wanted():
        try:
            engine, why = _load(candidate, model)
            if candidate not in kept:
                kept = {**kept, candidate: model.check(engine)}
                cache.remember(name, kept)
        except Exception as error:  # whatever a foreign runtime throws, the next candidate is tried
            lines = str(error).strip().splitlines() or [""]
            failures.append(f"not {candidate}: {type(error).__name__} {lines[0][:160]}".strip())
            continue
        found = f"min cosine {kept[candidate]:.5f} to the reference"
        if kept[candidate] >= MIN_COSINE:
            return engine, "; ".join([f"{candidate} ({why}; {found})", *failures])
        failures.append(f"not {candidate}: {found}, wanted {MIN_COSINE}")
    raise ConfigError("no engine can run the embedder here: " + "; ".join(failures))


def preload() -> None:
    """Imports OpenVINO, if it may be used, so that other start-up work can overlap with it. Never raises."""
    if _wanted() != ("torch",):
        with contextlib.suppress(Exception):
            from indexer.embedders.engine_openvino import version

            version()


def _load(candidate: str, model: Model) -> tuple[Engine, str]:
    if candidate == "torch":
        from indexer.embedders.engine_torch import TorchEngine

        return TorchEngine(model.folder), "float32"
    from indexer.embedders import engine_openvino as ov

    precision = candidate.removeprefix("openvino-")
    if precision == "bf16" and not ov.has_bf16():
        raise RuntimeError("this CPU has neither avx512_bf16 nor amx_bf16")
    return ov.OpenVinoEngine(model.graph, precision=precision), f"OpenVINO {ov.version()}, CPU"


def _wanted() -> tuple[str, ...]:
    name = os.environ.get("ANAMNESIS_ENGINE", "")
    if not name:
        return NAMES
    if name not in NAMES:
        near = difflib.get_close_matches(name, NAMES, n=1, cutoff=0)[0]
        raise ConfigError(f"ANAMNESIS_ENGINE={name}: unknown engine, did you mean {near}?")
    return (name,)


def _machine_key(model_key: str) -> str:
    """Changes with the weights, the probes, OpenVINO's version and the CPU's features: then the check runs again."""
    from importlib.metadata import PackageNotFoundError, version

    versions = []
    for package in ("openvino", "torch"):
        try:
            versions.append(version(package))
        except PackageNotFoundError:
            versions.append("-")
    facts = [model_key, platform.machine(), _cpu_flags(), *versions, MIN_COSINE]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]


def _cpu_flags() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        return platform.processor()
    return "\n".join(sorted({line for line in lines if line.startswith(("flags", "model name"))}))
