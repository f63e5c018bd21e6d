"""The registry of event kinds. A kind is a folder here and a line in ``KINDS``; what it is made of says kind.py."""

from __future__ import annotations

from monitor.kinds.aid_pledge import link as aid_pledge_link
from monitor.kinds.aid_pledge import words as aid_pledge_words
from monitor.kinds.aid_pledge.facts import AidPledge
from monitor.kinds.aid_pledge.find import find as aid_pledge_find
from monitor.kinds.casualty_update import link as casualty_update_link
from monitor.kinds.casualty_update import words as casualty_update_words
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.casualty_update.find import find as casualty_update_find
from monitor.kinds.kind import Kind
from monitor.kinds.talk_round import link as talk_round_link
from monitor.kinds.talk_round import words as talk_round_words
from monitor.kinds.talk_round.facts import TalkRound
from monitor.kinds.talk_round.find import find as talk_round_find

#: name -> kind, in the order of the guidelines
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            name="aid_pledge",
            facts=AidPledge,
            title="aid pledge",
            find=aid_pledge_find,
            link=aid_pledge_link,
            words=aid_pledge_words,
        ),
        Kind(
            name="talk_round",
            facts=TalkRound,
            title="round of talks",
            find=talk_round_find,
            link=talk_round_link,
            words=talk_round_words,
        ),
        Kind(
            name="casualty_update",
            facts=CasualtyUpdate,
            title="casualty update",
            find=casualty_update_find,
            link=casualty_update_link,
            words=casualty_update_words,
        ),
    )
}
