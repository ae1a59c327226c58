"""What huiqi remembers: conversations and what belongs to them. SQLite here, PostgreSQL by URL."""

from api.store.database import HEAD, explain_database, migrate, open_engine
from api.store.library import (
    APPROVED,
    PENDING,
    REJECTED,
    LibraryStore,
    StoredDraft,
    StoredSource,
)
from api.store.store import Conflict, Store, StoredConversation, StoredSession, StoredTurn

__all__ = [
    "APPROVED",
    "HEAD",
    "PENDING",
    "REJECTED",
    "Conflict",
    "LibraryStore",
    "Store",
    "StoredConversation",
    "StoredDraft",
    "StoredSession",
    "StoredSource",
    "StoredTurn",
    "explain_database",
    "migrate",
    "open_engine",
]
