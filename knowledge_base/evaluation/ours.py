"""huiqi itself as it serves: entries as documents of one clause, published, opened and asked."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from knowledge_base.catalogue import SHIPPED_CORPUS, Catalogue
from knowledge_base.clauses import Clause
from knowledge_base.documents import Document, text_version
from knowledge_base.embedding import Embedder
from knowledge_base.errors import QueryError
from knowledge_base.evaluation.sets import Entry
from knowledge_base.library import Library
from knowledge_base.retrieval import Evidence, KnowledgeBase
from knowledge_base.segments import Progress
from knowledge_base.vocabulary import NATION, load_vocabulary


class Huiqi:
    """The published path from end to end; an entry ranks where its clause does."""

    def __init__(self, root: Path, embedder: Embedder, progress: Progress | None = None) -> None:
        """Publish to, or open what another process published in, the folder `root`."""
        self._root, self._embedder, self._progress = root, embedder, progress

    def build(self, entries: Sequence[Entry]) -> None:
        """Publish the entries, unless the folder holds them already, and open them."""
        keys = {_id(row): text_version(entry.passage) for row, entry in enumerate(entries)}
        library = Library(keys, lambda id: document_of(_row(id), entries[_row(id)]))
        bare = Catalogue(load_vocabulary(SHIPPED_CORPUS / "vocabulary"), {}, {})
        self._knowledge = KnowledgeBase.open(
            self._root, bare, self._embedder, progress=self._progress, wanted=lambda: library
        )

    def search(self, question: str, k: int) -> list[int]:
        """The entries of the best clauses."""
        try:
            found = self._knowledge.retrieve(question, k)
        except QueryError:
            return []  # what cannot be asked finds nothing, and counts as that
        return [row for one in found for row in _rows(one)][:k]


def document_of(row: int, entry: Entry) -> Document:
    """An entry as a nationwide policy of one clause, since entries are what the set judges; no page
    was read, so no header, life or relation is known."""
    id, text = _id(row), entry.text.strip()
    return Document(
        id=id,
        version=text_version(text),
        text=text,
        title=entry.title,
        document_number=None,
        index_number=None,
        issuer=None,
        topic=None,
        region=NATION,
        layer="policy",
        published_on=None,
        effective_on=None,
        expires_on=None,
        source_url=None,
        clauses=(_whole(text, id),),
    )


def _whole(text: str, id: str) -> Clause:
    return Clause(f"{id}:p1", text_version(text), id, "全文", (), text, 0, len(text), ())


def _rows(found: Evidence) -> Iterator[int]:
    """The entry of a clause, and right behind it those of the clauses folded under it."""
    yield _row(found.document.id)
    for clause_id in found.also:
        yield _row(clause_id.partition(":")[0])


def _id(row: int) -> str:
    # Padded: clauses that score the same are ordered by id, and should stand as in the corpus.
    return f"e{row:07d}"


def _row(id: str) -> int:
    return int(id[1:])
