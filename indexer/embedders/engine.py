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
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.embedders import cache, engine_blob
from indexer.embedders.engine_weights import Bert
from indexer.errors import ConfigError
from indexer.types import Vectors

Ints = NDArray[np.int32]
NAMES = ("openvino-bf16", "openvino-f32", "torch")
MIN_COSINE = 0.9995
_RECIPE = 2  # raise it when the graph or how it is compiled changes


class Engine(Protocol):
    """Runs one model. `workers`: how many threads may usefully call `run` at once."""

    workers: int

    def run(self, ids: Ints, mask: Ints) -> Vectors:
        """Token ids and mask (batch, length) to one row of floats per text."""
        ...


@dataclass(frozen=True, slots=True)
class Model:
    """What an engine needs. key: changes with weights and probes. bert: reads and verifies the weights.

    check: how well an engine's results on the probe texts agree with the stored reference, as the lowest cosine.
    """

    name: str
    key: str
    bert: Callable[[], Bert]
    check: Callable[[Engine], float]


def open_engine(model: Model) -> tuple[Engine, str]:
    """The first candidate that works here, and one line that says which and why.

    Raises ConfigError when none works, or for an unknown name in ANAMNESIS_ENGINE.
    """
    wanted, cpu = _wanted(), _cpu()
    preload()
    # Read and verified while OpenVINO is imported in the other thread.
    kept = {wanted[0]: engine_blob.read(_name(wanted[0], model, cpu))}
    key = _key(model, cpu)
    record = cache.recall(name := f"engine-{key[:16]}") or {}
    failures: list[str] = []
    for candidate in wanted:
        try:
            blob = kept.get(candidate) or engine_blob.read(_name(candidate, model, cpu))
            engine, why = _load(candidate, model, blob[1] if blob and blob[0] == key else None)
            if candidate not in record:
                record = {**record, candidate: model.check(engine)}
                cache.remember(name, record)
            cosine = float(record[candidate])
        except Exception as error:  # whatever a foreign runtime throws, the next candidate is tried
            lines = str(error).strip().splitlines() or [""]
            failures.append(f"not {candidate}: {type(error).__name__} {lines[0][:160]}".strip())
            continue
        found = f"min cosine {cosine:.5f} to the reference"
        if cosine >= MIN_COSINE:
            if not blob or blob[0] != key:
                _keep(_name(candidate, model, cpu), key, engine)
            return engine, "; ".join([f"{candidate} ({why}; {found})", *failures])
        failures.append(f"not {candidate}: {found}, wanted {MIN_COSINE}")
    raise ConfigError(f"no engine can run the {model.name} model here: " + "; ".join(failures))


def preload() -> None:
    """Starts importing OpenVINO in a thread, if it may be used, beside other start-up work. Never raises."""
    if _wanted() != ("torch",):
        threading.Thread(target=_import_openvino).start()


def _import_openvino() -> None:
    with contextlib.suppress(Exception):  # open_engine meets the same error and reports it
        from indexer.embedders.engine_openvino import version

        version()


def _load(candidate: str, model: Model, blob: engine_blob.Blob | None) -> tuple[Engine, str]:
    if candidate == "torch":
        from indexer.embedders.engine_torch import TorchEngine

        return TorchEngine(model.bert()), "float32"
    from indexer.embedders import engine_openvino as ov
    from indexer.embedders.engine_graph import graph

    precision = candidate.removeprefix("openvino-")
    if precision == "bf16" and not ov.has_bf16():
        raise RuntimeError("this CPU has neither avx512_bf16 nor amx_bf16")
    why = f"OpenVINO {ov.version()}, CPU"
    if blob is not None:
        with contextlib.suppress(RuntimeError):
            return ov.OpenVinoEngine.from_blob(blob, precision=precision), why
    return ov.OpenVinoEngine.from_graph(graph(model.bert()), precision=precision), why


def _keep(name: str, key: str, engine: Engine) -> None:
    from indexer.embedders.engine_openvino import OpenVinoEngine

    if isinstance(engine, OpenVinoEngine):
        with contextlib.suppress(RuntimeError):
            engine_blob.write(name, key, engine.blob())


def _wanted() -> tuple[str, ...]:
    name = os.environ.get("ANAMNESIS_ENGINE", "")
    if not name:
        return NAMES
    if name not in NAMES:
        near = difflib.get_close_matches(name, NAMES, n=1, cutoff=0)[0]
        raise ConfigError(f"ANAMNESIS_ENGINE={name}: unknown engine, did you mean {near}?")
    return (name,)


def _name(candidate: str, model: Model, cpu: str) -> str:
    """The cache's name for a compiled model: one per model, precision and kind of CPU, replaced on an update."""
    return f"{model.name}-{candidate}-{cpu[:8]}"


def _key(model: Model, cpu: str) -> str:
    """Changes with the weights, OpenVINO's build and the CPU's features: then check and compilation run again."""
    try:
        from indexer.embedders.engine_openvino import build

        runtime = build()
    except Exception:  # not installed or broken: torch will run it
        runtime = "none"
    facts = [model.key, runtime, cpu, _RECIPE, MIN_COSINE]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _cpu() -> str:
    """SHA-256 over what Linux, or else Python, says about the CPU's model and features."""
    return hashlib.sha256(f"{platform.machine()}\n{_cpu_flags()}".encode()).hexdigest()


def _cpu_flags() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        return platform.processor()
    return "\n".join(sorted({line for line in lines if line.startswith(("flags", "model name"))}))
