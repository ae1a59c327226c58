"""The knowledge base as a LangChain retriever, so that any LangChain program can use it.

Imported by name only (`from knowledge_base.langchain import ClauseRetriever`): langchain-core takes
half a second to import and nothing of huiqi itself needs it.
"""

from datetime import date
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from knowledge_base.retrieval import EVERYTHING, KnowledgeBase, Scope


class ClauseRetriever(BaseRetriever):
    """Clauses as LangChain documents; `metadata` holds what a citation needs.

    `on` leaves out what is not in force that day, `region` what other regions issued.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    knowledge: KnowledgeBase
    k: int = 10
    on: date | None = None
    region: str | None = None
    scope: Scope = EVERYTHING

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, **kwargs: Any
    ) -> list[LangChainDocument]:
        found = self.knowledge.retrieve(query, self.k, self.on, self.region, scope=self.scope)
        return [
            LangChainDocument(
                id=evidence.clause.id,
                page_content=evidence.clause.text,
                metadata={
                    "clause_id": evidence.clause.id,
                    "document_id": evidence.document.id,
                    "document_title": evidence.document.title,
                    "document_number": evidence.document.document_number,
                    "label": evidence.clause.label,
                    "start": evidence.clause.start,
                    "end": evidence.clause.end,
                    "layer": evidence.document.layer,
                    "rank": evidence.rank,
                },
            )
            for evidence in found
        ]
