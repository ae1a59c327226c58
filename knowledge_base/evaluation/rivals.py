"""What else could be asked: words, bigrams or vectors alone, and what LangChain puts together.

Every retriever ranks rows of the corpus for a question. The libraries of the rivals are those of
the extra `eval`; nothing of huiqi itself needs them, so each is imported when it is built.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge_base.embedding import Embedder
from knowledge_base.evaluation.sets import Entry
from knowledge_base.lexical import LexicalIndex


class Retriever(Protocol):
    """Something that is given a corpus once and then asked, one question at a time."""

    def build(self, entries: Sequence[Entry]) -> None:
        """Prepare everything, so that asking only asks."""

    def search(self, question: str, k: int) -> list[int]:
        """At most k rows of `entries`, best first, each once."""


class Words:
    """BM25 over jieba's words by bm25s, with that library's own k1 and b."""

    def build(self, entries: Sequence[Entry]) -> None:
        """Cut and index every passage."""
        import bm25s

        self._cut, self._size = _jieba_cut(), len(entries)
        words = [self._cut(entry.passage) for entry in entries]
        self._index = bm25s.BM25() if any(words) else None  # it cannot index no word at all
        if self._index:
            self._index.index(words, show_progress=False)

    def search(self, question: str, k: int) -> list[int]:
        """Passages that share a word with the question."""
        if not self._index:
            return []
        rows, scores = self._index.retrieve(
            [self._cut(question)], k=min(k, self._size), show_progress=False
        )
        return [int(row) for row, score in zip(rows[0], scores[0], strict=True) if score > 0]


class Bigrams:
    """BM25 over characters and character bigrams: our own index without the field's terms."""

    def build(self, entries: Sequence[Entry]) -> None:
        """Index every passage."""
        self._index = LexicalIndex.build([entry.passage for entry in entries])

    def search(self, question: str, k: int) -> list[int]:
        """Passages that share a unit with the question."""
        return _best(self._index.scores(question), k)


class Dense:
    """The embedding model alone, every passage compared."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def build(self, entries: Sequence[Entry]) -> None:
        """Embed every passage."""
        self._rows = self._embedder.embed_passages([entry.passage for entry in entries])

    def search(self, question: str, k: int) -> list[int]:
        """The nearest passages with a cosine above zero."""
        return _best(self._rows @ self._embedder.embed_queries([question])[0], k)


class LangChain:
    """EnsembleRetriever over LangChain's FAISS store and its BM25Retriever, half of each.

    As its documentation puts it together, but for two things: without `preprocess_func` BM25 splits
    at blanks and finds nothing in Chinese, and without `id_key` equal texts would count as one.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def build(self, entries: Sequence[Entry]) -> None:
        """Embed and index every passage."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # langchain-community announces its end at each import
            from langchain_classic.retrievers import EnsembleRetriever
            from langchain_community.retrievers import BM25Retriever
            from langchain_community.vectorstores import FAISS

        self._both: Any = None
        texts = [entry.passage for entry in entries]
        if not any(texts):
            return  # BM25Retriever cannot be made of no word at all
        told = [{"row": row} for row in range(len(texts))]
        self._words: Any = BM25Retriever.from_texts(texts, told, preprocess_func=_jieba_cut())
        store = FAISS.from_texts(texts, _embeddings(self._embedder), told)
        self._vectors: Any = store.as_retriever()
        self._both = EnsembleRetriever(
            retrievers=[self._words, self._vectors], weights=[0.5, 0.5], id_key="row"
        )

    def search(self, question: str, k: int) -> list[int]:
        """The first k of both lists of k, fused by reciprocal ranks as that retriever does."""
        if self._both is None:
            return []
        self._words.k, self._vectors.search_kwargs = k, {"k": k}
        return [document.metadata["row"] for document in self._both.invoke(question)[:k]]


def _embeddings(embedder: Embedder) -> Any:
    """An embedder as LangChain's Embeddings."""
    from langchain_core.embeddings import Embeddings

    class Wrapped(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return embedder.embed_passages(texts).tolist()  # type: ignore[no-any-return]

        def embed_query(self, text: str) -> list[float]:
            return embedder.embed_queries([text])[0].tolist()  # type: ignore[no-any-return]

    return Wrapped()


def _jieba_cut() -> Any:
    """jieba's cut into a list, its dictionary loaded."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    return jieba.lcut


def _best(scores: NDArray[np.float32], k: int) -> list[int]:
    """The k rows with the highest scores above zero, equals in row order."""
    least = np.partition(scores, -k)[-k] if k < len(scores) else -np.inf
    rows = np.flatnonzero((scores >= least) & (scores > 0))
    best: list[int] = rows[np.argsort(-scores[rows], kind="stable")][:k].tolist()
    return best
