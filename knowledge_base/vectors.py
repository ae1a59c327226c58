"""Nearest clauses by inner product: the protocol, and FAISS in this process."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from knowledge_base.errors import GenerationError


class VectorIndex(Protocol):
    """Rows are numbered from 0 in the order they were added."""

    @property
    def dimension(self) -> int:
        """Width of a row."""

    def __len__(self) -> int:
        """How many rows it holds."""

    def add(self, rows: NDArray[np.float32]) -> None:
        """Append rows of unit length (or zero): (n, dimension)."""

    def search(
        self, query: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """At most k rows and their inner products with `query` (dimension,), best first, ties by
        row; only rows with `allowed[row]`; a query of zeros finds nothing."""

    def save(self, path: Path) -> str:
        """Write one file; returns its SHA-256, which `load` wants back."""

    @classmethod
    def load(cls, path: Path, sha256: str) -> Self:
        """Read what save wrote; GenerationError when its digest differs."""


class FaissIndex:
    """Exact search over a flat table: right up to about 50,000 clauses (under 5 ms a query)."""

    def __init__(self, dimension: int) -> None:
        self._index: Any = _faiss().IndexFlatIP(dimension)

    @classmethod
    def build(cls, rows: NDArray[np.float32]) -> Self:
        """An index of these rows (n, dimension)."""
        made = cls(rows.shape[1])
        made.add(rows)
        return made

    @property
    def dimension(self) -> int:
        """Width of a row."""
        return int(self._index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, rows: NDArray[np.float32]) -> None:
        """Append rows; ValueError on another width or on numbers that are not finite."""
        if rows.ndim != 2 or rows.shape[1] != self.dimension:
            raise ValueError(f"rows of width {self.dimension} wanted, got shape {rows.shape}")
        if not np.isfinite(rows).all():
            raise ValueError("rows hold NaN or infinity")
        self._index.add(np.ascontiguousarray(rows, np.float32))

    def search(
        self, query: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """See VectorIndex.search; the filter runs inside the scan: k rows come back if k pass."""
        if query.shape != (self.dimension,):
            raise ValueError(f"a query of shape ({self.dimension},) wanted, got {query.shape}")
        if allowed is not None and allowed.shape != (len(self),):
            raise ValueError(f"allowed must have shape ({len(self)},), got {allowed.shape}")
        wanted = min(k, len(self) if allowed is None else int(allowed.sum()))
        if wanted <= 0 or not np.isfinite(query).all() or not query.any():
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        parameters = None
        if allowed is not None:
            faiss = _faiss()
            bits = np.packbits(allowed, bitorder="little")
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))
        row = np.ascontiguousarray(query[None, :], np.float32)
        scores, ids = self._index.search(row, wanted, params=parameters)
        # FAISS leaves equal scores in heap order; answers must not depend on that.
        order = np.lexsort((ids[0], -scores[0]))
        return ids[0][order].astype(np.int64), scores[0][order].astype(np.float32)

    def save(self, path: Path) -> str:
        """Write the serialised index; returns the SHA-256 of the file."""
        content = _faiss().serialize_index(self._index).tobytes()
        path.write_bytes(content)
        return hashlib.sha256(content).hexdigest()

    @classmethod
    def load(cls, path: Path, sha256: str) -> Self:
        """Digest first, then let FAISS parse the very bytes that were digested."""
        faiss = _faiss()
        try:
            content = path.read_bytes()
        except OSError as cause:
            raise _refused(path, "读不到") from cause
        # FAISS trusts lengths it reads from the file, so unverified bytes never reach it.
        if hashlib.sha256(content).hexdigest() != sha256:
            raise _refused(path, "校验值与记录不符")
        try:
            found = faiss.deserialize_index(np.frombuffer(content, np.uint8))
        except RuntimeError as cause:
            raise _refused(path, "不是 FAISS 索引") from cause
        if not isinstance(found, faiss.IndexFlat):
            raise _refused(path, "不是本程序写的索引类型")
        made = cls.__new__(cls)
        made._index = found
        return made


def _faiss() -> Any:
    import faiss  # late: 0.2 s that the command line's --help need not wait for

    return faiss


def _refused(path: Path, fault: str) -> GenerationError:
    return GenerationError(f"向量索引 {path} {fault}。请运行 huiqi serve 重建索引")
