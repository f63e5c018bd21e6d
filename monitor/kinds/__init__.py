"""The registry of event kinds. A kind is a folder here and a line in ``KINDS``; what it is made of says kind.py."""

from __future__ import annotations

from monitor.kinds.aid_pledge.facts import AidPledge
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.kind import Kind
from monitor.kinds.talk_round.facts import TalkRound

#: name -> kind, in the order of the guidelines
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(name="aid_pledge", facts=AidPledge, title="aid pledge"),
        Kind(name="talk_round", facts=TalkRound, title="round of talks"),
        Kind(name="casualty_update", facts=CasualtyUpdate, title="casualty update"),
    )
}
