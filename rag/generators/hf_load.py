"""Loads a local language model for `hf`: from a folder or the local cache, safetensors only, no code from the model.

Decides the kind of model from its configuration, the number format, and how an adapter is added. Maps foreign errors.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer import privacy
from indexer.errors import ConfigError, MissingExtra

# A tokenizer without a limit of its own says 1e30.
_NO_LIMIT = 1 << 24
_ADAPTER = "adapter_model.safetensors"
_BASE = ("model.safetensors", "model.safetensors.index.json")
_FILES = ("*.json", "*.safetensors", "*.model", "*.txt", "*.jinja")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model with its tokenizer. context: tokens that it takes. device: cpu or cuda."""

    model: Any
    tokenizer: Any
    decoder_only: bool
    context: int
    device: str


def first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def names(spec: str) -> tuple[str, str]:
    """Base and adapter ("" for none). A folder with a plus sign in its name is a base."""
    name = spec.removeprefix("hf:")
    base, plus, adapter = name.rpartition("+")
    if not plus or Path(name).expanduser().is_dir():
        return name, ""
    if not base or not adapter:
        raise ConfigError(f"{spec}: expected hf:<base>+<adapter>, each a folder or a hub name")
    return base, adapter


def checkpoint(spec: str) -> tuple[Any, Any, bool, str]:
    """For training: the model in float32, its tokenizer, whether it is an encoder-decoder, the device. ConfigError."""
    found = load(spec, *names(spec))
    return found.model.float().train(), found.tokenizer, not found.decoder_only, found.device


def load(spec: str, base: str, adapter: str) -> Loaded:
    privacy.silence()
    import torch
    import transformers

    transformers.utils.logging.disable_progress_bar()
    folder = _folder(spec, base, "config.json")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    local = {"local_files_only": True, "trust_remote_code": False}
    try:
        config = transformers.AutoConfig.from_pretrained(folder, **local)
        seq2seq = bool(config.is_encoder_decoder)
        kind = transformers.AutoModelForSeq2SeqLM if seq2seq else transformers.AutoModelForCausalLM
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **local)
        model = kind.from_pretrained(folder, config=config, use_safetensors=True, dtype=_dtype(device), **local)
        if adapter:
            # By name: without this file peft would unpickle adapter_model.bin.
            model = _adapted(model, _folder(spec, adapter, "adapter_config.json", weights=(_ADAPTER,)))
    except (ConfigError, MissingExtra):
        raise
    except Exception as error:  # the library raises whatever its parts raise
        raise ConfigError(
            f"{spec}: {folder} cannot be loaded as a language model ({first_line(error)[:200]})"
        ) from error
    text = config.get_text_config()
    known = (getattr(text, "max_position_embeddings", None), getattr(text, "n_positions", None))
    limits = [n for n in (*known, tokenizer.model_max_length) if isinstance(n, int) and 0 < n < _NO_LIMIT]
    return Loaded(model.to(device).eval(), tokenizer, not seq2seq, min(limits, default=4096), device)


def _dtype(device: str) -> Any:
    """bfloat16 where the hardware multiplies it: emulated, it is slower than float32."""
    import torch

    if device == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
    has = torch.cpu.get_capabilities()
    return torch.bfloat16 if has.get("avx512_bf16") or has.get("amx_bf16") or has.get("bf16") else torch.float32


def _adapted(model: Any, folder: Path) -> Any:
    """The model with the adapter's weights added in, so that it is as fast as before."""
    try:
        from peft import PeftModel
    except ImportError as error:
        raise MissingExtra("peft", "lora") from error
    with warnings.catch_warnings():
        # peft 0.21 asks transformers 5.23 for a name that will go in version 6.
        warnings.simplefilter("ignore", FutureWarning)
        return PeftModel.from_pretrained(model, str(folder), local_files_only=True).merge_and_unload()


def _folder(spec: str, name: str, needed: str, *, weights: tuple[str, ...] = _BASE) -> Path:
    """The folder of a checkpoint: a path, or a hub name that is in the local cache."""
    folder = Path(name).expanduser()
    if not folder.is_dir():
        import huggingface_hub

        try:
            folder = Path(huggingface_hub.snapshot_download(name, allow_patterns=list(_FILES)))
        except (OSError, ValueError, huggingface_hub.errors.HfHubHTTPError) as error:
            raise ConfigError(
                f"{spec}: {name} is no folder and not in the local Hugging Face cache; give the path of a checkpoint, "
                "or allow one download with HF_HUB_OFFLINE=0"
            ) from error
    if not (folder / needed).is_file():
        raise ConfigError(f"{spec}: {folder} holds no {needed}")
    if not any((folder / w).is_file() for w in weights):
        raise ConfigError(
            f"{spec}: {folder} holds no .safetensors weights (expected {' or '.join(weights)}); save it so"
        )
    return folder
