"""What the rest of an item says of a finding: pronouns, givers and receivers named elsewhere, news of "the package"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from monitor.kinds.aid_pledge.facts import LADDER
from monitor.kinds.aid_pledge.find_contents import itemised_goods, unnamed_goods
from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_goods import all_goods
from monitor.kinds.aid_pledge.find_notes import noted
from monitor.kinds.aid_pledge.find_phrases import Phrase
from monitor.kinds.aid_pledge.find_receivers import directed, targets
from monitor.kinds.aid_pledge.find_roles import Answer, answer, bare_before, can_give, joined
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_sieve import heading
from monitor.kinds.aid_pledge.find_stand_ins import StandIn, stand_in
from monitor.kinds.aid_pledge.find_status import REQUESTED, Course, day, governing, status
from monitor.kinds.aid_pledge.find_sums import collected
from monitor.kinds.aid_pledge.find_types import likeliest, named_aid
from monitor.kinds.aid_pledge.find_where import is_country, subject_country, where, written_in
from monitor.kinds.aid_pledge.find_words import CLAUSE
from monitor.language.actors import Actor, Form, is_state
from monitor.language.document import Document

_RANK = {status: n for n, status in enumerate(LADDER)}
#: sentences that an analyst's note has at most
NOTE = 12
#: sentences back that a pronoun or a missing receiver may reach
BACK = 3
#: sentences back that "the bank" may reach
_FAR_BACK = 20
#: acts whose day is that of the pledges told next
_TOLD = frozenset(("promise", "stake", "enact"))
#: acts whose subject gets
_TAKES = frozenset(("receive", "obtain"))


class Context:
    """The item around its findings."""

    def __init__(self, document: Document, scenes: dict[int, Scene]) -> None:
        self.document = document
        self._scenes = scenes
        self._targets: dict[int, list[Answer]] = {}

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

    # --- givers ---

    def giver(self, found: Finding, others: Sequence[Finding]) -> Answer | None:
        """Who gives, by words elsewhere; told of the mention that lacked them."""
        return _at(found, self._giver(found, others))

    def _giver(self, found: Finding, others: Sequence[Finding]) -> Answer | None:
        """Who gives, where the sentence does not say: its pronoun's antecedent, or the one giver of the item."""
        if found.status == REQUESTED:
            return self._bank_asked(found)
        scene = found.scene
        act = found.path.act
        limit = act.begin if act is not None else found.span.core
        if any(m.j <= limit and scene.walls(m.j, limit) < CLAUSE for m in scene.marks("nobody")):
            return None  # "donors pledged", "said X": the donors are not named
        stands = stand_in(found)
        if stands is not None and act is not None and act.sort in _TAKES and not act.passive and act.i < found.i:
            return None  # "it has received $5m": the pronoun's own is no giver
        if stands is not None:
            antecedent = self._antecedent(scene, found, stands)
            if antecedent is not None:
                return antecedent
        if act is not None and scene.words[act.i] in scene.lex.collecting and collected(scene, act):
            return None
        before = [
            f.donors
            for f in others
            if f is not found and f.donors is not None and f.donors.actors and f.status != REQUESTED
        ]
        names = {d.actors for d in before}
        led = act is None or act.passive or act.i >= found.j or stands is not None
        if len(names) == 1 and led and not any(f.donors is None and "nobody" in f.marks for f in others):
            return before[0]._replace(rule="the item's one giver")
        return self._speaker(found, others) or self._home_body(found)

    def _bank_asked(self, found: Finding) -> Answer | None:
        """As in "its application for $3bn is before the IMF's board": the bank that is named is asked."""
        taken = set(found.recipient.actors) if found.recipient is not None else set()
        table = found.scene.lex.default_types
        banks = [a for a in found.scene.actors if table.get(a.actor) == "financial" and a.actor not in taken]
        return answer(banks, "the bank that is named") if taken and len({a.actor for a in banks}) == 1 else None

    def _antecedent(self, scene: Scene, found: Finding, stands: StandIn) -> Answer | None:
        taken = set(found.recipient.actors) if found.recipient is not None else set()
        own = [
            a
            for a in scene.actors
            if a.j <= stands.i and a.actor not in taken and stands.fits(scene, a) and self._says(scene, a)
        ]
        if own:
            return answer(joined(scene, own[-1]), "antecedent of a pronoun")
        reach = _FAR_BACK if stands.kind == "financial" else BACK  # no item speaks of two banks as "the bank"
        for index in range(scene.sentence.index - 1, max(-1, scene.sentence.index - 1 - reach), -1):
            earlier = self.scene(index)
            subjects = [a for a in earlier.actors if stands.fits(earlier, a) and a.actor not in taken]
            nobody = earlier.of("nobody") if scene.words[stands.i] in scene.lex.plural_pronouns else ()
            if nobody and not any(a.i < nobody[0].i for a in subjects):
                return None  # "Delegates ... They pledged"
            if stands.kind != "financial":
                subjects = [a for a in subjects if can_give(earlier, a)]
            if subjects:
                return answer([subjects[0]], "antecedent of a pronoun")
        return None

    def _speaker(self, found: Finding, others: Sequence[Finding]) -> Answer | None:
        """The actor of the sentence who is no receiver: officials speak of their own country's aid."""
        taken = set(found.recipient.actors) if found.recipient is not None else set()
        givers = {a for f in others if f.donors is not None for a in f.donors.actors}
        taken |= {a for f in others if f.recipient is not None for a in f.recipient.actors} - givers
        act = found.path.act
        gathered = act is None or act.passive or act.sort == "weak"
        if gathered and not found.scene.lex.gatherings.isdisjoint(found.scene.words):
            return None  # "$5m was raised at a conference, X said"
        actors = [
            a
            for a in found.scene.actors
            if a.actor not in taken and a.form in (Form.PERSON, Form.OFFICE, Form.SEAT) and can_give(found.scene, a)
        ]
        if actors:
            return answer([actors[0]], "speaker")
        banks = [a for a in found.scene.actors if found.scene.lex.default_types.get(a.actor) == "financial"]
        if banks and len({a.actor for a in banks}) == 1 and banks[0].actor not in taken:
            return answer([banks[0]], "the bank that is named")
        if found.recipient is None:
            return None
        for_others = found.scene.lex.asks_for_others  # "$5m was pledged, the UN said"
        told = next(
            (
                a
                for a in found.scene.actors
                if a.actor not in taken and a.actor.lower() not in for_others and self._says(found.scene, a)
            ),
            None,
        )
        return answer(joined(found.scene, told), "speaker") if told is not None else None

    def _says(self, scene: Scene, actor: Actor) -> bool:
        """Whether a verb of saying stands right behind the actor."""
        hit = scene.sentence.common_at.get(actor.j + actor.possessive)
        if actor.possessive and hit is not None and "titles" in hit.roles:
            hit = scene.sentence.common_at.get(hit.j)  # "X's foreign minister said"
        return hit is not None and "quote_verbs" in hit.roles and can_give(scene, actor)

    def _home_body(self, found: Finding) -> Answer | None:
        """As in "the Senate": the parliament that a language's news means where it names no country."""
        scene = found.scene
        for mark in scene.marks("home_bodies", 0, found.span.core) or scene.marks("home_bodies"):
            if (found.recipient is None or mark.value not in found.recipient.actors) and not (
                mark.i and scene.covered(mark.i - 1)
            ):
                return Answer((mark.value,), "home parliament", mark.i, mark.j)
        return None

    # --- receivers ---

    def receiver(self, found: Finding, others: Sequence[Finding]) -> Answer | None:
        """Who receives, by words elsewhere; told of the mention that lacked them."""
        return _at(found, self._receiver(found, others))

    def _receiver(self, found: Finding, others: Sequence[Finding]) -> Answer | None:
        """Who receives, where the sentence does not say: as around it, or the country that the item is about."""
        donors = set(found.donors.actors) if found.donors is not None else set()
        here = found.scene.sentence.index
        if self._shared_out(found):
            return None
        opening = heading(found)
        if opening is not None:
            scene = self.scene(opening.index)
            led = directed(scene, 0, scene.n)
            if led is not None:
                return led._replace(rule="the heading of the list")
        told = self._the_country(found, donors) or where(found, donors, others)
        if told is not None:
            return told
        near = [
            f
            for f in others
            if f is not found and f.recipient is not None and not f.several and not donors & set(f.recipient.actors)
        ]
        close = [f for f in near if 0 <= here - f.scene.sentence.index <= BACK]
        if close:
            return _inherited((_to_states(close) or _to_states(near) or close)[-1].recipient)
        counts = Counter(f.recipient.actors[0] for f in _to_states(near) or near if f.recipient is not None)
        if counts:
            best = counts.most_common(1)[0][0]
            return _inherited(
                next(f.recipient for f in near if f.recipient is not None and f.recipient.actors[0] == best)
            )
        sure = [f.donors for f in others if f.donors is not None and f.donors.rule != "opens the clause"]
        donors |= {a for d in sure for a in d.actors}
        return (
            self._here(found, donors)
            or self._met(found, donors)
            or self._helped(found, donors)
            or subject_country(self.document, found, donors)
        )

    def _the_country(self, found: Finding, donors: set[str]) -> Answer | None:
        """As in "$5m to the country": the state named last that does not give."""
        scene = found.scene
        marks = [
            m for m in scene.marks("country_again", found.span.core) if m.i and scene.words[m.i - 1] in scene.lex.to
        ]
        if not marks:
            return None
        for index in range(scene.sentence.index, max(-1, scene.sentence.index - 1 - BACK), -1):
            named = [
                a
                for a in self.scene(index).actors
                if is_country(a) and a.actor not in donors and (index < scene.sentence.index or a.j <= marks[0].i)
            ]
            if named:
                return answer([named[-1]], '"the country"')
        return written_in(self.document, found, donors)

    def _met(self, found: Finding, donors: set[str]) -> Answer | None:
        """As in "announced during a meeting with X": whom the giver meets receives."""
        for actor in found.scene.actors:
            k = bare_before(found.scene, actor.i)
            if (
                actor.actor not in donors
                and is_state(actor.actor)
                and k >= 0
                and found.scene.words[k] in found.scene.lex.company
            ):
                return answer([actor], "met by the giver")
        return None

    def _shared_out(self, found: Finding) -> bool:
        """Whether a smaller sum behind it has a receiver of its own: the whole is for several."""
        scene, quantity = found.scene, found.quantity
        later = [
            q
            for q in scene.sums
            if quantity is not None and q.i > found.j and q.least < quantity.least and self._shares(scene, found.j, q.i)
        ]
        return (
            bool(later)
            and directed(scene, later[0].j, scene.n) is not None
            and directed(scene, found.span.j, later[0].i) is None
        )

    def _shares(self, scene: Scene, i: int, j: int) -> bool:
        """Whether a word of parts stands between a sum and a smaller one."""
        led = any(w in scene.lex.company for w in scene.words[max(i, j - 3) : j])
        return bool(scene.marks("parts", i, j)) or (led and not any(i <= a.i < j for a in scene.actors))

    def _here(self, found: Finding, donors: set[str]) -> Answer | None:
        """Whom the same sentence helps in another clause: "to send X aid, after lawmakers passed a $5m package"."""
        return self._target(found.scene, donors)

    def _target(self, scene: Scene, donors: set[str]) -> Answer | None:
        index = scene.sentence.index
        if index not in self._targets:
            self._targets[index] = list(targets(scene))
        return next((a for a in self._targets[index] if a.actors[0] not in donors), None)

    def _helped(self, found: Finding, donors: set[str]) -> Answer | None:
        """Whom other sentences of the item say that aid goes to; the one named most."""
        counts: Counter[str] = Counter()
        for sentence in self.document.sentences:
            if sentence.has(found.scene.lex.aid_talk) or sentence.has(found.scene.lex.goods_talk):
                target = self._target(self.scene(sentence.index), donors)
                if target is not None:
                    counts[target.actors[0]] += 1
        if not counts:
            return None
        return Answer((counts.most_common(1)[0][0],), "helped elsewhere in the item", found.span.i, found.span.j)


def _alike(a: Finding, b: Finding) -> bool:
    """Whether two pledges have one receiver and one status: a list of pledges."""
    if a.recipient is None or b.recipient is None or a.status != b.status:
        return False
    return a.recipient.actors == b.recipient.actors


def _to_states(found: Sequence[Finding]) -> list[Finding]:
    """Those that go to a state: a body that some sums go through ("$5m to UNICEF") is not whom the others are for."""
    return [f for f in found if f.recipient is not None and is_state(f.recipient.actors[0])]


def _inherited(recipient: Answer | None) -> Answer | None:
    return recipient._replace(rule="receiver of the sums around it") if recipient is not None else None


def _at(found: Finding, answer: Answer | None) -> Answer | None:
    """An answer read elsewhere, with the tokens of the mention it is for: its own are of another sentence."""
    return answer._replace(i=found.span.i, j=found.span.j) if answer is not None else None
