"""The first schema: conversations, turns, feedback, profiles, snapshots, documents."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _id(name: str = "id") -> sa.Column[str]:
    return sa.Column(name, sa.String(32), primary_key=True)


def _moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _belongs(name: str, target: str, **more: Any) -> sa.Column[str]:
    return sa.Column(
        name, sa.String(32), sa.ForeignKey(target, ondelete="CASCADE"), nullable=False, **more
    )


def upgrade() -> None:
    op.create_table(
        "conversations",
        _id(),
        _moment("created_at"),
        sa.Column("session", sa.JSON, nullable=False),
        sa.Column("turns", sa.Integer, nullable=False),
    )
    op.create_table(
        "turns",
        _id(),
        _belongs("conversation_id", "conversations.id"),
        sa.Column("number", sa.Integer, nullable=False),
        _moment("created_at"),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("answer", sa.JSON, nullable=False),
        sa.UniqueConstraint("conversation_id", "number", name="uq_turns_number"),
    )
    op.create_index("ix_turns_conversation_id", "turns", ["conversation_id"])
    op.create_table(
        "feedback",
        _id(),
        _belongs("turn_id", "turns.id"),
        _moment("created_at"),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_index("ix_feedback_turn_id", "feedback", ["turn_id"])
    op.create_table(
        "profiles",
        _id(),
        _belongs("conversation_id", "conversations.id", unique=True),
        _moment("updated_at"),
        sa.Column("facts", sa.JSON, nullable=False),
    )
    op.create_table(
        "snapshots",
        _belongs("turn_id", "turns.id", primary_key=True),
        sa.Column("offer_id", sa.String(200), primary_key=True),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("missing", sa.JSON, nullable=False),
    )
    op.create_index("ix_snapshots_offer", "snapshots", ["offer_id", "as_of"])
    op.create_table(
        "documents",
        sa.Column("id", sa.String(200), primary_key=True),
        sa.Column("version", sa.String(64), primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("document_number", sa.String(100)),
        sa.Column("layer", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        _moment("first_seen_at"),
    )


def downgrade() -> None:
    for table in ("documents", "snapshots", "profiles", "feedback", "turns", "conversations"):
        op.drop_table(table)
