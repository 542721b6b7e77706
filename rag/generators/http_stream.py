"""One POST whose answer arrives as server-sent events, with one deadline over everything: name resolution, connecting,
TLS, headers and every byte of the answer, however slowly it drips.

Decides: certificates are verified; plain http only to this machine and private networks; no redirect is followed; no
proxy of the environment is used (a question goes to the machine that the user named and to no other); no more than
MAX_BYTES are read. Knows nothing of what is asked or answered. Raises OSError (TimeoutError at the deadline),
http.client.HTTPException, or GeneratorError where it refuses. The standard library is enough and, unlike a client
with a timeout for each read, it lets us give every single read only what is left of the deadline.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import SplitResult

from indexer.errors import GeneratorError

# 512 tokens as events are some 150 kB, and models that reason write twenty times as much.
MAX_BYTES = 8 << 20
_MAX_ERROR = 4096


class Deadline:
    """A moment in the monotonic clock. `left` raises TimeoutError once it has passed."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left, more than 0. Raises TimeoutError when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("deadline passed")
        return left


class Response:
    """An answer whose head has arrived. `events` or `body` reads the rest, once."""

    def __init__(self, response: http.client.HTTPResponse, deadline: Deadline) -> None:
        self._response, self._deadline = response, deadline
        self.status = response.status
        self.type = response.headers.get_content_type()

    def header(self, name: str) -> str:
        """The header's value, "" if it is absent."""
        return self._response.headers.get(name, "")

    def problem(self) -> str:
        """The beginning of the body of an error; what arrived, when the rest does not."""
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
            return self._response.read(_MAX_ERROR).decode("utf-8", "replace")
        return ""

    def body(self) -> bytes:
        """The whole body. Raises GeneratorError when it is too large."""
        found = self._response.read(MAX_BYTES + 1)
        if len(found) > MAX_BYTES:
            raise GeneratorError(f"the answer has more than {MAX_BYTES >> 20} MiB")
        return found

    def events(self) -> Iterator[bytes]:
        """The data of each server-sent event (WHATWG HTML, section 9.2), until the server ends the stream."""
        data: list[bytes] = []
        seen = 0
        while line := self._response.readline(MAX_BYTES + 1):
            self._deadline.left()
            seen += len(line)
            if seen > MAX_BYTES:
                raise GeneratorError(f"the answer has more than {MAX_BYTES >> 20} MiB")
            line = line.rstrip(b"\r\n")
            if line.startswith(b"data:"):
                data.append(line[5:].removeprefix(b" "))
            elif not line and data:
                yield b"\n".join(data)
                data = []
        if data:
            yield b"\n".join(data)


@contextlib.contextmanager
def post(url: SplitResult, body: bytes, *, headers: dict[str, str], key: str, deadline: Deadline) -> Iterator[Response]:
    """Sends the body, yields the answer, and closes the socket at once on the way out, whatever happens.

    `key`, if any, is sent as a bearer token.
    """
    sock = _connect(url, deadline)
    try:
        connection = http.client.HTTPConnection(url.hostname or "", url.port)
        connection.sock = _Timed(sock, deadline)
        sent = {"Host": url.netloc, "Connection": "close", "Content-Type": "application/json", **headers}
        if key:
            sent["Authorization"] = f"Bearer {key}"
        connection.request("POST", url.path, body, sent)
        yield Response(connection.getresponse(), deadline)
    finally:
        # shutdown first: a server that is writing learns at once that nobody listens.
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
        sock.close()


class _Timed:
    """What http.client needs of a socket, each call with what is left of the deadline."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._deadline.left())
        self._sock.sendall(data)  # its timeout is over the whole call

    def makefile(self, mode: str, *_: Any) -> io.BufferedReader:
        return io.BufferedReader(_Raw(self._sock, self._deadline))

    def close(self) -> None:
        """`post` closes the socket; http.client closes its half earlier."""


class _Raw(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        super().__init__()
        self._sock, self._deadline = sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._deadline.left())
        return self._sock.recv_into(buffer)


def _connect(url: SplitResult, deadline: Deadline) -> socket.socket:
    host, port = url.hostname or "", url.port or (443 if url.scheme == "https" else 80)
    problem: OSError | None = None
    for family, kind, protocol, _, address in _addresses(host, port, deadline):
        if url.scheme == "http" and ipaddress.ip_address(str(address[0]).split("%")[0]).is_global:
            raise GeneratorError(
                f"{host} is on the public internet ({address[0]}): questions go there only by https://"
            )
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(deadline.left())
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if url.scheme == "http":
                return sock
            sock.settimeout(deadline.left())  # the handshake's timeout is over the whole of it
            return ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        except (TimeoutError, ssl.SSLError):
            sock.close()
            raise
        except OSError as error:
            sock.close()
            problem = error
    raise problem or OSError(f"{host} has no address")


def _addresses(host: str, port: int, deadline: Deadline) -> list[Any]:
    """getaddrinfo cannot be given a time, so it runs in a thread that is left behind when the deadline passes."""
    found: queue.SimpleQueue[list[Any] | OSError] = queue.SimpleQueue()

    def resolve() -> None:
        try:
            found.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except OSError as error:
            found.put(error)
        except UnicodeError:
            found.put(OSError(f"{host} is not a host name"))

    threading.Thread(target=resolve, daemon=True).start()
    try:
        result = found.get(timeout=deadline.left())
    except queue.Empty:
        raise TimeoutError("deadline passed") from None
    if isinstance(result, OSError):
        raise result
    return result
