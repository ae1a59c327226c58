"""The whole corpus as read from files: vocabulary, policies, product sheets; proved when loaded."""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from knowledge_base.amendments import Amendment
from knowledge_base.clauses import Citation, Clause
from knowledge_base.documents import Document, Layer, citation_of, read_policy
from knowledge_base.errors import CorpusError, DocumentError, NotFoundError
from knowledge_base.offers import Offer
from knowledge_base.sheets import read_offer
from knowledge_base.vocabulary import Vocabulary, load_vocabulary

_NEW_WORDING = re.compile(r"[\s:\uff1a]{0,3}“")

SHIPPED_CORPUS = Path(__file__).parent / "corpus"


class Clauses(Mapping[str, Clause]):
    """Clauses by id; the id names the document, so that no other need be read."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._documents = documents

    def __getitem__(self, id: str) -> Clause:
        for clause in self._documents[id.partition(":")[0]].clauses:
            if clause.id == id:
                return clause
        raise KeyError(id)

    def __iter__(self) -> Iterator[str]:
        return (clause.id for one in self._documents.values() for clause in one.clauses)

    def __len__(self) -> int:
        return sum(len(one.clauses) for one in self._documents.values())


@dataclass(frozen=True)
class Catalogue:
    """Every document and offer by id, in a fixed order, with the vocabulary they use."""

    vocabulary: Vocabulary
    documents: Mapping[str, Document]
    offers: Mapping[str, Offer]

    @cached_property
    def clauses(self) -> Mapping[str, Clause]:
        """Every clause of every document by id."""
        return Clauses(self.documents)

    @cached_property
    def digest(self) -> str:
        """Identity of the texts: an index made from other texts must not be used."""
        versions = "".join(f"{d.id}={d.version};" for d in self.documents.values())
        return hashlib.sha256(versions.encode()).hexdigest()[:16]

    def layer_of(self, offer: Offer) -> Layer:
        """The layer of trust an offer stands in: that of its sheet."""
        document = self.documents.get(offer.id)
        if document is not None:
            return document.layer
        return "illustration" if offer.reality == "illustrative" else "product_sheet"

    def document(self, id: str) -> Document:
        """The document of this id; NotFoundError otherwise."""
        if id not in self.documents:
            raise NotFoundError(f"没有编号为“{id}”的文件;可用编号见 GET /api/v1/documents")
        return self.documents[id]

    def clause(self, id: str) -> Clause:
        """The clause of this id; NotFoundError otherwise."""
        if id not in self.clauses:
            raise NotFoundError(f"没有编号为“{id}”的条款;编号形如 pingyang-2024-65:2.2.5")
        return self.clauses[id]

    def words_of(self, amendment: Amendment) -> Citation | None:
        """The words of an amendment in the document that makes it, up to the end of their clause;
        None where that document is not here."""
        document = self.documents.get(amendment.document_id)
        if document is None:
            return None
        for clause in document.clauses:
            if clause.start <= amendment.start < clause.end:
                if amendment.target_clause is None:  # the act of a title says little by itself
                    return citation_of(document, clause, clause.start, clause.end)
                end = _end_of_change(document.text, amendment.end, clause.end)
                return citation_of(document, clause, amendment.start, end)
        return None

    def offer(self, id: str) -> Offer:
        """The offer of this id; NotFoundError otherwise."""
        if id not in self.offers:
            raise NotFoundError(f"没有编号为“{id}”的产品或措施;可用编号见 GET /api/v1/offers")
        return self.offers[id]


def _end_of_change(text: str, start: int, limit: int) -> int:
    """Where the new wording behind 修改为 ends: its closing quotation mark, else the sentence."""
    opened = _NEW_WORDING.match(text, start, limit)
    ends = text.find("”", opened.end(), limit) if opened else text.find("。", start, limit)
    return ends + 1 if ends >= 0 else limit


def load_catalogue(folder: Path = SHIPPED_CORPUS) -> Catalogue:
    """Read and prove a corpus folder: quotes verbatim, sheets valid, facts declared, links resolved.

    Raises CorpusError naming every fault of every file at once.
    """
    faults: list[str] = []
    vocabulary = load_vocabulary(folder / "vocabulary", faults)
    policies = _policies(folder / "policies", vocabulary, faults)
    documents: dict[str, Document] = dict(policies)
    offers: dict[str, Offer] = {}
    sheets = sorted((folder / "products").glob("*/*.md"), key=lambda p: p.stem)
    ids = frozenset(path.stem for path in sheets)
    for path in sheets:
        document, offer, found = read_offer(path, policies, vocabulary, ids)
        faults += found
        if document is None or offer is None:
            continue
        if document.id in documents:
            faults.append(f"{path.name}:编号 {document.id} 重复")
        documents[document.id] = document
        offers[offer.id] = offer
    faults += _links(ids, vocabulary, documents)
    if faults:
        raise CorpusError(faults)
    return Catalogue(vocabulary, MappingProxyType(documents), MappingProxyType(offers))


def _policies(folder: Path, vocabulary: Vocabulary, faults: list[str]) -> dict[str, Document]:
    """Policies by id; the sub-folder is the region the issuer governs."""
    policies: dict[str, Document] = {}
    for path in sorted(folder.glob("*/*.txt")):
        region = path.parent.name
        if region not in vocabulary.regions:
            faults.append(f"{path.name}:文件夹名“{region}”不是 regions.tsv 中的地区代码")
        try:
            sources = tomllib.loads((path.parent / "sources.toml").read_text(encoding="utf8"))
            url = sources.get(path.stem, {}).get("source_url")
            policies[path.stem] = read_policy(
                path.read_text(encoding="utf8"), path.stem, region, url
            )
        except DocumentError as error:
            faults.append(str(error))
        except (OSError, ValueError) as error:
            faults.append(f"{path.name}:读不了({error});政策原文须为 UTF-8 文本")
    return policies


def _links(
    offers: frozenset[str], vocabulary: Vocabulary, documents: Mapping[str, Document]
) -> list[str]:
    """Faults of instruments of the vocabulary that point nowhere."""
    faults: list[str] = []
    clauses = {clause.id for document in documents.values() for clause in document.clauses}
    for instrument in vocabulary.instruments:
        for id in instrument.offers:
            if id not in offers:
                faults.append(f"instruments.toml:{instrument.name} 指向不存在的产品 {id}")
        for id in instrument.clauses:
            if id not in clauses:
                faults.append(f"instruments.toml:{instrument.name} 指向不存在的条款 {id}")
    return faults
