"""A document's sentences -> rounds of talks; roles of the lexicon's section, no words.

words       the lexicon's lists by what they do                                    find_words.py
sides       noun phrases that can be a party, named, titled or described           find_sides.py find_titles.py
                                                                                   find_described.py
unnamed     sides that no list names: titles, halves, peoples, unlisted groups     find_unnamed.py
groups      armed groups that only the item's own letters name                     find_groups.py
salience    whom the item is about, and which two it sets against each other       find_salience.py find_rivals.py
memory      what it has told so far                                                find_memory.py
gate        whether two can stand around a trigger at all                          find_gate.py
trigger     a noun of talks, a verb of meeting, speaking, visiting, acting         this module
            together, bringing together, or a stretch of time spent with somebody
refused     what is no meeting: wage talks, scores, names                          find_refused.py
each        one trigger, several meetings                                          find_each.py
clause      subject, lists behind prepositions and verbs, around one trigger       find_clause.py
several     "the two sides", "the three powers"                                    find_several.py
attach      what a preposition or verb near it belongs to, where it is not it      find_attach.py
parties     who talks: "between A and B", "A's talks with B", "A met B", ...       find_parties.py find_verbs.py
                                                                                   find_visits.py
reference   whom "the talks" mean, where they name nobody                          find_reference.py
thirds      who mediates, stands by, calls others to talks, offers them            find_thirds.py
status      planned, under way, held, called off, denied                           find_status.py find_cues.py
read        all slots around one trigger                                           find_read.py
course      day, place, mode, round, mediators, outcome around the trigger         find_course.py find_where.py
                                                                                   find_when.py find_span.py
resumed     when and where they go on                                              find_resumed.py
outcome     what came of it                                                        find_outcome.py
attend      what the sentences behind add: guarantors, a day                       find_attend.py
alias       one name for one group                                                 find_alias.py
merge       one event a meeting an item                                            find_merge.py
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from monitor.kinds.talk_round.find_alias import unified
from monitor.kinds.talk_round.find_attend import attended
from monitor.kinds.talk_round.find_course import Course
from monitor.kinds.talk_round.find_each import Found
from monitor.kinds.talk_round.find_gate import may_meet
from monitor.kinds.talk_round.find_memory import Memory, Told
from monitor.kinds.talk_round.find_merge import Mention, merged
from monitor.kinds.talk_round.find_parties import Parties
from monitor.kinds.talk_round.find_read import EARLIER, FUTURE, OPENING, before, read
from monitor.kinds.talk_round.find_refused import is_matter, is_other, is_unknown, refuse
from monitor.kinds.talk_round.find_resumed import resumed
from monitor.kinds.talk_round.find_status import DENIED, is_noun, status
from monitor.kinds.talk_round.find_words import KIND, TRIGGERS, Words
from monitor.language.document import Document, Sentence
from monitor.language.lexicon import Hit
from monitor.language.phrases import Entry
from monitor.language.places import UNKNOWN
from monitor.model import Event

#: words of a noun's own phrase before it
_FEW = 3
_TRIGGERS = frozenset(TRIGGERS)


def find(document: Document) -> Iterable[Event]:
    """The rounds of talks that the document tells of, one a meeting."""
    words = Words.of(document.lexicon)
    gated = {sentence.index for sentence in document.passing(words.gate)}
    if not gated or any(sentence.has(words.courtesies) for sentence in document.sentences[:OPENING]):
        return []
    if 2 * len(document.having(words.elsewhere)) >= len(document.sentences):
        return []
    memory = Memory(document, words)
    mentions: list[Mention] = []
    for sentence in document.sentences[min(gated) :]:
        if sentence.index in gated:
            mentions += _in_sentence(sentence, words, memory)
        if mentions and mentions[-1].index >= sentence.index - 2 and _is_elliptic(sentence, words):
            mentions += _elliptic(sentence, words, memory)
    mentions = [*_ahead(document, gated, mentions, words, memory), *mentions]
    mentions = unified(document, attended(document, mentions, words, memory), words)
    return merged(document, mentions, memory.scene)


def _ahead(
    document: Document, gated: set[int], mentions: Sequence[Mention], words: Words, memory: Memory
) -> list[Mention]:
    """ "The next round will be on Monday. A and B took part in the talks": what sentences of the text before the first
    that names anybody say of the one meeting that the item tells of, where they say when."""
    first = next((m for m in mentions if m.evidence.field == "text"), None)
    if first is None or len({m.facts.parties for m in mentions}) > 1:
        return []
    found: list[Mention] = []
    for sentence in document.sentences[: first.index]:
        if sentence.index not in gated or sentence.field == "title" or any(m.index == sentence.index for m in mentions):
            continue
        if sentence.days:
            found += [m for m in _in_sentence(sentence, words, memory) if m.facts.parties == first.facts.parties]
    return [m for m in found if m.facts.date is not None]


def _in_sentence(sentence: Sentence, words: Words, memory: Memory) -> Iterator[Mention]:
    found = False
    for hit in sentence.hits(KIND):
        if _TRIGGERS.isdisjoint(hit.roles):
            continue
        hit = _as_noun(sentence, hit, words)
        if not may_meet(sentence, hit, words, told=bool(memory.meetings)):
            refuse(sentence, hit, "nobody to talk with is named")
        elif not is_other(sentence, hit, words):
            for mention in _mentions(sentence, hit, words, memory):
                found = True
                yield mention
    if not found:
        for hit in sentence.of_role(KIND, "modes"):
            yield from _mentions(sentence, hit, words, memory)


def _as_noun(sentence: Sentence, hit: Hit, words: Words) -> Hit:
    """ "Talks to resume in Rome": a noun with a verb in the infinitive, where "talks to X" is a verb."""
    if hit.roles.keys() != {"speak_verbs"} or sentence.words[hit.j - 1] not in words.to_words:
        return hit
    behind = next((h for h in sentence.hits(KIND) if h.i == hit.j), None)
    if behind is None or not any(e.value == "base" or "base" in e.forms for e in behind.roles.values()):
        return hit
    noun = Entry("talk_nouns", "any")
    return Hit(hit.i, hit.j - 1, {noun.role: noun})


def _is_elliptic(sentence: Sentence, words: Words) -> bool:
    """ "The second will be held in ...", "The first one ended": a round is meant, and its noun left out."""
    first = sentence.words[:4]
    if len(first) < 4 or first[0] not in words.articles or first[1] not in words.ordinals:
        return False
    return first[2] in words.ones or first[2] in words.auxiliaries


def _elliptic(sentence: Sentence, words: Words, memory: Memory) -> Iterator[Mention]:
    noun = Entry("talk_nouns", "any")
    hit = Hit(1, 2 + (sentence.words[2] in words.ones), {noun.role: noun})
    parties = Found(memory.last(sentence), "an ordinal alone", 0.66)
    how = status(sentence, hit, words, 0)
    mention = read(sentence, hit, parties, how, words, memory) if how != DENIED else None
    if mention is not None:
        _trace(sentence, hit, parties.rule, mention)
        yield replace(mention, facts=replace(mention.facts, round=words.ordinals[sentence.words[1]]))


def _mentions(sentence: Sentence, hit: Hit, words: Words, memory: Memory) -> Iterator[Mention]:
    parties = Parties(sentence, hit, words, memory).find()
    if parties is None and sentence.field == "title" and is_noun(sentence, hit, words):
        scene = Course(sentence, hit, Found((), "a title", 0.0), words, memory.sides(sentence)).place()
        if scene is not None and scene.level != UNKNOWN and scene.begin >= hit.j:
            memory.scene = scene.name
    if parties is None:
        refuse(sentence, hit, "nobody to talk with is named")
        return
    how = status(sentence, hit, words, parties.end) if not parties.echo else None
    told = parties.parties == memory.last(sentence, 0) and how not in ("planned", "proposed", "cancelled")
    if told and (_is_purpose(sentence, hit, words) or _is_frame(sentence, hit, words, memory)):
        parties = replace(parties, echo=True)  # "met for talks": one meeting
    if how == DENIED:
        refuse(sentence, hit, "denied")
        return
    if how == "cancelled" and memory.awaits(parties.parties) and _is_of_before(sentence, hit, words):
        refuse(sentence, hit, "called off before those that go on")
        return
    if how in FUTURE and not words.earlier.isdisjoint(before(sentence, hit)):
        refuse(sentence, hit, "one of before cannot be to come")
        return
    if how in FUTURE and is_unknown(sentence, hit, words):
        refuse(sentence, hit, "nobody tells whether or when")
        return
    if (how in FUTURE or (how == "held" and _is_to_tell(sentence, hit))) and is_matter(sentence, hit, words):
        refuse(sentence, hit, "what is told of talks, not talks")
        return
    if (
        how is None
        and sentence.words[0] in words.pointing
        and sentence.words[1:2]
        and sentence.words[1] in words.auxiliaries
    ):
        parties = replace(parties, refers=True)  # "This is the second meeting between"
    for each in parties.each or (parties,):
        mention = read(sentence, hit, each, how, words, memory)
        if mention is None:
            refuse(sentence, hit, "a topic, not a meeting")
            return
        facts = mention.facts
        told_ = Told(
            sentence.index, each.parties, facts.mode, facts.status, mention.earlier, _is_talks(sentence, hit, words)
        )
        memory.told(told_, visit=each.visitor is not None)
        _trace(sentence, hit, each.rule, mention)
        yield mention
        if (later := resumed(sentence, hit, mention, words)) is not None:
            _trace(sentence, hit, "they go on", later)
            yield later


def _is_purpose(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """Whether a noun only says what for, or which: "for a second round of talks", ", their first talks since May"."""
    k = hit.i - 1
    first = next((n for n in range(k, max(0, k - _FEW), -1) if sentence.words[n] in words.ordinals), None)
    if first is not None and first > 1 and sentence.words[first - 2] == ",":
        return is_noun(sentence, hit, words)
    while k > 0 and sentence.words[k] in words.counting:
        k -= 1
    while k > 0 and sentence.words[k].isalpha() and sentence.words[k] not in words.governing:
        k -= 1
    return (
        is_noun(sentence, hit, words)
        and k > 0
        and sentence.words[k] in sentence.document.lexicon.section(KIND).words("for_list")
    )


def _is_talks(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """Whether a noun of talks, not of a meeting or a call, tells it."""
    entry = hit.roles.get("talk_nouns")
    return entry is not None and entry.value == "any" and is_noun(sentence, hit, words)


def _is_frame(sentence: Sentence, hit: Hit, words: Words, memory: Memory) -> bool:
    """ "is to resume talks with X in the second round of talks": an occasion that is still to come is the one told."""
    here, k = memory.here(sentence), hit.i - 1
    if here is None or here.status not in FUTURE or not is_noun(sentence, hit, words):
        return False
    while k > 0 and sentence.words[k] in words.counting:
        k -= 1
    return sentence.words[k] in words.occasions


def _trace(sentence: Sentence, hit: Hit, rule: str, mention: Mention) -> None:
    trace = sentence.document.trace
    if trace is None:
        return
    trace.found(KIND, rule, sentence, hit.i, hit.j)
    for slot in ("parties", "mediators", "round", "date", "place", "mode", "status", "outcome"):
        value = getattr(mention.facts, slot)
        if value not in (None, ()):
            trace.gave(KIND, slot, value, rule, sentence, hit.i, hit.j)


def _is_to_tell(sentence: Sentence, hit: Hit) -> bool:
    """ "is expected to inform X about the outcome of the talks"."""
    return any(
        "modals" in h.roles and h.roles["modals"].value == "planned" and h.i < hit.i for h in sentence.hits(KIND)
    )


def _is_of_before(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """ "even after the army suspended its part in the talks": the verb that calls off stands in a clause of time."""
    off = [
        h for h in sentence.hits(KIND) if h.i < hit.i and "before" in h.roles and h.roles["before"].value == "cancelled"
    ]
    return bool(off) and not words.conjunctions.isdisjoint(sentence.words[max(0, off[-1].i - EARLIER) : off[-1].i])
