"""An embedding service is asked as the protocol has it, and believed only when it answers so."""

import dataclasses
import logging
import socket
import ssl
from collections.abc import Iterator

import numpy as np
import pytest

from api import embedding_client
from api.embedding_client import Endpoint, EndpointEmbedder, asked_pause, checked_url, trusted
from knowledge_base import DependencyError, ModelError, Prompts
from tests.api.embedding_server import Asked, EmbeddingServer, Reply, raw_vector, serving, told

KEY = "sk-key-that-nobody-may-see"
TEXTS = ["技改贷款", "先用后转保险", "人才公寓", "研发费用加计扣除", "首台套"]


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    with serving(EmbeddingServer()) as running:
        yield running


class Clock:
    """Sleeps without waiting."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def opened(server: EmbeddingServer, clock: Clock, **changed: object) -> EndpointEmbedder:
    endpoint = Endpoint(server.url, "bge-m3", KEY)
    return EndpointEmbedder(dataclasses.replace(endpoint, **changed), clock)  # type: ignore[arg-type]


def refusal(status: int, words: str = "no", **headers: str) -> "object":
    return lambda asked: told({"error": {"message": words}}, status, **headers)


def altered(change: "object") -> "object":
    """The right answer with its list of rows changed."""

    def reply(asked: Asked) -> Reply:
        width = 8
        data = [
            {"index": n, "embedding": raw_vector(text, width).tolist()}
            for n, text in enumerate(asked.body["input"])
        ]
        return told({"data": change(data)})  # type: ignore[operator]

    return reply


def test_the_request_is_the_protocols_and_the_rows_are_unit_rows_in_order(
    server: EmbeddingServer, clock: Clock
) -> None:
    embedder = opened(server, clock)
    assert embedder.dimension == 8
    rows = embedder.embed_passages(TEXTS)
    assert rows.dtype == np.float32
    assert np.allclose(rows, [server.vector(text) for text in TEXTS], atol=1e-6)
    asked = server.asked[-1]
    assert asked.path == "/v1/embeddings"
    assert asked.body == {"model": "bge-m3", "input": TEXTS, "encoding_format": "float"}
    assert asked.headers["Authorization"] == f"Bearer {KEY}"
    assert asked.headers["Content-Type"] == "application/json"
    assert embedder.embed_queries([]).shape == (0, 8)
    assert clock.slept == []


def test_without_a_key_none_is_sent(server: EmbeddingServer, clock: Clock) -> None:
    opened(server, clock, key="")
    assert "Authorization" not in server.asked[-1].headers


def test_rows_given_in_another_order_are_put_back(server: EmbeddingServer, clock: Clock) -> None:
    embedder = opened(server, clock)
    server.usual = altered(lambda data: data[::-1])  # type: ignore[assignment]
    rows = embedder.embed_queries(TEXTS)
    assert np.allclose(rows, [server.vector(text) for text in TEXTS], atol=1e-6)


def test_empty_texts_give_zeros_and_are_not_sent(server: EmbeddingServer, clock: Clock) -> None:
    embedder = opened(server, clock, prompts=Prompts("q: ", "p: "))
    server.asked.clear()
    rows = embedder.embed_queries(["", "贷款", " \n\u3000"])
    assert server.texts == ["q: 贷款"]
    assert not rows[0].any()
    assert not rows[2].any()
    assert np.allclose(rows[1], server.vector("q: 贷款"), atol=1e-6)
    assert not embedder.embed_passages(["", " "]).any()
    assert len(server.asked) == 1


def test_prompts_stand_before_questions_and_passages(server: EmbeddingServer, clock: Clock) -> None:
    embedder = opened(server, clock, prompts=Prompts("query: ", "passage: "))
    server.asked.clear()
    embedder.embed_queries(["贷款"])
    embedder.embed_passages(["贷款"])
    assert server.texts == ["query: 贷款", "passage: 贷款"]


def test_everything_that_shapes_the_vectors_is_in_the_name(
    server: EmbeddingServer, clock: Clock
) -> None:
    plain = opened(server, clock)
    assert plain.name == opened(server, clock, key="another", url=f"{server.url}/").name
    assert plain.name.startswith("bge-m3@")
    others = [
        {"model": "bge-m4"},
        {"url": server.url.replace("/v1", "/v2")},
        {"prompts": Prompts("query: ")},
        {"prompts": Prompts(passage="query: ")},
        {"dimensions": 4},
    ]
    names = {opened(server, clock, **other).name for other in others}
    assert len(names | {plain.name}) == len(others) + 1
    server.dimension = 16
    assert opened(server, clock).name not in names | {plain.name}


def test_the_width_asked_for_is_sent_and_must_be_given(
    server: EmbeddingServer, clock: Clock
) -> None:
    embedder = opened(server, clock, dimensions=4)
    assert embedder.dimension == 4
    assert server.asked[-1].body["dimensions"] == 4
    assert embedder.embed_queries(["贷款"]).shape == (1, 4)
    server.usual = altered(lambda data: data)  # type: ignore[assignment]
    with pytest.raises(ModelError, match=r"应为 4 维,现为 \[8\].*HUIQI_EMBEDDING_DIMENSIONS"):
        opened(server, clock, dimensions=4)


def test_a_corpus_is_sent_in_batches_bounded_in_number_and_length(
    server: EmbeddingServer, clock: Clock
) -> None:
    embedder = opened(server, clock)
    server.asked.clear()
    texts = [f"第{number}条" for number in range(100)] + ["长" * 7_000] * 10 + ["过" * 20_000]
    rows = embedder.embed_passages(texts)
    assert np.allclose(rows, [server.vector(text[:8000]) for text in texts], atol=1e-6)
    for asked in server.asked:
        assert len(asked.body["input"]) <= 32
        assert sum(map(len, asked.body["input"])) <= 32_000
    assert len(server.asked) <= 8


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_service_that_takes_few_texts_at_once_is_given_few(
    server: EmbeddingServer, clock: Clock, status: int
) -> None:
    embedder = opened(server, clock)

    def usual(asked: Asked) -> Reply:
        if len(asked.body["input"]) > 10:
            return told({"error": "batch size"}, status)
        return server.right(asked)

    server.usual = usual
    server.asked.clear()
    texts = [f"第{number}条" for number in range(100)]
    rows = embedder.embed_passages(texts)
    assert np.allclose(rows, [server.vector(text) for text in texts], atol=1e-6)
    refused = [asked for asked in server.asked if len(asked.body["input"]) > 10]
    assert [len(asked.body["input"]) for asked in refused] == [32, 16, 16]
    assert len(server.asked) <= 18


def test_one_text_that_is_refused_is_said_with_the_words_of_the_service(
    server: EmbeddingServer, clock: Clock
) -> None:
    embedder = opened(server, clock)

    def usual(asked: Asked) -> Reply:
        if "坏" in asked.body["input"]:
            return told({"error": f"input is\n too long, {KEY}"}, 400)
        return server.right(asked)

    server.usual = usual
    with pytest.raises(ModelError, match=r"HTTP 400.*too long.*auto-truncate") as refused:
        embedder.embed_passages([*TEXTS, "坏", *TEXTS])
    assert KEY not in str(refused.value)
    assert "\n" not in str(refused.value)
    assert clock.slept == []


WRONG = {
    "NaN": (lambda data: [data[0] | {"embedding": [float("nan")] * 8}, *data[1:]], "NaN"),
    "infinite": (lambda data: [data[0] | {"embedding": [1e999] * 8}, *data[1:]], "无穷"),
    "too large": (lambda data: [data[0] | {"embedding": [1e300] * 8}, *data[1:]], "无穷"),
    "null": (lambda data: [data[0] | {"embedding": [None] * 8}, *data[1:]], "NaN"),
    "words": (lambda data: [data[0] | {"embedding": ["x"] * 8}, *data[1:]], "不是数字"),
    "enormous": (lambda data: [data[0] | {"embedding": [10**400] * 8}, *data[1:]], "不是数字"),
    "nested": (lambda data: [data[0] | {"embedding": [[1.0]] * 8}, *data[1:]], "不是"),
    "narrow": (lambda data: [data[0] | {"embedding": [1.0] * 7}, *data[1:]], "应为 8 维"),
    "all narrow": (lambda data: [one | {"embedding": [1.0] * 7} for one in data], "应为 8 维"),
    "no width": (lambda data: [one | {"embedding": []} for one in data], "宽度"),
    "base64": (lambda data: [one | {"embedding": "AACAPw=="} for one in data], "不是数字"),
    "missing": (lambda data: data[1:], "应给 5 个"),
    "one more": (lambda data: [*data, data[0] | {"index": 5}], "应给 5 个"),
    "twice": (lambda data: [data[0], *data[:-1]], "应给 5 个"),
    "numbered from one": (lambda data: [d | {"index": d["index"] + 1} for d in data], "编号"),
    "not numbered": (lambda data: [{"embedding": d["embedding"]} for d in data], "JSON"),
    "nothing": (lambda data: [], "应给 5 个"),
    "no list": (lambda data: 7, "JSON"),
    "no rows": (lambda data: [7] * 5, "JSON"),
    "unhashable": (lambda data: [d | {"index": [1]} for d in data], "JSON"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_an_answer_that_is_no_vectors_is_refused(
    server: EmbeddingServer, clock: Clock, wrong: str
) -> None:
    embedder = opened(server, clock)
    change, said = WRONG[wrong]
    server.usual = altered(change)  # type: ignore[assignment]
    with pytest.raises(ModelError, match=said) as refused:
        embedder.embed_passages(TEXTS)
    for named in (server.url, "bge-m3", "HUIQI_EMBEDDING_URL"):
        assert named in str(refused.value)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"data"', b"\xff", b"[" * 100_000])
def test_an_answer_that_is_no_json_is_refused(
    server: EmbeddingServer, clock: Clock, body: bytes
) -> None:
    embedder = opened(server, clock)
    server.usual = lambda asked: Reply(body=body)
    with pytest.raises(ModelError, match="JSON"):
        embedder.embed_queries(["贷款"])


def test_a_service_whose_vectors_are_zero_is_refused_when_it_is_opened(
    server: EmbeddingServer, clock: Clock
) -> None:
    server.usual = altered(lambda data: [one | {"embedding": [0.0] * 8} for one in data])  # type: ignore[assignment]
    with pytest.raises(ModelError, match="全是零"):
        opened(server, clock)


def test_a_zero_row_stays_zero(server: EmbeddingServer, clock: Clock) -> None:
    embedder = opened(server, clock)
    server.usual = altered(lambda data: [data[0] | {"embedding": [0.0] * 8}, *data[1:]])  # type: ignore[assignment]
    rows = embedder.embed_passages(TEXTS)
    assert not rows[0].any()
    assert np.allclose(np.linalg.norm(rows[1:], axis=1), 1)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_service_that_is_busy_is_asked_again_later_and_later(
    server: EmbeddingServer, clock: Clock, status: int
) -> None:
    embedder = opened(server, clock)
    server.script.extend([refusal(status)] * 4)  # type: ignore[list-item]
    rows = embedder.embed_passages(TEXTS)
    assert np.allclose(rows, [server.vector(text) for text in TEXTS], atol=1e-6)
    assert clock.slept == [1, 2, 4, 8]


def test_a_service_that_stays_busy_is_down(server: EmbeddingServer, clock: Clock) -> None:
    embedder = opened(server, clock)
    server.usual = refusal(503)  # type: ignore[assignment]
    with pytest.raises(DependencyError, match=r"HTTP 503.*不会改用别的模型") as down:
        embedder.embed_passages(TEXTS)
    assert not isinstance(down.value, ModelError)
    assert clock.slept == [1, 2, 4, 8, 16, 32]


def test_the_pause_a_service_asks_for_is_kept(server: EmbeddingServer, clock: Clock) -> None:
    embedder = opened(server, clock)
    server.script.append(refusal(429, Retry_After="7"))  # type: ignore[arg-type]
    embedder.embed_passages(TEXTS)
    assert clock.slept == [7]


def test_a_pause_nobody_would_wait_for_is_said_at_once(
    server: EmbeddingServer, clock: Clock
) -> None:
    embedder = opened(server, clock)
    server.usual = refusal(429, f"no quota {KEY}", Retry_After="3600")  # type: ignore[assignment]
    with pytest.raises(DependencyError, match=r"HTTP 429:.*quota.*,要求等 3600 秒") as down:
        embedder.embed_passages(TEXTS)
    assert KEY not in str(down.value)
    server.usual = refusal(429, Retry_After="3")  # type: ignore[assignment]
    with pytest.raises(DependencyError, match="要求等 3 秒"):
        embedder.embed_queries(TEXTS)
    assert clock.slept == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "９"}, None),
        ({"retry-after": "9" * 5000}, None),
        ({"retry-after": "Wed, 25 Nov 2026 10:00:30 GMT"}, None),
        (
            {
                "retry-after": "Wed, 25 Nov 2026 10:00:30 GMT",
                "date": "Wed, 25 Nov 2026 10:00:00 GMT",
            },
            30.0,
        ),
        (
            {
                "retry-after": "Wed, 25 Nov 2026 10:00:30 GMT",
                "date": "Wed, 25 Nov 2026 10:01:00 GMT",
            },
            0.0,
        ),
        (
            {
                "retry-after": "Wed, 25 Nov 2026 10:00:30 GMT",
                "date": "Wed, 25 Nov 2026 10:00:00 -0000",
            },
            None,
        ),
    ],
)
def test_the_pause_asked_for_is_seconds_or_a_date(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert asked_pause(headers) == seconds


def test_a_question_is_asked_twice_at_most(server: EmbeddingServer, clock: Clock) -> None:
    embedder = opened(server, clock)
    server.script.append(refusal(500))  # type: ignore[arg-type]
    assert embedder.embed_queries(["贷款"]).any()
    server.asked.clear()
    server.usual = refusal(500)  # type: ignore[assignment]
    with pytest.raises(DependencyError, match="HTTP 500"):
        embedder.embed_queries(["贷款"])
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "reply", [Reply(hangs=True), Reply(body=b'{"data": [', hangs=True), Reply(drips=True)]
)
def test_a_service_whose_answer_does_not_end_is_given_up(
    server: EmbeddingServer, clock: Clock, monkeypatch: pytest.MonkeyPatch, reply: Reply
) -> None:
    embedder = opened(server, clock)
    short = dataclasses.replace(embedding_client._QUESTION, seconds=0.4)
    monkeypatch.setattr(embedding_client, "_QUESTION", short)
    server.usual = lambda asked: reply
    with pytest.raises(DependencyError, match=r"0\.4 秒内没有答完"):
        embedder.embed_queries(["贷款"])
    assert len(server.asked) == 3


def test_an_answer_without_end_is_not_kept(
    server: EmbeddingServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = opened(server, clock)
    monkeypatch.setattr(embedding_client, "_LARGEST", 1 << 20)
    server.usual = lambda asked: Reply(body=b" " * (4 << 20))
    with pytest.raises(ModelError, match="超过 1 MiB"):
        embedder.embed_queries(["贷款"])


def test_an_answer_cut_off_is_asked_for_again(server: EmbeddingServer, clock: Clock) -> None:
    embedder = opened(server, clock)
    server.script.append(lambda asked: Reply(body=b'{"data', headers={"Content-Length": "999"}))
    assert embedder.embed_queries(["贷款"]).any()
    assert clock.slept == [1]


def test_a_service_that_is_not_there_is_down(clock: Clock) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(DependencyError, match=f"{url}.*bge-m3.*连接不上.*HUIQI_EMBEDDING_URL"):
        EndpointEmbedder(Endpoint(url, "bge-m3", KEY), clock)
    assert clock.slept == [1]


def test_a_service_that_comes_back_is_asked_on(clock: Clock) -> None:
    server = EmbeddingServer()
    with serving(server):
        embedder = opened(server, clock)
        port = int(server.url.split(":")[2].split("/")[0])
    with pytest.raises(DependencyError):
        embedder.embed_queries(["贷款"])
    with serving(server, port):
        assert embedder.embed_queries(["贷款"]).any()


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (301, "HTTP 301.*最终的地址"),
        (307, "HTTP 307.*最终的地址"),
        (401, "HTTP 401.*HUIQI_EMBEDDING_KEY"),
        (403, "HTTP 403.*HUIQI_EMBEDDING_KEY"),
        (404, "HTTP 404.*/v1.*HUIQI_EMBEDDING_MODEL.*ollama pull"),
        (405, "HTTP 405"),
    ],
)
def test_a_refusal_is_said_at_once(
    server: EmbeddingServer, clock: Clock, status: int, said: str
) -> None:
    server.usual = refusal(status, KEY, Location="http://127.0.0.1:1/v1/embeddings")  # type: ignore[assignment]
    with pytest.raises(ModelError, match=said) as refused:
        opened(server, clock)
    assert KEY not in str(refused.value)
    assert len(server.asked) == 1
    assert clock.slept == []


def test_the_key_stands_in_no_log_and_in_nothing_printed(
    server: EmbeddingServer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    embedder = opened(server, clock)
    server.usual = refusal(401, KEY)  # type: ignore[assignment]
    with pytest.raises(ModelError) as refused:
        embedder.embed_queries(["贷款"])
    printed = [caplog.text, repr(refused.value), repr(embedder._endpoint), embedder.name]
    assert "127.0.0.1" in caplog.text
    assert not any(KEY in text for text in printed)


def test_no_proxy_and_no_netrc_of_the_environment_is_used(
    server: EmbeddingServer,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    opened(server, clock, key="")
    assert "Authorization" not in server.asked[-1].headers


def test_certificates_are_verified() -> None:
    context = trusted()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_half_a_surrogate_pair_is_sent_as_a_question_mark(
    server: EmbeddingServer, clock: Clock
) -> None:
    embedder = opened(server, clock)
    assert embedder.embed_queries(["贷款\ud800"]).any()
    assert server.texts[-1] == "贷款?"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "localhost:11434/v1",
        "ftp://localhost/v1",
        "http://",
        "http:///v1",
        "http://[::1/v1",
        "http://host:port/v1",
        "http://host:99999999/v1",
        "http://a b/v1",
        "http://host/v1 ",
        "http://host/v1\n",
        "http://host/\x00",
        "/v1",
    ],
)
def test_what_is_no_http_address_is_refused_by_the_name_of_the_variable(written: str) -> None:
    with pytest.raises(ModelError, match=r"HUIQI_EMBEDDING_URL.*http://localhost:11434/v1"):
        checked_url(written)


@pytest.mark.parametrize(
    "written", ["http://me:secret@host/v1", "http://host/v1?key=secret", "http://host/v1#secret"]
)
def test_a_secret_in_the_address_is_refused_and_not_repeated(written: str) -> None:
    with pytest.raises(ModelError, match="HUIQI_EMBEDDING_KEY") as refused:
        checked_url(written)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "written", ["http://localhost:11434/v1/", "https://例子.cn/v1", "http://[::1]:80/v1"]
)
def test_an_http_address_is_taken_without_its_last_slash(written: str) -> None:
    assert checked_url(written) == written.rstrip("/")
