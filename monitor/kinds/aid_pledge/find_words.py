"""The words of aid pledges by role, compiled once a lexicon, and what the boundaries between clauses cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from monitor.language.actors import is_state
from monitor.language.gate import Gate
from monitor.language.lexicon import Lexicon, Section
from monitor.language.text import tokens

KIND = "aid_pledge"
#: what a boundary between two tokens costs: a mark that ends a clause, a word that opens one, a lesser mark
WALL, CLAUSE, MARK = 100.0, 12.0, 3.0
#: marks that end a clause for good
WALLS = frozenset(";:—!?•|")
_MARKS = frozenset(',()[]"“”')
#: acts by which goods change hands, or are to
HANDS = frozenset(
    ("promise", "stake", "convey", "give", "help", "arrive", "ask", "withhold", "receive", "obtain", "thank")
)
#: acts by which a state says that it gives, and does
GIVING = frozenset(("promise", "stake", "enact", "allot", "convey", "give"))
#: acts whose subject comes to have what is given
TAKES = frozenset(("receive", "obtain"))
#: what the phrases do that stand between a whole and its parts: "including", "split among"
HOLDS = frozenset(("holds", "shared"))
#: a word of more phrases than this stands in too many sentences ("aid")
_MANY = 20
#: shorter tokens are figures and endings ("F-16s")
_SHORT = 3
_BOUNDARIES = (("coordination", 1.0), ("relative", MARK + 1), ("subordination", CLAUSE))


def _splits(section: Section) -> dict[str, list[tuple[str, str]]]:
    """First word of a verb that its object parts -> (the word that completes it, what it makes of a pledge)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for sort, phrases in section.phrases("split_list").items():
        for phrase in phrases:
            first, last = phrase.split()
            found.setdefault(first, []).append((last, sort))
    return found


def _all(section: Section, *roles: str) -> list[str]:
    return [p for role in roles for same in section.phrases(role).values() for p in same]


def _frequent(phrases: Iterable[str]) -> frozenset[str]:
    """Tokens that many of these phrases have, and figures and endings."""
    counts = Counter(w for p in phrases for w in set(tokens(p.lower())))
    return frozenset(w for w, count in counts.items() if count > _MANY or len(w) < _SHORT)


class Words:
    """The section's words by role, compiled once a lexicon: ``Words.of(lexicon)``."""

    def __init__(self, lexicon: Lexicon) -> None:
        section, common = lexicon.section(KIND), lexicon.common
        self._gates(section, lexicon)
        self._who(section, common)
        self._clauses(common)
        self._lists(section)
        self._sums_and_days(section)

    def _gates(self, section: Section, lexicon: Lexicon) -> None:
        """Words of which a sentence has one before anything else is asked of it."""
        common = lexicon.common
        names = _all(common, "currencies", "currency_symbols", "letter_symbols")
        #: last tokens of the currencies' names: their first ones ("a", "us", "new") stand in every other sentence
        lasts = frozenset(tokens(name.rstrip("."))[-1].lower() for name in names)
        self.money_gate = lasts - common.words("pronouns") - lexicon.function_words
        #: the whole names: "can" is money as "$CAN" alone
        self.money_names = Gate([*names, *_all(section, "pounds_list")])
        self.magnitude_gate = common.firsts("magnitudes", "number_words", "pair_words", "vague")
        common_words = lexicon.function_words
        acts = section.phrases("acts")
        goods, bare, arming = _all(section, "goods"), _all(section, "bare_aid"), _all(section, "arming")
        told = [*goods, *bare, *arming, *_all(section, "aid_nouns", "types", "others")]
        frequent = common_words | _frequent(told)
        #: goods, and that somebody hands them over
        self.goods_gate = Gate(goods, frequent)
        self.goods_talk = section.gate("goods", common=common_words)
        hands = [p for sort in HANDS for p in acts.get(sort, ())]
        self.hands_gate = Gate([*hands, *_all(section, "handing", "carries", "carriers")], common_words)
        #: aid without a figure, and that it is asked for or held back
        asked = [p for sort in ("ask", "withhold") for p in acts.get(sort, ())]
        self.bare_gate = Gate([*asked, *arming], common_words)
        self.bare_nouns = Gate([*bare, *arming], frequent)
        #: one of these stands in every sentence that any of the gates lets pass
        self.gate = self.money_gate | self.goods_gate.words | self.bare_nouns.words
        self.again = section.words("again")
        self.envoy_gate = Gate(_all(section, "envoys"), common_words)

    def _who(self, section: Section, common: Section) -> None:
        """What stands before and behind givers and receivers."""
        self.scene = section.words("scene_words_list")
        self.bodies = section.words("bodies")
        self.seated = section.words("seated_list")
        self.others = section.words("others")
        self.to = section.words("to_recipient")
        self.by, self.origin = section.words("by_donor_list"), section.words("from_donor_list")
        self.both = section.words("both_list")
        self.articles = common.words("articles")
        self.directions = common.words("directions")
        self.definite = self.articles - common.words("indefinite")
        self.titles = common.words("titles") | common.words("officials")
        auxiliaries = section.phrases("verb_group")
        self.be, self.have = frozenset(auxiliaries.get("be", ())), frozenset(auxiliaries.get("have", ()))
        self.infinitive = frozenset(auxiliaries.get("to", ()))
        #: codes of states, as a list of pledges may open its lines with
        self.codes = frozenset(c for c in common.phrases("countries") if is_state(c))
        self.default_types = {a: t for t, actors in section.phrases("default_types_list").items() for a in actors}

    def _clauses(self, common: Section) -> None:
        """Where clauses begin and end."""
        clauses = common.phrases("clauses")
        self.relative = frozenset(clauses.get("relative", ()))
        #: word -> what it costs to cross it
        self.boundaries = (
            {w: c for s, c in _BOUNDARIES for w in clauses.get(s, ())}
            | dict.fromkeys(_MARKS, MARK)
            | dict.fromkeys(WALLS, WALL)
        )
        #: words that no noun phrase holds
        self.subordination = frozenset(clauses.get("subordination", ()))
        self.closed = frozenset(self.boundaries) | common.words("auxiliaries") | common.words("pronouns")

    def _lists(self, section: Section) -> None:
        """Words that single rules ask for."""
        self.since = section.words("since")
        self.genitives = section.words("genitives")
        self.participle_endings = tuple(section.words("participle_endings_list"))
        self.adverb_endings = tuple(section.words("adverb_endings_list"))
        self.inside, self.company, self.more = (
            section.words("inside_list"),
            section.words("company_list"),
            section.words("and_more_list"),
        )
        self.inner = self.inside | self.to | section.words("of_donor_list")
        self.raising, self.respectively = section.words("raising_list"), section.words("respectively")
        self.gives = section.firsts("aid_verbs")
        self.theirs = section.words("theirs_list")
        self.venues, self.body_nouns = section.words("venues_list"), section.words("body_nouns_list")
        self.name_links = section.words("name_links_list")
        self.never_asks = frozenset(section.phrases("never_asks_list").get("never", ()))
        self.addressed = section.words("addressed_list")
        self.fights = section.words("fights_list")
        self.conditions, self.wants = section.words("conditions_list"), section.words("wants_list")
        self.pounds = {p: money for money, same in section.phrases("pounds_list").items() for p in same}
        self.desks = section.words("desks_list")
        self.ambiguous = section.words("ambiguous_money_list")
        self.local_money = {
            (base, *phrase.split()) for base, same in section.phrases("local_money_list").items() for phrase in same
        }

    def _sums_and_days(self, section: Section) -> None:
        """Words that single rules ask for about sums, goods and what became of them."""
        self.gatherings = self.venues | section.words("gatherings_list")
        self.forgiven = section.words("forgiven_list")
        self.state_carriers = section.words("state_carriers_list")
        self.treasuries = [tuple(tokens(p)) for p in sorted(section.words("treasuries_list"))]
        self.treasury_words = frozenset([place[-1] for place in self.treasuries])
        self.deciding = frozenset(section.phrases("deciding_list").get("bodies", ()))
        self.helping, self.standing = section.words("helping_list"), section.words("standing_list")
        self.particles = section.words("particles_list")
        self.goods_again = section.words("goods_again_list")
        self.pointing, self.summing = section.words("pointing_list"), section.words("summing_list")
        self.subjunctive = section.words("subjunctive_list")
        self.records = section.words("records_list")
        self.former = section.words("former_list")
        self.plural_pronouns = section.words("plural_pronouns_list")
        self.shares = section.words("shares_list")
        self.splits = _splits(section)
        self.promise_of = section.words("promise_of_list")
        self.buying, self.missions = section.words("buying_list"), section.words("missions_list")
        self.nearing, self.from_elsewhere = section.words("nearing_list"), section.words("from_elsewhere_list")
        self.sums_up = section.words("sums_up_list")
        self.qualities, self.against = section.words("qualities_list"), section.words("against_list")
        self.aboard = section.words("laden_list") - section.words("of_donor_list") - self.inside
        self.carriers = frozenset(p.split()[-1] for p in _all(section, "carriers"))
        self.laden, self.fresh = section.words("laden_list"), section.words("fresh")
        self.bring = section.words("bring")
        self.sure = frozenset(section.phrases("aid_nouns").get("sure", ()))
        self.income, self.no_receiver = section.words("income_list"), section.words("no_receiver_list")
        self.collecting, self.needing = section.words("collecting_list"), section.words("needing_list")
        kinds = section.phrases("stand_in_kinds_list")
        #: a noun that stands for somebody -> what he must be: "financial", "body", "state"
        self.stand_in_kinds = {noun: kind for kind, nouns in kinds.items() for noun in nouns}
        self.stand_nouns = frozenset(self.stand_in_kinds)
        self.asks_for_others = section.words("asks_for_others_list")
        self.aid_talk = section.words("aid_talk_list")
        self.boards, self.budgets = section.words("boards_list"), section.words("budgets_list")
        self.lesser, self.public = section.words("lesser_list"), section.words("public_list")
        self.schemes, self.firms = section.words("schemes_list"), section.words("firms_list")
        self.moves = section.words("moves_list")
        self.need = section.words("need_list")
        self.given_to = section.words("given_to_list")
        self.first_person = section.words("first_person_list")
        self.of_donor = section.words("of_donor_list")

    @classmethod
    def of(cls, lexicon: Lexicon) -> Words:
        words: Words | None = lexicon.derived.get(KIND)
        if words is None:
            words = lexicon.derived[KIND] = cls(lexicon)
            lexicon.marks.know(words.gate, words.money_gate, words.magnitude_gate, words.aid_talk, words.goods_talk)
            gates = (words.goods_gate, words.hands_gate, words.bare_gate, words.bare_nouns, words.envoy_gate)
            lexicon.marks.know(*(some for gate in gates for some in (gate.words, gate.alone)))
        return words
