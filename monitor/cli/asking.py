"""Questions to the store: ``monitor events``, ``alerts``, ``sources``, ``explain``, ``status``."""

from __future__ import annotations

import enum
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.options import DEFAULT_CONFIG, ConfigDir, Database, Json, load, open_store
from monitor.errors import InputError

if TYPE_CHECKING:
    from monitor.model import KnownEvent

