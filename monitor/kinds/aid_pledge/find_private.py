"""Money between firms, of a home budget, of a benefactor: no state, organisation or people gives or gets it.

The guidelines want aid "at state, organisation or population level (not a company's investment, a loan between
firms)". Who is private is seldom in a list of names; the words of the trade are: a *term loan*, a *school district*, an
*alumna*. They count where no state is read as the giver: "Japan gives Kabul University $2m" is aid.
"""

from __future__ import annotations

from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_scene import Scene, states_named
from monitor.kinds.aid_pledge.find_words import KIND, WALL
from monitor.language.document import Document, Sentence

#: tokens between a verb and the subject that it is read with
_SUBJECT = 12
#: sentences of an item, its title among them, that tell what it is about
_OPENING = 2


def private(found: Finding) -> bool:
    """Whether the sum goes between private hands, or from a state's budget to its own schools and roads."""
    scene = found.scene
    sentence = scene.sentence
    if _to_a_firm(found) or _lesser_gives(found) or _collected_at_home(found) or _budgeted(found):
        return True
    if found.donors is not None:
        return found.recipient is None and _of(sentence, "lent")
    if sentence.of_role(KIND, "private"):
        return True
    return _about(sentence.document) and not sentence.actors


def _to_a_firm(found: Finding) -> bool:
    """As in "a bank will lend $5m to a builder in Y": a firm gets it, and no state or body of states gives it."""
    scene, taker = found.scene, found.recipient
    if taker is None or taker.i < found.j or (found.donors is not None and found.donors.rule != "named body"):
        return False
    led = next((k for k in range(found.j, taker.i) if scene.words[k] in scene.lex.to), None)
    for k in range(led or taker.i, taker.i):
        if scene.words[k] in scene.lex.firms and not scene.sentence.raw[k][0].isupper():
            return not scene.walls(found.j, k)
    return False


def _lesser_gives(found: Finding) -> bool:
    """ "the company donated $5m", "the city plans to allot $9m", "Oakham City Council approves $75,000": the subject
    is a firm, a council or a charity, and no state or people is named that gets it."""
    scene, act = found.scene, found.path.act
    lesser = scene.lex.lesser
    if found.recipient is not None and not _within_a_name(scene, found.recipient.i):
        return False
    if found.donors is not None:
        named = found.donors.rule == "named body"
        bodies = lesser | scene.lex.boards
        return named and not bodies.isdisjoint(scene.words[found.donors.i : found.donors.j])
    if _lender(scene):
        return False
    if "nobody" not in found.marks and _of_home(scene):
        return True
    if act is None:
        return False
    if act.passive:
        return any(scene.words[k] in scene.lex.by and scene.words[k + 1] in lesser for k in range(act.j, scene.n - 1))
    start = max(0, act.i - _SUBJECT)
    return any(scene.words[k] in lesser and scene.walls(k, act.i) < WALL for k in range(start, act.i))


def _collected_at_home(found: Finding) -> bool:
    """As in "the charities' appeal has raised $5m", "$5m was raised by pupils": what the public gave, no state.

    The UN and relief agencies that are named collect from states.
    """
    scene, act, lex = found.scene, found.path.act, found.scene.lex
    if act is None or scene.words[act.i] not in lex.collecting:
        return False
    start, end = (act.j, scene.n) if act.passive else (max(0, act.i - _SUBJECT), act.i)
    public = [
        k
        for k in range(start, end)
        if scene.words[k] in lex.public and scene.walls(min(k, act.i), max(k, act.i)) < WALL
    ]
    if not public:
        return False
    return not any(lex.default_types.get(a.actor) or a.actor.lower() in lex.asks_for_others for a in scene.actors)


def _budgeted(found: Finding) -> bool:
    """As in "Budget: roads get $5m": what a state spends at home, in an item that names no other state."""
    scene, document = found.scene, found.scene.sentence.document
    if found.recipient is not None or document.sentences[0].field != "title":
        return False
    if not (scene.sentence.has(scene.lex.budgets) or document.title_has(scene.lex.budgets)):
        return False
    states = states_named(document)
    return states <= set(found.donors.actors) if found.donors is not None else len(states) <= 1


def _of_home(scene: Scene) -> bool:
    """Whether an item with a headline speaks of firms, councils or charities, and of no state or organisation."""
    document = scene.sentence.document
    known: bool | None = document.notes.get("of home")
    if known is None:
        titled = document.sentences[0].field == "title"
        known = titled and any(s.has(scene.lex.lesser) for s in document.sentences)
        if known:
            known = all(_within_a_name(Scene(s), a.i) for s in document.sentences for a in s.actors)
        document.notes["of home"] = known
    return known


def _lender(scene: Scene) -> bool:
    """Whether a bank of states is named in the item, whom "the bank" then stands for."""
    return any(
        scene.lex.default_types.get(a.actor) == "financial" for s in scene.sentence.document.sentences for a in s.actors
    )


def _within_a_name(scene: Scene, i: int) -> bool:
    """ "Feeding America", "Bank of America": a state's name that is part of another's."""
    raw = scene.sentence.raw
    if i and raw[i - 1][0].isupper() and i - 1 not in scene.sentence.common_at:
        return True
    return (
        i > 1
        and scene.words[i - 1] in scene.lex.of_donor
        and raw[i - 2][0].isupper()
        and scene.words[i - 2] in scene.lex.lesser
    )


def _of(sentence: Sentence, value: str) -> bool:
    return any(h.roles["private"].value == value for h in sentence.of_role(KIND, "private"))


def _about(document: Document) -> bool:
    """Whether the item opens with such money."""
    known: bool | None = document.notes.get("private money")
    if known is None:
        known = any(s.of_role(KIND, "private") for s in document.sentences[:_OPENING])
        document.notes["private money"] = known
    return known
