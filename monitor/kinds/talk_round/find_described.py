"""Nouns that describe a side instead of naming it ("Darfur rebels", "the opposition"), and where a dateline ends."""

from __future__ import annotations

from monitor.kinds.talk_round.find_words import Words
from monitor.language.actors import Form
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit
from monitor.language.places import CITY

#: letters that a capitalised word before a dash must have to be a place: "US-made" is none
_SHORT = 3


def dateline(sentence: Sentence) -> int:
    """Where the news begins behind "KYIV, Ukraine -"; 0 where there is no dateline."""
    raw = sentence.raw
    if sentence.field != "text" or len(raw[0]) < 2 or not raw[0].isalpha() or not raw[0].isupper():
        return 0
    end = next((k for k in range(1, min(14, len(raw))) if raw[k] in "-–—:" and not raw[k - 1].islower()), 0)
    return end if end > 1 or len(raw[0]) > _SHORT else 0


def is_state(hit: Hit | None) -> bool:
    entry = hit.roles.get("side_nouns") if hit is not None else None
    return entry is not None and entry.value == "state"


def is_side(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """Whether the noun means people who can talk: "opposition from business" and "the Soviet state" do not."""
    if hit.j - hit.i > 1 or sentence.words[hit.j - 1].endswith("s"):
        return True
    k = hit.i - 1
    if k > 0 and sentence.words[k - 1] in words.articles and _is_adjective(sentence, k, words):
        k -= 1  # "the armed opposition"
    before = sentence.words[k] if k >= 0 else ""
    after = sentence.words[hit.j] if hit.j < len(sentence) else ""
    if after in words.of_words or after in words.to_words or after == "-":
        return False
    demonym = any(a.j == hit.i or (a.possessive and a.j + 1 == hit.i) for a in sentence.actors)
    return (
        before in words.articles
        or before in words.joins
        or before in words.with_words
        or before in words.between
        or demonym
        or before == "backed"
    )


def _is_adjective(sentence: Sentence, k: int, words: Words) -> bool:
    word = sentence.words[k]
    return word.isalpha() and sentence.raw[k].islower() and word not in words.bound


def described(sentence: Sentence, hit: Hit, words: Words) -> str | None:
    """ "Darfur rebels", "Sudanese rebels", "rebels in Darfur": a group's usual name; None where nothing names it."""
    noun = hit.roles["side_nouns"].value
    begin = hit.i
    while (
        begin
        and sentence.raw[begin - 1][0].isupper()
        and sentence.words[begin - 1].isalpha()
        and sentence.words[begin - 1] not in sentence.document.lexicon.function_words
    ):
        begin -= 1
    if begin == hit.i - 1 and len(sentence.raw[begin]) > 1 and sentence.raw[begin].isupper():
        return str(sentence.raw[begin])  # "the ABC rebels"
    if begin < hit.i:
        return " ".join([*sentence.raw[begin : hit.i], noun])
    if hit.j < len(sentence) and sentence.words[hit.j] in words.of_words:
        group = next((a for a in sentence.actors if 0 < a.i - hit.j <= 2 and a.form is Form.GROUP), None)
        if group is not None:
            return f"{group.actor} {noun}"
    if hit.roles["side_nouns"].value == "opposition":
        return None
    for place in sentence.places:
        name = " ".join(w for w in place.name.split() if w[0].isupper())
        behind = 0 <= place.begin - hit.j <= 1 and (
            place.preposition in words.place or place.preposition in words.of_words
        )
        behind = behind and place.level != CITY  # "talks with the rebels in Oslo"
        before = place.j + 1 == hit.i and sentence.words[place.j] == "'s"
        if name and (before or (behind and place.level != "country")):
            return f"{name} {noun}"
    return None


def untold(sentence: Sentence, hit: Hit, words: Words) -> str | None:
    """The surname, in lower case, behind a title that no country stands before: "the premier, Ann Lee" -> "lee"."""
    k = hit.i - 1
    if k < 0 or sentence.words[k] not in words.articles or sentence.words[k] in words.indefinite:
        return None
    return full_name(sentence, hit.j + (sentence.words[hit.j : hit.j + 1] == [","]), words)


def unowned(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """ "Foreign Minister Ann Lee": whether a title with a capital stands before a name that no list knows, and before
    it nothing that says of which country."""
    i, j = hit.i, hit.j
    if not sentence.raw[i][0].isupper() or sentence.field != "text" or any(a.j in (i, i - 1) for a in sentence.actors):
        return False
    before = sentence.words[i - 1] if i else ""
    if before == "'s" or (before.isalpha() and sentence.raw[i - 1][0].isupper() and before not in words.function):
        return False
    if i and sentence.common_at.get(i - 1) is not None and "titles" in sentence.common_at[i - 1].roles:
        return False
    return full_name(sentence, j, words) is not None and sentence.words[j] not in words.of_words


def full_name(sentence: Sentence, j: int, words: Words) -> str | None:
    """The surname, in lower case, of a name of several words at token j that no list knows: "Ann Lee" -> "lee"."""
    end = j
    while end < len(sentence) and sentence.raw[end].istitle() and sentence.words[end].isalpha():
        end += 1
    free = not any(a.j > j and a.i < end for a in sentence.actors)
    return sentence.words[end - 1] if end - j >= 2 and free and sentence.words[end - 1] not in words.function else None
