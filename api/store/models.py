"""Tables. A change here comes with a migration beside it; a test holds the two equal."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, DateTime, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Root of all tables."""


class Conversation(Base):
    """One session of questions and answers; `session` is what the bot needs to go on,
    and `turns` counts what was stored: a turn built on an older count is refused."""

    __tablename__ = "conversations"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    session: Mapped[dict[str, Any]] = mapped_column(JSON)
    turns: Mapped[int]


class Turn(Base):
    """One question with its whole answer; the events of a stream are made from the answer."""

    __tablename__ = "turns"
    __table_args__ = (UniqueConstraint("conversation_id", "number", name="uq_turns_number"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    as_of: Mapped[date] = mapped_column(Date)
    generation: Mapped[int]
    message: Mapped[str] = mapped_column(Text)
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)


class Feedback(Base):
    """What a reader thought of one answer."""

    __tablename__ = "feedback"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    verdict: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")


class Profile(Base):
    """Facts of the enterprise a conversation is about, as learnt so far."""

    __tablename__ = "profiles"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), unique=True
    )
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)


class Snapshot(Base):
    """The verdict on one offer as it was shown in a turn, to tell later what has changed."""

    __tablename__ = "snapshots"
    __table_args__ = (Index("ix_snapshots_offer", "offer_id", "as_of"),)
    turn_id: Mapped[str] = mapped_column(
        ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True
    )
    offer_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    rank: Mapped[int]
    as_of: Mapped[date] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(20))
    missing: Mapped[list[str]] = mapped_column(JSON)


class DocumentVersion(Base):
    """Every version of a document that was ever served, so that old answers stay explicable."""

    __tablename__ = "documents"
    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    document_number: Mapped[str | None] = mapped_column(String(100))
    layer: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    first_seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Source(Base):
    """One document taken in: what its reader gave, from which it is made again whenever the
    parser changes, and what the person who brought it in said about it."""

    __tablename__ = "sources"
    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    tenant: Mapped[str | None] = mapped_column(String(32), index=True)
    layer: Mapped[str] = mapped_column(String(20))
    region: Mapped[str] = mapped_column(String(6))
    name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    source_url: Mapped[str | None] = mapped_column(Text)
    reading: Mapped[str] = mapped_column(Text)
    revision: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class LibraryState(Base):
    """The one row that says which database this is and how often its sources were changed."""

    __tablename__ = "library_state"
    database: Mapped[str] = mapped_column(String(32), primary_key=True)
    changes: Mapped[int]


class RetiredId(Base):
    """Id of a source taken out: its number is given to no other sheet."""

    __tablename__ = "retired_ids"
    id: Mapped[str] = mapped_column(String(200), primary_key=True)


class Draft(Base):
    """An offer drafted from a document, and what a person decided about it. One whose words
    changed is drafted anew: the earlier decision stays as a row of `draft_decisions`."""

    __tablename__ = "drafts"
    id: Mapped[str] = mapped_column(String(220), primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(10), index=True)
    digest: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    decision: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class DraftDecision(Base):
    """One decision of one person about one draft as it stood; rows are added, never changed."""

    __tablename__ = "draft_decisions"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    draft_id: Mapped[str] = mapped_column(String(220), index=True)
    digest: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10))
    decision: Mapped[dict[str, Any]] = mapped_column(JSON)
    decided_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    decided_by: Mapped[str] = mapped_column(String(100))
    note: Mapped[str] = mapped_column(Text, default="")


class FactProposal(Base):
    """A checkable condition of a document that no fact of the vocabulary covers yet."""

    __tablename__ = "fact_proposals"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id", ondelete="CASCADE"), index=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
