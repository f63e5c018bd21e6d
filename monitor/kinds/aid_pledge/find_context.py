"""What the rest of an item says of a finding: pronouns, givers and receivers named elsewhere, news of "the package"."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.kinds.aid_pledge.facts import LADDER
from monitor.kinds.aid_pledge.find_contents import itemised_goods, unnamed_goods
from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_goods_lists import all_goods
from monitor.kinds.aid_pledge.find_notes import noted
from monitor.kinds.aid_pledge.find_phrases import Phrase
from monitor.kinds.aid_pledge.find_roles import Answer
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_status import REQUESTED, Course, day, governing, status
from monitor.kinds.aid_pledge.find_types import likeliest, named_aid
from monitor.kinds.aid_pledge.find_words import CLAUSE
from monitor.language.document import Document

_RANK = {status: n for n, status in enumerate(LADDER)}
#: sentences that an analyst's note has at most
NOTE = 12
#: sentences back that a pronoun or a missing receiver may reach
BACK = 3
#: acts whose day is that of the pledges told next
_TOLD = frozenset(("promise", "stake", "enact"))
#: rules by which a giver is one of whom the sentence before tells
_STANDS_FOR = frozenset(("antecedent of a pronoun", "who says we"))


class Context:
    """The item around its findings."""

    def __init__(self, document: Document, scenes: dict[int, Scene]) -> None:
        self.document = document
        self._scenes = scenes
        #: sentence -> whom it says that something goes to
        self.targets: dict[int, list[Answer]] = {}

    def scene(self, index: int) -> Scene:
        found = self._scenes.get(index)
        if found is None:
            found = self._scenes[index] = Scene(self.document.sentences[index])
        return found

    # --- what later sentences say of it ---

    def follow(self, found: Finding, others: Sequence[Finding]) -> None:
        """Reads later sentences that speak of the same thing: "The House approved the bill on Saturday"."""
        here = found.scene.sentence.index
        next_told = min((p for o in others if (p := (o.scene.sentence.index, o.i)) > (here, found.i)), default=None)
        last = min(here + BACK, len(self.document.sentences) - 1)
        for index in range(here + 1, last + 1):
            sentence = self.document.sentences[index]
            if index == here + 1 and sentence.words[0] in found.scene.lex.pointing and unnamed_goods(found):
                found.goods = itemised_goods(self.scene(index)) or found.goods
            if not sentence.has(found.scene.lex.again):
                continue
            scene = self.scene(index)
            if scene.sums or not self._refers(scene):
                continue
            if not found.types:
                found.types = likeliest(
                    [m for role in ("types", "purposes", "goods") for m in scene.marks(role) if m.value != "neutral"], 0
                )
            bare = found.goods is None or (found.quantity is None and "counted" not in found.marks)
            if bare and scene.marks("parts") and (next_told is None or next_told[0] > index):
                found.goods = all_goods(scene, 0) or found.goods
            self._further(found, scene)
        if not found.types:
            found.types = self._named_near(found) or self._again(found) or self._noted(found)

    def _named_near(self, found: Finding) -> frozenset[str]:
        """The sort of aid that the sentences around name, where they name only one."""
        index = found.scene.sentence.index
        near = [s for s in self.document.sentences[max(0, index - 2) : index + 3] if s.has(found.scene.lex.aid_talk)]
        named = frozenset(sort for s in near for sort in named_aid(self.scene(s.index)))
        return named if len(named) == 1 else frozenset()

    def _again(self, found: Finding) -> frozenset[str]:
        """As in "The aid is worth $5m": what the sentence before says that the thing told again is for."""
        scene, index = found.scene, found.scene.sentence.index
        if not index or not self._refers(scene):
            return frozenset()
        before = self.scene(index - 1)
        marks = [m for role in ("types", "purposes", "goods") for m in before.marks(role)]
        return likeliest([m for m in marks if m.value != "neutral"], 0)

    def _noted(self, found: Finding) -> frozenset[str]:
        """In an analyst's note every sentence speaks of the one pledge that it records."""
        scenes = [self.scene(s.index) for s in self.document.sentences] if len(self.document.sentences) <= NOTE else []
        if not any(map(noted, scenes)):
            return frozenset()
        marks = [m for scene in scenes for role in ("types", "purposes", "goods") for m in scene.marks(role)]
        return likeliest([m for m in marks if m.value != "neutral"], 0)

    def _refers(self, scene: Scene) -> bool:
        """Whether a definite noun speaks of a thing told before: "the package", "this aid"."""
        return any(m.i and scene.words[m.i - 1] in scene.lex.articles for m in scene.marks("again"))

    def _further(self, found: Finding, scene: Scene) -> None:
        """The status and the day of an act whose object or subject the thing is."""
        mark = next(m for m in scene.marks("again") if m.i and scene.words[m.i - 1] in scene.lex.articles)
        span = Phrase(mark.i - 1, mark.j, mark.i)
        act = governing(scene, span)
        if act is None or act.sort not in ("promise", "stake", "enact", "allot", "convey") or "denied" in act.modes:
            return
        value = status(act, ())
        if _RANK.get(value, -1) < _RANK.get(found.status, -1):
            return
        date = day(scene, span, Course(act, (), value, False, "later sentence"))
        found.status = value
        found.date = found.date or date

    def same_day(self, found: Finding, before: Finding) -> None:
        """A list of pledges runs on from the day of its first sentence; "the same day" says so."""
        if found.date is not None or found.scene.sentence.days:
            return
        a, b = found.scene.sentence, before.scene.sentence
        if found.scene.marks("same_day"):
            days = [d for s in self.document.sentences[max(0, a.index - BACK) : a.index] for d in s.days]
            found.date = days[-1].on(self.document.published) if days else None
        elif a.paragraph == b.paragraph and a.index - b.index <= 2 and _alike(found, before):
            found.date = before.date

    def day_before(self, found: Finding) -> None:
        """As in "Sixty states met on Thursday and promised ... Sweden chipped in 20m": the day told before."""
        here = found.scene.sentence
        if found.date is not None or here.days or not here.index or found.status == REQUESTED:
            return
        scene = self.scene(here.index - 1)
        days = scene.sentence.days
        if scene.sentence.paragraph == here.paragraph and len(days) == 1:
            acts = [a for a in scene.acts if a.sort in _TOLD and a.past and not a.attributive]
            if acts and scene.walls(min(acts[0].i, days[0].i), max(acts[0].i, days[0].i)) < CLAUSE:
                found.date = days[0].on(self.document.published)
            elif not acts and _goes_on(found, scene):
                told = days[0].on(self.document.published)
                published = self.document.published
                found.date = told if told is not None and published is not None and told <= published else None


def _goes_on(found: Finding, before: Scene) -> bool:
    """As in "X said on Monday that it would help Y. It will give $5m": what its giver said, met or did that day."""
    if found.donors is None or found.donors.rule not in _STANDS_FOR or before.of("disasters"):
        return False
    told = found.donors.rule == "who says we" or any("quote_verbs" in h.roles for h in before.sentence.common)
    return told and any(a.actor in found.donors.actors for a in before.actors)


def _alike(a: Finding, b: Finding) -> bool:
    """Whether two pledges have one receiver and one status: a list of pledges."""
    if a.recipient is None or b.recipient is None or a.status != b.status:
        return False
    return a.recipient.actors == b.recipient.actors


def at(found: Finding, answer: Answer | None) -> Answer | None:
    """An answer read elsewhere, with the tokens of the mention it is for: its own are of another sentence."""
    return answer._replace(i=found.span.i, j=found.span.j) if answer is not None else None
