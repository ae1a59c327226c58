"""How well conditions are read from text: `python -m tests.measures.criteria [FILE…]`.

A file holds one JSON object a line: {source, text, region, criteria: [{fact, op, value, quote}]}.
Criteria with the same `group` are alternatives; `not: true` negates one. A criterion is right when
fact, op and value are equal (a list in any order); parts of joins count singly, each once per text,
and several values of one fact are the same whether listed in one test or as alternatives. Without
files: the development labels and the shipped product sheets.
"""

import json
import sys
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from knowledge_base.catalogue import Catalogue, load_catalogue
from knowledge_base.drafting.conditions import read_conditions
from knowledge_base.extraction import draft_offers
from knowledge_base.vocabulary import Vocabulary

DEVELOPMENT = Path(__file__).parents[1] / "cases" / "criteria_dev.jsonl"
Key = tuple[str, str, str]
_OPPOSITE = {"has_any": "has_none", "has_none": "has_any", "eq": "ne", "ne": "eq"}
_LISTED = {"eq": "in", "in": "in", "has_any": "has_any"}


@dataclass(frozen=True)
class Leaf:
    """One test; tests with the same `group` are alternatives, `negated` ones must not hold."""

    fact: str
    op: str
    value: Any
    group: Hashable | None = None
    negated: bool = False


class Node(Protocol):
    """A condition or criterion: a test, or a join of parts."""

    @property
    def join(self) -> str | None: ...
    @property
    def parts(self) -> "tuple[Node, ...]": ...
    @property
    def fact(self) -> str | None: ...
    @property
    def op(self) -> str | None: ...
    @property
    def value(self) -> Any: ...


def key(leaf: Leaf) -> Key:
    """What must be equal; an `in` with one member is `eq`, a negated test the opposite one."""
    op, value = leaf.op, leaf.value
    if hasattr(value, "isoformat"):
        value = value.isoformat()
    if isinstance(value, list) and len(value) == 1 and op == "in":
        op, value = "eq", value[0]
    if leaf.negated and op == "eq" and isinstance(value, bool):
        value = not value
    elif leaf.negated:
        op = _OPPOSITE.get(op, f"not {op}")
    shown = sorted(map(str, value)) if isinstance(value, list) else value
    if isinstance(shown, int | float) and not isinstance(shown, bool):
        shown = round(float(shown), 6)
    return leaf.fact, op, str(shown)


def keys(leaves: Iterable[Leaf]) -> set[Key]:
    """Keys of tests, values that are alternatives of one fact listed in one."""
    found: set[Key] = set()
    listed: dict[tuple[Hashable, str, str], list[Any]] = {}
    for leaf in leaves:
        if leaf.group is None or leaf.negated or leaf.op not in _LISTED:
            found.add(key(leaf))
            continue
        values = leaf.value if isinstance(leaf.value, list) else [leaf.value]
        listed.setdefault((leaf.group, leaf.fact, _LISTED[leaf.op]), []).extend(values)
    for (_, fact, op), values in listed.items():
        found.add(key(Leaf(fact, op, list(dict.fromkeys(values)))))
    return found


def leaves(node: Node, group: Hashable | None = None, negated: bool = False) -> Iterator[Leaf]:
    """The single tests of a condition; the direct parts of one `any` share a group."""
    if node.join is None:
        yield Leaf(str(node.fact), str(node.op), node.value, group, negated)
    for part in node.parts:
        inner = id(node) if node.join == "any" else None
        yield from leaves(part, inner, negated != (node.join == "not"))


def labelled(row: Mapping[str, Any]) -> Leaf:
    """A test as a line of a file states it."""
    return Leaf(
        row["fact"], row["op"], row.get("value"), row.get("group"), bool(row.get("not", False))
    )


class Score:
    """Right, wrong and missed criteria, per fact."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.missed: Counter[str] = Counter()
        self.errors: list[str] = []

    def add(self, source: str, expected: set[Key], found: set[Key]) -> None:
        for one in expected & found:
            self.right[one[0]] += 1
        for sign, counter, some in (
            ("+", self.wrong, found - expected),
            ("-", self.missed, expected - found),
        ):
            for one in sorted(some):
                counter[one[0]] += 1
                self.errors.append(f"{sign} {source}: {' '.join(one)}")

    def totals(self) -> tuple[float, float, int, int, int]:
        """Precision, recall, right, wrong, missed."""
        right, wrong, missed = (sum(c.values()) for c in (self.right, self.wrong, self.missed))
        return right / max(1, right + wrong), right / max(1, right + missed), right, wrong, missed

    def table(self) -> Iterator[str]:
        yield f"{'fact':32} right wrong missed"
        for fact in sorted(self.right | self.wrong | self.missed):
            yield f"{fact:32} {self.right[fact]:5} {self.wrong[fact]:5} {self.missed[fact]:6}"
        precision, recall, right, wrong, missed = self.totals()
        yield f"{'all':32} {right:5} {wrong:5} {missed:6}"
        yield f"precision {precision:.3f}  recall {recall:.3f}"


def score_rows(rows: Iterable[dict[str, Any]], vocabulary: Vocabulary) -> Score:
    """Labelled texts against what is read from them."""
    score = Score()
    for row in rows:
        text = row["text"]
        found = read_conditions(text, [(0, len(text))], row["region"], vocabulary)
        read = keys(leaf for top in found.conditions for leaf in leaves(top))
        score.add(str(row.get("source", "")), keys(map(labelled, row["criteria"])), read)
    return score


def score_sheets(catalogue: Catalogue) -> Score:
    """Curated criteria of the shipped sheets against drafts from their prose alone.

    Criteria that quote a policy clause are left out: the prose of the sheet does not state them.
    """
    score = Score()
    for offer in catalogue.offers.values():
        document = catalogue.documents[offer.id]
        drafts = draft_offers(document, catalogue.vocabulary)
        read = keys(leaf for d in drafts for top in d.criteria for leaf in leaves(top))
        own = [c for c in offer.criteria if c.citation and c.citation.document_id == offer.id]
        curated = keys(leaf for top in own for leaf in leaves(top))
        from_policy = keys(leaf for top in offer.criteria for leaf in leaves(top)) - curated
        score.add(offer.id, curated, read - from_policy)
    return score


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Labelled texts of one file."""
    return [
        json.loads(line) for line in path.read_text(encoding="utf8").splitlines() if line.strip()
    ]


def main(arguments: list[str]) -> None:
    """Print the table of each set; `-v` adds every error."""
    verbose = "-v" in arguments
    files = [Path(name) for name in arguments if name != "-v"]
    catalogue = load_catalogue()
    scores = [
        (path.name, score_rows(read_rows(path), catalogue.vocabulary))
        for path in files or [DEVELOPMENT]
    ]
    if not files:
        scores.append(("product sheets", score_sheets(catalogue)))
    for name, score in scores:
        print(f"== {name}")
        print("\n".join(score.table()))
        if verbose:
            print("\n".join(score.errors))


if __name__ == "__main__":
    main(sys.argv[1:])
