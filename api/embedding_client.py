"""Vectors from an embedding service that speaks the OpenAI protocol, over HTTP."""

from __future__ import annotations

import hashlib
import json
import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

import httpx
import numpy as np
from numpy.typing import NDArray

from api.settings import EMBEDDING_QUERY_SECONDS
from knowledge_base import DependencyError, ModelError, Prompts

_MOST = 32  # texts in one request; fewer from the first time on that a service refuses so many
_CHARACTERS = 32_000  # in one request, unless one text alone has more
_LONGEST = 8_000  # characters of one text that are sent; what models read ends before that
_LARGEST = 64 * 1024 * 1024  # bytes of an answer; 32 rows of 4,096 numbers take 3 MB
_PERHAPS_TOO_MANY = (400, 413, 422)  # how services refuse a batch that is too large for them
_PROBE = "企业"


@dataclass(frozen=True)
class Endpoint:
    """A service: its base URL (http://localhost:11434/v1), the model's name there, and what is
    asked of it; `dimensions` is the width sent with each request, None leaves it to the model."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    prompts: Prompts = field(default_factory=Prompts)
    dimensions: int | None = None


@dataclass(frozen=True)
class Patience:
    """Seconds for one exchange, how often it is tried, and the longest pause in between."""

    seconds: float
    tries: int
    pause: float


_QUESTION = Patience(EMBEDDING_QUERY_SECONDS, 2, 1.0)
_OPENING = Patience(60.0, 2, 2.0)  # a service may have to load the model first
_CORPUS = Patience(120.0, 7, 60.0)  # pauses of a minute in all: a service that is started anew


class RefusedError(ModelError):
    """The service answered that it will not do this; asking again changes nothing."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class EndpointEmbedder:
    """See knowledge_base.Embedder. DependencyError when the service is down, ModelError when it
    refuses or answers what is no vector; neither names the key, and no other model steps in."""

    slow = True

    def __init__(self, endpoint: Endpoint, sleep: Callable[[float], object]) -> None:
        """Ask once for the width of a row; `sleep` waits the seconds between two tries."""
        self._endpoint, self._sleep, self._most = endpoint, sleep, _MOST
        self._url = f"{checked_url(endpoint.url)}/embeddings"
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {},
            verify=trusted() if self._url.startswith("https:") else True,
            follow_redirects=False,
            # Questions of enterprises and the key go where the settings say, whatever proxy or
            # .netrc the environment holds.
            trust_env=False,
        )
        self._query, self._passage = endpoint.prompts.query or "", endpoint.prompts.passage or ""
        self.dimension = endpoint.dimensions or 0
        probe = self._embedded([self._passage + _PROBE], _OPENING)
        if not probe.any():
            raise self._wrong("的向量全是零")
        self.dimension = probe.shape[1]
        told = [self._url, endpoint.model, self._query, self._passage, self.dimension]
        digest = hashlib.sha256(json.dumps(told).encode()).hexdigest()
        self.name = f"{endpoint.model}@{digest[:12]}"

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A reader waits: given up after seconds, tried again once."""
        return self._rows(texts, self._query, _QUESTION)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """In batches, each tried for minutes."""
        return self._rows(texts, self._passage, _CORPUS)

    def _rows(self, texts: Sequence[str], prompt: str, patience: Patience) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dimension), np.float32)
        asked = [number for number, text in enumerate(texts) if text.strip()]
        sent = [prompt + texts[number][:_LONGEST] for number in asked]
        for start, end in self._batches(sent):
            rows[asked[start:end]] = self._embedded(sent[start:end], patience)
        return rows

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[int, int]]:
        """First and last + 1 of the texts of each request, as large as the service takes by now."""
        start = size = 0
        for number, text in enumerate(texts):
            full = number - start >= self._most or size + len(text) > _CHARACTERS
            if full and number > start:
                yield start, number
                start, size = number, 0
            size += len(text)
        if start < len(texts):
            yield start, len(texts)

    def _embedded(self, texts: Sequence[str], patience: Patience) -> NDArray[np.float32]:
        """Unit rows of one batch, which is halved when the service may find it too large."""
        try:
            return self._read(self._answer(texts, patience), len(texts))
        except RefusedError as refused:
            if len(texts) == 1 or refused.status not in _PERHAPS_TOO_MANY:
                raise
        half = len(texts) // 2
        self._most = min(self._most, half)
        parts = [self._embedded(part, patience) for part in (texts[:half], texts[half:])]
        return np.concatenate(parts)

    def _answer(self, texts: Sequence[str], patience: Patience) -> bytes:
        """The body of the answer to one batch, asked again where that can help."""
        content = self._content(texts)
        for tried in range(1, patience.tries + 1):
            pause = min(2.0 ** (tried - 1), patience.pause)
            try:
                status, headers, body = self._exchange(content, patience.seconds)
            except httpx.RequestError as error:
                why = _why(error, patience.seconds)
            else:
                if status == httpx.codes.OK:
                    return body
                if status != httpx.codes.TOO_MANY_REQUESTS and status < 500:
                    raise self._refused(status, body)
                pause = max(pause, asked_pause(headers) or 0.0)
                why = f"HTTP {status}:{self._words(body)}"
                if pause > patience.pause:
                    why += f",要求等 {pause:g} 秒"
            if tried == patience.tries or pause > patience.pause:
                break
            self._sleep(pause)
        raise DependencyError(
            f"{self._who}用不了({why});请检查服务是否在运行、HUIQI_EMBEDDING_URL 是否正确,"
            "然后重试。不会改用别的模型,已算好的向量不会丢"
        )

    def _content(self, texts: Sequence[str]) -> bytes:
        told: dict[str, object] = {"model": self._endpoint.model, "input": list(texts)}
        told["encoding_format"] = "float"
        if self._endpoint.dimensions is not None:
            told["dimensions"] = self._endpoint.dimensions
        # Half of a surrogate pair cannot be sent.
        return json.dumps(told, ensure_ascii=False).encode(errors="replace")

    def _exchange(self, content: bytes, seconds: float) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and body; httpx counts its seconds anew with each piece, this does not."""
        end = time.monotonic() + seconds
        body = bytearray()
        timeout, kind = httpx.Timeout(seconds), {"Content-Type": "application/json"}
        with self._client.stream(
            "POST", self._url, content=content, headers=kind, timeout=timeout
        ) as response:
            for piece in response.iter_bytes():
                body += piece
                if time.monotonic() > end:
                    raise httpx.ReadTimeout("the answer does not end")
                if len(body) > _LARGEST:
                    raise self._wrong(f"的答复超过 {_LARGEST >> 20} MiB")
            return response.status_code, response.headers, bytes(body)

    def _read(self, body: bytes, count: int) -> NDArray[np.float32]:
        """Unit rows in the order they were asked for; ModelError for anything else."""
        try:
            data = json.loads(body)["data"]
            placed = {one["index"]: one["embedding"] for one in data}
            widths = {len(row) for row in placed.values()}
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as cause:
            raise self._wrong("的答复不是这种接口的 JSON") from cause
        if len(data) != count or set(placed) != set(range(count)):
            raise self._wrong(f"应给 {count} 个向量,给了 {len(data)} 个,或编号不对")
        if len(widths) != 1 or widths & {0} or self.dimension not in (0, *widths):
            wanted = f"应为 {self.dimension} 维" if self.dimension else "各行应一样宽"
            raise self._wrong(f"的向量宽度不对,{wanted},现为 {sorted(widths)}")
        try:
            rows = np.array([placed[number] for number in range(count)], np.float64)
        except (ValueError, TypeError, OverflowError) as cause:
            raise self._wrong("的向量里有不是数字的值") from cause
        with np.errstate(over="ignore"):
            lengths = np.sqrt((rows * rows).sum(axis=1, keepdims=True))
        if not np.isfinite(lengths).all():
            raise self._wrong("的向量里有 NaN 或无穷大")
        return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)

    @property
    def _who(self) -> str:
        return f"句向量服务 {self._url}(模型 {self._endpoint.model})"

    def _wrong(self, fault: str) -> ModelError:
        return ModelError(
            f"{self._who}{fault};请核对 HUIQI_EMBEDDING_URL、HUIQI_EMBEDDING_MODEL 与"
            " HUIQI_EMBEDDING_DIMENSIONS,或换用别的服务"
        )

    def _refused(self, status: int, body: bytes) -> RefusedError:
        if status in (401, 403):
            told = f"不接受密钥(HTTP {status});请核对 HUIQI_EMBEDDING_KEY"
        elif status == 404:
            told = (
                "没有这个地址或模型(HTTP 404);请核对 HUIQI_EMBEDDING_URL(通常以 /v1 结尾)与"
                " HUIQI_EMBEDDING_MODEL,模型须先装到服务上,如 ollama pull 模型名"
            )
        elif 300 <= status < 400:
            told = f"要求转到别处(HTTP {status});请把 HUIQI_EMBEDDING_URL 改成最终的地址"
        else:
            told = (
                f"拒绝了请求(HTTP {status}:{self._words(body)});请核对 HUIQI_EMBEDDING_MODEL 与"
                " HUIQI_EMBEDDING_DIMENSIONS,文本过长时让服务自行截断(如 --auto-truncate)"
            )
        return RefusedError(self._who + told, status)

    def _words(self, body: bytes) -> str:
        """What the service says of its failure, on one line and without the key."""
        words = " ".join(body[:2000].decode(errors="replace").split())
        if self._endpoint.key:
            words = words.replace(self._endpoint.key, "***")
        return "".join(char for char in words[:200] if char.isprintable()) or "没有说明"


def checked_url(written: str) -> str:
    """A base URL without its last slash; ModelError when it is none that can be asked."""
    try:
        url = httpx.URL(written)
    except httpx.InvalidURL:
        url = httpx.URL("")
    asked = url.scheme in ("http", "https") and url.host and 0 < (url.port or 80) < 1 << 16
    if not asked or written.split() != [written]:
        fault = "不是 http:// 或 https:// 开头的地址,应如 http://localhost:11434/v1"
    elif url.userinfo or url.query or url.fragment:
        fault = "里不能有用户名、口令、“?”或“#”;密钥请写在 HUIQI_EMBEDDING_KEY"
    else:
        return written.rstrip("/")
    raise ModelError(f"HUIQI_EMBEDDING_URL {fault}")


def trusted() -> ssl.SSLContext:
    """Certificates are verified against the usual authorities and those this machine trusts."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


def asked_pause(headers: Mapping[str, str]) -> float | None:
    """Seconds of Retry-After, written as such or as a date, told from the answer's own Date."""
    told = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", told):
        return float(told)
    try:
        end, now = map(parsedate_to_datetime, (told, headers.get("date", "")))
        return max(0.0, (end - now).total_seconds())
    except (ValueError, TypeError):
        return None


def _why(error: httpx.RequestError, seconds: float) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "证书没有通过验证"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.TimeoutException):
        return f"{seconds:g} 秒内没有答完"
    return "连接不上" if isinstance(error, httpx.ConnectError) else "连接中断"
