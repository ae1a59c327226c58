"""The knowledge base: a question in, the clauses that answer it out, each with its document."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge_base.catalogue import Catalogue
from knowledge_base.clauses import Clause
from knowledge_base.documents import Document
from knowledge_base.embedding import Embedder
from knowledge_base.errors import GenerationError
from knowledge_base.generations import Generation, open_current, publish
from knowledge_base.lexical import LexicalIndex
from knowledge_base.queries import Query, named_documents, named_places, read_query
from knowledge_base.vectors import FaissIndex

# Fusion: BM25 against its own best, plus the absolute cosine. On the published sets this beats
# reciprocal ranks where words are strong, and keeps a poor best match poor (a cosine of .2 stays .2).
_LEXICAL_SHARE = 0.5
# A sheet repeats its policy's words in many short clauses; among near equals the policy itself comes
# first. On the gold questions a policy clause then stands in the first three for 17 of 26, not 9.
_POLICY_FIRST = 0.4
_PER_DOCUMENT = 4
_DEPTH = 400
_VECTORS, _WORDS, _ROWS = "clauses.faiss", "words.npz", "clauses.json"
_NOT_SERVED = ("expired", "repealed", "superseded", "not_yet")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Scope:
    """What a reader may see: a tenant's own texts, and the layers of trust asked for."""

    tenant: str | None = None
    layers: frozenset[str] = frozenset({"policy", "external_rule", "product_sheet", "illustration"})


EVERYTHING = Scope()
POLICIES = Scope(layers=frozenset({"policy", "external_rule"}))


@dataclass(frozen=True)
class Evidence:
    """A retrieved clause with its document; `score` orders within one answer, it is never shown."""

    clause: Clause
    document: Document
    rank: int
    score: float


class KnowledgeBase:
    """Documents, clauses and offers with one published generation of their index. Read-only."""

    def __init__(
        self,
        catalogue: Catalogue,
        embedder: Embedder,
        generation: Generation,
        vectors: FaissIndex,
        words: LexicalIndex,
        rows: list[str],
    ) -> None:
        self.catalogue, self.generation = catalogue, generation.number
        self._embedder, self._vectors, self._words = embedder, vectors, words
        self._clauses = [catalogue.clauses[id] for id in rows]
        self._documents = [catalogue.documents[c.document_id] for c in self._clauses]

        layers = [document.layer for document in self._documents]
        self._is_policy = np.array([layer == "policy" for layer in layers], dtype=np.float32)

    @classmethod
    def open(
        cls,
        root: Path,
        catalogue: Catalogue,
        embedder: Embedder,
        build: bool = True,
        progress: Progress | None = None,
    ) -> "KnowledgeBase":
        """Open the published generation; build one first when none fits this corpus and model.

        With `build` False a missing or foreign generation raises GenerationError instead.
        """
        expected = {
            "corpus": catalogue.digest,
            "embedder": embedder.name,
            "dimension": embedder.dimension,
        }
        try:
            generation = open_current(root)
            generation.require(**expected)
        except GenerationError:
            if not build:
                raise
            generation = _publish(root, catalogue, embedder, expected, progress)
        vectors = FaissIndex.load(generation.file(_VECTORS), generation.files[_VECTORS])
        words = LexicalIndex.load(generation.file(_WORDS))
        rows = json.loads(generation.file(_ROWS).read_text(encoding="utf8"))
        if not len(vectors) == len(words) == len(rows):
            raise GenerationError(
                f"索引版本 {generation.number} 的条款数不一致,请删除数据目录中的 index 后重试"
            )
        return cls(catalogue, embedder, generation, vectors, words, rows)

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

        Texts out of force on the day, of a neighbouring region, or outside the scope are left out
        inside the search, not after it. QueryError for an empty or overlong query.
        """
        asked = read_query(query, self.catalogue.vocabulary)
        allowed = self._allowed(on, region, document_id, scope)
        scores = self._scores(asked, allowed, max(_DEPTH, 4 * k))
        order = np.argsort(-scores, kind="stable")
        found: list[Evidence] = []
        taken: dict[str, int] = {}
        for row in order.tolist():
            if scores[row] <= 0 or len(found) == k:
                break
            document = self._documents[row]
            taken[document.id] = taken.get(document.id, 0) + 1
            capped = document.layer != "policy" and document_id is None
            if capped and taken[document.id] > _PER_DOCUMENT:
                continue
            score = round(float(scores[row]), 6)
            found.append(Evidence(self._clauses[row], document, len(found) + 1, score))
        return tuple(found)

    def closeness(self, need: str) -> Mapping[str, float]:
        """How near the words of each offer's sheet come to a need, 0-1 by offer id."""
        if not need.strip():
            return {}
        asked = read_query(need, self.catalogue.vocabulary)
        scores = self._scores(asked, np.ones(len(self._clauses), dtype=bool))
        best: dict[str, float] = {}
        for row, document in enumerate(self._documents):
            if document.id in self.catalogue.offers:
                best[document.id] = max(best.get(document.id, 0.0), float(scores[row]))
        return {id: min(1.0, max(0.0, score)) for id, score in best.items()}

    def serves(self, document_id: str, on: date) -> bool:
        """Whether a document may be cited on a day: it exists and is not out of force."""
        document = self.catalogue.documents.get(document_id)
        return document is not None and document.status(on) not in _NOT_SERVED

    def similarity(self, query: str, texts: list[str]) -> NDArray[np.float32]:
        """Cosine of a question to each of some texts (len(texts),); zero where nothing is known."""
        rows = self._embedder.embed_passages(texts)
        vector: NDArray[np.float32] = rows @ self._embedder.embed_queries([query])[0]
        return vector

    def _allowed(
        self, on: date | None, region: str | None, document_id: str | None, scope: Scope
    ) -> NDArray[np.bool_]:
        chain = self.catalogue.vocabulary.region_chain(region) if region else None
        ok = {
            document.id: document.layer in scope.layers
            and (document_id is None or document.id == document_id)
            and (chain is None or document.region in chain)
            and (on is None or document.status(on) not in _NOT_SERVED)
            for document in self.catalogue.documents.values()
        }
        return np.array([ok[document.id] for document in self._documents], dtype=bool)

    def _scores(
        self, asked: Query, allowed: NDArray[np.bool_], depth: int = 0
    ) -> NDArray[np.float32]:
        """Fused score per clause; a clause or document named outright comes before all others."""
        words = np.where(allowed, self._words.scores(asked.expanded), 0.0)
        best = float(words.max(initial=0.0))
        vector = self._embedder.embed_queries([asked.expanded])[0]
        found, near = self._vectors.search(vector, depth or len(self._clauses), allowed)
        # A clause beyond the depth searched is at most as close as the last one found.
        cosine = np.full(len(self._clauses), float(near[-1]) if len(near) else 0.0, np.float32)
        cosine[found] = near
        fused = (1 - _LEXICAL_SHARE) * cosine
        if best > 0:
            fused = fused + _LEXICAL_SHARE * words / best
        fused = fused * (1 + _POLICY_FIRST * self._is_policy)
        places = set(named_places(asked.text))
        documents = set(named_documents(asked.text, self.catalogue.documents))
        for row, clause in enumerate(self._clauses) if places or documents else ():
            if clause.id.partition(":")[2] in places and self._documents[row].layer == "policy":
                fused[row] += 2.0
            if clause.document_id in documents:
                fused[row] += 0.5
        scores: NDArray[np.float32] = np.where(allowed, fused, -1.0).astype(np.float32)
        return scores


def _publish(
    root: Path,
    catalogue: Catalogue,
    embedder: Embedder,
    facts: Mapping[str, object],
    progress: Progress | None,
) -> Generation:
    """Build the index of a whole catalogue and publish it as the current generation."""
    clauses = list(catalogue.clauses.values())
    texts = [_passage(catalogue.documents[c.document_id], c) for c in clauses]
    rows: list[NDArray[np.float32]] = []
    for start in range(0, len(texts), 64):
        rows.append(embedder.embed_passages(texts[start : start + 64]))
        if progress is not None:
            progress("建立索引", min(start + 64, len(texts)), len(texts))
    index = FaissIndex.build(np.concatenate(rows))
    words = LexicalIndex.build(texts, field_terms(catalogue))

    def write(folder: Path) -> None:
        index.save(folder / _VECTORS)
        words.save(folder / _WORDS)
        ids = json.dumps([c.id for c in clauses], ensure_ascii=False)
        (folder / _ROWS).write_text(ids, encoding="utf8")

    return publish(root, write, {**facts, "clauses": len(clauses)})


def _passage(document: Document, clause: Clause) -> str:
    """What is indexed for a clause: title and headings count towards it."""
    return "\n".join([document.title, *clause.path, clause.text])


def field_terms(catalogue: Catalogue) -> list[str]:
    """Words of the field that count as units of their own in lexical search."""
    vocabulary = catalogue.vocabulary
    terms = {form for group in vocabulary.synonyms for form in group}
    terms |= {title.name for title in vocabulary.titles}
    terms |= {form for instrument in vocabulary.instruments for form in instrument.forms}
    return sorted(term for term in terms if len(term) >= 2)
