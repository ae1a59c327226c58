"""Vectors in Milvus, for a corpus that one machine's memory no longer holds.

Each segment is a collection of its own, written once, filtered inside the query and dropped when no
generation names it any more. Imported by name only: `pymilvus` comes with `pip install 'huiqi[milvus]'`.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from knowledge_base.errors import DependencyError, GenerationError
from knowledge_base.vectors import Found, Rows, VectorIndex, checked, exact, nothing, ordered

_FORMAT = "huiqi-milvus-1"
_BATCH = 2000  # rows sent at a time: well below the 64 MB a message may have
_MOST = 16_384  # rows Milvus gives for one query at most
_LONGEST_FILTER = 4000  # runs of rows in one filter expression
log = logging.getLogger("huiqi.milvus")


class MilvusStore:
    """Collections on one Milvus server. DependencyError when it cannot be reached."""

    name = "milvus"

    def __init__(self, uri: str, token: str = "", space: str = "main") -> None:
        """`space` keeps the collections of several indexes on one server apart."""
        self._prefix = f"huiqi_{space}_"
        try:
            from pymilvus import MilvusClient
        except ImportError as cause:
            raise DependencyError(
                "没有安装 pymilvus,请运行 pip install 'huiqi[milvus]',或改用 FAISS"
            ) from cause
        try:
            self._client: Any = MilvusClient(uri=uri, token=token)
        except Exception as cause:  # pymilvus lets gRPC's and its own errors through
            raise _unreachable(cause) from cause

    def write(self, rows: Rows, path: Path) -> None:
        """Make a collection of the rows; the file names it and says what it holds."""
        name = f"{self._prefix}{uuid4().hex}"
        told = {"format": _FORMAT, "collection": name, "rows": len(rows), "width": rows.shape[1]}
        path.write_text(json.dumps(told) + "\n", encoding="utf8")
        try:
            self._make(name, rows)
        except Exception as cause:
            raise _unreachable(cause) from cause

    def open(self, path: Path, sha256: str | None, rows: Rows) -> VectorIndex:
        """The collection a file names, when it still holds as many rows."""
        name = _named(path, sha256, rows)
        try:
            if not self._client.has_collection(name):
                raise _refused(path, "指向的集合已不存在")
            self._client.load_collection(name)
            held = int(
                self._client.query(name, filter="", output_fields=["count(*)"])[0]["count(*)"]
            )
        except GenerationError:
            raise
        except Exception as cause:
            raise _unreachable(cause) from cause
        if held != len(rows):
            raise _refused(path, f"指向的集合有 {held} 行,应为 {len(rows)} 行")
        return MilvusIndex(self._client, name, rows)

    def sweep(self, kept: Iterable[Path]) -> None:
        """Drop every collection of ours that none of these files names."""
        named = {_collection(path) for path in kept}
        try:
            for name in self._client.list_collections():
                if name.startswith(self._prefix) and name not in named:
                    self._client.drop_collection(name)
        except Exception as cause:
            raise _unreachable(cause) from cause

    def _make(self, name: str, rows: Rows) -> None:
        from pymilvus import DataType

        client = self._client
        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("row", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=rows.shape[1])
        index = client.prepare_index_params()
        index.add_index("vector", index_type="FLAT", metric_type="IP")
        client.create_collection(
            name, schema=schema, index_params=index, consistency_level="Strong"
        )
        for start in range(0, len(rows), _BATCH):
            batch = np.asarray(rows[start : start + _BATCH], np.float32)
            client.insert(
                name,
                [{"row": start + n, "vector": row.tolist()} for n, row in enumerate(batch)],
            )
        client.flush(name)


class MilvusIndex:
    """One collection. When the server fails, the rows beside it answer: slower, and the same."""

    def __init__(self, client: Any, collection: str, rows: Rows) -> None:
        self._client, self._collection, self._rows = client, collection, rows

    @property
    def dimension(self) -> int:
        """Width of a row."""
        return int(self._rows.shape[1])

    @property
    def exact(self) -> bool:
        """The collections are made with a FLAT index."""
        return True

    def __len__(self) -> int:
        return len(self._rows)

    def search(
        self, query: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> Found:
        """See VectorIndex.search; the filter is part of the query sent."""
        wanted = checked(self, query, k, allowed)
        if not wanted:
            return nothing()
        runs = None if allowed is None or allowed.all() else list(_runs(allowed))
        if wanted > _MOST or (runs is not None and len(runs) > _LONGEST_FILTER):
            return exact(self._rows, query, wanted, allowed)
        try:
            hits = self._client.search(
                self._collection,
                data=[query.tolist()],
                limit=wanted,
                filter="" if runs is None else _expression(runs),
                search_params={"metric_type": "IP"},
                consistency_level="Strong",
            )[0]
        except Exception as cause:  # also when the collection was dropped behind a slow reader
            log.warning("milvus failed, comparing rows here instead: %s", cause)
            return exact(self._rows, query, wanted, allowed)
        ids = np.array([hit["row"] if "row" in hit else hit["id"] for hit in hits], np.int64)
        return ordered(ids, np.array([hit["distance"] for hit in hits], np.float32))


def _runs(allowed: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """First and last row of each run of allowed rows: a document's rows stand together."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], allowed, [False])).astype(np.int8)))
    for start, end in edges.reshape(-1, 2).tolist():
        yield start, end - 1


def _expression(runs: list[tuple[int, int]]) -> str:
    return " or ".join(
        f"row == {first}" if first == last else f"(row >= {first} and row <= {last})"
        for first, last in runs
    )


def _named(path: Path, sha256: str | None, rows: Rows) -> str:
    """The collection a file names, after its digest and its counts were compared."""
    try:
        content = path.read_bytes()
        if sha256 is None or hashlib.sha256(content).hexdigest() != sha256:
            raise _refused(path, "校验值与记录不符")
        told = json.loads(content)
        if (told["format"], told["rows"], told["width"]) != (_FORMAT, *rows.shape):
            raise _refused(path, "与条款的行数或维数不符")
        return str(told["collection"])
    except (OSError, ValueError, KeyError, TypeError) as cause:
        raise _refused(path, "读不出来") from cause


def _collection(path: Path) -> str | None:
    try:
        return str(json.loads(path.read_text(encoding="utf8"))["collection"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # another store's file, or one that went meanwhile, names no collection


def _refused(path: Path, fault: str) -> GenerationError:
    return GenerationError(f"Milvus 向量索引 {path} {fault}。请运行 huiqi serve 重建索引")


def _unreachable(cause: Exception) -> DependencyError:
    return DependencyError(
        f"Milvus 用不了({type(cause).__name__}:{str(cause).splitlines()[0][:200] if str(cause) else ''});"
        "请检查 HUIQI_MILVUS_URI 与服务,或去掉该变量以使用 FAISS"
    )
