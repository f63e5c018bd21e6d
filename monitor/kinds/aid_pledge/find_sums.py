"""One sum of money in a sentence -> a finding: what it is, who gives it to whom, how firmly; or why it is no aid."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from monitor.kinds.aid_pledge import find_receivers as receivers
from monitor.kinds.aid_pledge import find_roles as roles
from monitor.kinds.aid_pledge.find_phrases import Phrase, phrase
from monitor.kinds.aid_pledge.find_roles import Answer
from monitor.kinds.aid_pledge.find_scene import CLAUSE, KIND, WALL, Act, Scene
from monitor.kinds.aid_pledge.find_status import REQUESTED, Course, act_noun, course, day, status
from monitor.language.quantities import Quantity

#: letters of a state's code
_CODE = 3


@dataclass(slots=True, kw_only=True)
class Finding:
    """One mention of one pledge, before the mentions of an item are put together."""

    scene: Scene
    #: tokens of the sum or the goods
    i: int
    j: int
    span: Phrase
    path: Course
    status: str
    quantity: Quantity | None = None
    donors: Answer | None = None
    recipient: Answer | None = None
    #: goes to more than one
    several: bool = False
    types: frozenset[str] = frozenset()
    #: the types are named, not guessed from what it is for
    typed: bool = False
    goods: str | None = None
    #: aid without figure or goods
    bare: bool = False
    date: dt.date | None = None
    #: how sure the words are that it is aid
    score: float = 0.0
    #: "whole", "part" (of a sum told before) or "total" (running)
    part: str = "whole"
    #: which of the evidences of aid there are: the features of its confidence
    marks: set[str] = field(default_factory=set)

    def refuse(self, rule: str) -> None:
        """Tell the trace why it is none."""
        trace = self.scene.sentence.document.trace
        if trace is not None:
            trace.refused(KIND, rule, self.scene.sentence, self.i, self.j)


def read(scene: Scene, quantity: Quantity) -> Finding:
    """All that the sentence says of a sum."""
    span = phrase(scene, quantity.i, quantity.j)
    path = course(scene, span)
    found = Finding(
        scene=scene, i=quantity.i, j=quantity.j, span=span, path=path, status=path.status, quantity=quantity
    )
    give_and_take(found)
    _share_out(found)
    found.date = day(scene, span, found.path)
    return found


def _share_out(found: Finding) -> None:
    """As in "X and Y promised $5m and $7m respectively": each sum has its own giver."""
    scene, act = found.scene, found.path.act
    ends = scene.marks("respectively", found.j)
    if not ends or act is None or found.donors is None or len(found.donors.actors) < 2:
        return
    sums = [q.i for q in scene.sums if act.j <= q.i < ends[0].i]
    if len(sums) == len(found.donors.actors) and found.i in sums:
        found.donors = found.donors._replace(actors=(found.donors.actors[sums.index(found.i)],))


def give_and_take(found: Finding) -> None:
    """Fills in giver and receiver."""
    found.donors = _donors(found)
    _receive(found)
    _asking(found)


# --- who ---


def _donors(found: Finding) -> Answer | None:
    scene, span, act = found.scene, found.span, found.path.act
    by = roles.agent(scene, act, span)
    if by is not None:
        return by
    own = roles.possessor(scene, span)
    if own is not None:
        return own
    alone = roles.gap(scene, span)
    if alone is not None:
        return alone
    tail = roles.relative(scene, span)
    if tail is None and _own_relative(found):
        return None
    if tail is not None and (act is None or act.i > span.j or scene.walls(act.j, span.i) > 2.0):
        found.path = Course(tail[1], (), status(tail[1], ()), False, "relative clause")
        found.status = found.path.status
        return tail[0]
    if act is None or (act.passive and act.i >= span.j):
        return _frame_subject(found) or roles.topic(scene, span)
    if act.sort == "thank":
        return roles.thanked(scene, act, span)
    return roles.subject(scene, act)


def _own_relative(found: Finding) -> bool:
    """As in "the $5m that it asked for": the relative clause of a pronoun gives the status."""
    scene, span = found.scene, found.span
    act = next((a for a in scene.acts if a.i >= span.j and not a.attributive), None)
    if (
        act is None
        or act.i - span.j > 5
        or span.j >= scene.n
        or scene.words[span.j] not in scene.lex.relative
        or act.sort != "ask"
    ):
        return False
    found.path = Course(act, (), status(act, ()), False, "relative clause")
    found.status = found.path.status
    return True


def _frame_subject(found: Finding) -> Answer | None:
    """No active verb: an adjective before aid in the same clause ("US military aid ... worth $5m")."""
    scene, span = found.scene, found.span
    for mark in scene.marks("aid_nouns", 0, span.core):
        if scene.walls(mark.i, span.core) < CLAUSE and scene.words[mark.j - 1] not in scene.lex.theirs:
            noun = phrase(scene, mark.i, mark.j)
            answer = roles.possessor(scene, noun) or roles.agent(scene, None, noun)
            if answer is not None:
                return answer
    before = next((a for a in reversed(scene.acts) if a.j <= span.core and not a.passive and not a.attributive), None)
    if before is None or scene.walls(before.j, span.core) >= WALL:
        return None
    return roles.subject(scene, before)


def _receive(found: Finding) -> None:
    """The receiver, and the giver where the subject turned out to receive."""
    scene, act = found.scene, found.path.act
    if act is not None and _subject_receives(found, act):
        subject = roles.subject(scene, act)
        found.recipient = subject if subject is not None and subject != found.donors else None
        if found.donors is not None and found.donors.rule == "subject of the verb":
            found.donors = None
    if found.recipient is None:
        found.recipient = _named_receiver(found)
    found.several = found.recipient is not None and receivers.several(found.recipient)
    _apart(found)


def _subject_receives(found: Finding, act: Act) -> bool:
    """As in "X received $5m from Y", "X is to be given $5m by Y"."""
    if act.i >= found.span.core:
        return False
    return (act.sort in ("receive", "thank") and not act.passive) or (act.sort in ("give", "help") and act.passive)


def _named_receiver(found: Finding) -> Answer | None:
    scene, span, act = found.scene, found.span, found.path.act
    end = next((q.i for q in scene.sums if q.i > span.core), scene.n)
    if act is not None and act.sort != "ask" and not act.passive:
        answer = (
            receivers.dative(scene, act, span)
            if act.i < span.core
            else receivers.dative(scene, act, Phrase(act.j, scene.n, scene.n))
        )
        if answer is not None:
            return answer
    return (
        receivers.reached(scene, span.i)
        or receivers.named_for(scene, span)
        or receivers.directed(scene, span.i, max(end, span.j))
        or _before(found)
        or (receivers.directed(scene, span.j, scene.n) if _listed(found) else None)
        or receivers.place_for(scene, span.i, max(end, span.j))
    )


def _listed(found: Finding) -> bool:
    """Whether every later sum of the sentence has a giver of its own: "X gave $5m and Y $3m to help Z"."""
    scene = found.scene
    return all(roles.gap(scene, phrase(scene, q.i, q.j)) is not None for q in scene.sums if q.i > found.j)


def _before(found: Finding) -> Answer | None:
    """A receiver named before the verb: "At the conference for Haiti, X promised", "Mali is to be given"."""
    scene, act = found.scene, found.path.act
    limit = act.begin if act is not None and act.i < found.span.core else found.span.core
    start = max((a.j for a in scene.acts if a.j < limit), default=0)
    opened = max((k for k in range(start, limit) if scene.words[k] in scene.lex.subordination), default=-1)
    if opened >= 0 and "," not in scene.words[opened:limit]:
        start = opened + 1
    return receivers.directed(scene, start, limit, WALL)


def _apart(found: Finding) -> None:
    """Nobody gives to itself: of an actor in both places the less sure one goes."""
    if found.donors is None or found.recipient is None:
        return
    left = tuple(a for a in found.donors.actors if a not in found.recipient.actors)
    if left == found.donors.actors:
        return
    if left:
        found.donors = found.donors._replace(actors=left)
    elif found.donors.rule in ("agent", "possessor of the sum"):
        found.recipient = None
    else:
        found.donors = None


def _asking(found: Finding) -> None:
    """Who asks receives, who is asked gives; who asks its own parliament gives."""
    if found.status != REQUESTED:
        return
    scene, path = found.scene, found.path
    ask = next((a for a in (path.act, *path.outer) if a is not None and a.sort == "ask"), None)
    if ask is not None and ask.passive:
        _asked_passive(found, ask)
        return
    asker = roles.subject(scene, ask) if ask is not None else _asking_possessor(found) or found.donors
    asked = _addressee(found, ask)
    if ask is not path.act and ask is not None and asked is None:
        asked = found.donors if found.donors != asker else None
    explicit = found.recipient
    if asker is not None and _asks_for_others(found, asker):
        found.marks.add("agency asks")
    if ask is not None and asker is not None and _own_parliament(found, ask, asker):
        asked, asker = asker, None  # "Biden asked lawmakers for $33bn": it is his own country's to give
    if asked is not None and asker is not None and set(asked.actors) & set(asker.actors):
        asker = None
    elif asked is None and explicit is not None and asker is not None and asker.actors != explicit.actors:
        asked = asker if all(_is_state(a) and not _asks_for_others(found, asker) for a in asker.actors) else None
    found.donors = asked
    if asked is not None and asked.rule == "agent" and _asks_for_others(found, asked) and asker is None:
        found.donors = None  # "asked for $5m by the UN"
    if explicit is None and asker is not None and len(asker.actors) == 1 and not _asks_for_others(found, asker):
        found.recipient = asker
    _apart(found)


def _asks_for_others(found: Finding, asker: Answer) -> bool:
    """A relief agency or the UN asks for those in need, not for itself."""
    lex = found.scene.lex
    return asker.actors[0] in lex.default_types or asker.actors[0].lower() in lex.asks_for_others


def _own_parliament(found: Finding, ask: Act, asker: Answer) -> bool:
    """Whether a parliament without its country is asked, and no other country's is known by its name."""
    end = min(ask.j + 4, found.scene.n)
    homes = {m.value for m in found.scene.marks("home_bodies", ask.j, end)}
    return bool(found.scene.marks("own_parliament", ask.j, end)) and homes <= set(asker.actors)


def _is_state(name: str) -> bool:
    return len(name) == _CODE and name.isupper()


def _asked_passive(found: Finding, ask: Act) -> None:
    """As in "X has been asked by Y for $5m": the subject gives, the agent receives."""
    asker = roles.agent(found.scene, ask, Phrase(ask.i, ask.j, ask.i))
    if found.donors is None or found.donors.rule == "agent":
        found.donors = roles.subject(found.scene, ask)
    if found.recipient is None:
        found.recipient = asker
    _apart(found)


def _asking_possessor(found: Finding) -> Answer | None:
    """As in "Biden's request for $5m", "the UN appeal"."""
    k = act_noun(found.scene, found.span)
    if k is None:
        return None
    actor = next((a for a in reversed(found.scene.actors) if a.j <= k and k - a.j <= 3), None)
    return roles.answer([actor], "who asks") if actor is not None else None


def _addressee(found: Finding, ask: Act | None) -> Answer | None:
    """Whom a verb of asking asks: "asked [the IMF] for $5m", "$5m from [the IMF]"."""
    scene, span = found.scene, found.span
    if found.donors is not None and found.donors.rule == "agent":
        return found.donors
    if ask is None or ask.i > span.core:
        return None
    for actor in scene.actors:
        if ask.j <= actor.i and actor.j <= span.core:
            between = scene.words[ask.j : actor.i]
            if len(between) <= 3 and not any(w in scene.lex.scene and w not in scene.lex.infinitive for w in between):
                return roles.answer([actor], "who is asked")
            break
    home = next(iter(scene.marks("home_bodies", ask.j, span.core)), None)
    return Answer((home.value,), "who is asked", home.i, home.j) if home is not None and home.i - ask.j <= 3 else None
