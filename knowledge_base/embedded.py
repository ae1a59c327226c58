"""What a slow model has embedded so far, kept until the generation it is for is published.

root/ <digest of model and width>.embedded: a line that names the model, then one record for each
batch (how many, passage fingerprints, rows, digest), durable before the next batch begins. A kill
tears the last record at most; from the first record that is torn or altered on, all is dropped.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge_base.embedding import Embedder

FORMAT = "huiqi-embedded-1"
SUFFIX = ".embedded"
_COUNT, _DIGEST = 4, 16  # bytes


class Journal:
    """Vectors of one model by passage fingerprint. One writer: the lock of the index is held."""

    def __init__(self, root: Path, embedder: Embedder) -> None:
        """Open or begin the journal of a model; what another model wrote is not in it."""
        self.dimension = embedder.dimension
        told = [FORMAT, embedder.name, self.dimension]
        self._header = json.dumps(told, ensure_ascii=False).encode() + b"\n"
        self._offsets: dict[int, int] = {}
        name = hashlib.sha256(self._header).hexdigest()[:20]
        self._file = (root / f"{name}{SUFFIX}").open("a+b")
        self._end = self._read()
        self._file.truncate(self._end)
        if not self._end:
            self._end = self._file.write(self._header)

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *raised: object) -> None:
        self._file.close()

    def row(self, mark: int) -> NDArray[np.float16] | None:
        """The vector of a passage (dimension,); None when it is not here yet."""
        offset = self._offsets.get(mark)
        if offset is None:
            return None
        return np.frombuffer(os.pread(self._file.fileno(), 2 * self.dimension, offset), "<f2")

    def add(self, marks: Sequence[int], rows: NDArray[np.float16]) -> None:
        """Append one batch, rows (len(marks), dimension); it is on the disk when this returns."""
        body = np.array(marks, "<u8").tobytes() + rows.astype("<f2").tobytes()
        record = len(marks).to_bytes(_COUNT, "little") + body
        self._file.write(record + self._digest(record))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._note(record)

    def _read(self) -> int:
        """Note every whole record; the length of what can be believed."""
        self._file.seek(0)
        size = os.fstat(self._file.fileno()).st_size
        if self._file.read(len(self._header)) != self._header:
            return 0
        self._end = len(self._header)
        while len(told := self._file.read(_COUNT)) == _COUNT:
            length = int.from_bytes(told, "little") * (8 + 2 * self.dimension)
            if self._end + _COUNT + length + _DIGEST > size:
                break
            record = told + self._file.read(length)
            if self._file.read(_DIGEST) != self._digest(record):
                break
            self._note(record)
        return self._end

    def _note(self, record: bytes) -> None:
        """Remember where the rows of the record at the end are; the end is then behind it."""
        count = int.from_bytes(record[:_COUNT], "little")
        marks = np.frombuffer(record, "<u8", count, offset=_COUNT).tolist()
        first = self._end + _COUNT + 8 * count
        self._offsets |= {mark: first + 2 * self.dimension * n for n, mark in enumerate(marks)}
        self._end += len(record) + _DIGEST

    def _digest(self, record: bytes) -> bytes:
        # The header is part of it: a record is of this model, or it is none.
        return hashlib.blake2b(self._header + record, digest_size=_DIGEST).digest()


def sweep(root: Path) -> None:
    """Remove every journal: what they were kept for is published, or wanted no more."""
    for path in root.glob(f"*{SUFFIX}"):
        path.unlink()
