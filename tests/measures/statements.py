"""`python -m tests.measures.statements [FILE] [--misses]`: bound, benefits and force against labels.

A line of FILE is `{source, clause, statements: [{quote, bound, benefits, force, also?}], default?}`;
`also` names further forces that a careful reader could defend. Each
labelled statement is compared with the read one that shares most of its characters (of two that
share as many, the shorter); one that nothing overlaps is missed. A party is right when the whole
set is. An upgrade is the fault that must never happen: words labelled as less than a commitment
and read as one, looked for from both sides, by the label and by what was read.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from knowledge_base.statements import Statement, read_statements

ROOT = Path(__file__).parents[2]
LABELS = ROOT / "tests" / "cases" / "statements_dev.jsonl"
FORCES = (
    "commitment",
    "duty",
    "ceiling",
    "encouragement",
    "goal",
    "information",
    "unclear",
)
WEAKER = frozenset(FORCES) - {"commitment", "duty"}

Reader = Callable[[str, int, int, tuple[str, ...]], Sequence[Statement]]


@dataclass(frozen=True)
class Pair:
    """One labelled statement and the read one that overlaps it most, if any."""

    source: str
    quote: str
    label: Statement
    read: Statement | None
    also: tuple[str, ...] = ()

    @property
    def force(self) -> bool:
        """Whether the force agrees, or is one that can be defended."""
        return self.read is not None and self.read.force in (self.label.force, *self.also)

    @property
    def upgraded(self) -> bool:
        """Whether words that promise less were read as a commitment."""
        weaker = self.label.force in WEAKER and "commitment" not in self.also
        return weaker and self.read is not None and self.read.force == "commitment"

    @property
    def bound(self) -> bool:
        """Whether the same parties are bound."""
        return self.read is not None and set(self.read.bound) == set(self.label.bound)

    @property
    def benefits(self) -> bool:
        """Whether the same parties benefit."""
        return self.read is not None and set(self.read.benefits) == set(self.label.benefits)


@dataclass(frozen=True)
class Scores:
    """All pairs of a sample, and the words that were wrongly read as a commitment."""

    pairs: tuple[Pair, ...]
    upgrades: tuple[str, ...]

    @property
    def force(self) -> float:
        """Share of labelled statements with the right force."""
        return _share([pair.force for pair in self.pairs])

    @property
    def bound(self) -> float:
        """Share of labelled statements with exactly the right parties bound."""
        return _share([pair.bound for pair in self.pairs])

    @property
    def benefits(self) -> float:
        """Share of labelled statements with exactly the right parties benefiting."""
        return _share([pair.benefits for pair in self.pairs])

    @property
    def whole(self) -> float:
        """Share of labelled statements right in all three."""
        return _share([p.force and p.bound and p.benefits for p in self.pairs])

    def micro(self, part: str) -> float:
        """F1 over single parties of `bound` or `benefits`, all statements together."""
        labelled = [set(getattr(pair.label, part)) for pair in self.pairs]
        read = [set(getattr(pair.read, part)) if pair.read else set() for pair in self.pairs]
        both = sum(len(a & b) for a, b in zip(labelled, read, strict=True))
        total = sum(map(len, labelled)) + sum(map(len, read))
        return 2 * both / total if total else 1.0


def measure(path: Path = LABELS, read: Reader = read_statements) -> Scores:
    """Compare every labelled statement of a file; a quote that is not in its text is an error."""
    pairs: list[Pair] = []
    upgrades: list[str] = []
    for line in filter(None, path.read_text(encoding="utf8").split("\n")):
        case = json.loads(line)
        text = case["clause"]
        found = read(text, 0, len(text), tuple(case.get("default", ())))
        labels = list(_labels(case))
        blank = [
            Pair(case["source"], text[one.start : one.end], one, None, tuple(raw.get("also", ())))
            for one, raw in zip(labels, case["statements"], strict=True)
        ]
        mine = [replace(pair, read=_nearest(pair.label, found)) for pair in blank]
        theirs = [
            replace(blank[labels.index(near)], read=one)
            for one in found
            if (near := _nearest(one, labels))
        ]
        pairs += mine
        spans = {(p.label.start, p.label.end) for p in [*mine, *theirs] if p.upgraded}
        upgrades += [f"{case['source']}: {text[a:b]}" for a, b in sorted(spans)]
    return Scores(tuple(pairs), tuple(upgrades))


def _labels(case: dict[str, Any]) -> Iterable[Statement]:
    """The labels as statements; a quote is looked for behind the one before it, else anywhere."""
    text, position = case["clause"], 0
    for label in case["statements"]:
        quote = label["quote"]
        start = text.find(quote, position)
        start = start if start >= 0 else text.find(quote)
        if start < 0:
            raise ValueError(f"{case['source']}: the text does not hold the quote {quote!r}")
        position = start + len(quote)
        yield Statement(
            start, position, tuple(label["bound"]), tuple(label["benefits"]), label["force"]
        )


def _nearest(one: Statement, others: Sequence[Statement]) -> Statement | None:
    shared = [(min(one.end, o.end) - max(one.start, o.start), o.start - o.end, o) for o in others]
    best = max(shared, key=lambda s: s[:2], default=None)
    return best[2] if best and best[0] > 0 else None


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right) if right else 1.0


def table(scores: Scores) -> str:
    """Per force: how many labelled, precision and recall; then the figures of the whole sample."""
    lines = ["| force | labelled | precision | recall |", "|---|--:|--:|--:|"]
    for force in FORCES:
        labelled = [p for p in scores.pairs if p.label.force == force]
        read = [p for p in scores.pairs if p.read is not None and p.read.force == force]
        right = sum(p.force for p in labelled)
        held = sum(p.force for p in read)
        precision = f"{held / len(read):.3f}" if read else "–"
        recall = f"{right / len(labelled):.3f}" if labelled else "–"
        lines.append(f"| {force} | {len(labelled)} | {precision} | {recall} |")
    missed = sum(p.read is None for p in scores.pairs)
    lines += [
        "",
        f"statements {len(scores.pairs)}, missed {missed}, documents "
        f"{len({p.source for p in scores.pairs})}",
        f"force {scores.force:.3f}, bound {scores.bound:.3f} (micro F1 {scores.micro('bound'):.3f})"
        f", benefits {scores.benefits:.3f} (micro F1 {scores.micro('benefits'):.3f})"
        f", all three {scores.whole:.3f}",
        f"upgrades to commitment {len(scores.upgrades)}",
    ]
    return "\n".join([*lines, *(f"  {words}" for words in scores.upgrades)])


def misses(scores: Scores) -> Iterable[str]:
    """One line per statement that is not right in all three: label, then what was read."""
    for pair in scores.pairs:
        if not (pair.force and pair.bound and pair.benefits):
            quote = re.sub(r"\s+", " ", pair.quote)
            shown = quote if len(quote) <= 60 else f"{quote[:36]}…{quote[-20:]}"
            yield f"{pair.source}: {shown}\n    - {_words(pair.label)}\n    + {_words(pair.read)}"


def _words(one: Statement | None) -> str:
    if one is None:
        return "nothing"
    return f"{one.force}: {'+'.join(one.bound) or '–'} → {'+'.join(one.benefits) or '–'}"


def main(arguments: Sequence[str]) -> None:
    """Print the table, and with --misses every miss below it."""
    files = [a for a in arguments if not a.startswith("--")]
    scores = measure(Path(files[0]) if files else LABELS)
    print(table(scores))
    if "--misses" in arguments:
        print("", *misses(scores), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
