"""Messages of one conversation wait for each other in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_LOCKS = 256  # conversations share them by digest: bounded, and rarely in each other's way
_PATIENCE = 30.0  # seconds a message waits for those before it


class WaitingLine:
    """One message at a time per conversation; other processes are met in the database."""

    def __init__(self, patience: float = _PATIENCE) -> None:
        self._locks, self._patience = tuple(Lock() for _ in range(_LOCKS)), patience

    @contextmanager
    def turn_of(self, conversation_id: str) -> Iterator[bool]:
        """Wait for those before; says whether the wait ended in time."""
        lock = self._locks[hash(conversation_id) % _LOCKS]
        mine = lock.acquire(timeout=self._patience)
        try:
            yield mine
        finally:
            if mine:
                lock.release()
