"""Alerts may be told together, and be silenced."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.columns import FitText, Instant, Json, RowId

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alerts", sa.Column("message", FitText, nullable=True))
    told = sa.text("sent IS NOT NULL")
    op.create_index("ix_alerts_sent", "alerts", ["channel", "sent"], sqlite_where=told, postgresql_where=told)
    op.create_table(
        "silences",
        sa.Column("id", RowId, nullable=False),
        sa.Column("made", Instant, nullable=False),
        sa.Column("until", Instant, nullable=False),
        sa.Column("why", FitText, nullable=False),
        sa.Column("names", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silences")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_silences_until"), "silences", ["until"])
