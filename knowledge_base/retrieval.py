"""The knowledge base: a question in, the clauses that answer it out, each with its document."""

from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from knowledge_base.catalogue import Catalogue
from knowledge_base.clauses import Clause
from knowledge_base.document_names import DocumentNames
from knowledge_base.documents import Document
from knowledge_base.embedding import Embedder
from knowledge_base.errors import GenerationError
from knowledge_base.folding import fold
from knowledge_base.fusion import DEPTH, fusion_for
from knowledge_base.generations import Generation, current_name, open_current
from knowledge_base.library import (
    Library,
    Wanted,
    facts_of,
    open_segments,
    read_life,
    read_offers,
    sync,
)
from knowledge_base.offer_life import as_amended, within_life
from knowledge_base.origins import published_origin
from knowledge_base.printed_places import Place
from knowledge_base.queries import Query, read_query
from knowledge_base.segments import Progress, Segment
from knowledge_base.shelf import Shelf
from knowledge_base.vectors import FaissStore, VectorStore

# A sheet repeats its policy's words in many short clauses; among near equals the policy itself comes
# first. On the gold questions a policy clause then stands in the first three for 17 of 26, not 9.
_POLICY_FIRST = 0.4
_PER_DOCUMENT = 4
_LOOKED_THROUGH = 400  # clauses of policies among which a printed place is looked for in each
_MASKS = 64  # filters kept: a day, a region and a scope are asked about again and again
_NO_ROWS = np.zeros(0, np.int64)
_NOT_SERVED = ("expired", "repealed", "superseded", "not_yet")


@dataclass(frozen=True)
class Scope:
    """What a reader may see: a tenant's own texts, and the layers of trust asked for."""

    tenant: str | None = None
    layers: frozenset[str] = frozenset({"policy", "external_rule", "product_sheet", "illustration"})


EVERYTHING = Scope()
POLICIES = Scope(layers=frozenset({"policy", "external_rule"}))


@dataclass(frozen=True)
class Evidence:
    """A retrieved clause with its document; `score` orders within one answer, it is never shown.

    `also` are ids of clauses that say the same in the same words, best first.
    """

    clause: Clause
    document: Document
    rank: int
    score: float
    also: tuple[str, ...] = ()


class KnowledgeBase:
    """Documents, clauses and offers with one published generation of their index. Read-only.

    A newer generation is another object (`newer`); this one keeps answering as it did, also when
    its files have been swept away.
    """

    def __init__(
        self,
        root: Path,
        catalogue: Catalogue,
        embedder: Embedder,
        store: VectorStore,
        published: Generation,
        opened: Mapping[str, Segment] = MappingProxyType({}),
    ) -> None:
        """Open `published`; segments among `opened`, by name, are not opened again."""
        self._root, self._shipped, self._embedder, self._store = root, catalogue, embedder, store
        self._published, self.generation = published, published.number
        segments = []
        for segment in open_segments(published, store):
            before = opened.get(segment.name)
            same = before is not None and before.files == segment.files
            segments.append(before if before is not None and same else segment)
        self._shelf = Shelf(segments, read_life(published))
        # What everybody may read by its id; a tenant's uploads are reached by its own scope only.
        documents, offers = self._shelf.public_documents, dict(catalogue.offers)
        for offer in read_offers(published):
            head = self._shelf.heads.get(offer.id.partition(":")[0])
            if head is not None and head.tenant is None:
                offers[offer.id] = within_life(offer, head)
        self.catalogue = replace(catalogue, documents=documents, offers=offers)
        heads, words_of = self._shelf.heads, self.catalogue.words_of
        offers = {
            id: as_amended(offer, heads, self._shelf.documents, words_of)
            for id, offer in offers.items()
        }
        self.catalogue = replace(self.catalogue, offers=MappingProxyType(offers))
        self._names = DocumentNames(self._shelf.heads)
        self._fusion = fusion_for(embedder)
        self._masks: OrderedDict[tuple[object, ...], NDArray[np.bool_]] = OrderedDict()

    @classmethod
    def open(
        cls,
        root: Path,
        catalogue: Catalogue,
        embedder: Embedder,
        build: bool = True,
        progress: Progress | None = None,
        wanted: Wanted | None = None,
        store: VectorStore | None = None,
    ) -> "KnowledgeBase":
        """Open the published generation; bring it to the library first when it is behind.

        `wanted` gives the library, the catalogue's own documents when absent. With `build` False
        a missing or foreign generation raises GenerationError instead.
        """
        wanted, store = wanted or (lambda: Library.of(catalogue)), store or FaissStore()
        terms = field_terms(catalogue)
        fusion_for(embedder)  # what is broken is told before hours of embedding, not after
        try:
            published = open_current(root)
            published.require(**facts_of(wanted(), embedder, store, terms))
            return cls(root, catalogue, embedder, store, published)
        except GenerationError:
            if not build:
                raise
        published = sync(root, wanted, embedder, store, terms, progress)
        return cls(root, catalogue, embedder, store, published)

    def sync(self, wanted: Wanted, progress: Progress | None = None) -> "KnowledgeBase":
        """Publish exactly the library wanted and open it; what did not change is neither embedded
        nor read again. See `library.sync` for what holds whatever fails."""
        sync(
            self._root,
            wanted,
            self._embedder,
            self._store,
            field_terms(self._shipped),
            progress,
        )
        return self.newer()

    def newer(self) -> "KnowledgeBase":
        """The generation that is current by now, opened; this one when nothing was published.

        GenerationError when no whole generation of this model is left.
        """
        published = open_current(self._root, self._published.stamps)
        if published == self._published:
            return self
        published.require(embedder=self._embedder.name, store=self._store.name)
        opened = {segment.name: segment for segment in self._shelf.segments}
        return KnowledgeBase(
            self._root, self._shipped, self._embedder, self._store, published, opened
        )

    def is_current(self) -> bool:
        """Whether nothing was published since, at the cost of reading one short file."""
        return current_name(self._root) == self._published.path.name

    def lags(self, library: Library) -> bool:
        """Whether the database of a library was changed since this generation was made from it."""
        made_from = published_origin(self._published)
        return made_from is not None and (
            made_from.database == library.origin.database
            and made_from.changes < library.origin.changes
        )

    def retrieve(
        self,
        query: str,
        k: int = 10,
        on: date | None = None,
        region: str | None = None,
        document_id: str | None = None,
        scope: Scope = EVERYTHING,
    ) -> tuple[Evidence, ...]:
        """Best clauses for a question, best first; at most four of one sheet unless it is named.

        Texts out of force on the day, clauses another document took out by then, texts of a
        neighbouring region or outside the scope are left out inside the search, not after it.
        QueryError for an empty or overlong query.
        """
        asked = read_query(query, self.catalogue.vocabulary, self._shelf.known)
        if asked.empty:
            return ()
        allowed = self._allowed(on, region, document_id, scope)
        ranked = self._ranked(asked, allowed, scope, max(DEPTH, 2 * k), document_id is None)
        clauses: list[Clause] = []
        scores: list[float] = []
        under: list[str] = []
        groups: list[tuple[int, ...]] = []
        while len(groups) < k and (more := list(islice(ranked, k - len(groups)))):
            clauses += [self._clause(row) for row, _ in more]
            under += [
                self._context(row, c)
                for (row, _), c in zip(more, clauses[-len(more) :], strict=True)
            ]
            scores += [score for _, score in more]
            groups = fold([clause.text for clause in clauses], under)
        return tuple(
            Evidence(
                clauses[first],
                self._shelf.documents[clauses[first].document_id],
                rank,
                round(scores[first], 6),
                tuple(clauses[place].id for place in rest),
            )
            for rank, (first, *rest) in enumerate(groups, 1)
        )

    def closeness(self, need: str) -> Mapping[str, float]:
        """How near the words of each offer's sheet come to a need, 0-1 by offer id."""
        if not need.strip():
            return {}
        asked = read_query(need, self.catalogue.vocabulary, self._shelf.known)
        sheets = self._shelf.mask(lambda head: head.id in self.catalogue.offers)
        near = dict.fromkeys(self.catalogue.offers, 0.0)
        for row, score in self._ranked(asked, sheets, EVERYTHING, int(sheets.sum()), False):
            id = self._shelf.head_at(row).id
            near[id] = min(1.0, max(near[id], score))
        return {id: score for id, score in near.items() if self._shelf.rows_of(id) is not None}

    def serves(self, id: str, on: date) -> bool:
        """Whether a document or clause may be cited on a day: it exists and nothing ended it."""
        document_id, _, place = id.partition(":")
        head = self._shelf.heads.get(document_id)
        if head is None or head.status(on) in _NOT_SERVED:
            return False
        changes = self._shelf.documents[document_id].changes if place and head.amendments else {}
        return not any(c.takes_out and c.amendment.in_effect(on) for c in changes.get(id, ()))

    def heads(self, scope: Scope = EVERYTHING) -> tuple[Document, ...]:
        """Every document in scope without its text and clauses, in the order of the catalogue."""
        return tuple(head for head in self._shelf.heads.values() if _in_scope(head, scope))

    @property
    def clause_count(self) -> int:
        """How many clauses everybody may read."""
        return int(self._allowed(None, None, None, EVERYTHING).sum())

    @property
    def policy_paths(self) -> frozenset[str]:
        """Every printed position an official policy has a clause at, as in `2.2.5`."""
        return self._shelf.policy_paths

    def policy_clauses_at(self, path: str) -> tuple[Clause, ...]:
        """Clauses of official policies at a printed position."""
        return tuple(self._clause(row) for row in self._shelf.policy_rows_at(path))

    def similarity(self, query: str, texts: list[str]) -> NDArray[np.float32]:
        """Cosine of a question to each of some texts (len(texts),); zero where nothing is known."""
        rows = self._embedder.embed_passages(texts)
        vector: NDArray[np.float32] = rows @ self._embedder.embed_queries([query])[0]
        return vector

    def _clause(self, row: int) -> Clause:
        document = self._shelf.documents[self._shelf.head_at(row).id]
        return document.clauses[self._shelf.place_at(row)]

    def _allowed(
        self, on: date | None, region: str | None, document_id: str | None, scope: Scope
    ) -> NDArray[np.bool_]:
        """Which rows may be found, kept for the questions that ask the same."""
        asked = (on, region, document_id, scope)
        if (known := self._masks.get(asked)) is not None:
            return known
        chain = self.catalogue.vocabulary.region_chain(region) if region else None
        allowed = self._shelf.mask(
            lambda head: (
                _in_scope(head, scope)
                and (document_id is None or head.id == document_id)
                and (chain is None or head.region in chain)
                and (on is None or head.status(on) not in _NOT_SERVED)
            )
        )
        if on is not None:
            allowed[self._shelf.gone(on)] = False
        self._masks[asked] = allowed
        while len(self._masks) > _MASKS:
            self._masks.popitem(last=False)
        return allowed

    def _context(self, row: int, clause: Clause) -> str:
        """What a clause is read under: the same words for another region, programme or product say
        another thing."""
        head = self._shelf.head_at(row)
        return "\n".join((head.region, head.title, *clause.path))

    def _ranked(
        self, asked: Query, allowed: NDArray[np.bool_], scope: Scope, depth: int, capped: bool
    ) -> Iterator[tuple[int, float]]:
        """Rows with their scores, best first, equals by row; a clause or document named outright
        comes before all others. `capped` leaves of each sheet its best few."""
        documents = self._named(asked)
        places = self._placed(asked.places, documents, allowed)
        vector = self._embedder.embed_queries([asked.meaning])[0]
        named = np.concatenate((places, documents))
        found = self._shelf.search(asked.expanded, vector, allowed, scope.tenant, depth, named)
        if asked.places and not len(places) and not len(documents):
            # Too many policies to look each one through: among what was found.
            places = self._at(asked.places, found.rows[self._shelf.is_policy[found.rows] > 0])
        scores = self._fusion.scores(found) * (
            1 + _POLICY_FIRST * self._shelf.is_policy[found.rows]
        )
        scores += 2.0 * np.isin(found.rows, places) + 0.5 * np.isin(found.rows, documents)
        taken: Counter[str] = Counter()
        for at in np.lexsort((found.rows, -scores)).tolist():
            row, score = int(found.rows[at]), float(scores[at])
            head = self._shelf.head_at(row)
            taken[head.id] += 1
            if score > 0 and not (
                capped and head.layer != "policy" and taken[head.id] > _PER_DOCUMENT
            ):
                yield row, score

    def _named(self, asked: Query) -> NDArray[np.int64]:
        """Rows of the documents a question names."""
        spans = [self._shelf.rows_of(id) for id in self._names.named_in(asked.text)]
        rows = [np.arange(span.start, span.stop) for span in spans if span is not None]
        return np.concatenate([_NO_ROWS, *rows]).astype(np.int64)

    def _placed(
        self, places: Sequence[Place], documents: NDArray[np.int64], allowed: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        """Rows at the places a question names: in the documents it names, else in the policies it
        may see; of those in all where few, else in those it names from the top alone."""
        if not places or len(documents):
            return self._at(places, documents[allowed[documents]])
        policies = np.flatnonzero(allowed & (self._shelf.is_policy > 0))
        if len(policies) <= _LOOKED_THROUGH:
            return self._at(places, policies)
        rows = [r for p in places if p.path for r in self._shelf.policy_rows_at(p.path)]
        return np.unique(np.array(rows, np.int64))

    def _at(self, places: Sequence[Place], rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those rows whose printed position, in their own document, one of the places may mean."""
        by_document: dict[str, dict[str, int]] = {}
        for row in rows.tolist() if places else ():
            by_document.setdefault(self._shelf.head_at(row).id, {})[self._shelf.path_at(row)] = row
        fitting = set()
        for paths in by_document.values():
            for place in places:
                if place.path is not None:
                    fitting |= {paths[place.path]} if place.path in paths else set()
                    continue
                some = [paths[path] for path in place.among(paths)]
                fitting |= {row for row in some if place.names(self._clause(row).label)}
        return np.array(sorted(fitting), np.int64)


def _in_scope(head: Document, scope: Scope) -> bool:
    return head.layer in scope.layers and head.tenant in (None, scope.tenant)


def field_terms(catalogue: Catalogue) -> list[str]:
    """Words of the field that count as units of their own in lexical search."""
    vocabulary = catalogue.vocabulary
    terms = {form for group in vocabulary.synonyms for form in group}
    terms |= {title.name for title in vocabulary.titles}
    terms |= {form for instrument in vocabulary.instruments for form in instrument.forms}
    return sorted(term for term in terms if len(term) >= 2)
