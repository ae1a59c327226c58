"""Printed positions a question names, as 「第十二条第(三)项」 or 「二(二)5」, and the clauses they fit. Pure.

A clause's id path is its position in the whole outline (2.8 for 第二章第八条), while people name an
article without its chapter: a place therefore fits every path that ends as it does, and the label
of a clause, which keeps the printed signs, tells 第三条 from 三、.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge_base.outline.numbering import chinese_number

_N = r"(?:[0-9]{1,3}|[零〇一二三四五六七八九十百]{1,5})"
_UNIT = "编|部分|章|节|条|款|项|点|目"
_STEP = re.compile(
    rf"""第\s?\(?\s?(?P<number>{_N})\s?\)?\s?(?P<unit>{_UNIT})(?:之(?P<inserted>[一二三四五六七八九十]))?
    |附[件表录]\s?(?:(?P<annex>{_N})(?![0-9一二三四五六七八九十.]|、(?!\s?附)))?
    |\(\s?(?P<bracket>{_N})\s?\)\s?[条款项点目]?
    |(?P<decimal>[0-9]{{1,2}}(?:\.[0-9]{{1,2}}){{1,3}})(?![0-9.%])
    |(?P<plain>[0-9]{{1,2}})(?![0-9%万亿元年月日个人家天倍]|\.[0-9])[条项点.、]?
    |(?P<han>[一二三四五六七八九十]{{1,3}})[、.]?""",
    re.VERBOSE,
)
# What can begin a place in running text; the rest of the steps only goes on with one.
_BEGINS = re.compile(
    rf"第\s?\(?\s?{_N}\s?\)?\s?(?:{_UNIT})|附[件表录]\s?(?:{_N}|(?=第))|(?<![0-9.])[0-9]{{1,2}}\.[0-9]{{1,2}}\.[0-9]{{1,2}}"
    rf"|(?<![零〇一二三四五六七八九十百千万第])[一二三四五六七八九十]{{1,3}}\s?[、.]?\s?(?=\(\s?{_N}\s?\))"
    rf"|\(\s?{_N}\s?\)\s?(?=[0-9])"
)
_BETWEEN = re.compile(r"[\s的中里、,]{0,2}")
_AND = re.compile(r"\s?[和及与或]\s?(?=第)")
# One unit for several numbers: 第一、二条, 第一至三条, 第三条至第五条.
_ONE = rf"\(?\s?{_N}\s?\)?"
_RANGE = re.compile(
    rf"第\s?(?P<first>{_ONE})\s?(?P<said>{_UNIT})?\s?[至到~-]\s?第?\s?(?P<last>{_ONE})\s?(?P<unit>{_UNIT})"
)
_ROW = re.compile(
    rf"第\s?(?P<numbers>{_ONE}(?:\s?[、,和及与或]\s?第?{_ONE}){{1,9}})\s?(?P<unit>{_UNIT})"
)
_WIDEST = 30  # numbers a range is written out for; of a wider one its ends are named
_DEEPEST = 9  # levels of one place
_ABOVE_HAN = ("编", "部分", "章", "附件")
_DIVISIONS = (*_ABOVE_HAN, "一、")
# Which printed signs a spoken unit may mean: 第5点 is printed 5., 第(二)项 (二), 第二部分 二、.
_MEANS = {
    "编": ("编",),
    "部分": ("部分", "一、"),
    "章": ("章", "一、"),
    "节": ("节", "()"),
    "条": ("条",),
    "款": ("款", "()", "1"),
    "项": ("项", "()", "1", "款", "目"),
    "点": ("点", "1", "()", "一、", "项"),
    "目": ("目", "1", "()", "项"),
    "一、": ("一、", "部分"),
    "()": ("()", "项"),
    "1": ("1", "条", "点", "目", "项"),
    "附件": ("附件",),
}
_LOWEST = 6  # 款 项 点 目 () 1 go in any order
_RANKS = {"附件": 0, "编": 1, "部分": 2, "一、": 2, "章": 3, "节": 4, "条": 5}
_WITHOUT_ARTICLES = ("1", "()", "一、")


@dataclass(frozen=True, slots=True)
class Step:
    """One level of a place: what kind of number it is printed as, and its path component."""

    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class Place:
    """A position as a question names it, outermost level first."""

    steps: tuple[Step, ...]

    @property
    def path(self) -> str | None:
        """The outline path, where the place is named from the top: 「二(二)5」 → 2.2.5, else None."""
        top = self.steps[0].kind in ("一、", "部分") and len(self.steps) > 1
        return ".".join(step.number for step in self.steps) if top or self._decimal else None

    @property
    def _decimal(self) -> bool:
        return len(self.steps) > 2 and {step.kind for step in self.steps} == {"1"}

    def among(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Those paths the place may mean: the position itself, else what stands below it.

        Of the body first, then of annexes; a label tells which of them it does mean (`names`). A
        paragraph of an article (款) has no number in print, so the article stands for it.
        """
        innermost = _without_paragraphs(self.steps)[-1].number, self.steps[-1].number
        told = {
            path: parts
            for path in paths
            if (innermost[0] in path or innermost[1] in path)
            and not set(parts := path.partition("_")[0].split(".")).isdisjoint(innermost)
        }
        for steps in dict.fromkeys((_without_paragraphs(self.steps), self.steps)):
            found: list[str] = []
            for annexed in (False, True):
                some = {path: parts for path, parts in told.items() if (path[0] == "a") == annexed}
                ends = [path for path, parts in some.items() if _fits(steps, parts)]
                found += ends or [path for path, parts in some.items() if _above(steps, parts)]
            if found:
                return tuple(found)
        return ()

    def names(self, label: str) -> bool:
        """Whether a clause with this printed label stands at the place or below it."""
        printed = steps_of(label)
        return any(
            _printed(steps, printed[:end])
            for steps in dict.fromkeys((self.steps, _without_paragraphs(self.steps)))
            for end in range(len(steps), len(printed) + 1)
        )


def printed_places(text: str) -> tuple[Place, ...]:
    """Every place a text names, in order; one number alone only with its unit (第五条, 附件2)."""
    plain = _ROW.sub(_row, _RANGE.sub(_range, unicodedata.normalize("NFKC", text)))
    found: list[Place] = []
    position = 0
    while begin := _BEGINS.search(plain, position):
        position = begin.start()
        steps: list[Step] = []
        while len(steps) < _DEEPEST and (match := _STEP.match(plain, position)):
            if steps and match["han"] and steps[-1].kind not in _ABOVE_HAN:
                break  # 第三条、二(二): another place begins
            further = list(_steps(match))
            if steps and (outer := _outer(steps, further[0].kind, len(further))) is not None:
                found.append(Place(tuple(steps)))
                steps = outer
            steps += further
            position = match.end()
            if following := _following(plain, position, steps):
                position = following
        position = max(position, begin.end())
        found.append(Place(tuple(steps)))
    return tuple(dict.fromkeys(place for place in found if place.steps))


def steps_of(label: str) -> tuple[Step, ...]:
    """The levels a clause's label prints: 第二章第八条(一) → 章 2, 条 8, () 1."""
    plain = unicodedata.normalize("NFKC", label)
    return tuple(step for match in _STEP.finditer(plain) for step in _steps(match))


def _range(match: re.Match[str]) -> str:
    """A range with each of its numbers: 第一至三条 → 第1条、第2条、第3条."""
    unit = match["unit"]
    if match["said"] not in (None, unit):
        return match[0]
    ends = [chinese_number(one) for one in re.findall(_N, f"{match['first']} {match['last']}")]
    numbers = range(ends[0], ends[1] + 1) if 0 < ends[1] - ends[0] < _WIDEST else ends
    return "、".join(f"第{number}{unit}" for number in numbers)


def _row(match: re.Match[str]) -> str:
    return "、".join(f"第{number}{match['unit']}" for number in re.findall(_N, match["numbers"]))


def _outer(steps: list[Step], kind: str, levels: int) -> list[Step] | None:
    """The levels shared with another place that a number begins; None where it goes on below."""
    kinds = [step.kind for step in steps]
    if kind in ("()", "1", "一、"):
        at = kinds.index(kind) if levels > 1 and kind in kinds else len(kinds) - 1
        return steps[:at] if kinds[at] == kind else None
    if kind in kinds:
        return steps[: kinds.index(kind)]
    if kind == "条" and kinds[0] in ("部分", "一、"):
        return None  # 二(二)第5条
    rank = _RANKS.get(kind, _LOWEST)
    if all(_RANKS.get(one, _LOWEST) <= rank for one in kinds):
        return None
    return [step for step in steps if _RANKS.get(step.kind, _LOWEST) < rank]


def _following(text: str, position: int, steps: list[Step]) -> int | None:
    """Where the next number stands that goes on from here; after 和 only one beside, none below."""
    if match := _STEP.match(text, _skip(text, position)):
        return match.start()
    joined = _AND.match(text, position)
    match = _STEP.match(text, joined.end()) if joined else None
    if match and match["unit"] and _outer(steps, match["unit"], 1) is not None:
        return match.start()
    return None


def _skip(text: str, position: int) -> int:
    gap = _BETWEEN.match(text, position)
    return gap.end() if gap else position


def _steps(match: re.Match[str]) -> Iterator[Step]:
    if match["decimal"]:
        yield from (Step("1", str(int(number))) for number in match["decimal"].split("."))
    elif match["number"]:
        inserted = f"-{chinese_number(match['inserted'])}" if match["inserted"] else ""
        yield Step(match["unit"], f"{chinese_number(match['number'])}{inserted}")
    elif match[0].startswith("附"):
        yield Step("附件", f"a{chinese_number(match['annex'] or '一')}")
    else:
        kind = "()" if match["bracket"] else "1" if match["plain"] else "一、"
        written = match["bracket"] or match["plain"] or match["han"]
        yield Step(kind, str(chinese_number(written)))


def _without_paragraphs(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(step for step in steps if step.kind != "款") or steps


def _fits(steps: tuple[Step, ...], parts: list[str]) -> bool:
    """Whether a path ends with the steps; a division stands at its top, with others below it."""
    first, *rest = steps
    if first.kind not in _DIVISIONS:
        return parts[-len(steps) :] == [step.number for step in steps]
    inside = 1 if parts[0][0] == "a" and first.kind != "附件" else 0
    for at in (inside, inside + 1) if first.kind == "一、" else (inside,):
        if parts[at : at + 1] == [first.number]:
            below = parts[at + 1 :]
            tight = first.kind == "一、" and len(below) != len(rest)
            if not (rest and below):
                return not (rest or below)
            return not tight and _fits(tuple(rest), below)
    return False


def _above(steps: tuple[Step, ...], parts: list[str]) -> bool:
    return any(_fits(steps, parts[:end]) for end in range(1, len(parts)))


def _printed(steps: tuple[Step, ...], printed: tuple[Step, ...]) -> bool:
    """Whether the printed levels end with the steps, level by level from the innermost outwards."""
    articles = any(step.kind == "条" for step in printed)
    at = len(printed) - 1
    for place in range(len(steps) - 1, -1, -1):
        step = steps[place]
        means = _MEANS[step.kind] + (() if articles or step.kind != "条" else _WITHOUT_ARTICLES)
        while (
            place + 1 < len(steps)
            and step.kind in ("编", "章", "附件")
            and at > 0
            and printed[at].kind not in means
        ):
            at -= 1
        if at < 0 or printed[at].number != step.number or printed[at].kind not in means:
            return False
        at -= 1
    return True
