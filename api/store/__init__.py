"""What huiqi remembers: conversations and what belongs to them. SQLite here, PostgreSQL by URL."""

from api.store.database import HEAD, migrate, open_engine
from api.store.store import Conflict, Store, StoredConversation, StoredTurn

__all__ = [
    "HEAD",
    "Conflict",
    "Store",
    "StoredConversation",
    "StoredTurn",
    "migrate",
    "open_engine",
]
