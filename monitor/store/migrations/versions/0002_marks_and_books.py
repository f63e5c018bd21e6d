"""Marks by which an item is known again under another name, and a book for each source."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.columns import Json

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sources", sa.Column("book", Json, nullable=True))
    for mark in ("text_mark", "link_mark"):
        op.add_column("items", sa.Column(mark, sa.BigInteger(), nullable=True))
        op.create_index(op.f(f"ix_items_{mark}"), "items", [mark])
