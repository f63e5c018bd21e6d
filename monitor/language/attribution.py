"""Whom a sentence credits for what it says: "X said ...", "..., X said", "according to X", "citing X"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from monitor.language.lexicon import Hit, Lexicon

#: marks that set a source apart from what it says
MARKS = frozenset((":", "-", "–", "—", "("))
#: what makes a hit bring a source
ROLES = frozenset(("according", "quote_verbs"))
#: names that can stand apart so; a country or capital before a colon is mostly where the news is from
_SPEAKING = frozenset(("organisations", "groups", "outlets", "offices"))

_CLOSING = _SPEAKING | {"seats", "countries", "capitals", "people"}


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


class Credits:
    """Reads attributions with one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        common = lexicon.common
        self._articles = common.words("articles")
        self._pronouns = common.words("pronouns")
        clauses = common.phrases("clauses")
        self._stops = frozenset(
            p for role in ("coordination", "relative", "subordination") for p in clauses.get(role, ())
        )
        self._genitives = common.words("genitives") | frozenset(common.phrases("place_prepositions").get("inside", ()))
        self._nouns = common.words("source_nouns")
        self._words = {k: frozenset(v) for k, v in common.phrases("credit_words").items()}
        self._beside = self._nouns | self._words["kin"]
        endings = common.phrases("endings")
        self._adverb, self._plural = tuple(endings.get("adverb", ())), tuple(endings.get("plural", ()))
        self._having = common.words("having")
        self._joined = self._words["joint"] | common.words("possessive")
        self._times = frozenset(("weekdays", "relative_days", "months"))
        self._names = frozenset(
            ("countries", "capitals", "seats", "organisations", "groups", "people", "outlets", "offices", "peoples")
        )
        self._auxiliaries = common.words("auxiliaries")
        self._inner = common.words("possessive") | {"-"}
        self._abbreviations = frozenset(a.rstrip(".") for a in common.words("abbreviations"))

    def read(
        self, words: Sequence[str], raw: Sequence[str], hits: Sequence[Hit], at: dict[int, Hit]
    ) -> tuple[Credit, ...]:
        """All credits of a sentence in order of their verb or preposition. ``hits`` are the common section's
        that have any of ROLES, ``at`` tells which hit covers a token."""
        found: list[Credit] = []
        for hit in hits:
            credit = None
            if "according" in hit.roles:
                credit = self._after(words, raw, hit.j, at, 0, len(words))
            elif "quote_verbs" in hit.roles and not (self._in_name(raw, hit.i) or self._takes_lives(words, hit.i)):
                credit = self._quoted(words, raw, hit, at) or self._subject(words, raw, hit, at)
            if credit is not None:
                found.append(credit)
        return tuple(found or self._marked(words, raw, at))

    def _takes_lives(self, words: Sequence[str], i: int) -> bool:
        """ "the blast claimed 31 lives" says nothing."""
        return words[i] in self._words["claiming"] and not self._words["lives"].isdisjoint(words[i + 1 : i + 8])

    def _in_name(self, raw: Sequence[str], i: int) -> bool:
        """ "in Port Said": a capital behind a capital, where small words have none."""
        if not (i and raw[i][0].isupper() and raw[i - 1][0].isupper()):
            return False
        return sum(w[0].islower() for w in raw) > sum(w[0].isupper() for w in raw)

    def _quoted(self, words: Sequence[str], raw: Sequence[str], hit: Hit, at: dict[int, Hit]) -> Credit | None:
        """ "state television quoted the governor as saying ...": the governor says it."""
        k = hit.j
        while k < len(words) and k - hit.j < 10 and words[k] not in self._words["as"]:
            if words[k] in self._stops or not words[k][0].isalnum():
                return None
            k += 1
        if k + 1 >= len(words) or k == hit.j or (then := at.get(k + 1)) is None:
            return None
        if "quote_verbs" not in then.roles or not then.roles["quote_verbs"].forms <= {"ing"}:
            return None
        left, right = self._bounds(words, hit.i)
        begin, end = (left, hit.i) if k + 2 >= right - 1 else (k + 2, right)
        return self._credit(words, raw, hit.j, k, at, begin, end)

    def _marked(self, words: Sequence[str], raw: Sequence[str], at: dict[int, Hit]) -> Iterator[Credit]:
        """A source that stands apart by a mark alone: "WHO: 21 died", "nine killed: police", "nine killed (police)"."""
        n = last = len(words)
        while last and not words[last - 1][0].isalnum():
            last -= 1
        for k in range(1, n - 1):
            if words[k] not in MARKS or not any(w[0].isalnum() for w in words[:k]):
                continue
            end = max(last, k)
            first = self._announced(words, raw, k, at) if words[k] == ":" and end - k > 2 else None
            if first is not None:
                credit = self._credit(words, raw, first, k, at, k + 1, n)
            elif 0 < end - k - 1 <= 7 and self._is_source(words, raw, k + 1, end, at, closing=True):
                credit = self._credit(words, raw, k + 1, end, at, 0, k)
            else:
                continue
            if credit is not None:
                yield credit
                return

    def _announced(self, words: Sequence[str], raw: Sequence[str], k: int, at: dict[int, Hit]) -> int | None:
        """Where the source begins that stands before the colon at k; None where it is no source."""
        first = next((m + 1 for m in range(k - 1, -1, -1) if words[m] in MARKS and not raw[m - 1].isalpha()), 0)
        if not 0 < k - first <= 7:
            return None
        if all(w[0].isupper() for w in raw[first:k]) and (
            words[k + 1] in "\"“'" or any(w in self._nouns for w in words[first:k])
        ):
            return first
        return first if self._is_source(words, raw, first, k, at) else None

    def _is_source(
        self, words: Sequence[str], raw: Sequence[str], i: int, j: int, at: dict[int, Hit], closing: bool = False
    ) -> bool:
        """Whether tokens[i:j] are a noun phrase and nothing more, and one of its nouns says something; at a sentence's
        end a government does, too."""
        if any(not w[0].isalnum() and w not in self._inner for w in words[i:j]):
            return False
        last = at.get(j - 1)
        roles = _CLOSING if closing and words[i - 1] == ":" else _SPEAKING
        speaks = last is not None and not roles.isdisjoint(last.roles)
        if any(
            words[k] in self._stops or words[k] in self._auxiliaries or words[k][0].isdecimal() for k in range(i, j)
        ):
            return speaks and j - i == 1  # "WHO"
        named = closing and raw[j - 1][0].isupper() and any(w in self._nouns for w in words[i:j])
        return speaks or named or words[j - 1] in self._nouns

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
            k += 1
        while k > j and (words[k - 1] in self._words["edge"] or words[k - 1] in self._articles):
            k -= 1
        return self._credit(words, raw, j, k, at, begin, end, noun=opened)

    def _links(self, words: Sequence[str], raw: Sequence[str], k: int) -> bool:
        """Whether "and" joins two nouns of one source ("officials and family members")."""
        if words[k] not in self._words["joint"] or k + 1 >= len(words):
            return False
        pair = words[k - 1] in self._words["callings"] and words[k + 1] in self._words["callings"]
        return pair or words[k + 1] in self._beside or raw[k + 1][0].isupper()

    def _subject(self, words: Sequence[str], raw: Sequence[str], hit: Hit, at: dict[int, Hit]) -> Credit | None:
        forms = hit.roles["quote_verbs"].forms
        i, j = hit.i, hit.j
        told = i and (words[i - 1] == "," or words[i - 1] in self._nouns or raw[i - 1][0].isupper())
        if forms <= {"ing"} and not (told or (i and words[i - 1] in self._auxiliaries)):
            return None
        aux = i - 1 - (i > 1 and words[i - 1] in self._words["between"])  # "were also reported missing"
        passive = i and words[aux] in self._auxiliaries and words[aux] not in self._having and not forms <= {"ing"}
        if passive:
            return None
        inverted = self._inverted(words, raw, hit, at)
        if inverted is not None:
            return inverted
        before = self._subject_before(words, raw, i, at)
        bare = "base" in forms and len(forms) == 1
        if bare and not self._plural_before(words, i if before is None else before.j):
            return None
        if before is None and forms <= {"ing"} and i and words[i - 1] == ",":
            before = self._first_phrase(words, raw, i, at)
        if before is None and i and words[i - 1] in self._words["joint"] | self._words["contrast"]:
            before = self._first_phrase(words, raw, i - 1, at)
        tail = self._tail(words, raw, i)
        if before is not None:
            start = before.i - (before.i > 0 and words[before.i - 1] in self._articles)
            aside = start > 3 and words[start - 1] in ',"”’—–-'
            left, right = self._bounds(words, i)
            begin, end = (left, before.i) if tail else (left, right) if aside else (j, right)
            return Credit(i=before.i, j=before.j, text=before.text, begin=begin, end=end, pronoun=before.pronoun)
        if i and words[i - 1] in ",\"”’'" and "past" in forms | ({"past"} if "s" in forms else set()):
            return self._after(words, raw, j, at, self._bounds(words, i)[0], i)
        return None

    def _inverted(self, words: Sequence[str], raw: Sequence[str], hit: Hit, at: dict[int, Hit]) -> Credit | None:
        """ "..., said the UN body.": the source closes its clause behind the verb."""
        i, j = hit.i, hit.j
        if (
            not i
            or words[i] in self._words["addressed"]
            or words[i - 1] not in ",\"”’'"
            or "past" not in hit.roles["quote_verbs"].forms
        ):
            return None
        found = self._after(words, raw, j, at, self._bounds(words, i)[0], i)
        if found is None or not (found.j >= len(words) or words[found.j] in '.,;”"'):
            return None
        return found if j < len(words) and (words[j] in self._articles or raw[j][0].isupper()) else None

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

    def subject(self, words: Sequence[str], raw: Sequence[str], i: int, at: dict[int, Hit]) -> Credit | None:
        """The source that ends right before token i, where the word there makes it one; None for a pronoun."""
        found = self._subject_before(words, raw, i, at)
        return found if found is not None and not found.pronoun else None

    def opening(self, words: Sequence[str], raw: Sequence[str], at: dict[int, Hit]) -> str | None:
        """The source that opens a sentence as its subject, and says something in the next: "The junta kept silent."."""
        if not words or words[0] not in self._articles:
            return None
        found = self._first_phrase(words, raw, min(8, len(words)), at)
        return found.text if found is not None and words[found.j - 1] in self._nouns else None

    def _bounds(self, words: Sequence[str], i: int) -> tuple[int, int]:
        """The part of the sentence between semicolons that holds token i."""
        left = right = i
        while left > 0 and words[left - 1] not in (";", "(") and words[left - 1 : left] != [")"]:
            left -= 1
        while right < len(words) and words[right] not in (";", ")"):
            right += 1
        return (left, right) if left and words[left - 1] == "(" else self._between(words, i)

    def _between(self, words: Sequence[str], i: int) -> tuple[int, int]:
        """The part of the sentence between semicolons, asides in brackets included."""
        left = right = i
        while left > 0 and words[left - 1] != ";":
            left -= 1
        while right < len(words) and words[right] != ";":
            right += 1
        return left, right

    def _plural_before(self, words: Sequence[str], i: int) -> bool:
        return bool(
            i and (words[i - 1].endswith(self._plural) or words[i - 1] in self._pronouns or words[i - 1] in self._nouns)
        )

    def _tail(self, words: Sequence[str], raw: Sequence[str], i: int) -> bool:
        """Whether the verb closes the sentence ("..., officials said."), time and place words aside."""
        lost = i + 1 < len(words) and words[i + 1] in self._articles and raw[i + 1][0].isupper()
        if lost and words[i] not in self._words["addressed"]:  # but "told The Associated Press that"
            return True  # "... a monitor said The army ...": the stop is lost
        rest = [w for w in words[i + 1 : self._bounds(words, i)[1]] if w[0].isalnum()]
        if not rest or rest[0] in self._words["that"]:
            return not rest
        return len(rest) <= 5 and (rest[0] in self._words["tail"] or len(rest) == 1)

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
        if k and words[k - 1] in self._pronouns:
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
        return (
            self._credit(words, raw, start, comma, at, 0, 0) if comma < end and words[start] in self._articles else None
        )

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
                word in self._stops and not self._links(words, raw, k - 1) and not raw[k - 1].isupper()
            ):
                break
            hit = at.get(k - 1)
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
        if i >= j or j - i > 14 or words[i] in self._words["never"]:
            return None
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
