"""Documents taken in, offers drafted from them, decisions about drafts, proposed facts."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _source() -> sa.Column[str]:
    return sa.Column(
        "source_id", sa.String(200), sa.ForeignKey("sources.id", ondelete="CASCADE"), nullable=False
    )


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("id", sa.String(200), primary_key=True),
        sa.Column("tenant", sa.String(32)),
        sa.Column("layer", sa.String(20), nullable=False),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("source_url", sa.Text),
        sa.Column("reading", sa.Text, nullable=False),
        sa.Column("revision", sa.String(40), nullable=False),
        _moment("added_at"),
        _moment("changed_at"),
    )
    op.create_index("ix_sources_tenant", "sources", ["tenant"])
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(220), primary_key=True),
        _source(),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("digest", sa.String(40), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("decision", sa.JSON, nullable=False),
        _moment("made_at"),
    )
    op.create_index("ix_drafts_source_id", "drafts", ["source_id"])
    op.create_index("ix_drafts_state", "drafts", ["state"])
    op.create_table(
        "draft_decisions",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("draft_id", sa.String(220), nullable=False),
        sa.Column("digest", sa.String(40), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("decision", sa.JSON, nullable=False),
        _moment("decided_at"),
        sa.Column("decided_by", sa.String(100), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_index("ix_draft_decisions_draft_id", "draft_decisions", ["draft_id"])
    op.create_table(
        "fact_proposals",
        sa.Column("id", sa.String(32), primary_key=True),
        _source(),
        sa.Column("body", sa.JSON, nullable=False),
        _moment("made_at"),
    )
    op.create_index("ix_fact_proposals_source_id", "fact_proposals", ["source_id"])


def downgrade() -> None:
    for table in ("fact_proposals", "draft_decisions", "drafts", "sources"):
        op.drop_table(table)
