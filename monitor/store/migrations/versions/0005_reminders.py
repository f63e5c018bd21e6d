"""An alert may be told again until somebody acknowledges it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.columns import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alerts", sa.Column("remind", Instant, nullable=True))
    op.add_column("alerts", sa.Column("reminders", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("alerts", sa.Column("acknowledged", Instant, nullable=True))
    waits = sa.text("remind IS NOT NULL")
    op.create_index("ix_alerts_remind", "alerts", ["remind"], sqlite_where=waits, postgresql_where=waits)
