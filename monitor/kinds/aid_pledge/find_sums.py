"""One sum of money in a sentence -> a finding: what it is, who gives it to whom, how firmly; or why it is no aid."""

from __future__ import annotations

from monitor.kinds.aid_pledge import find_gaps as gaps
from monitor.kinds.aid_pledge import find_receivers as receivers
from monitor.kinds.aid_pledge import find_roles as roles
from monitor.kinds.aid_pledge.find_acts import Act
from monitor.kinds.aid_pledge.find_agents import agent
from monitor.kinds.aid_pledge.find_asking import apart, asking
from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_phrases import Phrase, phrase
from monitor.kinds.aid_pledge.find_possessors import granted, possessor, promised
from monitor.kinds.aid_pledge.find_roles import Answer
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_signing import agreed
from monitor.kinds.aid_pledge.find_status import (
    APPROVED,
    DELIVERED,
    PLEDGED,
    REQUESTED,
    Course,
    at_gathering,
    course,
    day,
    status,
)
from monitor.kinds.aid_pledge.find_subjects import subject
from monitor.kinds.aid_pledge.find_words import CLAUSE, WALL
from monitor.language.actors import Form, is_state
from monitor.language.quantities import Quantity

#: acts that are news of what a state is given every year
_NEWS = frozenset(("withhold", "enact", "allot", "promise"))
#: tokens from "was promised" to the sum: hedges and a noun of aid ("at least", "a grant of")
_DEALT = 4


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
    if found.path.act is not None and found.path.act.sort == "arrive" and found.path.act.i < span.i:
        found.status = _brought(found, found.path.act)
    elif found.path.act is not None and promised(scene, found.path.act) and found.status in (APPROVED, DELIVERED):
        found.status = PLEDGED
    return found


def _brought(found: Finding, act: Act) -> str:
    """As in "turned up in X with $5m of arms": what a visitor brings is a promise."""
    carried = any(w in found.scene.lex.company for w in found.scene.words[act.j : found.span.core])
    return PLEDGED if carried else found.status


def _share_out(found: Finding) -> None:
    """As in "X and Y promised $5m and $7m respectively": each sum has its own giver."""
    scene, act = found.scene, found.path.act
    if act is None or found.donors is None or len(found.donors.actors) < 2:
        return
    behind = scene.marks("respectively", found.j)
    if behind:
        sums = [q.i for q in scene.sums if act.j <= q.i < behind[0].i]
    elif scene.marks("respectively", act.j, found.i):  # "announced respectively $5m and $7m"
        sums = [q.i for q in scene.sums if act.j <= q.i]
    else:
        return
    if len(sums) == len(found.donors.actors) and found.i in sums:
        found.donors = found.donors._replace(actors=(found.donors.actors[sums.index(found.i)],))


def give_and_take(found: Finding) -> None:
    """Fills in giver and receiver."""
    found.donors = _vetoed(found) or _donors(found)
    _receive(found)
    asking(found)


# --- who ---


def _donors(found: Finding) -> Answer | None:
    scene, span, act = found.scene, found.span, found.path.act
    if act is not None and _vouches(scene, act, span):
        return subject(scene, act)
    by = agent(scene, act, span) or _fronted(found)
    if by is not None:
        return by
    own = possessor(scene, span)
    if own is not None and (_for_them(found, own) or granted(scene, act, own, found.j)):
        found.recipient = own._replace(rule="whose sum it is")
        return subject(scene, act) if act is not None else None
    if own is not None:
        return _standing(found, own) or own
    alone = gaps.gap(scene, span)
    if alone is not None:
        return alone
    tail = gaps.relative(scene, span)
    if tail is None and _own_relative(found):
        return None
    if tail is not None and tail[1].sort == "ask":
        _take(found, tail[1])
        return None  # "the $5m that X appealed for"
    if tail is not None and tail[1].sort == "withhold":
        _take(found, tail[1])
        return tail[0]  # "the $5m that X has held back"
    if tail is not None and act is not None and act.passive and act.i >= span.j and act.sort == "withhold":
        return tail[0]  # "the $5m that X had earmarked is frozen"
    if tail is not None and act is not None and act.sort in ("withhold", "receive", "obtain") and not act.passive:
        return tail[0]  # "will turn down the $5m that X offered"
    if tail is not None and (act is None or act.i > span.j or scene.walls(act.j, span.i) > 2.0):
        _take(found, tail[1])
        return tail[0]
    if act is None or (act.passive and act.i >= span.j):
        return _frame_subject(found) or (None if _headed(found) else gaps.topic(scene, span)) or _opener(found)
    if act.sort == "thank":
        return gaps.thanked(scene, act, span)
    if scene.words[act.i] in scene.lex.collecting and collected(scene, act):
        return None
    return subject(scene, act) or (_frame_subject(found) if act.sort == "weak" and act.i < span.core else None)


def _for_them(found: Finding, owner: Answer) -> bool:
    """As in "donors pledge $5m in [Sudanese] aid": where nobody in particular gives, the adjective receives."""
    scene, act = found.scene, found.path.act
    if act is None or act.passive or act.i > found.span.core or not scene.of("nobody"):
        return False
    actor = next((a for a in scene.actors if a.i == owner.i), None)
    if actor is None or actor.possessive or actor.form is not Form.DEMONYM or not is_state(actor.actor):
        return False
    return any(scene.walls(m.j, act.begin) < CLAUSE for m in scene.marks("nobody", 0, act.begin))


def _standing(found: Finding, owner: Answer) -> Answer | None:
    """As in "X is resuming some of [Y]'s $5m in annual aid": who has it every year receives it: no news.

    Where another state than the possessor acts and nobody else is said to receive; the acting state, None elsewhere.
    """
    scene, span, act = found.scene, found.span, found.path.act
    if act is None or act.passive or act.i > span.core or scene.lex.standing.isdisjoint(scene.words[span.i : span.j]):
        return None
    giver = subject(scene, act)
    others = giver is not None and not set(giver.actors) & set(owner.actors)
    owned = any(a.i == owner.i and a.possessive and is_state(a.actor) for a in scene.actors)
    if not others or not owned or receivers.directed(scene, span.i, scene.n) is not None:
        return None
    found.recipient = owner._replace(rule="whose sum it is")
    if act.sort not in _NEWS:
        found.marks.add("standing")
    return giver


def collected(scene: Scene, act: Act) -> bool:
    """As in "the UN raised $5m", "a conference on X generated $5m": who gathers the gifts of others gives nothing."""
    if scene.words[act.i] not in scene.lex.collecting or act.passive:
        return False
    if promised(scene, act):
        return True
    if any(
        w in scene.lex.gatherings and scene.walls(k, act.begin) < WALL for k, w in enumerate(scene.words[: act.begin])
    ):
        return True
    who = subject(scene, act)
    return who is not None and (
        scene.lex.default_types.get(who.actors[0]) == "humanitarian"
        or who.actors[0].lower() in scene.lex.asks_for_others
    )


def _vetoed(found: Finding) -> Answer | None:
    """As in "X vetoed a $5m package at an EU summit": the body gives, one of its members stops it."""
    scene, act = found.scene, found.path.act
    if act is None or act.passive or act.sort != "withhold" or "vetoing" not in scene.at[act.i].roles:
        return None
    bodies = [a for a in scene.actors if a.actor in scene.lex.deciding and a.i >= act.j]
    return roles.answer(bodies[:1], "who decides") if bodies else None


def _fronted(found: Finding) -> Answer | None:
    """As in "Approved by [X], the $5m loan ...", "From [X], four planes ...": who opens the clause of its noun."""
    scene, span, act = found.scene, found.span, found.path.act
    opener = next((a for a in scene.actors[:1] if a.j < scene.n and scene.words[a.j] == ","), None)
    if (
        opener is not None
        and opener.j <= span.i
        and not (act is not None and any(opener.j <= q.i < act.begin <= span.i for q in scene.sums))
        and scene.words[max(0, roles.led_by(scene, opener))] in scene.lex.origin
    ):
        return roles.answer([opener], "agent") if roles.led_by(scene, opener) <= 1 else None
    if act is None or not act.passive or act.begin > 1 or act.j > span.i:
        return None
    by = next((k for k in range(act.j, span.i) if scene.words[k] in scene.lex.by), span.i)
    giver = next((a for a in scene.actors if by < a.i < span.i and roles.led_by(scene, a) == by), None)
    return roles.answer([giver], "agent") if giver is not None else None


def _opener(found: Finding) -> Answer | None:
    """Who opens the clause, where no verb that is known governs the sum."""
    return gaps.opener(found.scene, found.span) if found.path.act is None else None


def _vouches(scene: Scene, act: Act, span: Phrase) -> bool:
    """As in "X will underwrite World Bank loans": who answers for another's loan is the giver told of."""
    hit = scene.at.get(act.i)
    return hit is not None and "vouching" in hit.roles and not act.passive and act.i < span.core


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
    _take(found, act)
    return True


def _take(found: Finding, act: Act) -> None:
    """Makes a relative clause's verb the finding's, and what it wishes another to do with it."""
    inner = next((a for a in found.scene.acts if a.i > act.j and a.i - act.j <= 4 and a.infinitive), None)
    wished = inner is not None and act.wish
    value = status(inner, (act,)) if wished and inner is not None else status(act, ())
    found.path = Course(act, (), value, False, "relative clause")
    found.status = value


def _frame_subject(found: Finding) -> Answer | None:
    """No active verb: an adjective before aid in the same clause ("US military aid ... worth $5m")."""
    scene, span = found.scene, found.span
    for mark in scene.marks("aid_nouns", 0, span.core):
        if scene.walls(mark.i, span.core) < CLAUSE and scene.words[mark.j - 1] not in scene.lex.theirs:
            noun = phrase(scene, mark.i, mark.j)
            answer = possessor(scene, noun) or agent(scene, None, noun)
            if answer is not None:
                return answer
    before = next((a for a in reversed(scene.acts) if a.j <= span.core and not a.passive and not a.attributive), None)
    if before is None or scene.walls(before.j, span.core) >= WALL:
        return None
    return subject(scene, before)


def _receive(found: Finding) -> None:
    """The receiver, and the giver where the subject turned out to receive."""
    scene, act = found.scene, found.path.act
    got = gaps.got(scene, found.i)
    if act is not None and (got is not None or _subject_receives(found, act)):
        taker = subject(scene, act) if got is None else roles.answer([got], "gap")
        own = found.donors is not None and found.donors.rule == "subject of the verb"
        found.recipient = taker if taker is not None and (own or taker != found.donors) else None
        if found.recipient is not None and found.recipient.actors[0] in scene.lex.default_types:
            led = receivers.directed(scene, found.span.j, scene.n)  # "UNHCR thanked X for $5m for Uganda"
            found.recipient = led if led is not None and is_state(led.actors[0]) else found.recipient
        if found.donors is not None and found.donors.rule == "subject of the verb":
            found.donors = None
    if found.recipient is None:
        found.recipient = _named_receiver(found) or _owner(found)
    if found.recipient is None:
        found.recipient = _refuser(found) or _headed(found)
    agreed(found)
    found.several = found.recipient is not None and receivers.several(found.recipient)
    if found.recipient is None and found.status != REQUESTED:
        found.several = receivers.unnamed(scene, found.span.i, scene.n) or receivers.across(scene, found.span.j)
    apart(found)


def _owner(found: Finding) -> Answer | None:
    """As in "Colombo's $3bn rescue by the IMF": where an agent gives, who possesses the sum receives."""
    if found.donors is None or found.donors.rule != "agent":
        return None
    owner = possessor(found.scene, found.span)
    if owner is None or set(owner.actors) & set(found.donors.actors) or len(owner.actors) > 1:
        return None
    return owner._replace(rule="whose sum it is")


def _subject_receives(found: Finding, act: Act) -> bool:
    """As in "X received $5m from Y", "X is to be given $5m by Y", "X was promised $5m"."""
    if act.i >= found.span.core or at_gathering(found.scene, act):
        return False
    if not act.passive:
        return act.sort in ("receive", "obtain", "thank")
    if act.sort in ("give", "help"):
        return True
    between = found.scene.words[act.j : found.span.i]  # "was promised $5m", not "is committed to giving $5m"
    return act.sort in gaps.DEALS and len(between) <= _DEALT and found.scene.lex.to.isdisjoint(between)


def _named_receiver(found: Finding) -> Answer | None:
    scene, span, act = found.scene, found.span, found.path.act
    end = next((q.i for q in scene.sums if q.i > span.core), scene.n)
    led = found.i > 0 and scene.words[found.i - 1] in scene.lex.company
    listed = gaps.supplied(scene, found.i - 1) if led else gaps.dealt(scene, found.i)
    if listed is not None:
        return roles.answer([listed], "object of the verb")
    refused = _refused_asker(found)
    if refused is not None:
        return refused
    if act is not None and act.sort != "ask" and not act.passive:
        answer = (
            receivers.dative(scene, act, span)
            if act.i < span.core
            else receivers.dative(scene, act, Phrase(act.j, scene.n, scene.n))
        )
        if answer is not None:
            return answer
    reached = receivers.reached(scene, span.i)
    bound = receivers.bound(scene, span.i, max(end, span.j)) if reached is not None else None
    return (
        bound
        or reached
        or receivers.named_for(scene, span)
        or receivers.banked(scene, span.core, scene.n)
        or receivers.directed(scene, span.i, max(end, span.j))
        or _before(found)
        or (receivers.directed(scene, span.j, scene.n) if _listed(found) else None)
        or receivers.place_for(scene, span.i, max(end, span.j))
        or (receivers.directed(scene, act.j, span.i) if act is not None and act.i < span.i else None)
    )


def _refused_asker(found: Finding) -> Answer | None:
    """As in "turned down [X]'s request for $5m": whose request is refused would have received."""
    scene, act = found.scene, found.path.act
    if act is None or act.sort != "withhold" or act.i > found.span.core:
        return None
    noun = next(iter(scene.marks("asking_nouns", act.j, found.span.core)), None)
    owner = next((a for a in scene.actors if noun is not None and act.j <= a.i < noun.i), None)
    return roles.answer([owner], "who asks") if owner is not None else None


def _headed(found: Finding) -> Answer | None:
    """As in "[Yemen]: donors pledge $5m": the country of a headline whose givers nobody names receives."""
    scene = found.scene
    first = gaps.topic(scene, found.span) if scene.of("nobody") else None
    told = first is not None and any(m.i == first.j + 1 for m in scene.marks("nobody", 0, found.span.core))
    return (
        first._replace(rule="topic of the headline")
        if told and first is not None and is_state(first.actors[0])
        else None
    )


def _refuser(found: Finding) -> Answer | None:
    """As in "[Y] turned down X's offer of $5m": who refuses what another offers would have received."""
    scene, act, giver = found.scene, found.path.act, found.donors
    if act is None or giver is None or act.sort != "withhold" or act.passive or giver.rule != "possessor of the sum":
        return None
    offered = scene.marks("promise_nouns", act.j, found.span.core)
    refuser = subject(scene, act) if offered else None
    return refuser._replace(rule="who is asked") if refuser is not None and refuser.actors != giver.actors else None


def _listed(found: Finding) -> bool:
    """Whether every later sum of the sentence has a giver of its own: "X gave $5m and Y $3m to help Z"."""
    scene = found.scene
    return all(gaps.gap(scene, phrase(scene, q.i, q.j)) is not None for q in scene.sums if q.i > found.j)


def _before(found: Finding) -> Answer | None:
    """A receiver named before the verb: "At the conference for Haiti, X promised", "Mali is to be given"."""
    scene, act = found.scene, found.path.act
    limit = act.begin if act is not None and act.i < found.span.core else found.span.core
    start = max((a.j for a in scene.acts if a.j < limit), default=0)
    opened = max((k for k in range(start, limit) if scene.words[k] in scene.lex.subordination), default=-1)
    if opened >= 0 and "," not in scene.words[opened:limit]:
        start = opened + 1
    return receivers.directed(scene, start, limit, WALL)
