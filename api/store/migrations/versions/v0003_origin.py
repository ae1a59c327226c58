"""Identity of the database and count of its changes, and the ids that were taken out of it."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    state = op.create_table(
        "library_state",
        sa.Column("database", sa.String(32), primary_key=True),
        sa.Column("changes", sa.Integer, nullable=False),
    )
    op.bulk_insert(state, [{"database": uuid4().hex, "changes": 0}])
    op.create_table("retired_ids", sa.Column("id", sa.String(200), primary_key=True))


def downgrade() -> None:
    for table in ("retired_ids", "library_state"):
        op.drop_table(table)
