"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.columns import FitText, Instant, Json, RowId

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_bonds()
    _make_items()
    _make_known_events()
    _make_sources()
    _make_item_versions()
    _make_claims()
    _make_alerts()
    _make_changes()
    _make_claim_keys()
    _make_deliveries()


def _make_bonds() -> None:
    op.create_table(
        "bonds",
        sa.Column("id", RowId, nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("left_claims", Json, nullable=False),
        sa.Column("right_claims", Json, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("why", FitText, nullable=False),
        sa.Column("ended", Instant, nullable=True),
        sa.CheckConstraint("type IN ('together', 'apart')", name=op.f("ck_bonds_type")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bonds")),
        sqlite_autoincrement=True,
    )


def _make_items() -> None:
    op.create_table(
        "items",
        sa.Column("id", RowId, nullable=False),
        sa.Column("source", FitText, nullable=False),
        sa.Column("identity", FitText, nullable=False),
        sa.Column("identity_key", FitText, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("first_seen", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("source", "identity_key", name=op.f("uq_items_source_identity_key")),
    )


def _make_known_events() -> None:
    op.create_table(
        "known_events",
        sa.Column("id", RowId, nullable=False),
        sa.Column("kind", FitText, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("first_seen", Instant, nullable=False),
        sa.Column("changed", Instant, nullable=False),
        sa.Column("withdrawn", Instant, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("merged_into", RowId, nullable=True),
        sa.Column("facts", Json, nullable=False),
        sa.ForeignKeyConstraint(["merged_into"], ["known_events.id"], name=op.f("fk_known_events_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_events")),
    )
    op.create_index(op.f("ix_known_events_last_day_id"), "known_events", ["last_day", "id"])
    op.create_index(
        "ix_known_events_merged_into",
        "known_events",
        ["merged_into"],
        sqlite_where=sa.text("merged_into IS NOT NULL"),
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )


def _make_sources() -> None:
    op.create_table(
        "sources",
        sa.Column("name", FitText, nullable=False),
        sa.Column("url", FitText, nullable=False),
        sa.Column("state", Json, nullable=False),
        sa.Column("first_polled", Instant, nullable=True),
        sa.Column("last_poll", Instant, nullable=True),
        sa.Column("last_success", Instant, nullable=True),
        sa.Column("next_poll", Instant, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("reason", FitText, nullable=True),
        sa.Column("items_total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sources")),
    )


def _make_item_versions() -> None:
    op.create_table(
        "item_versions",
        sa.Column("item_id", RowId, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("title", FitText, nullable=False),
        sa.Column("url", FitText, nullable=True),
        sa.Column("outlet", FitText, nullable=True),
        sa.Column("published", sa.Date(), nullable=True),
        sa.Column("published_at", Instant, nullable=True),
        sa.Column("language", FitText, nullable=True),
        sa.Column("skipped", FitText, nullable=True),
        sa.Column("seen", Instant, nullable=False),
        sa.Column("text", FitText, nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_versions_item_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", "version", name=op.f("pk_item_versions")),
    )
    op.create_index(
        "ix_item_versions_seen",
        "item_versions",
        ["seen"],
        sqlite_where=sa.text("text IS NOT NULL"),
        postgresql_where=sa.text("text IS NOT NULL"),
    )
    op.create_index(
        "ix_item_versions_skipped",
        "item_versions",
        ["skipped"],
        sqlite_where=sa.text("skipped IS NOT NULL"),
        postgresql_where=sa.text("skipped IS NOT NULL"),
    )


def _make_claims() -> None:
    op.create_table(
        "claims",
        sa.Column("id", RowId, nullable=False),
        sa.Column("item_id", RowId, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("known_id", RowId, nullable=False),
        sa.Column("kind", FitText, nullable=False),
        sa.Column("outlet", FitText, nullable=True),
        sa.Column("published", sa.Date(), nullable=True),
        sa.Column("published_at", Instant, nullable=True),
        sa.Column("seen", Instant, nullable=False),
        sa.Column("signature", FitText, nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("withdrawn", Instant, nullable=True),
        sa.Column("event", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id", "version"],
            ["item_versions.item_id", "item_versions.version"],
            name=op.f("fk_claims_item_id_version"),
        ),
        sa.ForeignKeyConstraint(["known_id"], ["known_events.id"], name=op.f("fk_claims_known_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
    )
    op.create_index(op.f("ix_claims_item_id"), "claims", ["item_id"])
    op.create_index(op.f("ix_claims_known_id_withdrawn"), "claims", ["known_id", "withdrawn"])


def _make_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", RowId, nullable=False),
        sa.Column("key", FitText, nullable=False),
        sa.Column("channel", FitText, nullable=False),
        sa.Column("rules", Json, nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due", Instant, nullable=True),
        sa.Column("reason", FitText, nullable=True),
        sa.Column("created", Instant, nullable=False),
        sa.Column("sent", Instant, nullable=True),
        sa.Column("known_id", RowId, nullable=False),
        sa.Column("claim_id", RowId, nullable=False),
        sa.Column("news", Json, nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'held', 'sending', 'sent', 'retry', 'dead')", name=op.f("ck_alerts_state")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_alerts_claim_id")),
        sa.ForeignKeyConstraint(["known_id"], ["known_events.id"], name=op.f("fk_alerts_known_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("key", name=op.f("uq_alerts_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_alerts_claim_id"), "alerts", ["claim_id"])
    op.create_index(
        "ix_alerts_due",
        "alerts",
        ["due", "id"],
        sqlite_where=sa.text("due IS NOT NULL"),
        postgresql_where=sa.text("due IS NOT NULL"),
    )
    op.create_index(op.f("ix_alerts_known_id"), "alerts", ["known_id"])
    op.create_index(op.f("ix_alerts_state_id"), "alerts", ["state", "id"])


def _make_changes() -> None:
    op.create_table(
        "changes",
        sa.Column("id", RowId, nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("reason", FitText, nullable=False),
        sa.Column("claim_id", RowId, nullable=False),
        sa.Column("known_id", RowId, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.Column("compared", Json, nullable=True),
        sa.Column("decisions", Json, nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_changes_claim_id")),
        sa.ForeignKeyConstraint(["known_id"], ["known_events.id"], name=op.f("fk_changes_known_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    op.create_index(
        "ix_changes_at",
        "changes",
        ["at"],
        sqlite_where=sa.text("compared IS NOT NULL"),
        postgresql_where=sa.text("compared IS NOT NULL"),
    )
    op.create_index(op.f("ix_changes_claim_id"), "changes", ["claim_id"])
    op.create_index(op.f("ix_changes_known_id"), "changes", ["known_id"])


def _make_claim_keys() -> None:
    op.create_table(
        "claim_keys",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("known_id", RowId, nullable=False),
        sa.Column("claim_id", RowId, nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_keys_claim_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["known_id"], ["known_events.id"], name=op.f("fk_claim_keys_known_id")),
        sa.PrimaryKeyConstraint("key", "known_id", "claim_id", name=op.f("pk_claim_keys")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_claim_keys_claim_id"), "claim_keys", ["claim_id"])


def _make_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", RowId, nullable=False),
        sa.Column("alert_id", RowId, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", FitText, nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_deliveries_alert_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    op.create_index(op.f("ix_deliveries_alert_id"), "deliveries", ["alert_id"])
