"""Keeps third-party libraries from calling home: decides what their environment says before they are imported.

Import this module before openvino, onnxruntime, transformers or sentence_transformers, and call `silence()` where
they are imported. OpenVINO's telemetry package is made impossible to import (openvino then uses its own stub);
setting only an environment variable does not stop it. What the user has set in the environment is left alone, so
`HF_HUB_OFFLINE=0` still lets a person download a model on purpose. Knows nothing about what the libraries do.
"""

from __future__ import annotations

import os
import sys

_ENVIRONMENT = {
    "ORT_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TOKENIZERS_PARALLELISM": "true",
}


def silence() -> None:
    """Blocks `openvino_telemetry` and sets the opt-outs that the user has not set. Safe to call again."""
    # None is the documented way to make an import fail (ModuleNotFoundError) without touching the disk.
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    os.environ["TOKENIZERS_LOG"] = "off"  # at its trace level the tokenizer prints texts letter by letter


silence()
