"""What the rules of this kind look up in a lexicon, made once for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from monitor.language.document import Sentence
from monitor.language.gate import Gate
from monitor.language.lexicon import Hit, Lexicon, Section
from monitor.language.phrases import Entry
from monitor.language.text import tokens

KIND = "casualty_update"
ONE, MANY, THINGS = "people_one", "people_many", "things"
#: harms that take people away from a place
MOVED = ("displaced", "evacuated")
#: roles of the section that tell of harm
HARMS = frozenset(
    [
        "harm_verbs",
        "harm_befalls",
        "harm_falls",
        "harm_with_tail",
        "harm_tails",
        "harm_adjectives",
        "harm_nouns",
        "harm_of",
        "tolls",
        "harm_losses",
        "harm_people_only",
    ]
)
#: those, and a place where people stay, which tells of harm behind a number of such
CUES = HARMS | {"harm_shelters"}
#: harms that befall people only where a noun says that they are people: "lost", "fell", "caught"
OF_PEOPLE = frozenset(("harm_falls", "harm_losses", "harm_people_only"))


class _Gate:
    """Which sentences can tell of harm at all, by their words alone."""

    def __init__(self, lexicon: Lexicon, small: frozenset[str], having: frozenset[str], hurt: frozenset[str]) -> None:
        """``small`` words stand in most sentences; ``hurt`` are what one can suffer, lie in or be."""
        common, section = lexicon.common, lexicon.section(KIND)
        frequent = small | section.words(ONE) | section.words(MANY)
        harms = sorted(CUES - {"harm_with_tail", "harm_tails"})
        #: the rarest word of each phrase of harm
        self.words = section.gate(*harms, common=frequent)
        #: harms that are told of people only, and those that need no noun of people beside them
        self._weak = Gate.of(section, *OF_PEOPLE, common=frequent)
        self._strong = Gate.of(section, *sorted(set(harms) - OF_PEOPLE), common=frequent)
        self._tails = Gate.of(section, "harm_tails", common=frequent)
        self._people = section.gate(MANY, ONE, "told_before", common=small)
        self._people |= common.gate("demonyms", "peoples", "groups", common=small)
        self._verbs = section.gate("harm_with_tail")
        self._moving = self._verbs | having
        verbs = section.phrases("harm_with_tail")
        driving = [form for verb in section.words("driving_list") for form in verbs.get(verb, ())]
        self._driving, self._away = frozenset(driving), common.words("away")
        #: the tail of a verb that says no harm itself
        self.hurt = hurt
        #: of these words every sentence that passes has one
        self.some = frozenset(self._strong.words | self._weak.words | self._tails.words | hurt | self._driving)

        #: what sentences are asked for
        self.sets: tuple[frozenset[str], ...] = (
            self.some, self._strong.alone, self._strong.words, self._weak.words, self._weak.alone,
            self._people, hurt, self._verbs, self._moving, self._tails.words, self._driving,
        )  # fmt: skip

    def opens(self, s: Sentence) -> bool:
        """Whether a sentence has a phrase of harm that can be of somebody, or a verb with its tail."""
        has, words = s.has, s.words
        if s.passes(self._strong):
            return True
        weak = s.passes(self._weak)
        if weak and has(self._people):
            return True
        if has(self.hurt) and (weak or has(self._verbs)):
            return True
        if has(self._tails.words) and (weak or has(self._moving)) and self._tails.opens(words):
            return True
        return has(self._driving) and self.drives(words)

    def drives(self, words: Iterable[str]) -> bool:
        """Whether a verb of driving out can have a place to drive from among these words."""
        return not (self._driving.isdisjoint(words) or self._away.isdisjoint(words))


class Tables:
    """What the rules look up, made once for a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        common, section = lexicon.common, lexicon.section(KIND)
        self.section = section
        self._small_words(section)
        self._matter_words(section)
        self._told_otherwise(section)
        self._camps_and_spans(section)
        self._reference_words(section)
        self.articles = common.words("articles")
        self.auxiliaries = common.words("auxiliaries")
        prepositions = common.words("place_prepositions")
        self.prepositions = prepositions | common.words("genitives")
        self.genitives = common.words("genitive")
        self.away = common.words("away")
        self.plural = tuple(common.phrases("endings").get("plural", ()))
        self.possessive = common.words("possessive")
        self.owning = self.possessive | section.words("owning_list")
        self.beside = common.words("genitive") | self.articles | common.words("directions")
        self.having = common.words("having")
        self.suffering = self.having | self.losing
        self.locative = frozenset(common.phrases("place_prepositions").get("inside", ()))
        clauses = common.phrases("clauses")
        self.dashes = frozenset("-–—")
        self.joints = frozenset((*clauses.get("coordination", ()), ",", "/", "-", "–"))
        self.relatives = frozenset(clauses.get("relative", ()))
        self.walls = frozenset((*clauses.get("subordination", ()), ";", ":")) - prepositions
        #: words that open a phrase or a clause of their own
        self.openers = self.prepositions | self.walls | self.auxiliaries
        self.fences = self.walls | frozenset(";:,.()")
        inside = section.words("noun_words_list")
        self.stops = (
            lexicon.function_words | self.auxiliaries | prepositions | self.relatives | self.articles
            | common.words("pronouns")
            | frozenset(p for same in clauses.values() for p in same) | common.words("negations")
        ) - inside  # fmt: skip
        self.possessives = common.words("pronouns")
        #: words that stand in most sentences
        self.small = frozenset(lexicon.function_words | self.auxiliaries | prepositions | common.words("pronouns"))
        self._gates: dict[str, Gate] = {}
        #: id of a phrase's roles -> these, kept so that the id stays theirs, and what they tell as a cue (find_cues)
        self.cues: dict[int, tuple[Mapping[str, Entry], tuple[frozenset[str], str, Entry] | None]] = {}
        #: the first word of each phrase for people who are held
        self.captive = frozenset(word for phrase in self.captives for word in tokens(phrase)[:1])
        hurt = self.injuries | self.hospitals | self.captive
        self.gate = _Gate(lexicon, self.small, having=self.having, hurt=hurt)
        self.actors = frozenset(("countries", "demonyms", "peoples", "groups", "organisations"))
        self.sides = self.actors | {"seats"}

    def _small_words(self, section: Section) -> None:
        """The lists that the grammar asks for by name."""
        self.asides = section.words("asides_list")
        self.all = section.words("all_list")
        self.claiming = section.words("claiming_list")
        self.driving = section.words("driving_list")
        self.sought = section.words("sought_list")
        self.among = section.words("among_list")
        self.ratio = section.words("ratio_list")
        self.policing = section.words("policing_list")
        self.reflexives = section.words("reflexives_list")
        self.collectives = section.words("collectives_list")
        self.another = section.words("another_list")
        self.men = section.words("men_list")
        self.fighters = section.words("fighters_list")
        self.bodies = section.words("local_bodies_list")
        self.until_now = section.words("until_now_list")
        self.since = section.words("since_list")
        self.bringing = section.words("bringing_list")
        self.likewise = section.words("likewise_list")
        self.hospitals = section.words("hospitals_list")
        self.sites = section.words("sites_list")
        self.listing, self.behind = section.words("listing_list"), section.words("listed_behind_list")
        self.elliptic = section.words("elliptic_list")
        self.fallen_else = section.words("fallen_else_list")
        self.conditions = section.words("conditions_list")
        self.incident_gate, self.disaster_gate = section.gate("incidents"), section.gate("disasters")
        self.later_gate = section.gate("days_after")
        self.side = section.words("side_list")
        self.enemies = section.words("enemies_list")
        self.own = section.words("own_list")
        self.homes = section.words("homes_list")
        self.governing = section.words("governing_list")
        self.arms = section.words("arms_list")
        self.armed = section.words("armed_list")
        self.participles = tuple(section.words("participle_endings_list"))
        self.wars = section.words("wars_list")
        self.every = section.words("every_list")
        self.ago = section.words("years_ago_list")
        self.fatal = section.words("fatal_list")
        self.injuries = section.words("injuries_list")
        self.gap = section.words("gap_words_list")
        self.singular = section.words("singular_list")
        self.passing = section.words("passing_list")
        self.added = section.words("added_list")
        self.links = section.words("toll_links_list")
        self.passive = section.words("passive_words_list")
        self.two_words = section.words("two_words_list")
        self.captives = section.words("captives_list")
        self.comparing = section.words("comparing_list")
        self.their = section.words("their_list")
        self.one_article = section.words("one_article_list")
        self.along = section.words("along_list")
        self.definite = section.words("definite_list")
        self.further = section.words("further_list")
        self.increments = section.words("increments_list")
        self.one_are = section.words("one_are_list")
        self.one_is = section.words("one_is_list")
        self.adverbs = section.words("adverbs_list")
        self.infinitive = section.words("infinitive_words_list")

    def _reference_words(self, section: Section) -> None:
        """The lists by which people are known again, or told apart."""
        self.postposed = section.words("postposed_list") | section.words("strong_pasts_list")
        self.assaulting = section.words("assaulting_list")
        self.posts = section.words("posts_list")
        self.one_of_them = section.words("one_of_them_list")
        self.pronoun_before = section.words("pronoun_before_list")
        self.pronoun_after = section.words("pronoun_after_list")

    def _told_otherwise(self, section: Section) -> None:
        """The lists of what sets people, places and days apart from those of a mention."""
        self.apart = section.words("apart_list")
        self.many_incidents = section.words("many_incidents_list")
        self.doubtful = section.words("doubtful_list")
        self.inhabited = section.words("inhabited_list")
        self.scenes = section.words("scenes_list")
        self.remains = section.words("remains_list")
        self.routes = section.words("routes_list")
        self.years = section.words("years_list")
        self.spread = section.words("spread_list")
        self.present = section.words("present_list")
        self.whom = section.words("whom_list")
        self.felt = section.words("felt_list")
        self.addressing = section.words("addressing_list")
        self.addressed = section.words("addressed_list")

    def _camps_and_spans(self, section: Section) -> None:
        """The lists of who fights for whom, and of lengths of time."""
        self.state_forces, self.rebels = section.words("state_forces_list"), section.words("rebels_list")
        self.forces, self.agents = section.words("forces_list"), section.words("agents_list")
        self.households = section.words("households_list")
        self.storms = section.words("storms_list")
        self.losing = section.words("losing_list")
        self.resisting = section.words("resisting_list")
        self.regulars = section.words("state_forces_list") | section.words("guards_list")
        rebels = section.words("rebels_list") - section.words("fighters_of_any_list")
        self.irregulars = rebels | section.words("assailants_list")
        self.allied, self.powers = section.words("allied_list"), section.words("powers_list")
        self.action = section.words("action_list")
        self.eras, self.spans = section.words("eras_list"), section.words("spans_list")
        self.hours, self.over = section.words("hours_list"), section.words("over_list")

    def _matter_words(self, section: Section) -> None:
        """The lists by which an item's matter is told."""
        self.envoys = section.words("envoys_list")
        self.cared = section.words("cared_list")
        self.aged = section.words("aged_list")
        self.aiming = section.words("aiming_list")
        self.one_body = section.words("one_body_list")
        self.inquiries = section.words("inquiries_list")
        self.moves = section.words("moves_list")
        self.dangers = section.words("dangers_list")

    def hits(self, s: Sentence, role: str) -> Sequence[Hit]:
        """The hits of a role of this kind in a sentence, whose other phrases are not looked for where it can have
        none: most sentences around a mention are only asked whether they say something of its incident."""
        if not s.may_have(KIND, role):
            return ()
        gate = self._gates.get(role)
        if gate is None:
            gate = self._gates[role] = Gate.of(self.section, role, common=self.small)
        return s.of_role(KIND, role) if gate.opens(s.words) else ()

    @classmethod
    def of(cls, lexicon: Lexicon) -> Tables:
        tables: Tables | None = lexicon.derived.get(KIND)
        if tables is None:
            tables = lexicon.derived[KIND] = cls(lexicon)
            lexicon.marks.know(
                tables.wars, tables.incident_gate, tables.disaster_gate, tables.later_gate, tables.storms,
                *tables.gate.sets,
            )  # fmt: skip
        return tables
