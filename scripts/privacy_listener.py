"""A server of completions on this machine that answers with the passages it was given, and counts who was reached."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading
from dataclasses import dataclass, field


@dataclass
class Listener:
    """Answers every completion with the passages that it was given; keeps who was reached and what was sent."""

    reached: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        self._socket = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            self.reached.append(connection.getsockname()[0].removeprefix("::ffff:"))
            with connection, contextlib.suppress(OSError, ValueError):
                connection.settimeout(5)
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        data = b""
        while b"\r\n\r\n" not in data and (more := connection.recv(65536)):
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])  # type: ignore[index]
        while len(body) < length and (more := connection.recv(65536)):
            body += more
        text = json.loads(body)["messages"][1]["content"]
        self.bodies.append(head.decode("latin-1") + json.dumps(json.loads(body), ensure_ascii=False))
        lines = []
        for number, passage in re.findall(r"<<\w+\n\[(\d+)\][^\n]*\n(.*?)\n\w+>>", text, re.S):
            lines += [f"{s.strip()} [{number}]" for s in re.split(r"(?<=\.)\s", passage) if "." in s]
        self.sent += lines
        said = {"choices": [{"message": {"content": "\n".join(lines)}, "finish_reason": "stop"}]}
        answer = json.dumps(said).encode()
        connection.sendall(b"HTTP/1.1 200 x\r\nContent-Type: application/json\r\nConnection: close\r\n")
        connection.sendall(f"Content-Length: {len(answer)}\r\n\r\n".encode() + answer)
