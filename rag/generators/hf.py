"""A local language model through transformers: `hf:<name or path>`, or `hf:<base>+<adapter>` with a LoRA adapter.

Decides: safetensors only, no code from the model, no download unless HF_HUB_OFFLINE=0; the kind of model from its
configuration (`is_encoder_decoder`), never from its name; bfloat16 where it is multiplied in hardware, else float32;
greedy unless `Limits` says otherwise; that control words in a passage stay plain text; and that a prompt which exceeds
the model's context loses its last passages. A draft stops within one layer of the model when its reader closes it or
its time is over. Knows nothing of what a draft should say (`prompt`).
"""

from __future__ import annotations

import contextlib
import functools
import queue
import threading
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer import privacy
from indexer.errors import ConfigError, GeneratorError, MissingExtra
from rag.prompt import Limits, Message, boundary, flat, messages, shortened, without_thoughts
from rag.types import Prompt, Usage

# A tokenizer without a limit of its own says 1e30.
_NO_LIMIT = 1 << 24
_FILES = ("*.json", "*.safetensors", "*.model", "*.txt", "*.jinja")
_LAYER = 0.8  # seconds that a layer may take before a stopped draft is left to itself


class _Stopped(Exception):
    """The reader has gone, or the time is over."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    model: Any
    tokenizer: Any
    decoder_only: bool
    context: int
    device: str


class HfGenerator:
    """Construction is free; the first `generate` (or `preload`) loads the model. One draft at a time."""

    def __init__(self, spec: str, *, limits: Limits) -> None:
        self.spec, self._limits = spec, limits
        self.usage: Usage | None = None
        self._loading = threading.Lock()
        self._run: _Run | None = None

    def preload(self) -> None:
        """Starts loading in a thread. Errors come with the first `generate`."""

        def quietly() -> None:
            with contextlib.suppress(Exception):
                self._ready()

        threading.Thread(target=quietly, daemon=True).start()

    def generate(self, prompt: Prompt) -> Iterator[str]:
        """Pieces as they are written. Closing the iterator stops the model. Raises GeneratorError, ConfigError.

        The deadline of `Limits` counts from when the model is loaded.
        """
        self.usage = None
        if not prompt.hits:
            return
        loaded = self._ready()
        if self._run is not None and not self._run.stopped():
            raise GeneratorError(f"{self.spec}: still busy with the draft before; ask again in a moment")
        began = time.monotonic()
        inputs = self._inputs(loaded, prompt)
        self._run = run = _Run(loaded, inputs, self._limits.of_draft(prompt.draft), began)
        try:
            yield from without_thoughts(run.pieces(self.spec))
        finally:
            run.stopped()  # also: a thread that is in the midst of a layer when Python ends would abort the process
            seconds = round(time.monotonic() - began, 4)
            self.usage = Usage(int(inputs["input_ids"].shape[1]), run.tokens, seconds)

    def _ready(self) -> _Loaded:
        with self._loading:
            return self._loaded

    @functools.cached_property
    def _loaded(self) -> _Loaded:
        base, adapter = _names(self.spec)
        return _load(self.spec, base, adapter)

    def _inputs(self, loaded: _Loaded, prompt: Prompt) -> dict[str, Any]:
        """Token ids of the prompt, as many passages as fit beside the draft."""
        mark = boundary(prompt, seed=self._limits.seed)

        def encoded(some: Prompt) -> Any:
            return _encode(loaded, messages(some, delimiter=mark, limits=self._limits))

        room = loaded.context - (_written(loaded, self._limits) if loaded.decoder_only else 0)
        within = shortened(prompt, limit=room, size=lambda p: int(encoded(p)["input_ids"].shape[1]))
        # Some tokenizers also give token types, which a decoder does not take.
        return {name: encoded(within)[name].to(loaded.device) for name in ("input_ids", "attention_mask")}


class _Run:
    """One draft: the model writes in a thread, the reader takes pieces from a queue."""

    def __init__(self, loaded: _Loaded, inputs: Any, limits: Limits, began: float) -> None:
        from transformers import TextIteratorStreamer

        self.stop = threading.Event()
        self.tokens = -1  # the first `put` is the prompt
        self._limits, self._end = limits, began + limits.seconds
        self._inner = TextIteratorStreamer(loaded.tokenizer, skip_prompt=True, skip_special_tokens=True)
        self._problem: Exception | None = None
        self._thread = threading.Thread(target=self._write, args=(loaded, inputs), daemon=True)

    def pieces(self, spec: str) -> Iterator[str]:
        """What the model writes. Raises GeneratorError when it fails or the time is over."""
        self._thread.start()
        late = GeneratorError(
            f"{spec}: no whole draft within {self._limits.seconds:g} s; raise `deadline`, or use a smaller model"
        )
        while True:
            try:
                piece = self._inner.text_queue.get(timeout=max(self._end - time.monotonic(), 0.001))
            except queue.Empty:
                raise late from None
            if piece is None:
                break
            if piece:
                yield piece
        if isinstance(self._problem, _Stopped):
            raise late
        if self._problem is not None:
            first = (str(self._problem).strip() or type(self._problem).__name__).splitlines()[0]
            raise GeneratorError(f"{spec}: the model failed ({first}); use a smaller model or fewer passages")

    def stopped(self) -> bool:
        """Whether the model has let go; waits a little."""
        self.stop.set()
        if self._thread.ident is not None:
            self._thread.join(_LAYER)
        return not self._thread.is_alive()

    def put(self, tokens: Any) -> None:
        """Called by transformers: the prompt first, then each token."""
        self.check()
        self.tokens += 1
        self._inner.put(tokens)

    def end(self) -> None:
        """Called by transformers; `_write` ends the queue, also after an error."""

    def check(self, *_: Any) -> None:
        """Called before every layer, so that a long prompt can be given up in its midst."""
        if self.stop.is_set() or time.monotonic() > self._end:
            raise _Stopped

    def _write(self, loaded: _Loaded, inputs: Any) -> None:
        import torch
        from transformers import GenerationConfig

        limits = self._limits
        config = GenerationConfig(
            max_new_tokens=_written(loaded, limits), do_sample=limits.temperature > 0,
            temperature=limits.temperature or None, repetition_penalty=1.0, no_repeat_ngram_size=0,
        )  # fmt: skip
        hooks = [layer.register_forward_pre_hook(self.check) for layer in _layers(loaded.model)]
        try:
            with torch.inference_mode(), torch.random.fork_rng():
                torch.manual_seed(limits.seed)
                loaded.model.generate(**inputs, generation_config=config, streamer=self)
        except Exception as error:  # whatever the model's code raises; reported by `pieces`
            self._problem = error
        finally:
            for hook in hooks:
                hook.remove()
            self._inner.end()


def _layers(model: Any) -> Iterator[Any]:
    """The modules that stand in a list: a transformer's blocks, under whatever name."""
    from torch.nn import ModuleList

    for module in model.modules():
        if isinstance(module, ModuleList):
            yield from module


def _written(loaded: _Loaded, limits: Limits) -> int:
    """Tokens that a draft may have: at most a quarter of the context."""
    return min(limits.tokens, loaded.context // 4)


def _encode(loaded: _Loaded, said: list[Message]) -> Any:
    """Token ids, shape (1, n). A template that knows no system message gets it as the beginning of the user's."""
    tokenizer = loaded.tokenizer
    if not tokenizer.chat_template:
        return tokenizer(flat(said), return_tensors="pt")
    from jinja2 import TemplateError

    one = [{"role": "user", "content": flat(said)}]
    for attempt in (said, one):
        try:
            return tokenizer.apply_chat_template(
                attempt, add_generation_prompt=True, return_tensors="pt", return_dict=True,
                sanitize_control_tokens=True, enable_thinking=False,
            )  # fmt: skip
        except TemplateError as error:
            problem = error
    raise GeneratorError(f"the model's chat template fails ({problem}); use another checkpoint") from problem


def _names(spec: str) -> tuple[str, str]:
    """Base and adapter ("" for none). A folder with a plus sign in its name is a base."""
    name = spec.removeprefix("hf:")
    base, plus, adapter = name.rpartition("+")
    if not plus or Path(name).expanduser().is_dir():
        return name, ""
    if not base or not adapter:
        raise ConfigError(f"{spec}: expected hf:<base>+<adapter>, each a folder or a hub name")
    return base, adapter


def checkpoint(spec: str) -> tuple[Any, Any, bool, str]:
    """The model in float32 for training, its tokenizer, whether it is an encoder-decoder, and the device. As for
    answers: safetensors only, no code from the model. Raises ConfigError for what is no checkpoint."""
    import torch

    base, adapter = _names(spec)
    found = _load(spec, base, adapter)
    return found.model.to(torch.float32).train(), found.tokenizer, not found.decoder_only, found.device


def _load(spec: str, base: str, adapter: str) -> _Loaded:
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
            model = _adapted(model, _folder(spec, adapter, "adapter_config.json"))
    except (ConfigError, MissingExtra):
        raise
    except Exception as error:  # the library raises whatever its parts raise
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ConfigError(f"{spec}: {folder} cannot be loaded as a language model ({first[:200]})") from error
    text = config.get_text_config()
    known = (getattr(text, "max_position_embeddings", None), getattr(text, "n_positions", None))
    limits = [n for n in (*known, tokenizer.model_max_length) if isinstance(n, int) and 0 < n < _NO_LIMIT]
    return _Loaded(model.to(device).eval(), tokenizer, not seq2seq, min(limits, default=4096), device)


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


def _folder(spec: str, name: str, needed: str) -> Path:
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
    if not any(folder.glob("*.safetensors")):
        raise ConfigError(f"{spec}: {folder} holds no .safetensors weights; save the model as safetensors")
    return folder
