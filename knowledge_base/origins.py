"""Where the documents of an index came from, so that a lost database empties no index."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from knowledge_base.errors import GenerationError
from knowledge_base.generations import Generation

_FILE = "origin.json"


@dataclass(frozen=True)
class Origin:
    """The database that documents were taken into: its identity, how often it was changed, and
    their ids. An index says which state of which database it holds."""

    database: str = ""
    changes: int = 0
    documents: tuple[str, ...] = ()

    def is_behind(self, published: "Origin") -> bool:
        """Whether this is another database than the one published, or an older copy of it."""
        return self.database != published.database or self.changes < published.changes

    def write(self, folder: Path) -> None:
        """Beside the documents, in the folder of their generation."""
        (folder / _FILE).write_bytes(_ORIGIN.dump_json(self))


NO_ORIGIN = Origin()  # of documents that no database holds: the shipped ones
_ORIGIN: TypeAdapter[Origin] = TypeAdapter(Origin)


class LostDocumentsError(GenerationError):
    """The index holds documents that its database does not, `count` of them; `kept` is the
    generation with them, None when this code cannot read it."""

    def __init__(self, count: int, kept: Generation | None) -> None:
        held = f"有 {count} 份入库文件,数据库里没有" if count else "的入库文件比数据库里的新"
        super().__init__(
            f"索引里{held}:数据库被删除、换成了另一个,或恢复成了旧的。"
            "索引未改动。请恢复数据库备份后重试;确认不再需要这些文件时,运行 huiqi remove --lost"
        )
        self.count, self.kept = count, kept


def published_origin(generation: Generation) -> Origin | None:
    """What a generation says it was made from; None for one made before origins were told."""
    if _FILE not in generation.files:
        return None
    try:
        return _ORIGIN.validate_json(generation.file(_FILE).read_bytes())
    except (OSError, ValidationError) as cause:
        raise GenerationError(
            f"索引版本 {generation.path.name} 的 {_FILE} 读不出来。请检查数据目录与磁盘后重试"
        ) from cause


def keep_lost(previous: Generation, origin: Origin, facts: Mapping[str, Any]) -> None:
    """LostDocumentsError when documents would go from an index that nobody took out; `facts` are
    those of the index to be made."""
    published = published_origin(previous)
    if published is None:
        return  # an older format, made before origins were told
    if published.documents and origin.is_behind(published):
        made_by = ("format", "embedder", "dimension", "store")
        readable = all(previous.facts.get(name) == facts[name] for name in made_by)
        lost = set(published.documents) - set(origin.documents)
        raise LostDocumentsError(len(lost), previous if readable else None)
