"""Opening the database and bringing its schema to the present; nothing is created without Alembic."""

import errno
import fcntl
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from knowledge_base import DependencyError

HEAD = "0003"  # newest migration; a test holds it equal to the newest script
_MIGRATIONS = Path(__file__).parent / "migrations"
_SCANT = 1 << 16  # bytes free below which a failed write is the full disk's fault
_REASONS = {
    "readonly": "数据目录只读,没有写入权限",
    "unable to open": "文件打不开,请检查目录是否存在、有无权限",
    "locked": "正被其他进程占用,请稍后再试",
    "full": "磁盘已满",
    "malformed": "文件已损坏",
    "not a database": "文件不是数据库",
    "disk i/o": "磁盘读写出错或已满",
    "refused": "连不上数据库服务",
}


def open_engine(url: str) -> Engine:
    """Engine for a URL; SQLite gets write-ahead logging and enforced foreign keys, and overwrites
    what is deleted."""
    try:
        engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    except (ArgumentError, ModuleNotFoundError) as error:
        raise DependencyError(f"数据库地址不可用({error});请检查 HUIQI_DATABASE_URL") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def migrate(engine: Engine) -> None:
    """Upgrade the schema to HEAD; does nothing, quickly, when it is there already."""
    shown = make_url(str(engine.url)).render_as_string(hide_password=True)
    try:
        with _alone(engine):
            revision = _revision(engine)
            if revision is not None and revision > HEAD:  # numbered in order: 0001, 0002, …
                raise DependencyError(
                    f"数据库 {shown} 的版本 {revision} 比本程序认识的 {HEAD} 新;"
                    "请升级 huiqi,或恢复升级之前的数据库备份"
                )
            if revision != HEAD:
                _upgrade(engine)
    except SQLAlchemyError as error:
        reason = explain_database(error)
        raise DependencyError(f"数据库 {shown} 打不开或升级失败:{reason}") from error
    except OSError as error:
        raise DependencyError(f"数据库 {shown} 打不开:它所在的目录不存在,或没有写入权限") from error


def explain_database(error: SQLAlchemyError) -> str:
    """The reason of a database error in Chinese; the words of the driver only where none fits."""
    said = str(getattr(error, "orig", None) or error).splitlines()[0]
    known = (chinese for english, chinese in _REASONS.items() if english in said.lower())
    return next(known, f"数据库报错“{said}”")


def empty_log(engine: Engine) -> bool:
    """Leave nothing of earlier states in SQLite's log; False while another process still reads it."""
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    return not busy


def is_full(error: BaseException, folder: Path) -> bool:
    """Whether an error came of a full disk; SQLite tells a failed write apart only sometimes."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if isinstance(cause, sqlite3.Error):
            code = (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF
            if code == sqlite3.SQLITE_FULL:
                return True
            if code == sqlite3.SQLITE_IOERR and shutil.disk_usage(folder).free < _SCANT:
                return True
        cause = cause.__cause__
    return False


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Hold the lock file beside a SQLite database: of two first starts one makes the tables."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name.startswith((":memory:", "file:")):
        yield
        return
    with Path(f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.connect() as connection:
        _begin(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
        connection.invalidate()  # it was told to leave transactions to us


def _begin(connection: Connection) -> None:
    """Begin, so that an upgrade happens wholly or not at all.

    SQLite's driver would begin no transaction before CREATE TABLE: a first start that failed half
    way would leave tables that no later start could make again.
    """
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.isolation_level = None
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _revision(engine: Engine) -> str | None:
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
