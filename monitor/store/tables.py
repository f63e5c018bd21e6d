"""The tables, as the newest migration leaves them (tests/test_store_migrations.py holds the two together).

    sources                    where each source stands: validators, next poll, failures
    items ─< item_versions     what was published; a version a fingerprint
      └──< claims              the events found in a version: one voice each in a known event
             ├──< claim_keys   blocking keys, by which a new claim finds what it may belong to
             └──> known_events what is held about one real event
    bonds                      claims that a person joined or parted
    changes                    what each claim did, what it was compared with, what each rule said
    alerts ─< deliveries       the outbox, and every try
    silences                   what nobody wants to hear of for a while

What is long stands last in its row, so that the rest can be read without it.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)

from monitor.store.columns import FitText, Instant, Json, RowId

#: the migration that makes exactly these tables; what a database says it is at
REVISION = "0006"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

sources = Table(
    "sources",
    metadata,
    Column("name", FitText, primary_key=True),
    Column("url", FitText, nullable=False),
    Column("state", Json, nullable=False),  # what the source's module wants back: validators, hashes
    Column("first_polled", Instant),  # first poll that succeeded: what was shown before is backlog
    Column("last_poll", Instant),
    Column("last_success", Instant),
    Column("next_poll", Instant),
    Column("failures", Integer, nullable=False),  # in a row
    Column("outcome", String(16)),  # PollOutcome of the last poll
    Column("reason", FitText),
    Column("items_total", Integer, nullable=False),  # items shown by all polls
    Column("book", Json),  # what the pipeline keeps about it: rhythm, health, losses
)

items = Table(
    "items",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("source", FitText, nullable=False),
    Column("identity", FitText, nullable=False),
    Column("identity_key", FitText, nullable=False),  # the identity, shortened to what an index can hold
    Column("version", Integer, nullable=False),  # number of the present version
    Column("fingerprint", String(64), nullable=False),  # of the present version
    Column("first_seen", Instant, nullable=False),
    Column("text_mark", BigInteger),  # hashes of its words and of its address: by these it is known under another name
    Column("link_mark", BigInteger),
    UniqueConstraint("source", "identity_key"),
    Index(None, "text_mark"),
    Index(None, "link_mark"),
)

item_versions = Table(
    "item_versions",
    metadata,
    Column("item_id", RowId, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),  # from 1
    Column("fingerprint", String(64), nullable=False),
    Column("title", FitText, nullable=False),
    Column("url", FitText),
    Column("outlet", FitText),
    Column("published", Date),
    Column("published_at", Instant),
    Column("language", FitText),  # as the source declares it
    Column("skipped", FitText),  # why nothing was read from it: "language: uk"
    Column("seen", Instant, nullable=False),
    Column("text", FitText),  # NULL once retention has taken it away; last, for it is long
    Index("ix_item_versions_seen", "seen", sqlite_where=text("text IS NOT NULL"),
          postgresql_where=text("text IS NOT NULL")),
    Index("ix_item_versions_skipped", "skipped", sqlite_where=text("skipped IS NOT NULL"),
          postgresql_where=text("skipped IS NOT NULL")),
)  # fmt: skip

known_events = Table(
    "known_events",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("kind", FitText, nullable=False),
    Column("first_day", Date, nullable=False),  # days of the first and the last report
    Column("last_day", Date, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("changed", Instant, nullable=False),
    Column("withdrawn", Instant),  # when the last claim of it was withdrawn
    Column("revision", Integer, nullable=False),  # how often this row was written
    Column("merged_into", RowId, ForeignKey("known_events.id")),
    Column("facts", Json, nullable=False),
    Index(None, "last_day", "id"),
    Index("ix_known_events_merged_into", "merged_into", sqlite_where=text("merged_into IS NOT NULL"),
          postgresql_where=text("merged_into IS NOT NULL")),
)  # fmt: skip

claims = Table(
    "claims",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("item_id", RowId, nullable=False),
    Column("version", Integer, nullable=False),
    Column("known_id", RowId, ForeignKey("known_events.id"), nullable=False),
    Column("kind", FitText, nullable=False),
    Column("outlet", FitText),
    Column("published", Date),
    Column("published_at", Instant),
    Column("seen", Instant, nullable=False),
    Column("signature", FitText, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("withdrawn", Instant),  # when an edited item no longer said it
    Column("event", Json, nullable=False),  # facts, evidence, confidence; what stands beside it
    ForeignKeyConstraint(["item_id", "version"], ["item_versions.item_id", "item_versions.version"]),
    Index(None, "known_id", "withdrawn"),
    Index(None, "item_id"),
)

claim_keys = Table(
    "claim_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),  # stands for kind and blocking key (known.py)
    Column("known_id", RowId, ForeignKey("known_events.id"), primary_key=True),
    Column("claim_id", RowId, ForeignKey("claims.id", ondelete="CASCADE"), primary_key=True),
    Index(None, "claim_id"),
    sqlite_with_rowid=False,
)

bonds = Table(
    "bonds",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("type", String(16), nullable=False),
    Column("left_claims", Json, nullable=False),  # numbers of claims
    Column("right_claims", Json, nullable=False),  # empty for "together"
    Column("at", Instant, nullable=False),
    Column("why", FitText, nullable=False),
    Column("ended", Instant),  # when it was undone
    CheckConstraint("type IN ('together', 'apart')", name="type"),
    sqlite_autoincrement=True,
)

changes = Table(
    "changes",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("type", String(16), nullable=False),
    Column("reason", FitText, nullable=False),
    Column("claim_id", RowId, ForeignKey("claims.id"), nullable=False),
    Column("known_id", RowId, ForeignKey("known_events.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("quiet", Boolean, nullable=False),  # taken in without telling anybody: backlog
    Column("fields", Json, nullable=False),  # slot -> [before, after]
    Column("compared", Json),  # candidates, best first; NULL once retention has taken it away
    Column("decisions", Json),  # of each rule, with its reason; likewise
    Index(None, "claim_id"),
    Index(None, "known_id"),
    Index("ix_changes_at", "at", sqlite_where=text("compared IS NOT NULL"),
          postgresql_where=text("compared IS NOT NULL")),
)  # fmt: skip

alerts = Table(
    "alerts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("key", FitText, nullable=False, unique=True),
    Column("channel", FitText, nullable=False),
    Column("rules", Json, nullable=False),
    Column("severity", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due", Instant),  # not before; while sending: when the lease ends; NULL when done with
    Column("reason", FitText),  # of the last outcome, or why it is held
    Column("created", Instant, nullable=False),
    Column("sent", Instant),
    Column("known_id", RowId, ForeignKey("known_events.id"), nullable=False),
    Column("claim_id", RowId, ForeignKey("claims.id"), nullable=False),
    Column("news", Json, nullable=False),
    Column("message", FitText),  # key of the message that it was last tried in: tried again, it is in the same one
    Column("remind", Instant),  # when it is told again; NULL when nobody has to acknowledge it, or somebody has
    Column("reminders", Integer, nullable=False, server_default="0"),  # how often it was told again
    Column("acknowledged", Instant),
    Column("preface", FitText),  # said before the news: that it is a reminder, or could not be delivered elsewhere
    CheckConstraint("state IN ('queued', 'held', 'sending', 'sent', 'retry', 'dead')", name="state"),
    Index("ix_alerts_due", "due", "id", sqlite_where=text("due IS NOT NULL"), postgresql_where=text("due IS NOT NULL")),
    Index(None, "state", "id"),
    Index(
        "ix_alerts_sent",
        "channel",
        "sent",
        sqlite_where=text("sent IS NOT NULL"),
        postgresql_where=text("sent IS NOT NULL"),
    ),
    Index(
        "ix_alerts_remind",
        "remind",
        sqlite_where=text("remind IS NOT NULL"),
        postgresql_where=text("remind IS NOT NULL"),
    ),
    Index(None, "known_id"),
    Index(None, "claim_id"),
    sqlite_autoincrement=True,  # a number that was told to a person is never given again
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("alert_id", RowId, ForeignKey("alerts.id", ondelete="CASCADE"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", FitText, nullable=False),
    Column("seconds", Float),  # how long the try took
    Index(None, "alert_id"),
)

silences = Table(
    "silences",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("made", Instant, nullable=False),
    Column("until", Instant, nullable=False),  # set to the instant at which it was ended, if it was
    Column("why", FitText, nullable=False),
    Column("names", Json, nullable=False),  # what an alert must have: {"place": "Mariupol", ...}
    Index(None, "until"),
    sqlite_autoincrement=True,
)

#: what has been done once to all rows of this database, and in which version
upkeep = Table(
    "upkeep",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("version", Integer, nullable=False),
)
