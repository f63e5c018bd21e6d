"""Whom a sentence credits for what it says: "X said ...", "..., X said", "according to X", "citing X"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.language.lexicon import Hit, Lexicon


@dataclass(frozen=True, slots=True, kw_only=True)
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
        self._relative = frozenset(clauses.get("relative", ()))
        self._genitives = common.words("genitives") | frozenset(common.phrases("place_prepositions").get("inside", ()))
        self._nouns = common.words("source_nouns")
        self._words = {k: frozenset(v) for k, v in common.phrases("credit_words").items()}
        endings = common.phrases("endings")
        self._adverb, self._plural = tuple(endings.get("adverb", ())), tuple(endings.get("plural", ()))
        self._having = common.words("having")
        self._joined = self._words["joint"] | common.words("possessive")
        self._times = frozenset(("weekdays", "relative_days", "months"))
        self._names = frozenset(
            ("countries", "capitals", "seats", "organisations", "groups", "people", "outlets", "offices", "peoples")
        )
        self._auxiliaries = common.words("auxiliaries")

    def read(
        self, words: Sequence[str], raw: Sequence[str], hits: Sequence[Hit], at: dict[int, Hit]
    ) -> tuple[Credit, ...]:
        """All credits of a sentence in order of their verb or preposition. ``hits`` are the common section's, ``at``
        tells which of them covers a token."""
        found: list[Credit] = []
        for hit in hits:
            credit = None
            if "according" in hit.roles:
                credit = self._after(words, raw, hit.j, at, 0, len(words))
            elif "quote_verbs" in hit.roles:
                credit = self._subject(words, raw, hit, at)
            if credit is not None:
                found.append(credit)
        return tuple(found)

    def _after(
        self, words: Sequence[str], raw: Sequence[str], j: int, at: dict[int, Hit], begin: int, end: int
    ) -> Credit | None:
        """The noun phrase that begins at j."""
        while j < len(words) and words[j] in self._articles:
            j += 1
        k = j
        while k < len(words) and k - j < 14:
            if words[k] in '.,;:()"“”—!?' or (words[k] in self._stops and not self._links(words, raw, k)):
                break
            hit = at.get(k)
            if hit is not None and (not self._times.isdisjoint(hit.roles) or ("quote_verbs" in hit.roles and k > j)):
                break
            if words[k] in self._auxiliaries:
                break
            k += 1
        while k > j and (words[k - 1] in self._words["edge"] or words[k - 1] in self._articles):
            k -= 1
        return self._credit(words, raw, j, k, at, begin, end)

    def _links(self, words: Sequence[str], raw: Sequence[str], k: int) -> bool:
        """Whether "and" joins two nouns of one source ("officials and family members")."""
        return (
            words[k] in self._words["joint"]
            and k + 1 < len(words)
            and (words[k + 1] in self._nouns or raw[k + 1][0].isupper() or words[k + 1] in self._words["kin"])
        )

    def _subject(self, words: Sequence[str], raw: Sequence[str], hit: Hit, at: dict[int, Hit]) -> Credit | None:
        forms = hit.roles["quote_verbs"].forms
        i, j = hit.i, hit.j
        if forms <= {"ing"} and not (
            i and (words[i - 1] == "," or words[i - 1] in self._nouns or raw[i - 1][0].isupper())
        ):
            return None
        passive = i and words[i - 1] in self._auxiliaries and words[i - 1] not in self._having
        if passive or ("base" in forms and len(forms) == 1 and not self._plural_before(words, i)):
            return None
        before = self._subject_before(words, raw, i, at)
        if before is None and forms <= {"ing"} and i and words[i - 1] == ",":
            before = self._first_phrase(words, raw, i, at)
        tail = self._tail(words, i)
        if before is not None:
            start = before.i - (before.i > 0 and words[before.i - 1] in self._articles)
            aside = start > 3 and words[start - 1] in ',"”’—–-'
            left, right = self._bounds(words, i)
            begin, end = (left, before.i) if tail else (left, right) if aside else (j, right)
            return Credit(i=before.i, j=before.j, text=before.text, begin=begin, end=end, pronoun=before.pronoun)
        if i and words[i - 1] in ",\"”’'" and "past" in forms | ({"past"} if "s" in forms else set()):
            return self._after(words, raw, j, at, self._bounds(words, i)[0], i)
        return None

    def _first_phrase(self, words: Sequence[str], raw: Sequence[str], end: int, at: dict[int, Hit]) -> Credit | None:
        """ "The army denied this, saying ...": the phrase that opens the sentence."""
        k = 0
        while k < end and k < 8 and (words[k] in self._articles or words[k] in self._nouns or raw[k][0].isupper()):
            k += 1
        return self._credit(words, raw, 0, k, at, 0, 0) if k else None

    def _bounds(self, words: Sequence[str], i: int) -> tuple[int, int]:
        """The part of the sentence between semicolons that holds token i."""
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

    def _tail(self, words: Sequence[str], i: int) -> bool:
        """Whether the verb closes the sentence ("..., officials said."), time and place words aside."""
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
                if outer is not None or head > end - 12:
                    return outer or self._credit(words, raw, head, end, at, 0, 0)
            return self._opening(words, raw, end, at)
        start = self._phrase_start(words, raw, end, at)
        return self._credit(words, raw, start, end, at, 0, 0)

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
            if word in '.,;:()"“”—–!?…' or (word in self._stops and not self._links(words, raw, k - 1)):
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
        self, words: Sequence[str], raw: Sequence[str], i: int, j: int, at: dict[int, Hit], begin: int, end: int
    ) -> Credit | None:
        while i < j and (words[i] in self._articles or words[i] in self._words["edge"]):
            i += 1
        if i >= j or j - i > 14:
            return None
        named = any(self._names_one(k, words, raw, at) for k in range(i, j))
        if not named:
            return None
        text = " ".join(raw[i:j])
        for joint in ("'s", "’s", "-", "–"):
            text = text.replace(f" {joint}", joint)
        text = text.replace("- ", "-").replace("– ", "–")
        return Credit(i=i, j=j, text=text, begin=begin, end=end)

    def _names_one(self, k: int, words: Sequence[str], raw: Sequence[str], at: dict[int, Hit]) -> bool:
        hit = at.get(k)
        if hit is not None and not self._names.isdisjoint(hit.roles):
            return True
        return words[k] in self._nouns or (raw[k][0].isupper() and (k > 0 or len(raw) > 1))
