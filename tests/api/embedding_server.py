"""A real embedding service on loopback that speaks the OpenAI protocol, and misbehaves on request."""

import hashlib
import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    headers: Message
    body: dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """An answer; after the body, one that hangs promises more and sends nothing, one that drips sends
    a space now and then, until the server ends."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    hangs: bool = False
    drips: bool = False


Behaviour = Callable[[Asked], Reply]


class EmbeddingServer:
    """`script` holds what the next answers are; when it is empty, `usual` answers."""

    def __init__(self, dimension: int = 8) -> None:
        self.dimension, self.asked = dimension, list[Asked]()
        self.script: deque[Behaviour] = deque()
        self.usual: Behaviour = self.right
        self.closing = threading.Event()
        self.url = ""

    @property
    def texts(self) -> list[str]:
        """Everything it was asked to embed."""
        return [text for asked in self.asked for text in asked.body["input"]]

    def vector(self, text: str) -> NDArray[np.float32]:
        """The unit vector of a text."""
        return (raw := raw_vector(text, self.dimension)) / np.linalg.norm(raw)

    def right(self, asked: Asked) -> Reply:
        """As the protocol has it, with rows that are not of length one."""
        width = asked.body.get("dimensions", self.dimension)
        data = [
            {"object": "embedding", "index": n, "embedding": raw_vector(text, width).tolist()}
            for n, text in enumerate(asked.body["input"])
        ]
        return told({"object": "list", "data": data, "model": asked.body["model"]})


def raw_vector(text: str, width: int) -> NDArray[np.float32]:
    """Numbers that depend on the text alone."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")
    return np.random.default_rng(seed).normal(size=width).astype(np.float32)


def told(answer: Any, status: int = 200, **headers: str) -> Reply:
    """An answer in JSON."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, json.dumps(answer).encode(), named)


@contextmanager
def serving(server: EmbeddingServer, port: int = 0) -> Iterator[EmbeddingServer]:
    """Run a server on loopback; hanging answers are let go when it ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if server.closing.is_set():
                self.close_connection = True  # kept open from before the end
                return
            asked = Asked(self.path, self.headers, json.loads(body))
            server.asked.append(asked)
            reply = (server.script.popleft() if server.script else server.usual)(asked)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            whole = not (reply.hangs or reply.drips or "Content-Length" in reply.headers)
            if "Content-Length" not in reply.headers:
                self.send_header("Content-Length", str(len(reply.body) + (0 if whole else 9999)))
            self.end_headers()
            with suppress(ConnectionError):  # given up by who asked
                self.wfile.write(reply.body)
                if reply.hangs:
                    server.closing.wait(30)
                while reply.drips and not server.closing.wait(0.05):
                    self.wfile.write(b" ")
            self.close_connection = not whole

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    server.closing.clear()
    http = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    server.url = f"http://127.0.0.1:{http.server_port}/v1"
    try:
        yield server
    finally:
        server.closing.set()
        http.shutdown()
        thread.join()
        http.server_close()
