"""Which model embeds: what the settings say, checked and opened."""

import time
from collections.abc import Iterator

from api.settings import Settings
from knowledge_base import Embedder, ModelError, Prompts, open_embedder


def open_embedding(settings: Settings) -> Embedder:
    """The shipped model, one of this machine, or a service's; ModelError names the variable at
    fault. What was asked for and cannot be had is never replaced by another model."""
    for fault in _faults(settings):
        raise ModelError(fault)
    if settings.embedding_url is not None:
        return _service(settings, settings.embedding_url)
    name = settings.embedding_model
    try:
        return open_embedder(name, _prompts(settings))
    except ModelError as error:
        if name is None:
            raise
        raise ModelError(f"HUIQI_EMBEDDING_MODEL:{error}") from error


def _service(settings: Settings, url: str) -> Embedder:
    # Late: the other models need no HTTP client, and importing one takes 0.2 s.
    from api.embedding_client import Endpoint, EndpointEmbedder

    endpoint = Endpoint(
        url,
        settings.embedding_model or "",
        _key(settings),
        _prompts(settings),
        settings.embedding_dimensions,
    )
    return EndpointEmbedder(endpoint, time.sleep)


def _faults(settings: Settings) -> Iterator[str]:
    """What was set without that which it belongs to."""
    if settings.embedding_model is None:
        if settings.embedding_url is not None:
            yield "设了 HUIQI_EMBEDDING_URL,还要用 HUIQI_EMBEDDING_MODEL 写明服务上的模型名"
        for side, prompt in (
            ("QUERY", settings.embedding_query_prompt),
            ("PASSAGE", settings.embedding_passage_prompt),
        ):
            if prompt is not None:
                yield (
                    f"设了 HUIQI_EMBEDDING_{side}_PROMPT,而自带模型不用提示词;"
                    "请用 HUIQI_EMBEDDING_MODEL 指定别的模型,或去掉提示词"
                )
    if settings.embedding_url is None:
        for name, value in (
            ("KEY", settings.embedding_key),
            ("DIMENSIONS", settings.embedding_dimensions),
        ):
            if value is not None:
                yield (
                    f"设了 HUIQI_EMBEDDING_{name},它只用于句向量服务;"
                    "请同时设 HUIQI_EMBEDDING_URL,或去掉它"
                )
    if any(not "!" <= char <= "~" for char in _key(settings)):
        yield "HUIQI_EMBEDDING_KEY 里有空白、换行或非 ASCII 字符,请重新复制密钥"


def _key(settings: Settings) -> str:
    return settings.embedding_key.get_secret_value() if settings.embedding_key else ""


def _prompts(settings: Settings) -> Prompts:
    return Prompts(settings.embedding_query_prompt, settings.embedding_passage_prompt)
