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
from collections.abc import Iterator
from typing import Any

from indexer.errors import GeneratorError
from rag.generators.hf_load import Loaded, first_line, load, names
from rag.prompt import Limits, Message, boundary, flat, messages, shortened, without_thoughts
from rag.types import Prompt, Usage

_LAYER = 0.8  # seconds that a layer may take before a stopped draft is left to itself


class _Stopped(Exception):
    """The reader has gone, or the time is over."""


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

    def _ready(self) -> Loaded:
        with self._loading:
            return self._loaded

    @functools.cached_property
    def _loaded(self) -> Loaded:
        base, adapter = names(self.spec)
        return load(self.spec, base, adapter)

    def _inputs(self, loaded: Loaded, prompt: Prompt) -> dict[str, Any]:
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

    def __init__(self, loaded: Loaded, inputs: Any, limits: Limits, began: float) -> None:
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
            first = first_line(self._problem)
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

    def _write(self, loaded: Loaded, inputs: Any) -> None:
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


def _written(loaded: Loaded, limits: Limits) -> int:
    """Tokens that a draft may have: at most a quarter of the context."""
    return min(limits.tokens, loaded.context // 4)


def _encode(loaded: Loaded, said: list[Message]) -> Any:
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
