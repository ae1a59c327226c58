"""Floor 0: published documents in, evidence out. Everything other floors may use stands here."""

from knowledge_base.catalogue import SHIPPED_CORPUS, Catalogue, load_catalogue
from knowledge_base.clauses import Citation, Clause
from knowledge_base.documents import Document, normalise_document_number
from knowledge_base.embedding import Embedder, open_embedder
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
from knowledge_base.lexical import units
from knowledge_base.offers import Benefit, Criterion, Offer, OfferRelation, cite, facts_in
from knowledge_base.queries import (
    mend,
    named_documents,
    named_numbers,
    named_places,
    read_query,
)
from knowledge_base.retrieval import EVERYTHING, POLICIES, Evidence, KnowledgeBase, Scope
from knowledge_base.statements import Statement
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
    "Benefit",
    "Catalogue",
    "Citation",
    "Clause",
    "CorpusError",
    "Criterion",
    "DependencyError",
    "Document",
    "DocumentError",
    "Embedder",
    "Evidence",
    "Fact",
    "GenerationError",
    "HuiqiError",
    "Industry",
    "InputError",
    "Instrument",
    "KnowledgeBase",
    "ModelError",
    "NotFoundError",
    "Offer",
    "OfferRelation",
    "ProfileError",
    "QueryError",
    "Scope",
    "Statement",
    "Title",
    "Vocabulary",
    "VocabularyError",
    "cite",
    "facts_in",
    "fold",
    "load_catalogue",
    "load_vocabulary",
    "mend",
    "named_documents",
    "named_numbers",
    "named_places",
    "normalise_document_number",
    "open_embedder",
    "read_query",
    "units",
]
