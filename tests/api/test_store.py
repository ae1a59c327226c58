"""The database: made by migrations alone, equal to the models, and safe against half-written turns."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from api.services import SHANGHAI
from api.store import HEAD, Conflict, Store, StoredTurn, migrate, open_engine
from api.store.database import _MIGRATIONS
from api.store.models import Base
from knowledge_base import DependencyError, NotFoundError

NOW = datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    engine = open_engine(f"sqlite:///{tmp_path / 'huiqi.db'}")
    migrate(engine)
    return Store(engine, lambda: NOW)


def turn(number: int, conversation: str = "c1", id: str = "") -> StoredTurn:
    return StoredTurn(
        id=id or f"t{number}",
        conversation_id=conversation,
        number=number,
        created_at=NOW,
        as_of=date(2026, 11, 22),
        message="问",
        answer={"answer": "答"},
        events=({"id": 1, "event": "done", "data": {}},),
    )


def save(store: Store, one: StoredTurn, **more: Any) -> None:
    given: dict[str, Any] = {"generation": 1, "session": {"n": one.number}, "facts": {}}
    store.save_turn(one, **{**given, "snapshots": [("p01", 1, "eligible", [])], **more})


def test_migrations_from_nothing_give_exactly_the_models(store: Store) -> None:
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    tables = set(inspect(store.engine).get_table_names())
    assert tables == {*Base.metadata.tables, "alembic_version"}


def test_head_is_the_newest_script() -> None:
    assert ScriptDirectory(str(_MIGRATIONS)).get_current_head() == HEAD


def test_migrating_twice_changes_nothing(store: Store) -> None:
    save(store, turn(1))
    migrate(store.engine)
    assert store.counts()["turns"] == 1


def test_sqlite_writes_ahead_and_enforces_foreign_keys(store: Store) -> None:
    with store.engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        orphan = "INSERT INTO feedback VALUES ('f', 'nobody', '2026-11-22', 'wrong', '')"
        with pytest.raises(IntegrityError):
            connection.execute(text(orphan))


def test_a_turn_is_read_as_it_was_written(store: Store) -> None:
    save(store, turn(1), facts={"employees": 26})
    told = store.conversation("c1")
    assert told.facts == {"employees": 26}
    assert told.session == {"n": 1}
    (read,) = told.turns
    assert (read.message, read.answer, read.events[0]["id"]) == ("问", {"answer": "答"}, 1)


def test_a_taken_number_stores_nothing_of_the_second_turn(store: Store) -> None:
    save(store, turn(1))
    with pytest.raises(Conflict):
        save(store, turn(1, id="other"), session={"n": "lost"})
    assert store.conversation("c1").session == {"n": 1}
    assert store.counts()["snapshots"] == 1


def test_a_turn_is_not_found_through_another_conversation(store: Store) -> None:
    save(store, turn(1))
    save(store, turn(1, "c2", "t9"))
    with pytest.raises(NotFoundError):
        store.turn("c2", "t1")
    with pytest.raises(NotFoundError):
        store.conversation("c3")


def test_an_unusable_database_is_named_without_its_password(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}")
    with pytest.raises(DependencyError, match="打不开"):
        migrate(engine)
    with pytest.raises(DependencyError, match="HUIQI_DATABASE_URL"):
        open_engine("no-such-database://user:pw@host/x")
