"""An alert may say something before its news."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.columns import FitText

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alerts", sa.Column("preface", FitText, nullable=True))
