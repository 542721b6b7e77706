"""Any server with OpenAI's chat completions, `openai:<model>@<url>`: vLLM, Ollama, llama.cpp, transformers serve.

Decides: what is asked for (greedy, seeded, streamed), what may be tried again (429, 5xx and broken connections, before
the first piece only, within the deadline), and what counts as an answer: anything else is a GeneratorError that says
what came. Passages and questions leave this machine only when the url says so; plain http is for this machine and
private networks (an address that is not global), everything else needs https. The key is $ANAMNESIS_API_KEY, else
$OPENAI_API_KEY (only by https or to this machine); it is read when it is sent, kept nowhere, and blanked in messages.
Knows nothing of sockets (`http_stream`) or of the prompt's wording.
"""

from __future__ import annotations

import contextlib
import datetime
import email.utils
import http.client
import json
import os
import random
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import SplitResult, urlsplit

from indexer.errors import ConfigError, GeneratorError
from rag.generators.http_stream import Deadline, Response, post
from rag.prompt import Limits, boundary, messages, without_thoughts
from rag.types import Prompt, Usage

TRIES = 4
_BACK_OFF = 0.25  # seconds at most before the second try, doubled each time; at least half of it is waited
_AGAIN = {408, 429, 500, 502, 503, 504, 529}
# Fields that some servers refuse; they are left out when a server's error names them.
_OPTIONAL = ("stream_options", "seed", "temperature", "max_tokens")
_CUT = "the answer was cut off before its end"
_SPEC = re.compile(r"openai:(?P<model>[^\s@][^\s]*?)@(?P<url>https?://\S+)")


class OpenAIGenerator:
    """A model on a server. Construction checks the spec only (ConfigError); the first `generate` connects."""

    def __init__(self, spec: str, *, limits: Limits) -> None:
        self.spec, self._limits = spec, limits
        self._model, self._url = address(spec)
        self.usage: Usage | None = None

    def generate(self, prompt: Prompt) -> Iterator[str]:
        """Pieces as they arrive. Closing the iterator closes the connection. Raises GeneratorError, ConfigError."""
        self.usage = None
        if not prompt.hits:
            return
        key = _key(self._url)
        try:
            yield from without_thoughts(self._pieces(self._body(prompt), key))
        except TimeoutError:
            problem = f"no whole answer within {self._limits.seconds:g} s; raise `deadline` or use a faster model"
        except GeneratorError as error:
            problem = str(error)
        except ssl.SSLError as error:
            problem = f"no secure connection ({error}); check the server's certificate"
        except http.client.IncompleteRead:
            problem = _CUT
        except (OSError, http.client.HTTPException) as error:
            problem = f"connection failed ({str(error) or type(error).__name__}); check that the server runs"
        else:
            return
        # Raised outside of `except`: no chained error can carry what is blanked here.
        raise GeneratorError(f"{self.spec}: {_printable(problem.replace(key, '***') if key else problem)}")

    def _body(self, prompt: Prompt) -> dict[str, Any]:
        mark, limits = boundary(prompt, seed=self._limits.seed), self._limits.of_draft(prompt.draft)
        return {
            "model": self._model,
            "messages": messages(prompt, delimiter=mark, limits=limits),
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": limits.temperature,
            "seed": limits.seed,
            "max_tokens": limits.tokens,
        }

    def _pieces(self, body: dict[str, Any], key: str) -> Iterator[str]:
        began, said, finished = time.monotonic(), False, ""
        with self._answer(body, key, Deadline(self._limits.seconds)) as response:
            for chunk in _chunks(response):
                if counts := _counts(chunk):
                    self.usage = Usage(*counts, round(time.monotonic() - began, 4))
                text, reason = _said(chunk)
                finished = reason or finished
                if text:
                    said = True
                    yield text
        if finished == "content_filter":
            raise GeneratorError("the server's filter stopped the answer")
        if not finished:
            raise GeneratorError(_CUT)
        if not said and finished == "length":
            raise GeneratorError(f"no text within {self._limits.tokens} tokens; use a model that does not reason first")

    @contextlib.contextmanager
    def _answer(self, body: dict[str, Any], key: str, deadline: Deadline) -> Iterator[Response]:
        """The first answer with status 200; its connection is closed at the end. Raises GeneratorError."""
        tries = 0
        while True:
            with contextlib.ExitStack() as stack:
                try:
                    response = stack.enter_context(self._posted(body, key, deadline))
                except ConnectionError as error:
                    problem, wait = f"connection failed ({error}); check that the server runs", 0.0
                else:
                    if response.status == 200:
                        yield response
                        return
                    said = response.problem()
                    if response.status in (400, 422) and (refused := [f for f in _OPTIONAL if f in body and f in said]):
                        body = {k: v for k, v in body.items() if k not in refused}
                        continue
                    problem = _problem(response, said)
                    if response.status not in _AGAIN:
                        raise GeneratorError(problem)
                    wait = _retry_after(response.header("Retry-After"))
            tries += 1
            wait = max(wait, _BACK_OFF * 2 ** (tries - 1) * random.uniform(0.5, 1))
            if tries == TRIES or wait >= deadline.left():
                raise GeneratorError(f"{problem} (tried {tries} times)")
            time.sleep(wait)

    def _posted(self, body: dict[str, Any], key: str, deadline: Deadline) -> AbstractContextManager[Response]:
        headers = {"Accept": "text/event-stream, application/json"}
        return post(self._url, json.dumps(body).encode(), headers=headers, key=key, deadline=deadline)


def address(spec: str) -> tuple[str, SplitResult]:
    """Model and address of the completions. Raises ConfigError."""
    match = _SPEC.fullmatch(spec)
    try:
        url = urlsplit(match["url"]) if match else None
        if match and url and url.hostname and url.port != 0 and not (url.query or url.fragment or "@" in url.netloc):
            return match["model"], url._replace(path=url.path.rstrip("/") + "/chat/completions")
    except ValueError:  # a port that is no number
        pass
    shown = re.sub(r"//[^/@]*@", "//***@", spec)  # a password must not be printed
    raise ConfigError(
        f"generator {shown!r}: expected openai:<model>@<url>, e.g. openai:llama3@http://127.0.0.1:11434/v1 "
        "(no user, password, query or fragment in the url; the key goes into ANAMNESIS_API_KEY)"
    )


def _key(url: SplitResult) -> str:
    """The key to send, "" for none. Raises ConfigError, which does not show it, if it cannot be sent."""
    name = "ANAMNESIS_API_KEY"
    key = os.environ.get(name, "").strip()
    if not key and (url.scheme == "https" or url.hostname in ("127.0.0.1", "::1", "localhost")):
        name = "OPENAI_API_KEY"
        key = os.environ.get(name, "").strip()
    if not re.fullmatch(r"[!-~]*", key):
        raise ConfigError(f"{name}: expected printable ASCII without spaces (the value is not shown)")
    return key


def _chunks(response: Response) -> Iterator[dict[str, Any]]:
    """The JSON objects of the answer; one, if the server does not stream."""
    if response.type == "application/json":
        yield _object(response.body())
    elif response.type == "text/event-stream":
        for data in response.events():
            if data.strip() == b"[DONE]":
                return
            yield _object(data)
    else:
        raise GeneratorError(f"the server answers with {response.type}, not events; check the url (most end in /v1)")


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise GeneratorError(f"the server sent no JSON: {data[:80]!r}") from None
    if not isinstance(found, dict):
        raise GeneratorError(f"the server sent no JSON object: {data[:80]!r}")
    if error := found.get("error"):
        raise GeneratorError(f"the server reports: {error.get('message', error) if isinstance(error, dict) else error}")
    return found


def _said(chunk: dict[str, Any]) -> tuple[str, str]:
    """Text and finish reason of a chunk, "" where it has none."""
    try:
        if not (choices := chunk["choices"] if "usage" not in chunk else chunk.get("choices")):
            return "", ""
        choice = choices[0]
        said = choice.get("delta") or choice.get("message") or {}
        text, reason = said.get("content") or "", choice.get("finish_reason") or ""
        if isinstance(text, str) and isinstance(reason, str):
            return text.encode("utf-8", "replace").decode(), reason
    except (KeyError, TypeError, AttributeError):
        pass
    raise GeneratorError(f"the server sent JSON of another shape: {json.dumps(chunk)[:120]}")


def _counts(chunk: dict[str, Any]) -> tuple[int, int] | None:
    usage = chunk.get("usage")
    counts = [usage.get(f"{name}_tokens") for name in ("prompt", "completion")] if isinstance(usage, dict) else []
    read, written = counts or (None, None)
    return (read, written) if isinstance(read, int) and isinstance(written, int) else None


def _problem(response: Response, said: str) -> str:
    if 300 <= response.status < 400:
        return f"the server redirects to {response.header('Location')[:200]!r}, which is not followed; name that url"
    if response.type == "text/html":
        said = "an HTML page"
    return f"the server answers {response.status}: {' '.join(said.split())[:300] or 'nothing'}"


def _retry_after(value: str) -> float:
    """Seconds that a `Retry-After` header asks for: a number or a date (RFC 9110, 10.2.3); 0 for anything else."""
    if re.fullmatch(r"\d{1,6}", value, re.ASCII):
        return float(value)
    with contextlib.suppress(ValueError, TypeError):
        date = email.utils.parsedate_to_datetime(value)
        return max(0.0, (date - datetime.datetime.now(datetime.UTC)).total_seconds())
    return 0.0


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)[:600]
