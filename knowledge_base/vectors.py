"""Nearest clauses by inner product: the protocol, and FAISS in this process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge_base.errors import GenerationError

Rows = NDArray[np.float16]
Found = tuple[NDArray[np.int64], NDArray[np.float32]]
Kind = Literal["flat", "hnsw", "ivf"]

# From how many rows each kind of index is used; `python -m tests.benchmarks.vectors` prints the
# table. Flat is exact, needs no building, and a rewritten segment costs nothing more: 5 ms a
# search at 50,000 rows, 9 at 100,000, 18 at the limit. Above that HNSW answers in 0.4 ms with 0.99
# of the true ten on statutes, fewer where clauses repeat each other, and takes 20 s per 100,000 to
# build, which every document taken out pays again; where that would pass a minute, IVF over 8-bit
# rows builds in half the time and keeps a quarter of the memory.
HNSW_FROM, IVF_FROM = 200_000, 400_000
_LINKS, _BUILD_WIDTH, _SEARCH_WIDTH = 32, 100, 128
_PROBES = 128
# Where a filter leaves fewer rows than this, all of them are compared: a graph or list that is
# searched first and filtered then would come back with too few.
_EXACT_BELOW = 20_000
_FILE = "huiqi-vectors-1"


class VectorIndex(Protocol):
    """Rows numbered from 0, ready to search; never changed."""

    @property
    def dimension(self) -> int:
        """Width of a row."""

    @property
    def exact(self) -> bool:
        """Whether the best rows are always found, or only nearly always."""

    def __len__(self) -> int:
        """How many rows it holds."""

    def search(
        self, query: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> Found:
        """At most k rows and their inner products with `query` (dimension,), best first, ties by
        row; only rows with `allowed[row]`, and k of them if k pass; a query of zeros, or one that
        is not finite, finds nothing. ValueError on a query or filter of another shape."""


class VectorStore(Protocol):
    """Where the vectors of a segment are searched. `rows` (n, dimension), of unit length or zero,
    stay beside it in the segment, so that whatever is written here can be made again."""

    @property
    def name(self) -> str:
        """What an index says of it: another store's index is made anew."""

    def write(self, rows: Rows, path: Path) -> None:
        """Prepare rows for searching; may write `path`, the one file that `open` reads."""

    def open(self, path: Path, sha256: str | None, rows: Rows) -> VectorIndex:
        """The index of rows written before; `sha256` is that of the file at `path`, None when
        none was written. GenerationError when file and rows do not belong together."""

    def sweep(self, kept: Iterable[Path]) -> None:
        """Remove what was written for any path but these."""


def open_milvus(uri: str, token: str = "", space: str = "main") -> VectorStore:
    """Vectors in Milvus; DependencyError when pymilvus is missing or the server is not there."""
    from knowledge_base.milvus import MilvusStore

    return MilvusStore(uri, token, space)


class FaissStore:
    """FAISS in this process; the kind of index follows the number of rows unless one is named.

    A flat table is made from the rows when opened (0.1 s for 100,000) and needs no file.
    """

    name = "faiss"

    def __init__(self, kind: Kind | None = None) -> None:
        self._kind = kind

    def write(self, rows: Rows, path: Path) -> None:
        """Build and write an index, but for a flat one."""
        kind = self._kind or kind_for(len(rows))
        if kind == "flat" or not len(rows):
            return
        index = _built(kind, np.asarray(rows, np.float32))
        head = json.dumps({"format": _FILE, "kind": kind, "rows": len(rows)}).encode()
        path.write_bytes(head + b"\n" + _faiss().serialize_index(index).tobytes())

    def open(self, path: Path, sha256: str | None, rows: Rows) -> VectorIndex:
        """The flat table over these rows, or the index in the file."""
        if sha256 is None:
            return FaissIndex(_built("flat", np.asarray(rows, np.float32)), "flat")
        kind, content = _content(path, sha256, len(rows))
        try:
            found = _faiss().deserialize_index(np.frombuffer(content, np.uint8))
        except RuntimeError as cause:
            raise _refused(path, "不是 FAISS 索引") from cause
        if int(found.d) != rows.shape[1] or int(found.ntotal) != len(rows):
            raise _refused(path, "的行数或维数与条款不符")
        return FaissIndex(found, kind)

    def sweep(self, kept: Iterable[Path]) -> None:
        """Nothing: files go with their generation."""


class FaissIndex:
    """A FAISS index; where a filter leaves few rows, all of those are compared."""

    def __init__(self, index: Any, kind: Kind) -> None:
        self._index, self.kind = index, kind

    @property
    def dimension(self) -> int:
        """Width of a row."""
        return int(self._index.d)

    @property
    def exact(self) -> bool:
        """Only a flat table looks at every row."""
        return self.kind == "flat"

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(
        self, query: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> Found:
        """See VectorIndex.search; the filter runs inside the scan."""
        wanted = checked(self, query, k, allowed)
        if not wanted:
            return nothing()
        narrow = allowed is not None and int(allowed.sum()) < _EXACT_BELOW
        found = self._search(query, wanted, allowed, thorough=narrow)
        if len(found[0]) < wanted and not narrow:
            return self._search(query, wanted, allowed, thorough=True)
        return found

    def _search(
        self,
        query: NDArray[np.float32],
        wanted: int,
        allowed: NDArray[np.bool_] | None,
        thorough: bool,
    ) -> Found:
        """One search; a thorough one looks at every allowed row, in every list, past any graph."""
        faiss, index = _faiss(), self._index
        options: dict[str, Any] = {}
        if allowed is not None:
            options["sel"] = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        parameters = faiss.SearchParameters(**options) if options else None
        if self.kind == "hnsw" and thorough:
            index = faiss.downcast_index(index.storage)
        elif self.kind == "hnsw":
            width = max(_SEARCH_WIDTH, 2 * wanted)
            parameters = faiss.SearchParametersHNSW(efSearch=width, **options)
        elif self.kind == "ivf":
            probes = index.nlist if thorough else min(index.nlist, _PROBES)
            parameters = faiss.SearchParametersIVF(nprobe=probes, **options)
        row = np.ascontiguousarray(query[None, :], np.float32)
        scores, ids = index.search(row, wanted, params=parameters)
        hit = ids[0] >= 0
        return ordered(ids[0][hit], scores[0][hit])


def kind_for(count: int) -> Kind:
    """The kind of index for a number of rows."""
    if count < HNSW_FROM:
        return "flat"
    return "hnsw" if count < IVF_FROM else "ivf"


def checked(
    index: VectorIndex, query: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None
) -> int:
    """How many rows a search can give; ValueError when query or filter have another shape."""
    if query.shape != (index.dimension,):
        raise ValueError(f"a query of shape ({index.dimension},) wanted, got {query.shape}")
    if allowed is not None and allowed.shape != (len(index),):
        raise ValueError(f"allowed must have shape ({len(index)},), got {allowed.shape}")
    if not np.isfinite(query).all() or not query.any():
        return 0
    return max(0, min(k, len(index) if allowed is None else int(allowed.sum())))


def exact(
    rows: Rows, query: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None
) -> Found:
    """The k best of the allowed rows by comparing every one of them."""
    ids = np.arange(len(rows)) if allowed is None else np.flatnonzero(allowed)
    scores = np.asarray(rows[ids], np.float32) @ query
    best = np.lexsort((ids, -scores))[:k]
    return ids[best].astype(np.int64), scores[best].astype(np.float32)


def ordered(ids: NDArray[np.int64], scores: NDArray[np.float32]) -> Found:
    """Best first, equals by row: no store's own order of equals reaches an answer."""
    order = np.lexsort((ids, -scores))
    return ids[order].astype(np.int64), scores[order].astype(np.float32)


def nothing() -> Found:
    """No rows."""
    return np.zeros(0, np.int64), np.zeros(0, np.float32)


def _built(kind: Kind, rows: NDArray[np.float32]) -> Any:
    faiss = _faiss()
    if not np.isfinite(rows).all():
        raise ValueError("rows hold NaN or infinity")
    width = rows.shape[1]
    if kind == "hnsw":
        index = faiss.IndexHNSWFlat(width, _LINKS, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = _BUILD_WIDTH
    elif kind == "ivf":
        lists = max(1, min(4096, len(rows) // 40, int(4 * len(rows) ** 0.5)))
        index = faiss.index_factory(width, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
        # 40 points a list train it as well as all of them, in a fraction of the time.
        step = max(1, len(rows) // (40 * lists))
        index.train(np.ascontiguousarray(rows[::step]))
    else:
        index = faiss.IndexFlatIP(width)
    index.add(np.ascontiguousarray(rows))
    return index


def _content(path: Path, sha256: str, rows: int) -> tuple[Kind, bytes]:
    """Kind and FAISS bytes of a file. Digest first: FAISS trusts lengths it reads from a file, so
    unverified bytes never reach it."""
    try:
        content = path.read_bytes()
    except OSError as cause:
        raise _refused(path, "读不到") from cause
    if hashlib.sha256(content).hexdigest() != sha256:
        raise _refused(path, "校验值与记录不符")
    head, _, body = content.partition(b"\n")
    try:
        told = json.loads(head)
        if told["format"] != _FILE or told["rows"] != rows or told["kind"] not in ("hnsw", "ivf"):
            raise ValueError(told)
        return told["kind"], body
    except (ValueError, KeyError, TypeError) as cause:
        raise _refused(path, "不是本程序写的索引类型") from cause


def _faiss() -> Any:
    import faiss  # late: 0.2 s that the command line's --help need not wait for

    return faiss


def _refused(path: Path, fault: str) -> GenerationError:
    return GenerationError(f"向量索引 {path} {fault}。请运行 huiqi serve 重建索引")
