"""Reading and writing what huiqi remembers, one short transaction per call."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from api.store.models import Conversation, DocumentVersion, Feedback, Profile, Snapshot, Turn
from knowledge_base import Document, InputError, NotFoundError

_NO_CONVERSATION = "没有这个会话,可能编号有误或已被删除;不带 session_id 可新开会话"
_TRIES = 5  # processes that may remember the same new document at once


class Conflict(InputError):
    """Another turn of the same conversation was stored first."""

    def __init__(self) -> None:
        super().__init__("这个会话正在回答另一个问题,请等它答完再问")


@dataclass(frozen=True)
class StoredTurn:
    """One turn as stored."""

    id: str
    conversation_id: str
    number: int
    created_at: datetime
    as_of: date
    message: str
    answer: Mapping[str, Any]


@dataclass(frozen=True)
class StoredSession:
    """What answering needs of a conversation, and how many turns it had when that was read."""

    id: str
    session: Mapping[str, Any]
    turns: int


@dataclass(frozen=True)
class StoredConversation:
    """A conversation with its turns, oldest first."""

    id: str
    session: Mapping[str, Any]
    facts: Mapping[str, Any]
    turns: tuple[StoredTurn, ...]


def new_id() -> str:
    """An opaque id nobody can guess."""
    return uuid4().hex


class Store:
    """The database behind a migrated engine; `now` is the clock."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self.engine, self._now = engine, now
        self._session = sessionmaker(engine, expire_on_commit=False)

    def ping(self) -> None:
        """One trivial query; raises SQLAlchemyError when the database is down."""
        with self._session() as db:
            db.execute(select(1))

    def session(self, id: str) -> StoredSession:
        """The session of a conversation with its count, from one row; NotFoundError otherwise."""
        with self._session() as db:
            row = db.get(Conversation, id)
            if row is None:
                raise NotFoundError(_NO_CONVERSATION)
            return StoredSession(id, row.session, row.turns)

    def conversation(self, id: str) -> StoredConversation:
        """A conversation by id; NotFoundError otherwise."""
        with self._session() as db:
            row = db.get(Conversation, id)
            if row is None:
                raise NotFoundError(_NO_CONVERSATION)
            turns = db.scalars(
                select(Turn).where(Turn.conversation_id == id).order_by(Turn.number)
            ).all()
            profile = db.scalar(select(Profile).where(Profile.conversation_id == id))
            facts = profile.facts if profile else {}
            return StoredConversation(id, row.session, facts, tuple(map(_turn, turns)))

    def turn(self, conversation_id: str, turn_id: str) -> StoredTurn:
        """One turn of one conversation; NotFoundError otherwise."""
        with self._session() as db:
            row = db.get(Turn, turn_id)
            if row is None or row.conversation_id != conversation_id:
                raise NotFoundError("这个会话里没有这一轮问答,请核对 session_id 与 turn_id")
            return _turn(row)

    def save_turn(
        self,
        turn: StoredTurn,
        generation: int,
        session: Mapping[str, Any],
        facts: Mapping[str, Any],
        snapshots: Iterable[tuple[str, int, str, list[str]]],
    ) -> None:
        """Store a turn with the session after it, all or nothing; Conflict if it is not the next."""
        try:
            with self._session.begin() as db:
                self._save_conversation(db, turn, session, facts)
                db.add(
                    Turn(
                        id=turn.id,
                        conversation_id=turn.conversation_id,
                        number=turn.number,
                        created_at=turn.created_at,
                        as_of=turn.as_of,
                        generation=generation,
                        message=turn.message,
                        answer=dict(turn.answer),
                    )
                )
                db.flush()
                for offer, rank, status, missing in snapshots:
                    db.add(
                        Snapshot(
                            turn_id=turn.id,
                            offer_id=offer,
                            rank=rank,
                            as_of=turn.as_of,
                            status=status,
                            missing=missing,
                        )
                    )
        except IntegrityError as error:
            raise Conflict from error

    def _save_conversation(
        self, db: Session, turn: StoredTurn, session: Mapping[str, Any], facts: Mapping[str, Any]
    ) -> None:
        """Open the conversation with its first turn; later ones must follow the last one stored."""
        id, now = turn.conversation_id, self._now()
        if turn.number == 1:
            db.add(Conversation(id=id, created_at=now, session=dict(session), turns=1))
            db.flush()
            db.add(Profile(id=new_id(), conversation_id=id, facts=dict(facts), updated_at=now))
            db.flush()
            return
        followed = (Conversation.id == id, Conversation.turns == turn.number - 1)
        moved = update(Conversation).where(*followed)
        values = moved.values(session=dict(session), turns=turn.number)
        if db.scalar(values.returning(Conversation.id)) is None:
            raise Conflict
        db.execute(
            update(Profile)
            .where(Profile.conversation_id == id)
            .values(facts=dict(facts), updated_at=now)
        )

    def add_feedback(self, conversation_id: str, turn_id: str, verdict: str, note: str) -> str:
        """Keep what a reader thought of a turn; returns the id of the note."""
        self.turn(conversation_id, turn_id)
        with self._session.begin() as db:
            id = new_id()
            db.add(
                Feedback(id=id, turn_id=turn_id, created_at=self._now(), verdict=verdict, note=note)
            )
        return id

    def remember_documents(self, documents: Iterable[Document]) -> int:
        """Keep versions of documents not seen before; returns how many were new."""
        given = list(documents)
        for left in reversed(range(_TRIES)):
            try:
                return self._remember(given)
            except IntegrityError:  # another process that starts now was first
                if not left:
                    raise
        return 0

    def _remember(self, documents: Iterable[Document]) -> int:
        with self._session.begin() as db:
            stored = db.execute(select(DocumentVersion.id, DocumentVersion.version))
            known = {(id, version) for id, version in stored}
            given = {(one.id, one.version): one for one in documents}
            fresh = [one for key, one in given.items() if key not in known]
            for one in fresh:
                db.add(
                    DocumentVersion(
                        id=one.id,
                        version=one.version,
                        title=one.title,
                        document_number=one.document_number,
                        layer=one.layer,
                        text=one.text,
                        first_seen_at=self._now(),
                    )
                )
        return len(fresh)

    def counts(self) -> dict[str, int]:
        """Rows per table, for tests and for people who look after the service."""
        tables = (Conversation, Turn, Feedback, Profile, Snapshot, DocumentVersion)
        with self._session() as db:
            return {
                table.__tablename__: db.scalar(select(func.count()).select_from(table)) or 0
                for table in tables
            }


def _turn(row: Turn) -> StoredTurn:
    return StoredTurn(
        id=row.id,
        conversation_id=row.conversation_id,
        number=row.number,
        created_at=row.created_at,
        as_of=row.as_of,
        message=row.message,
        answer=row.answer,
    )
