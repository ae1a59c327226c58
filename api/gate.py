"""What every request passes first: an id, a size limit, a rate limit, security headers, one net."""

import ipaddress
import json
import logging
import time
from collections.abc import Callable
from uuid import uuid4

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import INTERNAL, REFUSALS, error_body

LARGEST_BODY = 1024 * 1024
_TRACKED = 10_000  # addresses kept at once by the rate limiter
_HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
}
log = logging.getLogger("huiqi.api")


class _TooLarge(HTTPException):
    """Raised while a body is read; a kind that FastAPI passes on instead of calling it unreadable."""

    def __init__(self) -> None:
        super().__init__(413)


class RateLimit:
    """Requests per address and minute; loopback is not limited."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute, self._clock = per_minute, clock
        self._window, self._counts = -1, dict[str, int]()

    def allows(self, address: str) -> bool:
        """Count one request and say whether it may pass."""
        if not self._per_minute or _is_loopback(address):
            return True
        window = int(self._clock() // 60)
        if window != self._window or len(self._counts) > _TRACKED:
            self._window, self._counts = window, {}
        self._counts[address] = self._counts.get(address, 0) + 1
        return self._counts[address] <= self._per_minute


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address in ("", "testclient", "localhost")


class Gate:
    """ASGI middleware, outermost; nothing below it can leak a traceback."""

    def __init__(self, app: ASGIApp, limit: RateLimit) -> None:
        self._app, self._limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        id = uuid4().hex
        scope["huiqi.request_id"] = id
        started = finished = False

        async def guarded(message: Message) -> None:
            nonlocal started, finished
            if message["type"] == "http.response.start":
                started = True
                own = {**_HEADERS, "x-request-id": id}
                message = {**message, "headers": [*message["headers"], *_raw(own)]}
            finished = message["type"] == "http.response.body" and not message.get("more_body")
            await send(message)

        async def refuse(status: int, error: str, detail: str) -> None:
            body = json.dumps(error_body(error, detail, id), ensure_ascii=False).encode()
            headers = {"content-type": "application/json", "content-length": str(len(body))}
            if status == 429:
                headers["retry-after"] = "60"
            start = {"type": "http.response.start", "status": status, "headers": _raw(headers)}
            await guarded(start)
            await send({"type": "http.response.body", "body": body})

        client = scope.get("client") or ("", 0)
        if not self._limit.allows(str(client[0])):
            await refuse(429, *REFUSALS[429])
            return
        if _declared(scope) > LARGEST_BODY:
            await refuse(413, *REFUSALS[413])
            return
        try:
            await self._app(scope, _counted(receive), guarded)
        except _TooLarge:
            if not started:
                await refuse(413, *REFUSALS[413])
        except Exception:
            log.exception("request %s failed: %s", id, scope.get("path"))
            if not started:
                await refuse(500, *INTERNAL)
            elif not finished:
                raise  # the server then cuts the connection, so that half an answer is not whole


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(key.encode(), value.encode()) for key, value in headers.items()]


def _declared(scope: Scope) -> int:
    for key, value in scope["headers"]:
        if key == b"content-length":
            return int(value) if value.isdigit() and len(value) < 19 else LARGEST_BODY + 1
    return 0


def _counted(receive: Receive) -> Receive:
    """The same body, cut off where it grows beyond the limit without having declared so."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > LARGEST_BODY:
            raise _TooLarge
        return message

    return counted
