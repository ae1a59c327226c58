"""Floor 0: published documents in, evidence out. Everything other floors may use stands here."""

from knowledge_base.amendments import Amendment, Change
from knowledge_base.catalogue import SHIPPED_CORPUS, Catalogue, load_catalogue
from knowledge_base.clauses import Citation, Clause
from knowledge_base.documents import (
    Document,
    Layer,
    citation_of,
    in_brackets,
    normalise_document_number,
    read_document,
)
from knowledge_base.embedding import Embedder, Prompts, open_embedder
from knowledge_base.errors import (
    CorpusError,
    DependencyError,
    DocumentError,
    GenerationError,
    HuiqiError,
    InputError,
    ModelError,
    NotFoundError,
    ProfileError,
    QueryError,
    VocabularyError,
)
from knowledge_base.extraction import OfferDraft, draft_offers, draft_to_offer
from knowledge_base.extraction import from_json as draft_from_json
from knowledge_base.extraction import to_json as draft_to_json
from knowledge_base.header.relations import resolve_relations
from knowledge_base.lexical import units
from knowledge_base.library import Library, Wanted, parser_version
from knowledge_base.offers import (
    Availability,
    Basis,
    Benefit,
    Criterion,
    Join,
    Kind,
    Offer,
    OfferRelation,
    Reality,
    cite,
    facts_in,
)
from knowledge_base.origins import LostDocumentsError, Origin
from knowledge_base.queries import (
    mend,
    named_numbers,
    named_places,
    read_query,
)
from knowledge_base.readers import (
    DocumentFile,
    Reading,
    listed_kind,
    read_file,
    read_path,
    write_template,
)
from knowledge_base.readers import from_json as readings_from_json
from knowledge_base.readers import to_json as readings_to_json
from knowledge_base.retrieval import EVERYTHING, POLICIES, Evidence, KnowledgeBase, Scope
from knowledge_base.statements import Statement
from knowledge_base.vectors import FaissStore, VectorStore, open_milvus
from knowledge_base.vocabulary import (
    NATION,
    NO_SIZING,
    Fact,
    Industry,
    Instrument,
    Title,
    Vocabulary,
    fold,
    load_vocabulary,
)

__all__ = [
    "EVERYTHING",
    "NATION",
    "NO_SIZING",
    "POLICIES",
    "SHIPPED_CORPUS",
    "Amendment",
    "Availability",
    "Basis",
    "Benefit",
    "Catalogue",
    "Change",
    "Citation",
    "Clause",
    "CorpusError",
    "Criterion",
    "DependencyError",
    "Document",
    "DocumentError",
    "DocumentFile",
    "Embedder",
    "Evidence",
    "Fact",
    "FaissStore",
    "GenerationError",
    "HuiqiError",
    "Industry",
    "InputError",
    "Instrument",
    "Join",
    "Kind",
    "KnowledgeBase",
    "Layer",
    "Library",
    "LostDocumentsError",
    "ModelError",
    "NotFoundError",
    "Offer",
    "OfferDraft",
    "OfferRelation",
    "Origin",
    "ProfileError",
    "Prompts",
    "QueryError",
    "Reading",
    "Reality",
    "Scope",
    "Statement",
    "Title",
    "VectorStore",
    "Vocabulary",
    "VocabularyError",
    "Wanted",
    "citation_of",
    "cite",
    "draft_from_json",
    "draft_offers",
    "draft_to_json",
    "draft_to_offer",
    "facts_in",
    "fold",
    "in_brackets",
    "listed_kind",
    "load_catalogue",
    "load_vocabulary",
    "mend",
    "named_numbers",
    "named_places",
    "normalise_document_number",
    "open_embedder",
    "open_milvus",
    "parser_version",
    "read_document",
    "read_file",
    "read_path",
    "read_query",
    "readings_from_json",
    "readings_to_json",
    "resolve_relations",
    "units",
    "write_template",
]
