"""The lexicon's words as the rules of talks ask for them, compiled once a lexicon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.language.gate import Gate
from monitor.language.lexicon import Lexicon, Section
from monitor.language.text import tokens

KIND = "talk_round"
#: roles whose hits can be a meeting
NOUNS = ("talk_nouns", "visit_nouns")
VERBS = frozenset(
    ("meet_verbs", "gather_verbs", "joint_verbs", "speak_verbs", "person_verbs", "call_verbs", "visit_verbs")
)
#: verbs of going somewhere
MOVING = frozenset(("visit_verbs", "move_verbs"))
TRIGGERS = (*NOUNS, *sorted(VERBS), "time_nouns", "bring_verbs")

#: fields that are word lists, and the role of the lexicon, without its "_list", where that has another name
_NAMES = (
    "accords adverbs agree attended ballots bands ands=and apart asides between breaks by_words=by call_ends "
    "civil concessions conjunctions counterparts courtesies crowds day_nouns decided=saying definite denials earlier "
    "efforts elsewhere fights fresh group_nouns heads honorifics including indefinite inner joins joint latest "
    "leaving loose=loose_nouns matters mediator missions no_persons object_pronouns occasions of_words=of offers "
    "ones openers opening others=other_talks participle_openers=participle participles=mediator_participles "
    "mediation place place_verbs plural pointing posts processes prepositions pronouns=subject_pronouns "
    "relatives=relative residents rest resuming roles rounds separate relations topic_openers compounds comments "
    "firsts times until ahead aids pluperfect for_whom clauses=subclauses stays settings several straight "
    "stretches tables tell=tell_verbs theirs them to_words=to treaty where whose=who topics=topic_nouns unknowns "
    "with_words=with "
    "been coming describing ending following for_words=for long moved nothing now results sequels whats "
    "embedded threats unless admitting again agreeing being coalitions=coalition forming failing numerous resigning "
    "spans institutions strife group_words armed habits again_and_again "
)
#: fields that whole sentences are asked for
_ASKED = "elsewhere courtesies guarantors modes between_others moved now ending nothing results heads group_nouns"
_LISTS = {field: role or field for field, _, role in (name.partition("=") for name in _NAMES.split())}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Word lists by what they do; all lower case."""

    #: everything that can be a meeting, or tell how it was held: the gate of a sentence
    gate: Gate
    #: nouns of meetings that need their parties said beside them
    loose: frozenset[str]
    #: last words of nouns of meetings: what "Kyiv's" can own
    nouns: frozenset[str]
    #: words before a noun that make it another thing: "wage talks"
    others: frozenset[str]
    with_words: frozenset[str]
    between: frozenset[str]
    of_words: frozenset[str]
    by_words: frozenset[str]
    to_words: frozenset[str]
    #: prepositions: what stands behind them is no subject
    prepositions: frozenset[str]
    #: verbs whose object is spoken to: "told", "urged"
    tell: frozenset[str]
    rounds: frozenset[str]
    #: nouns that a country's name only describes: "the Ukraine crisis"
    topics: frozenset[str]
    #: words that join names of a list
    joins: frozenset[str]
    #: prepositions of place
    place: frozenset[str]
    articles: frozenset[str]
    pronouns: frozenset[str]
    function: frozenset[str]
    auxiliaries: frozenset[str]
    #: "other European leaders" are not named
    rest: frozenset[str]
    #: "last week": words that say that a meeting has been
    denials: frozenset[str]
    counterparts: frozenset[str]
    #: first words of those of two: "opposite number"
    opens: frozenset[str]
    participles: frozenset[str]
    #: words that end a clause
    breaks: frozenset[str]
    #: "agreed", "offered": behind it stands what is to be, and its own day
    decided: frozenset[str]
    #: "the talks", "this round": what is known already
    definite: frozenset[str]
    #: words behind which a clause begins: "as", "that"
    openers: frozenset[str]
    #: behind these an -ing form is a verb: "after meeting"
    participle_openers: frozenset[str]
    #: prepositions of an occasion: "at a meeting"
    occasions: frozenset[str]
    #: "before", "after": what follows may be a clause with its own subject
    conjunctions: frozenset[str]
    #: "agreed": what follows is what came of talks
    agree: frozenset[str]
    #: before a list of examples
    including: frozenset[str]
    #: words of negotiations that are no news of states: "wages"
    elsewhere: frozenset[str]
    #: words of items that tell of new envoys and farewells
    courtesies: frozenset[str]
    #: last words of nouns that mean one call with each: "calls"
    several: frozenset[str]
    #: "and", which joins a second partner
    ands: frozenset[str]
    indefinite: frozenset[str]
    #: "a delegation", "a team": of whom was spoken before
    missions: frozenset[str]
    #: "one": stands for a noun told before
    ones: frozenset[str]
    #: pronouns of several: "they"
    plural: frozenset[str]
    #: "as mediator"
    mediator: frozenset[str]
    #: nouns that end the name of an armed group: "Army", "Front"
    group_nouns: frozenset[str]
    #: "the North": state -> its name beside the other half
    halves: Mapping[str, str]
    #: prepositions behind a title that tell what it is for: "envoy for Ukraine"
    posts: frozenset[str]
    #: capitalised nouns before "of" that are no person's name: "University of Oslo"
    no_persons: frozenset[str]
    #: small words inside names: "bin"
    linkers: frozenset[str]
    #: "first" -> 1
    ordinals: Mapping[str, int]
    #: "Mr": stands before a name
    honorifics: frozenset[str]
    #: "both", which needs no article
    joint: frozenset[str]
    #: "invitation": what can be refused was on offer
    offers: frozenset[str]
    #: "left": what stands behind is where somebody is
    place_verbs: frozenset[str]
    #: "several" before a trigger, "often" before it, "repeatedly" behind it: no one meeting is meant
    numerous: frozenset[str]
    habits: frozenset[str]
    again_and_again: frozenset[str]
    #: "him": an object told of before
    object_pronouns: frozenset[str]
    #: "them"
    them: frozenset[str]
    #: "then", "separately": each was met alone
    apart: frozenset[str]
    #: "the negotiating table"
    tables: frozenset[str]
    #: "this", "he": behind "and" it begins a clause of its own
    resuming: frozenset[str]
    #: "this", at the head of a sentence: what it tells is the meeting told of
    pointing: frozenset[str]
    #: "include": behind it stands who is to be let in
    admitting: frozenset[str]
    #: "which"
    relatives: frozenset[str]
    #: "who"
    whose: frozenset[str]
    #: "he", "she"
    personal: frozenset[str]
    #: "while"
    asides: frozenset[str]
    accords: frozenset[str]
    ballots: frozenset[str]
    matters: frozenset[str]
    unknowns: frozenset[str]
    #: "opened": what a third does to the talks of others
    opening: frozenset[str]
    #: "troops", "refugees": people who speak for nobody
    crowds: frozenset[str]
    #: "ambassador": lives where he is sent
    residents: frozenset[str]
    #: "sidelines"
    settings: frozenset[str]
    #: "hours"
    stretches: frozenset[str]
    #: "has": before a participle
    having: frozenset[str]
    #: "their"
    theirs: frozenset[str]
    #: endings of participles
    ing: tuple[str, ...]
    #: endings of adverbs
    adverbial: tuple[str, ...]
    #: what stands behind the object of a loose verb of calling
    call_ends: frozenset[str]
    #: nouns of persons that a country's name can describe, beside the common titles: "allies"
    heads: frozenset[str]
    #: state -> groups that "the government" is that state's to
    homes: Mapping[str, str]
    #: state -> others with an office of the same name
    offices: Mapping[str, frozenset[str]]
    #: army with a name of its own -> the state it speaks for
    armies: Mapping[str, str]
    #: "conference": nouns whose rounds are of talks, and that are no meeting by themselves
    processes: frozenset[str]
    #: "peace", "ceasefire": what those of one state talk about with each other
    inner: frozenset[str]
    #: "attended": before "by" those who talk
    attended: frozenset[str]
    #: "groups": before "of" and whose they are
    bands: frozenset[str]
    #: whom a state has beside its armed groups, and who is one of them only where the lexicon says so
    civil: frozenset[str]
    #: "although": before a clause with a subject of its own
    concessions: frozenset[str]
    #: "weeks", before "after"
    spans: frozenset[str]
    #: what several states have, each one of its own: "armies"
    institutions: frozenset[str]
    #: of armed groups: words of their items ("truce"), of their full names ("Union"), before these ("rebel")
    strife: frozenset[str]
    group_words: frozenset[str]
    armed: frozenset[str]
    #: "are", before "holding"
    being: frozenset[str]
    #: "resume", behind "will"; "until", before a day
    again: frozenset[str]
    #: "coalition", before "talks"
    coalitions: frozenset[str]
    #: "form", before "a coalition"
    forming: frozenset[str]
    #: paradigms of verbs before what those who met are to do: "agree"
    agreeing: frozenset[str]
    #: "what", before a clause inside another
    embedded: frozenset[str]
    #: "threatened", before "to pull out of"
    threats: frozenset[str]
    #: "unless"
    unless: frozenset[str]
    #: "straight": between an ordinal and "day"
    straight: frozenset[str]
    #: "day", "days"
    day_nouns: frozenset[str]
    #: "failed", before "to hold"
    failing: frozenset[str]
    #: "encounter": by itself it may be a battle
    fights: frozenset[str]
    #: "weeks": what lasts so long did not begin on the day on which it ends
    long: frozenset[str]
    #: "after", behind the day on which somebody spoke
    following: frozenset[str]
    #: "postponed", before "until" and a new day
    moved: frozenset[str]
    #: "will now begin": what was to be on another day
    now: frozenset[str]
    for_words: frozenset[str]
    #: "ended": the day beside it is the last
    ending: frozenset[str]
    #: "no", "without", before one of ``results``
    nothing: frozenset[str]
    #: "breakthrough": what a meeting can have brought, or not
    results: frozenset[str]
    #: "was", beside "no breakthrough"
    been: frozenset[str]
    #: "bilateral": by itself a meeting, before a noun what describes it
    describing: frozenset[str]
    #: "followed": behind it stands what was before the meeting
    sequels: frozenset[str]
    #: "what": before a clause that is an object
    whats: frozenset[str]
    #: "travelled", before a day: when somebody came, not when they met
    coming: frozenset[str]
    #: "efforts": what stands before is no meeting, but what somebody strives for
    efforts: frozenset[str]
    #: "initial", "previous": before a meeting that was before those that the item is about
    earlier: frozenset[str]
    #: "last": before a meeting that was before those that are to come
    latest: frozenset[str]
    #: "a new round", "another": a meeting not told of before
    fresh: frozenset[str]
    #: "last", "also": between a subject and its verb
    adverbs: frozenset[str]
    #: "where"
    where: frozenset[str]
    #: "left", before a place
    leaving: frozenset[str]
    #: "separately"
    separate: frozenset[str]
    #: "signed": what states do by those whom they send
    treaty: frozenset[str]
    #: "as", before what somebody is
    roles: frozenset[str]
    #: "withdrew", before "as mediator"
    resigning: frozenset[str]
    #: "mediation": who owns it brings others together
    mediation: frozenset[str]
    #: nouns of which two stand "between" or "with" somebody: "truce", "ties"
    relations: frozenset[str]
    #: "discuss", "on": what follows is what is talked about
    topic_openers: frozenset[str]
    #: "ahead", before "of"
    compounds: frozenset[str]
    #: "until": the day behind is the last
    until: frozenset[str]
    #: "weekend": behind "this", still to come
    ahead: frozenset[str]
    #: "support", behind "with": no partner
    aids: frozenset[str]
    #: "had"
    pluperfect: frozenset[str]
    #: "time"
    times: frozenset[str]
    #: "negotiators", before "for" and whom they speak for
    for_whom: frozenset[str]
    #: "when": behind it stands a clause with a subject of its own
    clauses: frozenset[str]
    #: "welcomed": what one says of the talks of others
    comments: frozenset[str]
    #: "first", "last": before "time" in which somebody met
    firsts: frozenset[str]
    #: "was", before "in Rome"
    stays: frozenset[str]
    #: one word, at least, of those who stand by a process of talks: "guarantors"
    guarantors: frozenset[str]
    #: one word, at least, of everything that tells how a meeting was held
    modes: frozenset[str]
    #: words with which a person, or people, can be named without a capital: "negotiators", "him"
    persons: frozenset[str]
    #: full names that the lexicon has, and titles and offices, behind which there may be another
    named: Gate
    #: one word, at least, of everything that tells of mediating without a verb: "go-between", "mediation"
    between_others: frozenset[str]
    #: words that only stand with others: small ones, auxiliaries and prepositions; the latter two alone
    bound: frozenset[str]
    governing: frozenset[str]
    #: "of the second round", before a noun
    counting: frozenset[str]
    #: what can stand before the first name of a list
    led: frozenset[str]
    #: small words that can open the phrase of an object
    leading: frozenset[str]
    #: small words that no phrase goes on behind
    small: frozenset[str]
    #: small words that are adjectives all the same: "new", "two"
    adjectives: frozenset[str]

    @classmethod
    def of(cls, lexicon: Lexicon) -> Words:
        """The tables of a lexicon."""
        made: Words | None = lexicon.derived.get(KIND)
        if made is None:
            made = lexicon.derived[KIND] = cls._made(lexicon)
            lexicon.marks.know(made.gate.words, made.gate.alone, made.named.words, made.named.alone)
            lexicon.marks.know(*(getattr(made, name) for name in _ASKED.split()))
        return made

    @classmethod
    def _made(cls, lexicon: Lexicon) -> Words:
        section, common = lexicon.section(KIND), lexicon.common
        words = section.words
        small = lexicon.function_words | common.words("auxiliaries") | words("prepositions_list") | words("breaks_list")
        function = lexicon.function_words - words("adjectives_list")
        led = common.words("articles") | words("of_list") | words("including_list") | words("rest_list")
        ordinals = {p.lower(): int(n) for n, same in common.phrases("ordinals").items() if n.isdigit() for p in same}
        return cls(
            gate=Gate.of(section, *TRIGGERS, "modes", common=lexicon.function_words),
            modes=_gate(section, lexicon.function_words, "modes"),
            guarantors=_gate(section, lexicon.function_words, "guarantors"),
            persons=_gate(section, small, "side_nouns", "collective", "bare_collective", "both_named", "heads_list")
            | _gate(common, small, "titles", "officials", "offices")
            | words("object_pronouns_list"),
            named=Gate.of(common, "people", "titles", "offices", common=lexicon.function_words),
            between_others=_gate(section, lexicon.function_words, "mediator_list", "mediation_list"),
            leading=led | words("honorifics_list") | {"-", "'s"},
            bound=function | common.words("auxiliaries") | words("prepositions_list"),
            governing=common.words("auxiliaries") | words("prepositions_list"),
            counting=words("of_list") | words("rounds_list") | common.words("articles") | ordinals.keys(),
            led=led,
            small=small,
            adjectives=words("adjectives_list"),
            opens=frozenset(phrase.split()[0] for phrase in words("counterparts_list") if " " in phrase),
            nouns=frozenset(phrase.split()[0] for role in NOUNS for phrase in words(role)),
            articles=common.words("articles"),
            function=function,
            auxiliaries=common.words("auxiliaries"),
            halves={p.lower(): state for state, same in section.phrases("halves_list").items() for p in same},
            ordinals=ordinals,
            having=common.words("having"),
            personal=common.words("personal"),
            ing=tuple(words("participle_endings_list")),
            adverbial=tuple(words("adverb_endings_list")),
            linkers=common.words("name_linkers"),
            offices={state: frozenset(others) for state, others in section.phrases("offices_list").items()},
            armies={army: state for state, armies in section.phrases("armies_list").items() for army in armies},
            homes={group: state for state, groups in section.phrases("homes_list").items() for group in groups},
            **{field: words(f"{role}_list") for field, role in _LISTS.items()},
        )


def _gate(section: Section, common: frozenset[str], *roles: str) -> frozenset[str]:
    """Words, in lower case, of which every phrase of these roles has one: the phrases of one word, and of longer ones
    that have none of these the longest word that is not ``common``."""
    phrases = [tokens(p.lower()) for role in roles for same in section.phrases(role).values() for p in same]
    gate = {phrase[0] for phrase in phrases if len(phrase) == 1}
    for phrase in phrases:
        if gate.isdisjoint(phrase):
            gate.add(max(phrase, key=lambda w: (w not in common and w.isalpha(), len(w), w)))
    return frozenset(gate)
