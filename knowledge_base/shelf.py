"""The opened segments of one generation as one numbered run of clauses.

Rows follow the ids of the documents, whatever segment each stands in, so that how an index came
about (at once or one document at a time) shows in no answer.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from functools import cached_property, lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from knowledge_base.amendments import Change
from knowledge_base.documents import Document
from knowledge_base.fusion import Candidates
from knowledge_base.lexical import best_rows, rarities
from knowledge_base.segments import Segment
from knowledge_base.vectors import scored

_OPEN = 2048  # documents kept parsed; a reader returns to the same few
_PARTITIONS = {"official": 0, "sheet": 1}
_LIFE = tuple(f.name for f in fields(Document) if f.name not in ("text", "clauses"))


class Documents(Mapping[str, Document]):
    """Documents by id, each read when asked for."""

    def __init__(self, heads: Mapping[str, Document], read: Callable[[str], Document]) -> None:
        self._heads, self._read = heads, lru_cache(maxsize=_OPEN)(read)

    def __getitem__(self, id: str) -> Document:
        if id not in self._heads:
            raise KeyError(id)
        return self._read(id)

    def __contains__(self, id: object) -> bool:
        return id in self._heads

    def __iter__(self) -> Iterator[str]:
        return iter(self._heads)

    def __len__(self) -> int:
        return len(self._heads)


class Shelf:
    """Documents and clauses of all segments; `life` are heads that other documents changed."""

    def __init__(self, segments: Sequence[Segment], life: Mapping[str, Document]) -> None:
        self.segments, self._life = tuple(segments), life
        order = sorted(
            (
                (_PARTITIONS.get(segment.partition, 2), head.id, number, place)
                for number, segment in enumerate(self.segments)
                for place, head in enumerate(segment.heads)
            ),
        )
        self._where = {id: (number, place) for _, id, number, place in order}
        stored = {id: self.segments[n].heads[place] for id, (n, place) in self._where.items()}
        self.heads = MappingProxyType({id: life.get(id, head) for id, head in stored.items()})
        self._order = list(self.heads.values())
        counts = [self._count(*self._where[id]) for id in self.heads]
        self._starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        self._owner = np.repeat(np.arange(len(counts)), counts)
        self._places = self._place_rows()
        # Most often one run of rows: then a view is taken, where picking 100,000 rows takes 0.2 ms.
        self._spans = [_span(place) for place in self._places]
        # Which row of its own segment each row is.
        self._within = np.zeros(len(self), np.int64)
        for place in self._places:
            self._within[place] = np.arange(len(place))
        self._public = [s for s in self.segments if not s.partition.startswith("tenant:")]
        self.documents: Mapping[str, Document] = Documents(self.heads, self._read)
        public = {id: head for id, head in self.heads.items() if head.tenant is None}
        self.public_documents: Mapping[str, Document] = Documents(
            public, self.documents.__getitem__
        )
        official = [head.layer == "policy" and head.tenant is None for head in self._order]
        self.is_policy = np.array(official, np.float32)[self._owner] if official else _NONE
        self._weigh()
        taken_out = [
            (row, change.amendment.on.toordinal() if change.amendment.on else 0)
            for id, head in self.heads.items()
            if any(a.type == "repeals" and a.target_clause for a in head.amendments)
            for row, changes in self._changed_rows(id)
            for change in changes
            if change.takes_out
        ]
        self._gone = np.array([row for row, _ in taken_out], np.int64)
        self._gone_from = np.array([day for _, day in taken_out], np.int64)

    def __len__(self) -> int:
        return int(self._starts[-1])

    def head_at(self, row: int) -> Document:
        """The head of the document a row belongs to."""
        return self._order[int(self._owner[row])]

    def place_at(self, row: int) -> int:
        """Which clause of its document a row is."""
        return row - int(self._starts[self._owner[row]])

    def rows_of(self, id: str) -> slice | None:
        """The rows of a document; None when there is none of this id."""
        number = self._numbers.get(id)
        return None if number is None else slice(self._starts[number], self._starts[number + 1])

    def mask(self, wanted: Callable[[Document], bool]) -> NDArray[np.bool_]:
        """Rows whose document is wanted (len(self),)."""
        chosen = np.array([wanted(head) for head in self._order], bool)
        return chosen[self._owner] if len(chosen) else np.zeros(0, bool)

    def gone(self, on: date) -> NDArray[np.int64]:
        """Rows of the clauses that another document has taken out by a day."""
        return self._gone[self._gone_from <= on.toordinal()]

    def policy_rows_at(self, path: str) -> list[int]:
        """Rows of official policies whose clause has this printed path."""
        return self._by_path.get(path, [])

    def path_at(self, row: int) -> str:
        """The printed position of a row."""
        return self._paths[row]

    def known(self, unit: str) -> int:
        """In how many clauses that everybody may read a unit stands."""
        return sum(segment.words.frequency(unit) for segment in self._public)

    @cached_property
    def policy_paths(self) -> frozenset[str]:
        """The printed paths of the clauses of official policies."""
        return frozenset(self._by_path)

    def search(
        self,
        query: str,
        vector: NDArray[np.float32],
        allowed: NDArray[np.bool_],
        tenant: str | None,
        depth: int,
        named: NDArray[np.int64],
    ) -> Candidates:
        """The `depth` best allowed rows by words, those by meaning, and the allowed of the `named`,
        each with both scores, in order of row.

        Another tenant's segments are not looked at, and count in no rarity.
        """
        mine = [
            (segment, place, span)
            for segment, place, span in zip(self.segments, self._places, self._spans, strict=True)
            if segment in self._public or segment.partition == f"tenant:{tenant}"
        ]
        parts = [self._words[segment.name] for segment, _, _ in mine]
        rarity = rarities(parts, query)
        words = np.zeros(len(self), np.float32)
        for part, (_, _, span) in zip(parts, mine, strict=True):
            words[span] = part.weighed(rarity)
        near, values = _NO_ROWS, _NONE
        for segment, place, span in mine:
            hits, products = segment.vectors.search(vector, depth, allowed[span])
            near, values = np.concatenate((near, place[hits])), np.concatenate((values, products))
        best = np.lexsort((near, -values))[:depth]
        words *= allowed
        first = best_rows(words, depth)
        rows = np.union1d(np.concatenate((near[best], first)), named[allowed[named]])
        cosine = np.full(len(rows), np.nan, np.float32)
        cosine[np.searchsorted(rows, near[best])] = values[best]
        for segment, place, _ in mine:
            own = place[np.minimum(self._within[rows], len(place) - 1)] == rows
            unknown = np.flatnonzero(np.isnan(cosine) & own)
            cosine[unknown] = scored(segment.rows, self._within[rows[unknown]], vector)
        told = sum(rarity.values())
        return Candidates(rows, words[rows], cosine, told, len(rarity))

    def _changed_rows(self, id: str) -> Iterator[tuple[int, tuple[Change, ...]]]:
        document, rows = self.documents[id], self.rows_of(id)
        for place, clause in enumerate(document.clauses):
            if rows is not None and clause.id in document.changes:
                yield rows.start + place, document.changes[clause.id]

    def _count(self, segment: int, place: int) -> int:
        starts = self.segments[segment].starts
        return int(starts[place + 1] - starts[place])

    def _place_rows(self) -> list[NDArray[np.int64]]:
        """For each segment the row on the shelf of each of its own rows."""
        numbers = {id: number for number, id in enumerate(self.heads)}
        self._numbers = numbers
        places = []
        for segment in self.segments:
            runs = [
                np.arange(self._starts[numbers[h.id]], self._starts[numbers[h.id] + 1])
                for h in segment.heads
            ]
            places.append(np.concatenate(runs).astype(np.int64) if runs else _NO_ROWS)
        return places

    def _weigh(self) -> None:
        """Weigh all postings for one usual length: the mean over what everybody may read."""
        lengths = [segment.words.lengths for segment in self._public]
        mean = float(np.concatenate(lengths).mean()) if sum(map(len, lengths)) else 1.0
        # Rounded, so that one more document among many does not mean weighing all anew.
        pivot = float(f"{mean:.3g}")
        self._words = {segment.name: segment.words_at(pivot) for segment in self.segments}

    @cached_property
    def _by_path(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for row in np.flatnonzero(self.is_policy).tolist():
            found.setdefault(self._paths[row], []).append(row)
        return found

    @cached_property
    def _paths(self) -> list[str]:
        told = [""] * len(self)
        for segment, place in zip(self.segments, self._places, strict=True):
            for path, row in zip(segment.paths, place.tolist(), strict=False):
                told[row] = path
        return told

    def _read(self, id: str) -> Document:
        number, place = self._where[id]
        document = self.segments[number].document(place)
        changed = self._life.get(id)
        if changed is None:
            return document
        return replace(document, **{name: getattr(changed, name) for name in _LIFE})


def _span(place: NDArray[np.int64]) -> slice | NDArray[np.int64]:
    """The same rows as a slice, where they follow each other."""
    follows = len(place) > 0 and bool((np.diff(place) == 1).all())
    return slice(int(place[0]), int(place[-1]) + 1) if follows else place


_NONE = np.zeros(0, np.float32)
_NO_ROWS = np.zeros(0, np.int64)
