"""What huiqi remembers: conversations and what belongs to them. SQLite here, PostgreSQL by URL."""

from api.store.database import HEAD, explain_database, migrate, open_engine
from api.store.store import Conflict, Store, StoredConversation, StoredSession, StoredTurn

__all__ = [
    "HEAD",
    "Conflict",
    "Store",
    "StoredConversation",
    "StoredSession",
    "StoredTurn",
    "explain_database",
    "migrate",
    "open_engine",
]
