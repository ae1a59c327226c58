"""What the words of a clause point to. Pure."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge_base.header.numbers import normalise_document_number
from knowledge_base.outline.citing import (
    ALIAS,
    ANNEX,
    ARTICLES,
    FOREIGN_BEFORE,
    MOST,
    NUMBER_BEFORE,
    OWN_BEFORE,
    REGULATES,
    RELATIVE,
    STATUTE_BEFORE,
    TITLE,
    last_words,
    numbers,
)
from knowledge_base.outline.numbering import chinese_number
from knowledge_base.outline.outline import Passage
from knowledge_base.readers.reading import Span

_LEVELS = ("条", "一、", "(一)", "1.", "1、")


@dataclass(frozen=True)
class Reference:
    """Words that point elsewhere; `targets` are clause ids, or a foreign document's 文号 or title."""

    start: int
    end: int
    targets: tuple[str, ...]


class References:
    """The clauses of one document, asked what the words of one of them point to."""

    def __init__(
        self,
        text: str,
        document_id: str,
        passages: Sequence[tuple[str, Passage]],
        head: Span | None,
    ) -> None:
        self._text, self._id = text, document_id
        self._paths = [path for path, _ in passages]
        self._passages = [passage for _, passage in passages]
        self._own = text[slice(*head)] if head else ""
        self._aliases = {
            found["alias"]: _named(found["title"], found["inside"] or found["number"])
            for found in ALIAS.finditer(text)
        }
        self._places: dict[tuple[str, str, str], list[int]] = {}
        self._annexes: dict[str, int] = {}
        self._article: list[int] = []  # of each passage, the number of its article in printed order
        self._firsts: list[int] = []  # where each article begins
        before: object = None
        for place, passage in enumerate(self._passages):
            container = _container(passage)
            for family, step in passage.levels:
                self._places.setdefault((container, family, step), []).append(place)
            if container:
                self._annexes.setdefault(container, place)
            article = next((level for level in passage.levels if level[0] == "条"), None)
            if article is not None and (container, article) != before:
                self._firsts.append(place)
                before = (container, article)
            self._article.append(len(self._firsts) - 1 if article is not None else -1)
        tails = [place for place, path in enumerate(self._paths) if path.startswith("tail")]
        self._tail = tails[0] if tails else None

    def of(self, place: int) -> tuple[Reference, ...]:
        """References in the words of the passage at `place`, in printed order, none inside another."""
        passage = self._passages[place]
        if passage.steps in (("head",), ("tail",)):
            return ()
        found = sorted(self._found(place, passage), key=lambda one: (one.start, -one.end))
        kept: list[Reference] = []
        for one in found:
            if one.targets and (not kept or one.start >= kept[-1].end):
                kept.append(one)
        return tuple(kept)

    def _found(self, place: int, passage: Passage) -> Iterator[Reference]:
        text, start, end = self._text, passage.start, passage.end
        for found in ARTICLES.finditer(text, start, end):
            if found.start() == start and passage.levels and passage.levels[-1][0] == "条":
                continue
            yield self._articles(found, place, start)
        for found in RELATIVE.finditer(text, start, end):
            yield Reference(found.start(), found.end(), self._ids(self._relative(found, place)))
        for found in ANNEX.finditer(text, start, end):
            yield Reference(found.start(), found.end(), self._ids(self._annex(found["number"])))
        for found in TITLE.finditer(text, start, end):
            title, number = found["title"], found["number"]
            if (
                REGULATES.search(title)
                and title not in self._own
                and (name := self._name(title, number))
            ):
                yield Reference(found.start(), found.end(), (name,))

    def _ids(self, places: Sequence[int]) -> tuple[str, ...]:
        return tuple(f"{self._id}:{self._paths[place]}" for place in places[:MOST])

    def _articles(self, found: re.Match[str], place: int, start: int) -> Reference:
        """第三条至第五条, of this document or, after a title or a number, of another one."""
        before = self._text[max(start, found.start() - 120) : found.start()]
        begin, foreign = self._whose(before)
        begin = found.start() - len(before) + begin
        if foreign is not None:
            return Reference(begin, found.end(), (f"{foreign}{found[0]}",) if foreign else ())
        targets: list[int] = []
        for number in numbers(found["articles"]):
            own = self._level(number, place)
            items = self._children(own, numbers(found["items"])) if found["items"] else []
            targets += items or own
        if targets == [place] and begin == found.start():
            targets = []  # its own number, printed twice
        return Reference(begin, found.end(), self._ids(list(dict.fromkeys(targets))))

    def _name(self, title: str, number: str | None) -> str:
        """Name of a foreign document, "" where an abbreviation is nowhere explained."""
        if number is None and title in self._aliases:
            return self._aliases[title]
        plain = REGULATES.match(title) is not None
        return "" if plain and number is None else _named(title, number)

    def _whose(self, before: str) -> tuple[int, str | None]:
        """Where the name of the document begins in the words before; None where it is this one."""
        if before.endswith(("》", "》的", "》中", ")", "）")):
            titles = list(TITLE.finditer(before))
            if titles and len(before) - titles[-1].end() <= 1:
                title, number = titles[-1]["title"], titles[-1]["number"]
                if title in self._own:
                    return titles[-1].start(), None
                return titles[-1].start(), self._name(title, number)
        if number_before := NUMBER_BEFORE.search(before[-40:]):
            words = last_words(number_before[0])
            begin = len(before) - len(before[-40:]) + number_before.end() - len(words)
            return begin, normalise_document_number(words)
        if own := OWN_BEFORE.search(before[-9:]):
            return len(before) - len(own[0]), None
        if statute := STATUTE_BEFORE.search(before[-24:]):
            words = last_words(statute[0])
            return len(before) - len(words), self._name(words, None)
        if FOREIGN_BEFORE.search(before[-9:]):
            return len(before), ""
        return len(before), None

    def _level(self, number: str, place: int) -> list[int]:
        """The article of a number, or the outermost level of it where a text has no articles."""
        container = _container(self._passages[place])
        for family in _LEVELS[:2]:
            places = self._places.get((container, family, number))
            if places is None and container and family == "条":
                places = self._places.get(("", family, number))
            if places:
                return self._nearest(places, place, (family, number))
        return []

    def _nearest(self, places: list[int], place: int, level: tuple[str, str]) -> list[int]:
        """The passage that is the level itself, else those below it, nearest to `place`."""
        at = bisect_left(places, place)
        around = places[max(0, at - 40) : at + 40]
        own = [one for one in around if self._passages[one].levels[-1] == level]
        if own:
            return [min(own, key=lambda one: abs(one - place))]
        first = min(around, key=lambda one: abs(one - place))
        levels = self._passages[first].levels
        above = levels[: levels.index(level) + 1]
        return [one for one in around if self._passages[one].levels[: len(above)] == above]

    def _children(self, own: list[int], numbers: Sequence[str]) -> list[int]:
        """Items of a level by their printed numbers."""
        if not own:
            return []
        passage = self._passages[own[0]]
        return self._below(own[0], passage.levels, numbers)

    def _below(
        self, first: int, above: tuple[tuple[str, str], ...], numbers: Sequence[str]
    ) -> list[int]:
        found: list[int] = []
        depth = len(above)
        for place in range(first, min(first + 200, len(self._passages))):
            levels = self._passages[place].levels
            if levels[:depth] != above:
                break
            if (
                len(levels) > depth
                and levels[depth][1] in numbers
                and levels[depth] not in [self._passages[one].levels[depth] for one in found]
            ):
                found.append(place)
        return found

    def _relative(self, found: re.Match[str], place: int) -> list[int]:
        """前款, 前两条, 本条第(一)项, 第(二)项 as seen from the passage at `place`."""
        levels = self._passages[place].levels
        article = self._article[place]
        items = numbers(found["items"] or found["bare"] or "")
        home = self._firsts[article] if article >= 0 else place
        if found["unit"] == "条":
            if article < 0:
                return []
            count = chinese_number(found["count"] or "一")
            first = max(0, article - count)
            return [
                self._firsts[one]
                for one in range(first, article)
                if _container(self._passages[self._firsts[one]])
                == _container(self._passages[place])
            ]
        if found["unit"] == "项" and not items:
            return self._siblings_before(place, chinese_number(found["count"] or "一"))
        if not items:
            return [home]
        if article >= 0:
            depth = [family for family, _ in levels].index("条") + 1
            return self._below(home, levels[:depth], items)
        for depth in range(len(levels), -1, -1):
            first = self._first_of(place, levels[:depth])
            if targets := self._below(first, levels[:depth], items):
                return targets
        return []

    def _first_of(self, place: int, above: tuple[tuple[str, str], ...]) -> int:
        first = place
        while (
            first > 0
            and place - first < 100
            and above
            and self._passages[first - 1].levels[: len(above)] == above
        ):
            first -= 1
        return first

    def _siblings_before(self, place: int, count: int) -> list[int]:
        levels = self._passages[place].levels
        found: list[int] = []
        for one in range(place - 1, max(-1, place - 100), -1):
            other = self._passages[one].levels
            if other[: len(levels) - 1] != levels[:-1] or len(found) == count:
                break
            if len(other) == len(levels) and other:
                found.insert(0, one)
        return found

    def _annex(self, number: str | None) -> list[int]:
        """An annex by its number; where only its name is printed, the closing block that lists it."""
        if number is None and len(self._annexes) == 1:
            return list(self._annexes.values())
        place = self._annexes.get(f"a{chinese_number(number)}") if number else None
        if place is None:
            place = self._tail
        return [place] if place is not None else []


def _named(title: str, number: str | None) -> str:
    return normalise_document_number(number) if number else title


def _container(passage: Passage) -> str:
    """The annex a passage stands in, "" in the body."""
    return passage.steps[0] if re.fullmatch(r"a\d+(?:-\d+)?", passage.steps[0]) else ""
