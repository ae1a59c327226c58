"""The database: made by migrations alone, equal to the models, and safe against half-written turns."""

import re
import subprocess
import sys
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError, OperationalError

from api.services import SHANGHAI
from api.store import (
    HEAD,
    Conflict,
    Store,
    StoredTurn,
    explain_database,
    migrate,
    open_engine,
)
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
    assert (read.message, read.answer) == ("问", {"answer": "答"})


def test_a_taken_number_stores_nothing_of_the_second_turn(store: Store) -> None:
    save(store, turn(1))
    with pytest.raises(Conflict):
        save(store, turn(1, id="other"), session={"n": "lost"})
    assert store.conversation("c1").session == {"n": 1}
    assert store.counts()["snapshots"] == 1


def test_a_turn_built_on_an_older_session_is_refused_whatever_its_number(store: Store) -> None:
    save(store, turn(1))
    assert store.session("c1").turns == 1
    save(store, turn(2))
    for number in (2, 4):
        with pytest.raises(Conflict):
            save(store, turn(number, id="late"), session={"n": "lost"})
    assert store.session("c1").session == {"n": 2}
    assert store.counts()["turns"] == 2


def test_two_first_starts_at_once_make_one_database(tmp_path: Path) -> None:
    code = (
        "import sys; from datetime import datetime; from api.store import *;"
        "from knowledge_base import load_catalogue; c = load_catalogue(); sys.stdin.readline();"
        f"e = open_engine('sqlite:///{tmp_path / 'huiqi.db'}'); migrate(e);"
        "Store(e, datetime.now).remember_documents(c.documents.values())"
    )
    root = Path(__file__).parents[2]
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=root,
            text=True,
        )
        for _ in range(4)
    ]
    time.sleep(2)
    for one in started:
        assert one.stdin
        one.stdin.write("\n")
        one.stdin.flush()
    assert [one.communicate(timeout=60)[1] for one in started] == [""] * 4


@pytest.mark.parametrize("said", ["attempt to write a readonly database", "database is locked"])
def test_a_database_error_is_explained_in_chinese(said: str) -> None:
    error = OperationalError("insert", {}, Exception(said))
    assert not re.search("[a-z]", explain_database(error))


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


def test_a_database_of_a_later_version_is_refused_in_words(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'later.db'}")
    migrate(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DependencyError, match=r"9999 比本程序认识的.*请升级 huiqi"):
        migrate(engine)


def test_a_first_start_that_fails_half_way_can_be_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic.operations import Operations

    engine = open_engine(f"sqlite:///{tmp_path / 'huiqi.db'}")
    made = []
    real = Operations.create_index

    def failing(*args: Any, **kwargs: Any) -> Any:
        made.append(args)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Operations, "create_index", failing)
    with pytest.raises(DependencyError):
        migrate(engine)
    monkeypatch.setattr(Operations, "create_index", real)
    migrate(engine)
    assert made
    with engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) >= {"turns", "sources", "drafts"}
