"""The verbs of a sentence that bear on aid: which of the lexicon's words are verbs there, and what their group says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from monitor.kinds.aid_pledge.find_acts import Act
from monitor.language.actors import Form
from monitor.language.lexicon import Hit
from monitor.language.quantities import Sort

if TYPE_CHECKING:
    from monitor.kinds.aid_pledge.find_scene import Scene

DASHES = frozenset("-–")
#: tokens that an object may have between a verb and its particle
_OBJECT = 14
#: tokens that may stand between a verb and the word that completes it ("let X have")
_GAP = 7
#: tokens from a participle to the "by" of its agent, at most
_BY = 5
#: roles of what a verb may have for its object without an article
_OBJECTS = frozenset(("goods", "aid_nouns", "types", "status_nouns"))
_TIMES = frozenset(("weekdays", "relative_days"))


def read_acts(scene: Scene) -> Iterator[Act]:
    """The verbs among the section's words, in order."""
    for hit in scene.by_role.get("acts", ()):
        entry = hit.roles["acts"]
        forms = entry.forms
        if "gapped" in hit.roles and hit.roles["gapped"].value not in scene.words[hit.j : hit.j + _GAP]:
            continue
        if hit.i and scene.words[hit.i - 1] in DASHES and not forms & {"participle", "ing"}:
            continue  # "anti-ship"
        attributive = bool(forms & {"participle", "ing"}) and _attributive(scene, hit)
        if not attributive and not _is_verb(scene, hit, forms):
            continue
        yield _act(scene, hit, entry.value, forms, attributive)


def _act(scene: Scene, hit: Hit, sort: str, forms: frozenset[str], attributive: bool) -> Act:
    begin, seen, modes = _group(scene, hit.i)
    be, have = bool(seen & scene.lex.be), bool(seen & scene.lex.have)
    infinitive = bool(seen & scene.lex.infinitive)
    be = be and scene.words[hit.i - 1] not in scene.lex.infinitive  # "is to put", no "is put"
    passive = "participle" in forms and (be or _bare_participle(scene, hit, forms, have))
    ordered = passive and not have and not modes and not seen.isdisjoint(scene.lex.subjunctive)
    past = (
        not infinitive
        and not ordered
        and not modes & {"coming", "possible", "asked"}
        and (have or ("past" in forms and not be) or passive)
    )
    wish = "wishes" in hit.roles
    for last, split in scene.lex.splits.get(scene.words[hit.i], ()):
        if last in scene.words[hit.j : hit.j + _OBJECT]:
            sort = split  # "made $5m available"
    if wish and not infinitive and scene.lex.infinitive.isdisjoint(scene.words[hit.j : hit.j + 1]):
        sort = "ask"
    return Act(
        i=hit.i, j=hit.j, sort=sort, begin=begin, passive=passive, past=past, perfect=have, infinitive=infinitive,
        loose=forms == {"ing"} and not be, modes=frozenset(modes), attributive=attributive,
        wish=wish,
        spends="spending" in hit.roles,
    )  # fmt: skip


def _group(scene: Scene, i: int) -> tuple[int, set[str], set[str]]:
    """The words of the verb group before token i: its start, its auxiliaries, its modes."""
    k, seen, modes = i, set[str](), set[str]()
    while k > 0 and i - k < 8:
        hit = scene.at.get(k - 1)
        word = scene.words[k - 1]
        if hit is not None and "modes" in hit.roles:
            modes.add(hit.roles["modes"].value)
            seen.update(scene.words[hit.i : hit.j])
            k = hit.i
        elif hit is not None and "verb_group" in hit.roles:
            seen.add(word)
            k -= 1
        elif _adverb(scene, word, k - 1):
            k -= 1
        elif k == i and k > 1 and word in scene.lex.helping and scene.words[k - 2] in scene.lex.infinitive:
            k -= 1  # "to help raise": who is to help is to raise
        else:
            break
    return k, seen, modes


def _adverb(scene: Scene, word: str, k: int) -> bool:
    hit = scene.sentence.common_at.get(k)
    if hit is not None and not _TIMES.isdisjoint(hit.roles):
        return True
    own = scene.at.get(k)
    if own is not None and "adverb_words" in own.roles:
        return True
    return word.endswith(scene.lex.adverb_endings) and scene.covered(k) is None


def _attributive(scene: Scene, hit: Hit) -> bool:
    """As in "the promised $3bn", "badly needed weapons": behind an article or adverb, before its noun."""
    before = scene.words[hit.i - 1] if hit.i else ""
    if before in scene.lex.articles or before in scene.lex.genitives:
        return True
    if before in DASHES and not scene.spaced(hit.i - 1):
        return True  # "long-[delayed]"
    previous, following = scene.at.get(hit.i - 1), scene.at.get(hit.j)
    led = previous is not None and "verb_group" in previous.roles
    noun = following is not None and not {"types", "aid_nouns", "goods"}.isdisjoint(following.roles)
    if noun and before in scene.lex.of_donor:
        return True  # "$5m of required funding"
    return (
        noun
        and not led
        and hit.i > 0
        and before.endswith(scene.lex.adverb_endings)
        and scene.covered(hit.i - 1) is None
        and _group(scene, hit.i)[1] == set()
    )


def _bare_participle(scene: Scene, hit: Hit, forms: frozenset[str], have: bool) -> bool:
    """As in "a package approved by X": a participle behind a noun, with its agent or nothing behind it."""
    if have or hit.j >= scene.n:
        return False
    if not hit.i and _by_later(scene, hit.j):
        return True
    if scene.words[hit.j] in scene.lex.by or ("past" not in forms and hit.i > 0):
        return True
    before, common = scene.at.get(hit.i - 1), scene.sentence.common_at.get(hit.j)
    noun = before is not None and not {"aid_nouns", "types", "goods"}.isdisjoint(before.roles)
    return (
        before is not None
        and noun
        and "acts" not in before.roles
        and common is not None
        and not _TIMES.isdisjoint(common.roles)
    )


def _by_later(scene: Scene, k: int) -> bool:
    """As in "Signed off last night by X, ...": an agent a few words behind the participle that opens a sentence."""
    for at in range(k, min(k + _BY, scene.n)):
        if scene.words[at] in scene.lex.by:
            return True
        if scene.words[at] in scene.lex.boundaries or scene.words[at] in scene.lex.articles:
            return False
    return False


def _is_verb(scene: Scene, hit: Hit, forms: frozenset[str]) -> bool:
    """Whether the words are a verb here: "pledge", "support", "funding" can be nouns."""
    before = scene.words[hit.i - 1] if hit.i else ""
    previous = scene.at.get(hit.i - 1)
    led = previous is not None and not {"modes", "verb_group"}.isdisjoint(previous.roles)
    if forms & {"past", "participle"}:
        return True
    noun = "aid_nouns" in hit.roles or "asking_nouns" in hit.roles or "goods" in hit.roles or "types" in hit.roles
    if "ing" in forms:
        return not noun or led or _takes_object(scene, hit.j)
    if noun and _pays(scene, hit):
        return True
    if led and before not in scene.lex.have:
        return True
    if before in scene.lex.articles or before in scene.lex.genitives or (noun and before in scene.lex.scene):
        return False
    if not noun:
        return _takes_object(scene, hit.j) or (hit.j < scene.n and scene.words[hit.j] in scene.lex.to)
    actor = scene.covered(hit.i - 1)
    named = actor is not None
    joined = before in scene.lex.both
    heads = hit.j < scene.n and scene.words[hit.j] in scene.lex.infinitive
    if heads and "asking_nouns" in hit.roles and actor is not None and actor.form is not Form.DEMONYM:
        return True  # "X [appeals] to Y to help"
    return before.isalpha() and (previous is None or named or joined) and _takes_object(scene, hit.j, loose=named)


def _pays(scene: Scene, hit: Hit) -> bool:
    """As in "the charity [needs] $5m", "X [grants] $3m to Y": a sum right behind makes a verb of a noun."""
    before = scene.words[hit.i - 1] if hit.i else ""
    if (
        not hit.i
        or not (before[0].isalnum() or before == ",")
        or before in scene.lex.articles
        or before in scene.lex.scene
    ):
        return False
    previous = scene.at.get(hit.i - 1)
    if previous is not None and not {"aid_nouns", "types"}.isdisjoint(previous.roles):
        return False
    return any(q.i == hit.j and q.sort is Sort.MONEY for q in scene.sentence.quantities)


def _takes_object(scene: Scene, k: int, loose: bool = True) -> bool:
    """Whether an object begins at token k: an article, an actor, a sum or a number."""
    if k >= scene.n:
        return False
    hit = scene.at.get(k)
    if scene.words[k] in scene.lex.articles or (hit is not None and "stand_ins" in hit.roles):
        return True
    actor = scene.starts.get(k)
    if actor is not None and actor.form is not Form.DEMONYM:
        return True
    return any(q.i <= k < q.j for q in scene.sentence.quantities) or (
        loose and hit is not None and not _OBJECTS.isdisjoint(hit.roles)
    )
