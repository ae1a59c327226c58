"""One immutable part of an index: some documents with their clauses, vectors and postings.

A generation is a few segments. A document stands in exactly one of them, so that taking it out
rewrites one segment and leaves nothing of it behind; a segment nothing changed in is shared, as
files, by the generations that follow each other. Official texts, institutions' sheets and each
tenant's uploads never share a segment.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from knowledge_base import lexical
from knowledge_base.documents import Document
from knowledge_base.embedded import Journal
from knowledge_base.embedding import Embedder
from knowledge_base.errors import GenerationError
from knowledge_base.generations import Generation
from knowledge_base.lexical import LexicalIndex
from knowledge_base.vectors import VectorIndex, VectorStore

DOCUMENTS, HEADS, TABLE = "documents.jsonl", "heads.json", "table.npz"
ROWS, WORDS, VECTORS = "rows.npy", "words.npz", "vectors.bin"
_BATCH = 512  # passages embedded at a time, and the step of the progress bar
_JOURNALED = 64  # the same where a journal is kept: what a kill loses at most
_DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)
_HEADS: TypeAdapter[tuple[Document, ...]] = TypeAdapter(tuple[Document, ...])
Progress = Callable[[str, int, int], None]


def partition_of(document: Document) -> str:
    """Which documents may share a segment: `official`, `sheet`, or one tenant's uploads."""
    if document.tenant is not None:
        return f"tenant:{document.tenant}"
    return "official" if document.layer in ("policy", "external_rule") else "sheet"


def passages_of(document: Document) -> list[str]:
    """What is indexed for each clause: title and headings count towards it."""
    return ["\n".join([document.title, *c.path, c.text]) for c in document.clauses]


def head_of(document: Document) -> Document:
    """A document without its text and clauses: all that listing and filtering need."""
    return replace(document, text="", clauses=())


@dataclass(frozen=True)
class Shelved:
    """One document as a segment stores it: its head, its JSON line and, per clause, the printed
    position and the fingerprint of the passage."""

    key: str
    head: Document
    line: bytes
    paths: tuple[str, ...]
    marks: NDArray[np.uint64]

    @classmethod
    def of(cls, key: str, document: Document) -> "Shelved":
        """A new document, to be stored under a key."""
        paths = tuple(clause.id.partition(":")[2] for clause in document.clauses)
        marks = np.array([_fingerprint(text) for text in passages_of(document)], np.uint64)
        return cls(key, head_of(document), _DOCUMENT.dump_json(document), paths, marks)


@dataclass(frozen=True)
class Drafted:
    """A segment to be written: documents with the vectors and postings of their clauses."""

    partition: str
    documents: tuple[Shelved, ...]
    rows: NDArray[np.float16]
    words: LexicalIndex

    @property
    def heads(self) -> tuple[Document, ...]:
        """The documents without their texts."""
        return tuple(document.head for document in self.documents)

    @cached_property
    def name(self) -> str:
        """The same documents give the same name."""
        told = "\n".join([self.partition, *sorted(one.key for one in self.documents)])
        return f"seg-{hashlib.sha256(told.encode()).hexdigest()[:20]}"

    def write(self, folder: Path, store: VectorStore) -> None:
        """Write every file of the segment into a new folder."""
        folder.mkdir()
        offsets = [0]
        with (folder / DOCUMENTS).open("wb") as target:
            for document in self.documents:
                target.write(document.line + b"\n")
                offsets.append(offsets[-1] + len(document.line) + 1)
        told = {"partition": self.partition, "keys": [one.key for one in self.documents]}
        (folder / HEADS).write_bytes(
            json.dumps(told, ensure_ascii=False).encode() + b"\n" + _HEADS.dump_json(self.heads)
        )
        paths = "\n".join(path for document in self.documents for path in document.paths)
        with (folder / TABLE).open("wb") as target:
            np.savez(
                target,
                offsets=np.array(offsets, np.int64),
                starts=np.cumsum([0, *(len(one.paths) for one in self.documents)], dtype=np.int64),
                passages=np.concatenate([one.marks for one in self.documents]),
                paths=np.frombuffer(paths.encode(), np.uint8),
                digests=np.array([_line_digest(one.line) for one in self.documents], np.uint8),
            )
        with (folder / ROWS).open("wb") as target:
            _save(target, self.rows)
        self.words.save(folder / WORDS)
        store.write(self.rows, folder / VECTORS)


def draft(
    documents: Iterable[tuple[str, Document]],
    embedder: Embedder,
    terms: Iterable[str],
    known: Mapping[int, NDArray[np.float16]],
    progress: Progress | None = None,
    journal: Journal | None = None,
) -> Drafted:
    """A segment of new documents of one partition, given with their keys; `known` are vectors by
    passage fingerprint, so that what did not change is not embedded again, nor what stands in the
    journal. Each batch is added to it."""
    shelved: list[Shelved] = []
    texts: list[str] = []
    partition = ""
    for key, document in documents:
        shelved.append(Shelved.of(key, document))
        texts += passages_of(document)
        partition = partition_of(document)
    marks = np.concatenate([one.marks for one in shelved]).tolist()
    rows = np.zeros((len(texts), embedder.dimension), np.float16)
    fresh: list[int] = []
    for row, mark in enumerate(marks):
        vector = known.get(mark)
        if vector is None and journal is not None:
            vector = journal.row(mark)
        if vector is None:
            fresh.append(row)
        else:
            rows[row] = vector
    step = _BATCH if journal is None else _JOURNALED
    for start in range(0, len(fresh), step):
        batch = fresh[start : start + step]
        rows[batch] = embedder.embed_passages([texts[row] for row in batch]).astype(np.float16)
        if journal is not None:
            journal.add([marks[row] for row in batch], rows[batch])
        if progress is not None:
            progress("建立索引", min(start + step, len(fresh)), len(fresh))
    return Drafted(partition, tuple(shelved), rows, LexicalIndex.build(texts, terms))


class Segment:
    """An opened segment. Documents are read from its file when asked for; the file stays open,
    so that a reader is not disturbed when the generation is swept away. `files` maps each file of
    it to digest and inode: what was made anew in place of a damaged file is another one.
    """

    def __init__(self, generation: Generation, name: str, store: VectorStore) -> None:
        self.name, self._generation, self._store = name, generation, store
        listed = [path for path in generation.files if path.startswith(f"{name}/")]
        try:
            self.files = {
                path: (generation.files[path], (generation.path / path).stat().st_ino)
                for path in listed
            }
            first, rest = self._path(HEADS).read_bytes().split(b"\n", 1)
            told = json.loads(first)
            self.partition, self.keys = str(told["partition"]), tuple(map(str, told["keys"]))
            self.heads = _HEADS.validate_json(rest)
            with np.load(self._path(TABLE), allow_pickle=False) as table:
                self._offsets, self.starts = table["offsets"], table["starts"]
                self.passages: NDArray[np.uint64] = table["passages"]
                self._paths, self._digests = table["paths"], table["digests"]
            self.rows: NDArray[np.float16] = np.load(
                self._path(ROWS), mmap_mode="r", allow_pickle=False
            )
            self._file = os.open(self._path(DOCUMENTS), os.O_RDONLY)
        except (OSError, ValueError, KeyError, ValidationError) as cause:
            raise self._refused() from cause
        counts = {len(self.heads), len(self.keys), len(self._digests)}
        counts |= {len(self.starts) - 1, len(self._offsets) - 1}
        if len(counts) > 1 or not len(self.rows) == len(self.passages) == int(self.starts[-1]):
            raise self._refused()

    @cached_property
    def paths(self) -> list[str]:
        """Printed position of each clause, as in its id."""
        return bytes(self._paths).decode().split("\n")

    @cached_property
    def words(self) -> LexicalIndex:
        """Postings of its clauses."""
        words = LexicalIndex.load(self._path(WORDS))
        if len(words) != len(self):
            raise self._refused()
        return words

    def words_at(self, pivot: float) -> LexicalIndex:
        """Its postings weighed for a usual length; kept, as the next generation asks the same."""
        self._weighed = getattr(self, "_weighed", self.words).at(pivot)
        return self._weighed

    @cached_property
    def vectors(self) -> VectorIndex:
        """Its vectors, ready to search."""
        name = f"{self.name}/{VECTORS}"
        path, digest = self._generation.path / name, self._generation.files.get(name)
        vectors = self._store.open(path, digest, self.rows)
        if len(vectors) != len(self):
            raise self._refused()
        return vectors

    def _path(self, part: str) -> Path:
        return self._generation.file(f"{self.name}/{part}")

    def _refused(self) -> GenerationError:
        return GenerationError(
            f"索引版本 {self._generation.path.name} 的 {self.name} 读不出来。"
            "请删除数据目录中的 index 后重试"
        )

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            os.close(self._file)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Place of each document in this segment by its id."""
        return {head.id: number for number, head in enumerate(self.heads)}

    def document(self, number: int) -> Document:
        """One document with its text and clauses, as they were published; GenerationError when
        the file was altered after it was opened."""
        return _DOCUMENT.validate_json(self._line(number))

    def _line(self, number: int) -> bytes:
        start, end = int(self._offsets[number]), int(self._offsets[number + 1])
        try:
            line = os.pread(self._file, end - start, start)[:-1]
        except OSError as cause:
            raise self._refused() from cause
        if _line_digest(line) != self._digests[number].tolist():
            raise GenerationError(
                f"索引版本 {self._generation.path.name} 的 {self.name} 在使用中被改动,"
                f"已停止引用其中的“{self.heads[number].title}”;请重新启动服务,启动时会重建索引"
            )
        return line

    def vectors_of(self, numbers: Iterable[int]) -> dict[int, NDArray[np.float16]]:
        """Vectors of some documents' clauses by passage fingerprint."""
        found: dict[int, NDArray[np.float16]] = {}
        for number in numbers:
            for row in range(int(self.starts[number]), int(self.starts[number + 1])):
                found[int(self.passages[row])] = np.array(self.rows[row])
        return found

    def keeping(self, numbers: Sequence[int]) -> Drafted:
        """This segment reduced to some of its documents, nothing read, embedded or counted again."""
        spans = [np.arange(self.starts[n], self.starts[n + 1], dtype=np.int64) for n in numbers]
        rows = np.concatenate(spans) if spans else np.zeros(0, np.int64)
        whole = len(rows) == len(self)
        return Drafted(
            self.partition,
            tuple(map(self._shelved, numbers)),
            np.array(self.rows[rows]),
            self.words if whole else self.words.keeping(rows),
        )

    def _shelved(self, number: int) -> Shelved:
        span = slice(self.starts[number], self.starts[number + 1])
        return Shelved(
            self.keys[number],
            self.heads[number],
            self._line(number),
            tuple(self.paths[span]),
            self.passages[span],
        )


def _save(target: BinaryIO, rows: NDArray[np.float16]) -> None:
    """As np.save, which tells no reason when a disk takes only a part of an array."""
    told = np.lib.format.header_data_from_array_1_0(rows)
    np.lib.format.write_array_header_1_0(target, told)
    target.write(rows.tobytes())


def _fingerprint(passage: str) -> int:
    """64 bits of a passage's digest: of 100,000 passages two collide once in four billion corpora."""
    return int.from_bytes(hashlib.blake2b(passage.encode(), digest_size=8).digest(), "little")


def _line_digest(line: bytes) -> list[int]:
    """16 bytes of a document's line, read again with it: a file verified once can change later."""
    return list(hashlib.blake2b(line, digest_size=16).digest())


def joined(parts: Sequence[Segment | Drafted]) -> Drafted:
    """One segment holding the documents of several of one partition, nothing counted again."""
    whole = [p.keeping(range(len(p.keys))) if isinstance(p, Segment) else p for p in parts]
    return Drafted(
        whole[0].partition,
        tuple(document for part in whole for document in part.documents),
        np.concatenate([part.rows for part in whole]),
        lexical.joined([part.words for part in whole]),
    )
