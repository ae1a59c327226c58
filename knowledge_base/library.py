"""What should be in the index, and the one operation that brings the index there."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from knowledge_base import embedded
from knowledge_base.catalogue import Catalogue
from knowledge_base.documents import Document
from knowledge_base.embedded import Journal
from knowledge_base.embedding import Embedder
from knowledge_base.errors import GenerationError
from knowledge_base.generations import Generation, Publisher, publishing
from knowledge_base.header.relations import resolve_relations
from knowledge_base.offers import Offer, dump_json, load_json
from knowledge_base.origins import NO_ORIGIN, Origin, keep_lost
from knowledge_base.segments import (
    VECTORS,
    Drafted,
    Progress,
    Segment,
    draft,
    joined,
    partition_of,
)
from knowledge_base.vectors import VectorStore

FORMAT = 2  # of what a generation holds; another one is made anew
LIFE, OFFERS = "life.json", "offers.json"
# A segment at least twice as large as all smaller ones stays: few segments, few rewrites.
_SHRINK = 2
_T = TypeVar("_T")
_DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)
_HEADS: TypeAdapter[tuple[Document, ...]] = TypeAdapter(tuple[Document, ...])
_OFFERS: TypeAdapter[tuple[Offer, ...]] = TypeAdapter(tuple[Offer, ...])


@dataclass(frozen=True)
class Library:
    """Every document that should be served, by id, with a key that changes whenever it does.

    `read` gives the document of an id; it is called for those alone whose key is new to the index.
    `offers` are those a person approved besides the shipped ones. `drops_lost` lets go of what an
    index holds from another or a newer database.
    """

    keys: Mapping[str, str]
    read: Callable[[str], Document]
    offers: tuple[Offer, ...] = ()
    origin: Origin = NO_ORIGIN
    drops_lost: bool = False

    @classmethod
    def of(cls, catalogue: Catalogue) -> "Library":
        """The documents of a catalogue."""
        keys = {id: _key(document) for id, document in catalogue.documents.items()}
        return cls(keys, catalogue.document)

    def joined(self, other: "Library") -> "Library":
        """This library with another's documents and offers; an id of both is the other's."""
        return Library(
            {**self.keys, **other.keys},
            lambda id: other.read(id) if id in other.keys else self.read(id),
            (*self.offers, *other.offers),
            other.origin,
            other.drops_lost,
        )

    @cached_property
    def digest(self) -> str:
        """Identity of all of it: an index of another library must not be used."""
        told = json.dumps(sorted(self.keys.items())).encode() + dump_json(self.offers).encode()
        return hashlib.sha256(told).hexdigest()[:16]


Wanted = Callable[[], Library]


@cache
def parser_version() -> str:
    """Changes whenever the code that makes documents does: what it made before is made again."""
    told = hashlib.sha256()
    here = Path(__file__).parent
    for path in sorted(
        [*here.glob("*.py"), *here.glob("*/*.py"), *here.glob("corpus/vocabulary/*")]
    ):
        told.update(path.read_bytes())
    return told.hexdigest()[:12]


def _key(document: Document) -> str:
    return hashlib.sha256(_DOCUMENT.dump_json(document)).hexdigest()[:20]


def facts_of(
    library: Library, embedder: Embedder, store: VectorStore, terms: Iterable[str]
) -> dict[str, Any]:
    """What an index must say of itself to serve this library with this model."""
    told = "\n".join(terms).encode()
    return {
        "format": FORMAT,
        "corpus": library.digest,
        "embedder": embedder.name,
        "dimension": embedder.dimension,
        "store": store.name,
        "terms": hashlib.sha256(told).hexdigest()[:16],
    }


def sync(
    root: Path,
    wanted: Wanted,
    embedder: Embedder,
    store: VectorStore,
    terms: Sequence[str],
    progress: Progress | None = None,
) -> Generation:
    """Publish a generation that holds exactly the library; the current one when it does already.

    `wanted` is asked under the lock of the index: of two publishers the later one knows all that
    the earlier one knew. Only what changed is embedded: a passage that stood in the document before keeps its vector.
    Whatever fails, the old generation stays current; what a slow model had embedded by then is not
    embedded again by the next run. A document taken out or changed is gone from
    every file of the index when this returns. LostDocumentsError when the library comes from
    another database, or an older copy, than the documents of the index.
    """
    with publishing(root) as publisher:
        library = wanted()
        facts = facts_of(library, embedder, store, terms)
        previous = publisher.previous
        if previous is not None and facts.items() <= previous.facts.items():
            embedded.sweep(root)
            return previous
        if previous is not None and not library.drops_lost:
            keep_lost(previous, library.origin, facts)
        with Journal(root, embedder) if embedder.slow else nullcontext() as journal:
            plan = _Plan(library, embedder, terms, progress, journal)
            plan.take_over(_open_segments(previous, store, facts), previous, facts)
        made = _publish(publisher, plan, facts, store)
        embedded.sweep(root)
        store.sweep(root.glob(f"gen-*/*/{VECTORS}"))
        return made


def open_segments(generation: Generation, store: VectorStore) -> list[Segment]:
    """Every segment of a generation, as its manifest names them."""
    return [Segment(generation, str(one["name"]), store) for one in generation.facts["segments"]]


def read_life(generation: Generation) -> dict[str, Document]:
    """Heads of the documents whose life other documents changed, by id."""
    return {head.id: head for head in _read(generation, LIFE, _HEADS)}


def read_offers(generation: Generation) -> tuple[Offer, ...]:
    """The approved offers of a generation."""
    return _read(generation, OFFERS, _OFFERS)


def _read(generation: Generation, name: str, kind: TypeAdapter[_T]) -> _T:
    try:
        return kind.validate_python(load_json(generation.file(name).read_bytes()))
    except (OSError, ValueError) as cause:
        raise GenerationError(
            f"索引版本 {generation.path.name} 的 {name} 读不出来。请删除数据目录中的 index 后重试"
        ) from cause


def _open_segments(
    previous: Generation | None, store: VectorStore, facts: Mapping[str, Any]
) -> list[Segment]:
    """Segments of the old generation that anything can be taken from."""
    if previous is None or previous.facts.get("format") != facts["format"]:
        return []
    try:
        return open_segments(previous, store)
    except GenerationError:
        return []  # what cannot be read is made anew


@dataclass
class _Plan:
    """Which segments the next generation has: old ones shared, reduced ones, new ones."""

    library: Library
    embedder: Embedder
    terms: Sequence[str]
    progress: Progress | None
    journal: Journal | None
    segments: dict[str, list[Segment | Drafted]] = field(default_factory=lambda: defaultdict(list))
    withdraws: bool = False

    def take_over(
        self, old: list[Segment], previous: Generation | None, facts: Mapping[str, Any]
    ) -> None:
        """Sort the old documents into kept and gone, draft what is new, join what is small."""
        told = previous.facts if previous else {}
        same = {name: told.get(name) == facts[name] for name in ("embedder", "terms", "store")}
        vectors_hold = same["embedder"] and told.get("dimension") == facts["dimension"]
        known: dict[int, NDArray[np.float16]] = {}
        kept: set[str] = set()
        for segment in old:
            staying: list[int] = []
            leaving: list[int] = []
            for number, (head, key) in enumerate(zip(segment.heads, segment.keys, strict=True)):
                stays = self.library.keys.get(head.id) == key
                (staying if stays and vectors_hold and same["terms"] else leaving).append(number)
                self.withdraws = self.withdraws or not stays
            if vectors_hold:
                known |= segment.vectors_of(leaving)
            kept |= {segment.heads[number].id for number in staying}
            if staying:
                whole = not leaving and same["store"]
                part = segment if whole else segment.keeping(staying)
                self.segments[segment.partition].append(part)
        self._draft([id for id in self.library.keys if id not in kept], known)
        for partition, parts in self.segments.items():
            self.segments[partition] = _joined_where_small(parts)

    def _draft(self, ids: list[str], known: dict[int, NDArray[np.float16]]) -> None:
        fresh: dict[str, list[tuple[str, Document]]] = defaultdict(list)
        for id in ids:
            document = self.library.read(id)
            fresh[partition_of(document)].append((self.library.keys[id], document))
        for partition, documents in fresh.items():
            made = draft(documents, self.embedder, self.terms, known, self.progress, self.journal)
            self.segments[partition].append(made)


def _joined_where_small(parts: list[Segment | Drafted]) -> list[Segment | Drafted]:
    done: list[Segment | Drafted] = []
    for part in sorted(parts, key=lambda one: -len(one.rows)):
        done.append(part)
        while len(done) > 1 and len(done[-2].rows) < _SHRINK * len(done[-1].rows):
            last = done.pop()
            done[-1] = joined([done[-1], last])
    return done


def _publish(
    publisher: Publisher, plan: _Plan, facts: Mapping[str, Any], store: VectorStore
) -> Generation:
    parts = [part for name in sorted(plan.segments) for part in plan.segments[name]]
    shared = {path: path for part in parts if isinstance(part, Segment) for path in part.files}
    life = _life(parts)
    clauses = sum(len(part.rows) for part in parts)

    def write(folder: Path) -> None:
        for part in parts:
            if isinstance(part, Drafted):
                part.write(folder / part.name, store)
        (folder / LIFE).write_text(dump_json(life), encoding="utf8")
        (folder / OFFERS).write_text(dump_json(plan.library.offers), encoding="utf8")
        plan.library.origin.write(folder)

    def check(made: Generation) -> None:
        for segment in open_segments(made, store):
            if segment.files.keys() - shared.keys():
                _prove(segment)

    told = [
        {"name": part.name, "partition": part.partition, "clauses": len(part.rows)}
        for part in parts
    ]
    documents = sum(len(part.heads) for part in parts)
    body = {**facts, "documents": documents, "clauses": clauses, "segments": told}
    return publisher.publish(write, body, shared, check, plan.withdraws)


def _prove(segment: Segment) -> None:
    """A new segment, opened from disk, finds its own clauses; GenerationError otherwise."""
    asked = range(0, len(segment), max(1, len(segment) // 8))
    unfound = [row for row in asked if not _finds_itself(segment, row)]
    # An approximate index may miss a row among many that say nearly the same.
    if len(unfound) > (0 if segment.vectors.exact else len(asked) // 3):
        raise GenerationError(f"新索引 {segment.name} 的自检没有通过,原有版本继续使用")
    if len(segment):
        segment.words.scores("检验")
        segment.document(len(segment.heads) - 1)


def _finds_itself(segment: Segment, row: int) -> bool:
    asked = np.asarray(segment.rows[row], np.float32)
    found, scores = segment.vectors.search(asked, 1)
    return not asked.any() or (len(found) > 0 and scores[0] >= 0.9 * float(asked @ asked))


def _life(parts: Sequence[Segment | Drafted]) -> tuple[Document, ...]:
    """Heads that other documents change. A tenant's upload changes that tenant's own texts only."""
    by_owner: dict[str | None, dict[str, Document]] = defaultdict(dict)
    for part in parts:
        for head in part.heads:
            by_owner[head.tenant][head.id] = head
    public = by_owner.pop(None, {})
    changed = [h for id, h in resolve_relations(public).items() if h != public[id]]
    for own in by_owner.values():
        resolved = resolve_relations({**public, **own})
        changed += [resolved[id] for id, head in own.items() if resolved[id] != head]
    return tuple(sorted(changed, key=lambda head: head.id))
