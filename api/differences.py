"""What a document taken in changed in the library."""

from dataclasses import dataclass
from typing import Literal

from knowledge_base import Document

State = Literal["added", "changed", "unchanged"]


@dataclass(frozen=True)
class Difference:
    """What a document taken in changed in the library, in clauses; `before` is the title of the
    version it takes the place of."""

    state: State
    before: str = ""
    added: int = 0
    changed: int = 0
    removed: int = 0

    @classmethod
    def between(cls, before: Document, after: Document) -> "Difference":
        """What stands in the later version; a clause is the same one by its printed position."""
        old = {clause.id: clause.text for clause in before.clauses}
        new = {clause.id: clause.text for clause in after.clauses}
        both = old.keys() & new.keys()
        return cls(
            "unchanged" if before == after else "changed",
            before.title,
            len(new.keys() - old.keys()),
            sum(old[id] != new[id] for id in both),
            len(old.keys() - new.keys()),
        )
