"""What is done once to all rows when a version reads them otherwise than the one before."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, select

from monitor.model import Claim
from monitor.store.known import CLAIMS
from monitor.store.rows import Rows, claim_from_row
from monitor.store.tables import claims, upkeep

_AFTER = CLAIMS.where(claims.c.withdrawn.is_(None), claims.c.id > bindparam("after")).limit(bindparam("most"))


class UpkeepRows(Rows):
    """Statements about what has been done, and to what it is done."""

    def upkeep(self, name: str) -> int | None:
        """The version in which something was last done to all rows; None where it never was."""
        found: int | None = self.connection.execute(select(upkeep.c.version).where(upkeep.c.name == name)).scalar()
        return found

    def note_upkeep(self, name: str, version: int) -> None:
        """Notes that something has been done to all rows."""
        self.connection.execute(delete(upkeep).where(upkeep.c.name == name))
        self.connection.execute(insert(upkeep).values(name=name, version=version))

    def standing_after(self, number: int, most: int) -> list[Claim]:
        """The claims that stand with the next higher numbers, in their order, at most so many."""
        return [claim_from_row(row) for row in self.connection.execute(_AFTER, {"after": number, "most": most})]
