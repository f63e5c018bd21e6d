"""What is said to have become of a sum: the act that governs it, the acts around that one, and the day."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from monitor.kinds.aid_pledge.facts import LADDER
from monitor.kinds.aid_pledge.find_acts import Act
from monitor.kinds.aid_pledge.find_phrases import Phrase
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_words import CLAUSE, MARK, TAKES, WALL

CONSIDERED, REQUESTED, PLEDGED, APPROVED, DELIVERED = LADDER
WITHHELD = "withheld"
#: what an act makes of a pledge when it has happened, and what while it has not
_DONE = {
    "promise": PLEDGED, "stake": PLEDGED, "enact": APPROVED, "allot": APPROVED, "convey": DELIVERED,
    "give": DELIVERED, "help": PLEDGED, "weak": PLEDGED, "arrive": DELIVERED, "ask": REQUESTED,
    "weigh": CONSIDERED, "withhold": WITHHELD, "receive": DELIVERED, "obtain": APPROVED, "thank": PLEDGED,
}  # fmt: skip
_COMING = {
    "promise": CONSIDERED, "stake": PLEDGED, "enact": CONSIDERED, "allot": PLEDGED, "convey": PLEDGED,
    "give": PLEDGED, "help": PLEDGED, "weak": PLEDGED, "arrive": PLEDGED, "ask": REQUESTED,
    "weigh": CONSIDERED, "withhold": WITHHELD, "receive": PLEDGED, "obtain": PLEDGED, "thank": PLEDGED,
}  # fmt: skip
#: in the present tense a promise is made and a law passed as one reads it ("X pledges $5m")
_PRESENT = {**_COMING, "promise": PLEDGED, "enact": APPROVED, "allot": APPROVED}


#: tokens from a noun to the sum that it leads to
_LED = 8
#: tokens from "unless" to the verb of whom it is about
_WHO = 4
#: tokens from a disaster to its day
_STRUCK = 2


class Course(NamedTuple):
    """The acts that bear on a sum, and the status they come to."""

    #: the verb that governs it; None where no verb does
    act: Act | None
    #: the verbs that govern that verb, the nearest first
    outer: tuple[Act, ...]
    status: str
    #: "not", "never": nobody gives it
    denied: bool
    rule: str


def course(scene: Scene, span: Phrase) -> Course:
    """The acts that bear on the phrase and what they make of it."""
    act = governing(scene, span)
    if act is None:
        return _from_nouns(scene, span)
    if act.i < span.i and _told_by(scene, span) == WITHHELD:
        return Course(None, (), WITHHELD, False, "noun of an act")  # "to lift its veto on $5m"
    outer = chain(scene, act)
    noun = _under_noun(scene, act) if not outer or any(m.j == act.begin for m in scene.marks("plans")) else None
    if noun == PLEDGED and any(a.sort == "enact" and a.past for a in outer):
        noun = APPROVED  # "signed a deal to give $5m"
    if noun is None and act.sort == "arrive" and act.i < span.core and _talked_of(scene, act, span):
        noun = CONSIDERED
    if noun is not None:
        return Course(act, outer, _fate(scene, span) or noun, False, "noun of a plan")
    denied = any("denied" in a.modes for a in (act, *outer))
    value = status(act, outer)
    if value in LADDER and _on_condition(scene, act):
        value = REQUESTED
    if act.sort == "weak" and value == PLEDGED and _names_asking(scene, act, span):
        return Course(act, outer, REQUESTED, denied, "noun of asking")
    if act.sort == "convey" and not scene.lex.desks.isdisjoint(scene.words[span.core :]):
        value = APPROVED  # "sent the bill to the president's desk"
    own = value == CONSIDERED or (act.passive and act.i >= span.j) or (act.sort == "weak" and value == PLEDGED)
    if own and scene.marks("asking_nouns", span.core, span.j):
        return Course(act, outer, REQUESTED, denied, "noun of asking")  # "a tenth of the $5m appeal is funded"
    told = (act.j, span.core) if act.i < span.core else (span.i, span.j)
    if act.sort in TAKES and (scene.marks("promise_nouns", *told) or at_gathering(scene, act)):
        value = PLEDGED  # "came away with promises of $5m", "the conference secured $5m"
    return Course(act, outer, value, denied, "verb")


def at_gathering(scene: Scene, act: Act) -> bool:
    """As in "X's minister said that the [conference] had secured $5m": the verb's subject is where others gave."""
    return act.begin > 0 and scene.words[act.begin - 1] in scene.lex.gatherings


def _talked_of(scene: Scene, act: Act, span: Phrase) -> bool:
    """As in "flew in for talks on a $5m loan": who arrives brings no sum that he comes to talk of."""
    return any(m.value == "weigh" and span.core - m.j <= _LED for m in scene.marks("plans", act.j, span.core))


def _on_condition(scene: Scene, act: Act) -> bool:
    """As in "unless donors come up with $5m": what nobody in particular must do is asked for."""
    if act.sort in ("obtain", "receive") and not act.passive and act.begin > 1:
        near = scene.words[max(0, act.begin - _WHO) : act.begin]
        if not scene.lex.wants.isdisjoint(near):
            return True  # "will cut rations unless it secures $5m"
    for mark in scene.marks("nobody", 0, act.begin):
        if mark.i and scene.words[mark.i - 1] in scene.lex.conditions and scene.walls(mark.j, act.begin) < MARK:
            return True
    return False


def _fate(scene: Scene, span: Phrase) -> str | None:
    """As in "a proposal to give $5m was voted down": what became of the plan."""
    for act in scene.acts:
        if act.i >= span.j and not act.attributive and act.sort in ("withhold", "enact") and act.past and not act.modes:
            return status(act, ()) if scene.walls(span.j, act.begin) < CLAUSE else None
    return None


def _names_asking(scene: Scene, act: Act, span: Phrase) -> bool:
    """As in "launched an appeal for $5m": what the verb governs is a noun of asking that leads to the sum."""
    return any(span.core - m.j <= 3 for m in scene.marks("asking_nouns", act.j, span.core))


def _under_noun(scene: Scene, act: Act) -> str | None:
    """As in "a proposal to provide", "calls to send": the noun before an infinitive says how far it is."""
    led = act.loose and act.begin > 1 and scene.words[act.begin - 1] in scene.lex.of_donor  # "its aim of securing"
    if act.loose and act.infinitive and act.begin and scene.words[act.begin - 1] in scene.lex.nearing:
        return CONSIDERED  # "close to approving"
    if not act.infinitive and not led:
        return None
    for mark in reversed(scene.marks("plans", max(0, act.begin - 14), act.begin)):
        if scene.walls(mark.j, act.begin) < WALL:
            if mark.value == "promise" and act.sort == "withhold":
                return WITHHELD  # "its decision to freeze $5m"
            return REQUESTED if mark.value == "ask" else CONSIDERED if mark.value == "weigh" else PLEDGED
    return None


def governing(scene: Scene, span: Phrase) -> Act | None:
    """The verb whose object or subject the phrase is."""
    before = _before(scene, span)
    after = _after(scene, span)
    if before is None or after is None:
        return before or after
    if scene.words[0] in scene.lex.subordination and "," in scene.words[before.j : span.core]:
        return after  # "While its value is not given, $5m is assigned to it"
    if before.begin == 0 and before.past and after.passive and after.begin < after.i:
        return after  # "Frozen funds of $5m will be released"
    if after.passive and after.i == span.j and after.begin == after.i:
        return after  # "less than the $7m sought by X"
    return after if scene.walls(before.j, span.i) >= 3 * 3.0 and scene.walls(span.j, after.i) < 3.0 else before


def _before(scene: Scene, span: Phrase) -> Act | None:
    for act in reversed(scene.acts):
        if act.i >= span.core or act.j > span.core + 1 or act.attributive:
            continue
        if _quoted(scene, act.j, span.core):
            continue
        relative = act.j < scene.n and scene.words[act.j] in scene.lex.relative
        between = scene.words[act.j : span.core]
        if act.loose and not act.begin and "," in between:
            continue  # "Joining the effort, a plane with tents arrived"
        if (relative and act.loose) or between.count(")") > between.count("("):
            continue
        start = act.j + (act.j < span.core and scene.words[act.j] == ":")  # "agreed: five billion for X"
        return None if relative or scene.walls(start, span.core) >= CLAUSE else act
    return None


def _quoted(scene: Scene, i: int, k: int) -> bool:
    """As in 'armour "not needed" at home, worth $5m': whether a quotation that holds a verb closes before token k."""
    before, between = scene.words[:i], scene.words[i:k]
    if "”" in between:
        return "“" not in between[: between.index("”")]
    return before.count('"') % 2 == 1 and between.count('"') % 2 == 1


def _bracketed(scene: Scene, act: Act) -> bool:
    """As in "a loan, guaranteed by X, was approved": a participle between commas, the verb behind them."""
    if not act.passive or act.begin != act.i or not act.i or scene.words[act.i - 1] != ",":
        return False
    later = next((a for a in scene.acts if a.i > act.i and not a.attributive), None)
    return later is not None and later.begin < later.i and scene.words[later.begin - 1] == ","


def _brackets(scene: Scene, i: int, j: int) -> bool:
    return any(i <= a.i < j and _bracketed(scene, a) for a in scene.acts)


def _after(scene: Scene, span: Phrase) -> Act | None:
    for act in scene.acts:
        if act.i < span.j or act.attributive or _bracketed(scene, act):
            continue
        walls = scene.walls(span.j, act.begin) - (2 * MARK if _brackets(scene, span.j, act.begin) else 0.0)
        if act.passive and span.j < act.begin and scene.words[span.j] in scene.lex.relative:
            walls -= scene.walls(span.j, span.j + 1)  # "a loan that was approved"
        if walls > MARK or (walls == MARK and scene.words[act.i - 1] != "," and not act.passive):
            return None
        if act.infinitive and not act.modes and walls:
            return None  # "worth $5m, the first to be offered"
        if act.passive or act.sort in ("arrive", "enact", "allot", "withhold") or act.i == span.j:
            return act
        if not act.loose and not act.infinitive:
            return None
    return None


def chain(scene: Scene, act: Act) -> tuple[Act, ...]:
    """The verbs that govern a verb: [urged] X to send, [agreed] to provide, [announced] that it would give."""
    found: list[Act] = []
    inner = act
    for outer in reversed([a for a in scene.acts if a.j <= act.begin and not a.attributive]):
        if len(found) == 3 or not (inner.infinitive or inner.loose or inner.modes):
            break
        if scene.walls(outer.j, inner.i) >= WALL or any(outer.j <= q.i < inner.i for q in scene.sums):
            break
        if _says_between(scene, outer.j, inner.begin):
            break
        if (
            scene.words[0] in scene.lex.subordination | scene.lex.conditions
            and "," in scene.words[outer.j : inner.begin]
        ):
            break  # "Once it is approved, X will have"
        found.append(outer)
        inner = outer
    return tuple(found)


def _says_between(scene: Scene, i: int, j: int) -> bool:
    """As in "signed a pact and [said] it would give": a verb of saying opens what stands under it."""
    return any("quote_verbs" in h.roles and i <= h.i < j and h.i not in scene.at for h in scene.sentence.common)


def status(act: Act, outer: tuple[Act, ...]) -> str:
    """The status that a verb and those around it give."""
    value = _alone(act)
    for verb in outer:
        value = REQUESTED if verb.sort == "weigh" and _of_another(verb, act) else _under(verb, value)
    return value


def _of_another(outer: Act, inner: Act) -> bool:
    """As in "wants [X] to send": who is to do it stands between the verbs, so that it is asked of him."""
    return inner.infinitive and not inner.passive and inner.begin > outer.j and outer.wish


def _alone(act: Act) -> str:
    if "possible" in act.modes:
        return REQUESTED if act.sort == "ask" else CONSIDERED
    if "asked" in act.modes:
        return REQUESTED
    if "denied" in act.modes:
        return CONSIDERED if act.sort in ("enact", "allot") else WITHHELD
    if "coming" in act.modes or act.infinitive:
        return _COMING[act.sort]
    if act.past:
        return _DONE[act.sort] if act.sort != "weak" or not act.spends else DELIVERED
    return _PRESENT[act.sort]


def _under(outer: Act, inner: str) -> str:
    """The status of what stands under another verb."""
    if outer.sort in ("ask", "weigh"):
        return _DONE[outer.sort]
    if "possible" in outer.modes or "coming" in outer.modes:
        return CONSIDERED if outer.sort in ("promise", "enact", "weak") else inner
    if outer.sort == "withhold":
        return WITHHELD
    if outer.sort in ("enact", "allot") and outer.past:
        return APPROVED
    if outer.sort in ("promise", "stake", "weak") and inner in (CONSIDERED, DELIVERED):
        return PLEDGED if outer.infinitive is False else inner
    return inner


def _from_nouns(scene: Scene, span: Phrase) -> Course:
    """Where no verb governs the sum: "its request for $5m", "the stalled $5m package"."""
    for act in scene.acts:
        if act.attributive and span.i <= act.i < span.j:
            return Course(None, (), _DONE[act.sort], False, "participle in the phrase")
    noun = _told_by(scene, span)
    if noun is not None:
        return Course(None, (), noun, False, "noun of an act")
    if act_noun(scene, span) is not None:
        return Course(None, (), REQUESTED, False, "noun of asking")
    if any(m.value == "weigh" for m in scene.marks("plans", max(0, span.core - 4), span.core)):
        return Course(None, (), CONSIDERED, False, "noun of a plan")
    clause = [m for m in scene.marks("modes", 0, span.j) if scene.walls(min(m.j, span.i), span.i) < MARK]
    if any(m.value == "possible" and not any(m.j <= a.i < span.i for a in scene.acts) for m in clause):
        return Course(None, (), CONSIDERED, False, "word of possibility")
    return Course(None, (), PLEDGED, False, "no verb")


def _told_by(scene: Scene, span: Phrase) -> str | None:
    """As in "the [approval] of a $5m loan", "its [freeze] on $5m": a noun that leads to the sum tells its status."""
    if "status_nouns" not in scene.by_role:
        return None
    for mark in reversed(scene.marks("status_nouns", 0, span.core)):
        if span.core - mark.j <= _LED and not scene.walls(mark.j, max(span.i, mark.j)):
            led = scene.words[mark.j] in scene.lex.scene
            return mark.value if led else None
    return None


def act_noun(scene: Scene, span: Phrase) -> int | None:
    """The noun of asking that governs a sum: "its [request] for $5m", "a flash [appeal] of $5m"."""
    found = scene.marks("asking_nouns", max(0, span.i - 4), span.j)
    return found[-1].i if found else None


def day(scene: Scene, span: Phrase, path: Course) -> dt.date | None:
    """The day named nearest to the act (to the phrase, where there is none), in its own clause."""
    published = scene.sentence.document.published
    focus = path.act.i if path.act is not None else span.core
    best: tuple[float, dt.date] | None = None
    for named in scene.sentence.days:
        before = scene.words[named.i - 1] if named.i else ""
        if before in scene.lex.since or (named.i > 1 and scene.words[named.i - 2] in scene.lex.since):
            continue
        at = named.i
        if before in scene.lex.inner and any(at - m.j <= _STRUCK for m in scene.marks("disasters", 0, at)):
            continue  # "after the earthquake of 25 April"
        if any(m.i - named.j <= _STRUCK for m in scene.marks("disasters", named.j)):
            continue  # "after the November 3 earthquake", "Saturday's deadly quake"
        cost = min(scene.cost(min(at, k), max(at, k)) for k in (focus, span.core))
        lone = len(scene.sentence.days) == 1 and ";" not in scene.words[min(at, focus) : max(at, span.core)]
        if cost >= WALL and not lone:
            continue
        future = (
            path.act is not None
            and bool(path.act.modes & {"coming", "possible"})
            and at > focus
            and not _told(scene, focus, at)
        )
        value = named.on(published, future=future)
        if value is not None and (best is None or cost < best[0]):
            best = cost, value
    return best[1] if best else None


def _told(scene: Scene, i: int, j: int) -> bool:
    """Whether a verb of saying stands between, so that the day is the saying's."""
    return any("quote_verbs" in h.roles for h in scene.sentence.common if i <= h.i < j)
