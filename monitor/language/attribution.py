"""Whom a sentence credits for what it says: "X said ...", "..., X said", "according to X", "citing X"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.language.attribution_phrases import Credit, Phrases
from monitor.language.lexicon import Hit

#: marks that set a source apart from what it says
MARKS = frozenset((":", "-", "–", "—", "("))
#: what makes a hit bring a source
ROLES = frozenset(("according", "quote_verbs"))
#: names that can stand apart so; a country or capital before a colon is mostly where the news is from
_SPEAKING = frozenset(("organisations", "groups", "outlets", "offices"))

#: tokens behind a source within which a semicolon hands on what it vouches for, and that may stand behind the last one
CLOSE, TAIL = 4, 6
#: tokens of a sentence within which the calling of the person stands who is its subject
_NEAR = 6
_CLOSING = _SPEAKING | {"seats", "countries", "capitals", "people"}


def vouching(credits: Sequence[Credit], words: Sequence[str], at: dict[int, Hit], i: int) -> Credit | None:
    """Of the credits of a sentence the one that vouches for token i, if any: the nearest, but an outlet that passes on
    what a source before it says only where there is none ("..., the ministry said, Reuters reported")."""
    reaching = [c for c in credits if c.begin <= i < c.end and not c.i <= i < c.j]
    if len(reaching) > 1:
        reaching = [c for c in reaching if not (_is_outlet(c, at) and any(o.j < c.i for o in reaching))]
    best: Credit | None = None
    for credit in reaching:
        if best is None or _reach(credit, i) >= _reach(best, i):
            best = credit
    if best is not None:
        return best
    for credit in credits:
        ended = max(credit.j, credit.end)
        if credit.end <= i and (best is None or credit.end > best.end) and ";" in words[ended : min(i, ended + CLOSE)]:
            best = credit
    if best is None and len(credits) == 1:
        last = credits[0]  # "...; nine were hurt, the mayor said on Sunday."
        if len(words) - last.j <= TAIL and i < last.i and "(" not in words[i : last.i]:
            best = last
    return best


def _reach(credit: Credit, i: int) -> int:
    """How near a source stands to what it vouches for at token i: the last verb of saying before it is nearest."""
    return credit.j if credit.j <= i else credit.begin


def _is_outlet(credit: Credit, at: dict[int, Hit]) -> bool:
    """Whether a source is an outlet's name and nothing more."""
    hit = at.get(credit.i)
    return hit is not None and "outlets" in hit.roles and hit.j >= credit.j


class Credits(Phrases):
    """Reads attributions with one lexicon."""

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
            elif "quote_verbs" in hit.roles and not (
                self._in_name(raw, hit.i) or self._takes_lives(words, hit.i) or self._no_verb(words, hit, at)
            ):
                credit = self._quoted(words, raw, hit, at) or self._subject(words, raw, hit, at)
            if credit is not None:
                found.append(credit)
        return tuple(found or self._marked(words, raw, at))

    def _takes_lives(self, words: Sequence[str], i: int) -> bool:
        """ "the blast claimed 31 lives" says nothing."""
        return words[i] in self._words["claiming"] and not self._words["lives"].isdisjoint(words[i + 1 : i + 8])

    def _no_verb(self, words: Sequence[str], hit: Hit, at: dict[int, Hit]) -> bool:
        """ "to put it in perspective", "the town's state-run hospital", "US estimates put it at nine": an infinitive
        says nothing, and what stands behind a possessive, or as a source before another verb of saying, is a noun."""
        i = hit.i
        if not i or hit.roles["quote_verbs"].forms.isdisjoint(("base", "s")):
            return False
        if words[i] in self._nouns and (then := at.get(hit.j)) is not None and "quote_verbs" in then.roles:
            return True
        return words[i - 1] in self._words["infinitive"] or words[i - 1] in self._possessive

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
        if words[k - 1] in self._words["territories"]:
            return None  # "X province: ...": the heading of what is told of a place
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

    def _subject(self, words: Sequence[str], raw: Sequence[str], hit: Hit, at: dict[int, Hit]) -> Credit | None:
        forms = hit.roles["quote_verbs"].forms
        i, j = hit.i, hit.j
        told = i and (words[i - 1] == "," or words[i - 1] in self._nouns or raw[i - 1][0].isupper())
        if forms <= {"ing"} and not (told or (i and words[i - 1] in self._auxiliaries)):
            return None
        aux = i - 1 - (i > 1 and words[i - 1] in self._words["between"])  # "were also reported missing"
        passive = i and words[aux] in self._auxiliaries and words[aux] not in self._having and not forms <= {"ing"}
        if passive or (words[i] in self._words["cast"] and j < len(words) and words[j] in self._words["as"]):
            return None  # "men described as rebels"
        inverted = self._inverted(words, raw, hit, at)
        if inverted is not None:
            return inverted
        before = self._subject_before(words, raw, i, at)
        bare = "base" in forms and len(forms) == 1
        if bare and not (
            self._plural_before(words, i if before is None else before.j)
            or (before is not None and not self._words["joint"].isdisjoint(words[before.i : before.j]))
        ):
            return None
        if before is None and forms <= {"ing"} and i and words[i - 1] == ",":
            before = self._first_phrase(words, raw, i, at)
        if before is None and i and (words[i - 1] in self._words["joint"] or words[i - 1] in self._words["contrast"]):
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
            or "ing" in hit.roles["quote_verbs"].forms
        ):
            return None
        found = self._after(words, raw, j, at, self._bounds(words, i)[0], i)
        if found is None or not (found.j >= len(words) or words[found.j] in '.,;”"'):
            return None
        if "past" not in hit.roles["quote_verbs"].forms and not self._many(words, found, hit):
            return None
        named = any(words[k] in self._nouns for k in range(found.i, found.j))
        return found if j < len(words) and (words[j] in self._articles or raw[j][0].isupper() or named) else None

    def _many(self, words: Sequence[str], found: Credit, hit: Hit) -> bool:
        """ ", say police and the army": a present has a subject of its number."""
        if "base" not in hit.roles["quote_verbs"].forms:
            return True
        joined = not self._words["joint"].isdisjoint(words[found.i : found.j])
        return joined or self._plural_before(words, found.j)

    def subject(self, words: Sequence[str], raw: Sequence[str], i: int, at: dict[int, Hit]) -> Credit | None:
        """The source that ends right before token i, where the word there makes it one; None for a pronoun."""
        found = self._subject_before(words, raw, i, at)
        return found if found is not None and not found.pronoun else None

    def opening(self, words: Sequence[str], raw: Sequence[str], at: dict[int, Hit], person: bool) -> str | None:
        """The source that opens a sentence as its subject, and says something in the next: "The junta kept silent.";
        a ``person`` can have any name: "Amina Yusuf fled."."""
        if person and len(words) > 2 and not any(k in at for k in range(3)):
            j = next((k for k, w in enumerate(raw) if not w[0].isupper()), len(raw))
            if 2 <= j <= 3 and raw[0].isalpha() and words[0] not in self._stops and words[0] not in self._articles:
                return " ".join(raw[:j])
        if not words or words[0] not in self._articles:
            return None
        named = self._described(words, raw, at) if person else None
        if named is not None:
            return named.text
        found = self._first_phrase(words, raw, min(8, len(words)), at)
        return found.text if found is not None and words[found.j - 1] in self._nouns else None

    def _described(self, words: Sequence[str], raw: Sequence[str], at: dict[int, Hit]) -> Credit | None:
        """ "A doctor in charge of the ward, X Y, gave the same toll.": the name between the commas behind a calling."""
        k = next((k for k, w in enumerate(words) if w == ","), len(words))
        if not any(w in self._persons for w in words[1:_NEAR]):
            return None
        return self._name_behind(words, raw, k, at)

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
