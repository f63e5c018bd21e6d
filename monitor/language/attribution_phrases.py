"""The noun phrases that name sources: "a security official", "X Y, the mayor of Z,", "witnesses and a charity"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor.language.lexicon import Hit, Lexicon


@dataclass(slots=True, kw_only=True, unsafe_hash=True)
class Credit:
    """A source that a sentence names: tokens[i:j], and the tokens it vouches for."""

    i: int
    j: int
    #: as the text names it, without a leading article; a pronoun stands as it is (see ``pronoun``)
    text: str
    #: the tokens credited: tokens[begin:end]
    begin: int
    end: int
    #: "he", "it": the document resolves it to the source named before
    pronoun: bool = False


#: what makes a hit a number, and the most words of a person's name with titles before it
_NUMBERS = frozenset(("number_words", "vague"))
_NAME = 5


#: what parts of a sentence stand between
_BOUNDS = frozenset(";()")


class Phrases:
    """Reads the phrases of sources with one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        common = lexicon.common
        self._articles = common.words("articles")
        self._pronouns = common.words("pronouns")
        clauses = common.phrases("clauses")
        self._stops = frozenset(
            p for role in ("coordination", "relative", "subordination") for p in clauses.get(role, ())
        )
        self._relatives = frozenset(clauses.get("relative", ()))
        self._genitives = common.words("genitives") | frozenset(common.phrases("place_prepositions").get("inside", ()))
        self._nouns = common.words("source_nouns")
        self._words = {k: frozenset(v) for k, v in common.phrases("credit_words").items()}
        self._beside = self._nouns | self._words["kin"]
        endings = common.phrases("endings")
        self._adverb, self._plural = tuple(endings.get("adverb", ())), tuple(endings.get("plural", ()))
        self._having = common.words("having")
        self._possessive = common.words("possessive")
        self._joined = self._words["joint"] | self._possessive
        self._persons = common.words("titles") | self._words["persons"]
        self._times = frozenset(("weekdays", "relative_days", "months"))
        self._names = frozenset(
            ("countries", "capitals", "seats", "organisations", "groups", "people", "outlets", "offices", "peoples")
        )
        self._bodies = self._names - {"people"}
        self._auxiliaries = common.words("auxiliaries")
        self._inner = common.words("possessive") | {"-"}
        self._abbreviations = frozenset(a.rstrip(".") for a in common.words("abbreviations"))

    def _after(
        self, words: Sequence[str], raw: Sequence[str], j: int, at: dict[int, Hit], begin: int, end: int
    ) -> Credit | None:
        """The noun phrase that begins at j."""
        opened = begin != end and end < len(words) and words[j : j + 1] != [] and words[j] in self._articles
        while j < len(words) and words[j] in self._articles:
            j += 1
        k = j
        while k < len(words) and k - j < 14:
            shortened = words[k] == "." and words[k - 1] in self._abbreviations
            if (words[k] in '.,;:()"“”—!?' and not shortened) or (
                words[k] in self._stops and not self._links(words, raw, k) and not raw[k].isupper()
            ):
                break
            hit = at.get(k)
            if hit is not None and (not self._times.isdisjoint(hit.roles) or ("quote_verbs" in hit.roles and k > j)):
                break
            if words[k] in self._auxiliaries or words[k] in self._words["grounds"]:
                break
            if k > j and self._counts(words, raw, k, at):
                break
            k += 1
        while k > j and (words[k - 1] in self._words["edge"] or words[k - 1] in self._articles):
            k -= 1
        credit = self._credit(words, raw, j, k, at, begin, end, noun=opened)
        person = credit is not None and not self._persons.isdisjoint(words[j:k])
        name = self._name_behind(words, raw, k, at) if person else None
        whole = self._apposed(credit, name, raw) if name is not None else credit
        return None if whole is None else replace(whole, begin=begin, end=end)

    def _counts(self, words: Sequence[str], raw: Sequence[str], k: int, at: dict[int, Hit]) -> bool:
        """ "according to the ministry no fewer than 40 ...", "according to police 12 ...": whether a number begins at
        k, which is no part of a name ("Channel 12")."""
        hit = at.get(k)
        if hit is not None and "hedges" in hit.roles and hit.i == k and hit.j < len(words):
            then = at.get(hit.j)
            return words[hit.j][0].isdecimal() or (then is not None and not _NUMBERS.isdisjoint(then.roles))
        number = words[k][0].isdecimal() or (hit is not None and not _NUMBERS.isdisjoint(hit.roles))
        before = at.get(k - 1)
        named = before is not None and not self._names.isdisjoint(before.roles)
        return number and (named or not raw[k - 1][0].isupper())

    def _name_behind(self, words: Sequence[str], raw: Sequence[str], k: int, at: dict[int, Hit]) -> Credit | None:
        """ ", said the provincial police chief, General X Y.": the name of a person whom the phrase before the comma at
        k only describes."""
        if k + 2 >= len(words) or words[k] != "," or raw[k - 1][0].isupper():
            return None  # "the mayor of X, Y Oblast"
        j = k + 1
        while j < len(words) and raw[j][0].isupper() and raw[j][0].isalpha():
            j += 1
        closed = j >= len(words) or words[j] in '.,;”"'
        if not 2 <= j - k - 1 <= _NAME or not closed:
            return None
        hits = [h for m in range(k + 1, j) if (h := at.get(m)) is not None]
        if any(not self._bodies.isdisjoint(h.roles) for h in hits) or words[j - 1] in self._nouns:
            return None
        return self._credit(words, raw, k + 1, j, at, 0, 0)

    def _links(self, words: Sequence[str], raw: Sequence[str], k: int) -> bool:
        """Whether "and" joins two nouns of one source ("officials and family members")."""
        if words[k] not in self._words["joint"] or k + 1 >= len(words):
            return False
        pair = words[k - 1] in self._words["callings"] and words[k + 1] in self._words["callings"]
        if pair or words[k + 1] in self._beside or raw[k + 1][0].isupper():
            return True
        return words[k - 1] in self._nouns and self._opens_phrase(words, raw, k) and self._calls(words, k + 1)

    def _is_pronoun(self, words: Sequence[str], raw: Sequence[str], k: int) -> bool:
        """Whether a pronoun stands at k, and no name that only its capitals tell from one ("US")."""
        return words[k] in self._pronouns and not (raw[k].isupper() and len(raw[k]) > 1)

    def _points(self, words: Sequence[str], k: int) -> bool:
        """ "officials of that country": a "that" behind a preposition opens no clause."""
        return k > 0 and words[k] in self._articles and words[k - 1] in self._genitives

    def _calls(self, words: Sequence[str], k: int) -> bool:
        """Whether "a security source", "local committee" stands at k: a noun of sources within four words."""
        for word in words[k : k + 4]:
            if word in self._beside:
                return True
            if (
                not word[0].isalpha()
                or word in self._auxiliaries
                or (word in self._stops and word not in self._articles)
            ):
                return False
        return False

    def _opens_phrase(self, words: Sequence[str], raw: Sequence[str], k: int) -> bool:
        """Whether the nouns that end at k open their clause: no "killed by police and ..."."""
        k -= 1
        while k >= 0 and (
            words[k] in self._beside
            or words[k] in self._words["callings"]
            or words[k] in self._articles
            or words[k] in self._inner
            or raw[k][0].isupper()
        ):
            k -= 1
        return k < 0 or words[k] in ',"“”;' or words[k] in self._words["opening"]

    def _first_phrase(self, words: Sequence[str], raw: Sequence[str], end: int, at: dict[int, Hit]) -> Credit | None:
        """ "The army denied this, saying ...": the phrase that opens the sentence."""
        k = first = 2 if words[1:2] == [","] and words[0] in self._words["openers"] else 0  # "However, the army ..."
        while (
            k < end
            and k < first + 9
            and (
                words[k] in self._articles
                or words[k] in self._nouns
                or raw[k][0].isupper()
                or words[k] in self._inner
                or (k and words[k - 1] == "-")
            )
        ):
            k += 1
        return self._credit(words, raw, first, k, at, 0, 0) if k > first else None

    def _bounds(self, words: Sequence[str], i: int) -> tuple[int, int]:
        """The part of the sentence between semicolons that holds token i."""
        if _BOUNDS.isdisjoint(words):
            return 0, len(words)
        left = right = i
        while left > 0 and words[left - 1] not in _BOUNDS:
            left -= 1
        while right < len(words) and words[right] not in (";", ")"):
            right += 1
        return (left, right) if left and words[left - 1] == "(" else self._between(words, i)

    def _between(self, words: Sequence[str], i: int) -> tuple[int, int]:
        """The part of the sentence between semicolons, asides in brackets included."""
        if ";" not in words:
            return 0, len(words)
        left = right = i
        while left > 0 and words[left - 1] != ";":
            left -= 1
        while right < len(words) and words[right] != ";":
            right += 1
        return left, right

    def _subject_before(self, words: Sequence[str], raw: Sequence[str], i: int, at: dict[int, Hit]) -> Credit | None:
        """The noun phrase that ends right before the verb at i, an apposition between commas skipped."""
        k = i
        while k and (
            words[k - 1] in self._auxiliaries
            or words[k - 1].endswith(self._adverb)
            or words[k - 1] in self._words["between"]
            or self._is_time(k - 1, at)
        ):
            k -= 1
        if k > 3 and words[k - 1] == ")" and "(" in words[max(0, k - 8) : k - 2]:
            k = max(m for m in range(k - 2) if words[m] == "(")  # "the national agency (ABC) said"
        if k and self._is_pronoun(words, raw, k - 1):
            return Credit(i=k - 1, j=k, text=raw[k - 1], begin=0, end=0, pronoun=True)
        end = k
        if k and words[k - 1] == ",":
            end = k - 1
            head = self._phrase_start(words, raw, end, at)
            if head >= 2 and words[head - 1] == ",":
                name = self._phrase_start(words, raw, head - 1, at)
                outer = self._credit(words, raw, name, head - 1, at, 0, 0)
                inner = self._credit(words, raw, head, end, at, 0, 0)
                if outer is not None or head > end - 12:
                    return self._apposed(outer, inner, raw)
            return self._opening(words, raw, end, at)
        start = self._phrase_start(words, raw, end, at)
        return self._credit(words, raw, start, end, at, 0, 0)

    def _apposed(self, outer: Credit | None, inner: Credit | None, raw: Sequence[str]) -> Credit | None:
        """ "the governor, X Y,": both where that is short, else the name."""
        if outer is None or inner is None:
            return outer or inner
        extra = max(sum(w[0].isalnum() for w in raw[c.i : c.j]) for c in (inner, outer))
        whole = sum(w[0].isalnum() or w[0] in "'’" for c in (outer, inner) for w in raw[c.i : c.j])
        if extra <= 4 and whole <= 5:
            return replace(outer, j=inner.j, text=f"{outer.text}, {inner.text}")
        named = all(w[0].isupper() for w in raw[inner.i : inner.j] if w[0].isalnum())
        return replace(inner, i=outer.i) if named else outer

    def _opening(self, words: Sequence[str], raw: Sequence[str], end: int, at: dict[int, Hit]) -> Credit | None:
        """ "The governor of X, one of two that ..., said": the phrase before the first comma of the sentence."""
        comma = next((k for k in range(end) if words[k] == ","), end)
        start = 0
        while start < comma and not words[start][0].isalpha():
            start += 1
        if comma >= end:
            return None
        named = raw[start][0].isupper() and words[comma + 1] in self._relatives and comma - start <= 4
        return self._credit(words, raw, start, comma, at, 0, 0) if named or words[start] in self._articles else None

    def _is_time(self, k: int, at: dict[int, Hit]) -> bool:
        hit = at.get(k)
        return hit is not None and not self._times.isdisjoint(hit.roles)

    def _phrase_start(self, words: Sequence[str], raw: Sequence[str], end: int, at: dict[int, Hit]) -> int:
        """Where the noun phrase that ends at ``end`` begins."""
        k = end
        while k > 0 and end - k < 14:
            word = words[k - 1]
            shortened = word == "." and k > 1 and words[k - 2] in self._abbreviations
            if (word in '.,;:()"“”—–!?…' and not shortened) or (
                word in self._stops
                and not self._links(words, raw, k - 1)
                and not raw[k - 1].isupper()
                and not self._points(words, k - 1)
            ):
                break
            if word == "-" and k > 1 and len(raw[k - 2]) > 2 and raw[k - 2].isupper():
                break  # "CITY - Armed men ..."
            hit = at.get(k - 1)
            if hit is not None and hit.i < k - 1 and not self._bodies.isdisjoint(hit.roles):
                k = hit.i  # "Save the Children"
                continue
            if hit is not None and (
                "according" in hit.roles
                or ("quote_verbs" in hit.roles and word not in self._nouns)
                or not self._times.isdisjoint(hit.roles)
            ):
                break
            if word in self._auxiliaries:
                break
            if (
                word in self._articles
                and word != words[end - 1]
                and not (k > 1 and (words[k - 2] in self._genitives or words[k - 2] in self._joined))
            ):
                return k - 1
            k -= 1
        return k

    def _credit(
        self,
        words: Sequence[str],
        raw: Sequence[str],
        i: int,
        j: int,
        at: dict[int, Hit],
        begin: int,
        end: int,
        noun: bool = False,
    ) -> Credit | None:
        """A credit of tokens[i:j] where they name a source; any ``noun`` will do behind "said a ..."."""
        while i < j and (words[i] in self._articles or words[i] in self._words["edge"]):
            i += 1
        while j > i and words[j - 1] in self._words["edge"]:
            j -= 1
        if i >= j or j - i > 14 or words[i] in self._words["never"]:
            return None
        if j - i > 1 and self._is_pronoun(words, raw, i):
            return None  # "they landed at X"
        if j - i == 1 and (only := at.get(i)) is not None and not _NUMBERS.isdisjoint(only.roles):
            return None  # "Nine died, ..."
        if not self._words["never_inside"].isdisjoint(words[i:j]):
            return None
        if not (noun or any(self._names_one(k, words, raw, at) for k in range(i, j))):
            return None
        text = " ".join(raw[i:j])
        for joint in ("'s", "’s", ".", "-", "–"):
            text = text.replace(f" {joint}", joint)
        text = text.replace("- ", "-").replace("– ", "–")
        return Credit(i=i, j=j, text=text, begin=begin, end=end)

    def _names_one(self, k: int, words: Sequence[str], raw: Sequence[str], at: dict[int, Hit]) -> bool:
        hit = at.get(k)
        if hit is not None and not self._names.isdisjoint(hit.roles):
            return True
        return words[k] in self._nouns or (raw[k][0].isupper() and (k > 0 or len(raw) > 1))
