"""A loopback server that behaves as badly as a test wants: each connection is answered by the next of its scripts, a
function that is given the socket. Keeps what was asked."""

import contextlib
import json
import socket
import struct
import threading
import time


class ScriptedServer:
    """`with ScriptedServer(script, ...) as server`: the last script answers all further connections."""

    def __init__(self, *scripts):
        self.scripts, self.requests, self.gone = scripts, [], threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        self._open, self._lock = [], threading.Lock()

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in self._open:
            connection.close()

    def bodies(self):
        """The JSON of each request."""
        return [json.loads(r.split(b"\r\n\r\n", 1)[1]) for r in self.requests]

    def _accept(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        try:
            request = _read(connection)
            with self._lock:
                self.requests.append(request)
                script = self.scripts[min(len(self.requests), len(self.scripts)) - 1]
            script(connection)
        except OSError:
            self.gone.set()  # the client closed while we wrote
        finally:
            connection.close()


def _read(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65536)):
            return data
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
            while len(body) < length and (more := connection.recv(65536)):
                body += more
    return head + b"\r\n\r\n" + body


def head(status=200, kind="text/event-stream", **headers):
    """Status line and headers; the body goes on until the connection ends."""
    lines = [f"HTTP/1.1 {status} x", f"Content-Type: {kind}", "Connection: close"]
    return "\r\n".join([*lines, *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items()), "", ""]).encode()


def event(text=None, *, finish=None, **more):
    """One chunk of a streamed completion."""
    choice = {"index": 0, "delta": {} if text is None else {"content": text}, "finish_reason": finish}
    return b"data: " + json.dumps({"choices": [choice], **more}, ensure_ascii=False).encode() + b"\n\n"


END = event(finish="stop") + b"data: [DONE]\n\n"


def says(*parts, wait=0.0):
    """A script that sends these bytes, then ends."""

    def script(connection):
        for part in parts:
            connection.sendall(part)
            time.sleep(wait)

    return script


def answers(*pieces):
    """A script that streams these pieces of text as a whole answer."""
    return says(head(), *(event(p) for p in pieces), END)


def drips(data, *, wait=0.02):
    """A script that sends one byte at a time, the last part of it again and again."""

    def script(connection):
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(wait)
        while True:
            connection.sendall(b"x")
            time.sleep(wait)

    return script


def hangs(*parts):
    """A script that sends these bytes and then nothing, until the client goes."""

    def script(connection):
        for part in parts:
            connection.sendall(part)
        if not connection.recv(1):
            raise OSError("the client has gone")

    return script


def resets(*parts):
    """A script that sends these bytes and resets the connection."""

    def script(connection):
        for part in parts:
            connection.sendall(part)
        time.sleep(0.05)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return script


def floods(*parts, again):
    """A script that sends these bytes, then the last ones for ever."""

    def script(connection):
        for part in parts:
            connection.sendall(part)
        while True:
            connection.sendall(again)

    return script
