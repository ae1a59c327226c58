"""What huiqi remembers: conversations and what belongs to them. SQLite here, PostgreSQL by URL."""

from api.store.database import HEAD, empty_log, explain_database, is_full, migrate, open_engine
from api.store.library import (
    APPROVED,
    PENDING,
    REJECTED,
    LibraryStore,
    Stock,
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
    "Stock",
    "Store",
    "StoredConversation",
    "StoredDraft",
    "StoredSession",
    "StoredSource",
    "StoredTurn",
    "empty_log",
    "explain_database",
    "is_full",
    "migrate",
    "open_engine",
]
