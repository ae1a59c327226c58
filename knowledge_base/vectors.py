"""Nearest clauses by inner product: the protocol, and FAISS in this process."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge_base.embedding import upcast

Rows = NDArray[np.float16]
Found = tuple[NDArray[np.int64], NDArray[np.float32]]

# Rows compared at first for each row wanted. On statutes the nearest 200 of 100,000 are sure among
# 350 of the eight-bit order, 585 at worst; a longer list costs 0.03 ms, a second scan 1 ms.
_FETCHED, _SPARE = 4, 64
_WIDER = 8
_HALVED_FROM = 30_000  # rows from which handing half a scan to a second thread pays
_BATCH = 4096  # rows made float32 at once when an index is opened: they stay in the cache


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
    """FAISS in this process. An index is made from the rows when it is opened (0.08 s for 100,000
    of 256 numbers) and needs no file, so a segment rewritten without a document costs no more."""

    name = "faiss"

    def write(self, rows: Rows, path: Path) -> None:
        """Nothing but a look at the rows; ValueError when they hold NaN or infinity."""
        _range(rows)

    def open(self, path: Path, sha256: str | None, rows: Rows) -> VectorIndex:
        """The index of these rows; a file that an earlier version wrote is not read."""
        return FaissIndex(rows)

    def sweep(self, kept: Iterable[Path]) -> None:
        """Nothing: there are no files."""


class FaissIndex:
    """A scan of all rows as eight-bit numbers, then the float16 rows of whatever it cannot rule out.

    Each column is stored in steps of its own, the query too, so an eight-bit product misses the
    true one by no more than a bound computed for each query. Whatever lies within that bound of
    the k-th best is compared in full: the answer is that of comparing every row, for a quarter of
    the memory traffic of float32. `python -m tests.benchmarks.vectors` prints the table of what
    else was tried. Nearest 200 of 100,000 statutes, one thread, the other core busy: this 2.1 ms in
    25 MiB; flat float32 5.6 in 98; flat float16 2.2 in 49; 4-bit product codes put in order by
    float16 rows 0.5, but 0.998 of them, no filter, 1.3 s of training and a file. Of 50,000: HNSW
    0.984 of them after 15 s, inverted lists 0.89.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        least, largest = _range(rows)
        self._centre, width = (least + largest) / 2, largest - least
        self._step = np.where(width > 0, width, 1).astype(np.float32) / 254
        codes = np.empty(rows.shape, np.uint8)
        longest = 0.0
        for start in range(0, len(rows), _BATCH):
            batch = np.asarray(rows[start : start + _BATCH], np.float32)
            steps = np.rint((batch - self._centre) / self._step)
            longest = max(longest, float(np.vecdot(steps, steps).max()))
            codes[start : start + _BATCH] = steps + 128
        self._longest = longest**0.5
        faiss = _faiss()
        kind = faiss.ScalarQuantizer.QT_8bit_direct_signed
        self._halves = []
        middle = len(rows) // 2 if len(rows) >= _HALVED_FROM else 0
        for start, end in ((0, middle), (middle, len(rows))) if middle else ((0, len(rows)),):
            half = faiss.IndexScalarQuantizer(rows.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
            half.add_sa_codes(codes[start:end])
            self._halves.append((start, end, half))

    @property
    def dimension(self) -> int:
        """Width of a row."""
        return int(self._rows.shape[1])

    @property
    def exact(self) -> bool:
        """Always: the bound is proven, not measured."""
        return True

    def __len__(self) -> int:
        return len(self._rows)

    def search(
        self, query: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> Found:
        """See VectorIndex.search; the filter runs inside the scan."""
        wanted = checked(self, query, k, allowed)
        if not wanted:
            return nothing()
        held = len(self) if allowed is None else int(np.count_nonzero(allowed))
        allowed = None if held == len(self) else allowed
        fetched = _FETCHED * wanted + _SPARE
        while True:
            ids, near, bound = self._scanned(query, min(fetched, held), allowed)
            best = scored(self._rows, ids[:wanted], query)
            # k rows reach `least`, so a row that cannot reach it is none of the k best.
            close = near >= best.min() - bound
            if len(ids) == held or not close[-1]:
                break
            fetched *= _WIDER  # as many rows say nearly the same: the rest may still hold better
        rest = ids[wanted:][close[wanted:]]
        ids = np.concatenate((ids[:wanted], rest))
        ids, scores = ordered(ids, np.concatenate((best, scored(self._rows, rest, query))))
        return ids[:wanted], scores[:wanted]

    def _scanned(
        self, query: NDArray[np.float32], count: int, allowed: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32], float]:
        """The `count` best rows of the eight-bit scan, their products in that order, and how far
        any row's product can be from the true one."""
        # q.x = q.centre + sum (q step)((x - centre) / step): the second factor is rounded by half at
        # most; the first is made whole steps of its own, off by `missed`, which a row can stretch
        # by its length.
        weight = query * self._step
        step = float(np.abs(weight).max()) / 127
        whole = np.rint(weight / step)
        missed = float(np.linalg.norm(weight - whole * step)) * self._longest
        bound = float(np.abs(weight).sum()) / 2 + missed
        # float32 keeps six digits of either side.
        bound += 1e-6 * float(np.linalg.norm(weight)) * self._longest

        def half(part: tuple[int, int, Any]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
            start, end, index = part
            faiss, options = _faiss(), None
            if allowed is not None:
                bits = np.packbits(allowed[start:end], bitorder="little")
                options = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))
            products, ids = index.search(whole[None, :], min(count, end - start), params=options)
            held = ids[0] >= 0
            return ids[0][held] + start, products[0][held]

        if len(self._halves) == 1:
            ids, products = half(self._halves[0])
        else:
            # FAISS lets go of the interpreter while it scans: two halves take half the time.
            other = _scanners().submit(half, self._halves[0])
            found = half(self._halves[1]), other.result()
            ids = np.concatenate([ids for ids, _ in found])
            products = np.concatenate([products for _, products in found])
            order = np.argsort(-products, kind="stable")[:count]
            ids, products = ids[order], products[order]
        return ids, np.asarray(products * step + query @ self._centre, np.float32), bound


@cache
def _scanners() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(2, "vector-scan")


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
    return max(0, min(k, len(index) if allowed is None else int(np.count_nonzero(allowed))))


def exact(
    rows: Rows, query: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None
) -> Found:
    """The k best of the allowed rows by comparing every one of them."""
    ids = np.arange(len(rows)) if allowed is None else np.flatnonzero(allowed)
    ids, scores = ordered(ids, scored(rows, ids, query))
    return ids[:k], scores[:k]


def scored(rows: Rows, ids: NDArray[np.int64], query: NDArray[np.float32]) -> NDArray[np.float32]:
    """Inner product of the query with each of some rows; equal rows score equal, whatever stands
    beside them, which a matrix product does not promise."""
    products: NDArray[np.float32] = np.vecdot(upcast(np.asarray(rows[ids], np.float16)), query)
    return products


def ordered(ids: NDArray[np.int64], scores: NDArray[np.float32]) -> Found:
    """Best first, equals by row: no store's own order of equals reaches an answer."""
    order = np.lexsort((ids, -scores))
    return ids[order].astype(np.int64), scores[order].astype(np.float32)


def nothing() -> Found:
    """No rows."""
    return np.zeros(0, np.int64), np.zeros(0, np.float32)


def _range(rows: Rows) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Least and largest number of each column; ValueError on NaN or infinity."""
    low, high = np.full(rows.shape[1], 0x7FFF, np.int16), np.full(rows.shape[1], -0x8000, np.int16)
    for start in range(0, len(rows), _BATCH):
        # With the other bits of the negative ones turned, float16 orders as the whole number of its
        # bits: no conversion, which would take as long as all the rest.
        bits = np.asarray(rows[start : start + _BATCH]).view(np.int16)
        order = bits ^ ((bits >> 15) & 0x7FFF)
        low, high = np.minimum(low, order.min(axis=0)), np.maximum(high, order.max(axis=0))
    if not len(rows):
        return np.zeros(rows.shape[1], np.float32), np.zeros(rows.shape[1], np.float32)
    ends = np.stack((low, high))
    least, largest = (ends ^ ((ends >> 15) & 0x7FFF)).view(np.float16).astype(np.float32)
    if not (np.isfinite(least).all() and np.isfinite(largest).all()):
        raise ValueError("rows hold NaN or infinity")
    return least, largest


def _faiss() -> Any:
    import faiss  # late: 0.2 s that the command line's --help need not wait for

    # For this thread: one question keeps no team of threads busy, and waking one beside other work
    # took 10 ms.
    faiss.omp_set_num_threads(1)
    return faiss
