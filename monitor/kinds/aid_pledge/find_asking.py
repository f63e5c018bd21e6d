"""Where aid is asked for: who asks receives, who is asked gives; and nobody gives to itself."""

from __future__ import annotations

from monitor.kinds.aid_pledge import find_roles as roles
from monitor.kinds.aid_pledge.find_acts import Act
from monitor.kinds.aid_pledge.find_agents import agent
from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_phrases import Phrase
from monitor.kinds.aid_pledge.find_roles import Answer
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_status import REQUESTED, act_noun
from monitor.kinds.aid_pledge.find_subjects import subject
from monitor.language.actors import is_state

#: words between a verb of asking and the noun of who is asked, at most
_LED = 2


def apart(found: Finding) -> None:
    """Nobody gives to itself: of an actor in both places the less sure one goes."""
    if found.donors is None or found.recipient is None:
        return
    left = tuple(a for a in found.donors.actors if a not in found.recipient.actors)
    if left == found.donors.actors:
        return
    if not left and found.recipient.rule == "to whom" and found.donors.rule == "subject of the verb":
        found.at_home = True  # "the Bundestag approved $5m for the German army"
    if left:
        found.donors = found.donors._replace(actors=left)
    elif found.donors.rule in ("agent", "possessor of the sum"):
        found.recipient = None
    else:
        found.donors = None


def asking(found: Finding) -> None:
    """Who asks receives, who is asked gives; who asks its own parliament gives."""
    if found.status != REQUESTED:
        return
    scene, path = found.scene, found.path
    ask = next((a for a in (path.act, *path.outer) if a is not None and (a.sort == "ask" or a.wish)), None)
    if ask is not None and ask.passive:
        _asked_passive(found, ask)
        return
    asker = subject(scene, ask) if ask is not None else _asking_possessor(found) or found.donors
    asked = _addressee(found, ask) or _went_to(found, ask)
    if asked is not None and found.recipient is not None and asked.actors == found.recipient.actors:
        found.recipient, found.several = None, False
    if ask is not path.act and ask is not None and asked is None:
        asked = found.donors if found.donors != asker else None
    explicit = found.recipient
    if asker is not None and _asks_for_others(found, asker):
        found.marks.add("agency asks")
    if ask is not None and asker is not None and _own_parliament(found, ask, asker):
        asked, asker = asker, None  # "Biden asked lawmakers for $33bn": it is his own country's to give
    if asked is not None and asker is not None and set(asked.actors) & set(asker.actors):
        asker = None
    elif _nameless(found, ask):
        found.donors = None
        if asker is not None and explicit is None and _asks_for_itself(found, asker):
            found.recipient = asker  # "X wants its allies to find $5m"
        return
    elif asked is None and explicit is not None and asker is not None and asker.actors != explicit.actors:
        asked = asker if all(is_state(a) and not _asks_for_others(found, asker) for a in asker.actors) else None
    if asked is None and asker is not None and explicit is None and set(asker.actors) <= scene.lex.never_asks:
        asked, asker = asker, None  # "Biden seeks $33bn": he asks at home
    if asked is None and asker is None and explicit is not None and _addressed(scene, explicit):
        asked, found.recipient = explicit, None
    found.donors = asked
    if asked is not None and asked.rule == "agent" and _asks_for_others(found, asked) and asker is None:
        found.donors = None  # "asked for $5m by the UN"
    if explicit is None and asker is not None and _asks_for_itself(found, asker):
        found.recipient = asker
    apart(found)


def _asks_for_itself(found: Finding, asker: Answer) -> bool:
    return len(asker.actors) == 1 and not _asks_for_others(found, asker)


def _went_to(found: Finding, ask: Act | None) -> Answer | None:
    """As in "flew to [Brussels] to ask for $5m": whom one goes to in order to ask."""
    receiver = found.recipient
    led = ask is not None and receiver is not None and receiver.rule == "to whom" and receiver.j <= ask.i
    return receiver if led and ask is not None and ask.infinitive else None


def _nameless(found: Finding, ask: Act | None) -> bool:
    """As in "urged partners to find $5m for X": who is asked is named by a common noun."""
    if ask is None or ask.passive:
        return False
    scene, k = found.scene, ask.j
    while k < scene.n - 1 and k < ask.j + _LED and scene.words[k] in scene.lex.to | scene.lex.articles:
        k += 1  # "appealed [to its] partners"
    return any(
        ask.j <= m.i <= k
        for role in ("nobody", "others")
        for m in scene.marks(role, ask.j)
        if scene.covered(m.i) is None
    )


def _addressed(scene: Scene, receiver: Answer) -> bool:
    """As in "an application submitted to [X]": who is asked."""
    return any(w in scene.lex.addressed for w in scene.words[max(0, receiver.i - 3) : receiver.i])


def _asks_for_others(found: Finding, asker: Answer) -> bool:
    """A relief agency or the UN asks for those in need, not for itself."""
    lex = found.scene.lex
    return asker.actors[0] in lex.default_types or asker.actors[0].lower() in lex.asks_for_others


def _own_parliament(found: Finding, ask: Act, asker: Answer) -> bool:
    """Whether a parliament without its country is asked, and no other country's is known by its name."""
    end = min(ask.j + 4, found.scene.n)
    homes = {m.value for m in found.scene.marks("home_bodies", ask.j, end)}
    return bool(found.scene.marks("own_parliament", ask.j, end)) and homes <= set(asker.actors)


def _asked_passive(found: Finding, ask: Act) -> None:
    """As in "X has been asked by Y for $5m": the subject gives, the agent receives."""
    asker = agent(found.scene, ask, Phrase(ask.i, ask.j, ask.i))
    if found.donors is None or found.donors.rule == "agent":
        found.donors = subject(found.scene, ask)
    if found.recipient is None:
        found.recipient = asker
    apart(found)


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
                return roles.answer(roles.joined_right(scene, actor), "who is asked")
            break
    home = next(iter(scene.marks("home_bodies", ask.j, span.core)), None)
    return Answer((home.value,), "who is asked", home.i, home.j) if home is not None and home.i - ask.j <= 3 else None
