"""`python -m tests.measures.documents [FILE] [--misses]`: outline and header against the labelled sample.

A clause is right when its path, begin and end agree with the label; a header field when it is equal
after NFKC and without white space, or absent where the text states none. A refused document has read
nothing. What the labels mean is written down in tests/cases/labelled/README.md.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from knowledge_base import Document, DocumentError, Vocabulary, load_vocabulary
from knowledge_base.documents import UNTITLED, read_document
from knowledge_base.readers.reading import Reading

ROOT = Path(__file__).parents[2]
LABELS = ROOT / "tests" / "cases" / "labelled" / "documents.jsonl"
VOCABULARY = ROOT / "knowledge_base" / "corpus" / "vocabulary"
FIELDS = (
    "title",
    "document_number",
    "issuers",
    "signed_on",
    "published_on",
    "effective_on",
    "expires_on",
    "repeals",
)
SILENT = ("Co", "Cf", "Cc")  # unicode categories that print nothing, as left by an old web editor

Span = tuple[str, int, int]
Reader = Callable[[dict[str, Any]], Document]


@dataclass(frozen=True)
class Field:
    """One header field of one document; `stated` is false where the text states no value."""

    name: str
    right: bool
    stated: bool
    labelled: str
    read: str


@dataclass(frozen=True)
class Result:
    """One document compared: clauses as (path, begin, end), the header field by field."""

    id: str
    family: str
    text: str
    labelled: tuple[Span, ...]
    read: tuple[Span, ...]
    fields: tuple[Field, ...]
    refusal: str | None = None


@dataclass(frozen=True)
class Row:
    """Figures of one family, or of all documents; shares between 0 and 1."""

    family: str
    documents: int
    clauses: int
    precision: float
    recall: float
    f1: float
    f1_begin: float
    header: float
    header_stated: float


@dataclass(frozen=True)
class Scores:
    """The whole sample; `rows` has one row per family and `total` the micro average."""

    results: tuple[Result, ...]

    @property
    def total(self) -> Row:
        """All documents as one family."""
        return _row("all", self.results)

    @property
    def rows(self) -> tuple[Row, ...]:
        """One row per family, in order of first appearance."""
        families = dict.fromkeys(result.family for result in self.results)
        return tuple(_row(f, [r for r in self.results if r.family == f]) for f in families)

    def field(self, name: str) -> tuple[float, float, int]:
        """Accuracy of one header field, over all and over stated values, and how many are stated."""
        fields = [f for result in self.results for f in result.fields if f.name == name]
        stated = [f for f in fields if f.stated]
        return _share(f.right for f in fields), _share(f.right for f in stated), len(stated)


def measure(path: Path = LABELS, read: Reader | None = None) -> Scores:
    """Read every labelled document and compare; `read` replaces the product's own reading."""
    lines = path.read_text(encoding="utf8").splitlines()
    return Scores(tuple(_compare(json.loads(line), read or read_labelled) for line in lines))


def read_labelled(case: dict[str, Any]) -> Document:
    """Read a labelled text as the product reads a plain text file."""
    reading = Reading(format="text", text=case["text"])
    return read_document(reading, _vocabulary(), region=case["region_hint"])


@cache
def _vocabulary() -> Vocabulary:
    return load_vocabulary(VOCABULARY)


# ── comparing ───────────────────────────────────────────────────────────────────────────────────
def _compare(case: dict[str, Any], read: Reader) -> Result:
    text, header = case["text"], case["header"]
    document, refusal = None, None
    try:
        document = read(case)
    except DocumentError as error:
        refusal = str(error)
    labelled = tuple((path, begin, end) for path, _, _, _, begin, end in _checked(case))
    clauses = document.clauses if document else ()
    found = tuple((c.id.rpartition(":")[2], c.start, _printed_end(text, c.end)) for c in clauses)
    return Result(
        id=case["id"],
        family=case["family"],
        text=text,
        labelled=labelled,
        read=found,
        fields=tuple(_field(name, header, document) for name in FIELDS),
        refusal=refusal,
    )


def _checked(case: dict[str, Any]) -> Iterable[list[Any]]:
    """The labelled clauses; a label whose quotes do not stand at its offsets is a broken sample."""
    for label in case["outline"]:
        path, _, first, last, begin, end = label
        if not case["text"].startswith(first, begin) or not case["text"][:end].endswith(last):
            raise ValueError(
                f"{case['id']}:{path}: the quotes of the label are not at {begin}–{end}"
            )
        yield label


def _printed_end(text: str, end: int) -> int:
    """Where the printed words of a clause end: signs that print nothing do not count."""
    while end and (text[end - 1].isspace() or unicodedata.category(text[end - 1]) in SILENT):
        end -= 1
    return end


def _field(name: str, header: dict[str, Any], document: Document | None) -> Field:
    label = header[name]
    if name == "repeals":
        right, shown = _repeals(label, header.get("repeals_partly", []), document)
        return Field(name, right, bool(label), "; ".join(label), shown)
    value = getattr(document, name, None)
    if isinstance(label, list):
        right = {_fold(v) for v in label} == {_fold(v) for v in value or ()}
        return Field(
            name,
            right and document is not None,
            bool(label),
            "、".join(label),
            "、".join(value or ()),
        )
    # A title that is said to be missing is as good as none.
    read = "" if value in (None, UNTITLED) else str(value)
    right = document is not None and _fold(label or "") == _fold(read)
    return Field(name, right, label is not None, label or "", read)


def _repeals(
    whole: Sequence[str], partly: Sequence[str], document: Document | None
) -> tuple[bool, str]:
    """Whether each repealed document was named, by 文号 or title, and no other one.

    A label may give several names of one document, parted by |; partial repeals need not be read.
    """
    if document is None:
        return False, ""
    acts = [r for r in document.relations if r.type == "repeals"]
    names = [{_fold(n) for n in (act.target_number, act.target_title) if n} for act in acts]
    needed = [{_fold(name) for name in label.split("|")} for label in whole]
    allowed = [*needed, *({_fold(name) for name in label.split("|")} for label in partly)]
    missed = [label for label in needed if not any(label & read for read in names)]
    extra = [
        act
        for act, read in zip(acts, names, strict=True)
        if act.target_clause is None and not any(label & read for label in allowed)
    ]
    return not missed and not extra, "; ".join(act.target for act in acts)


def _fold(value: str) -> str:
    """What is compared: half-width, without white space, book-title marks or the name of the state."""
    plain = unicodedata.normalize("NFKC", value).replace("中华人民共和国", "", 1)
    return re.sub(r"[\s《》]", "", plain.replace("—", "-").replace("―", "-").replace("–", "-"))


# ── counting and printing ───────────────────────────────────────────────────────────────────────
def _row(family: str, results: Sequence[Result]) -> Row:
    labelled = sum(len(r.labelled) for r in results)
    read = sum(len(r.read) for r in results)
    right = sum(len(set(r.labelled) & set(r.read)) for r in results)
    begun = sum(len({c[:2] for c in r.labelled} & {c[:2] for c in r.read}) for r in results)
    fields = [field for r in results for field in r.fields]
    return Row(
        family=family,
        documents=len(results),
        clauses=labelled,
        precision=right / read if read else 0.0,
        recall=right / labelled if labelled else 0.0,
        f1=_f1(right, labelled, read),
        f1_begin=_f1(begun, labelled, read),
        header=_share(f.right for f in fields),
        header_stated=_share(f.right for f in fields if f.stated),
    )


def _f1(right: int, labelled: int, read: int) -> float:
    return 2 * right / (labelled + read) if labelled + read else 0.0


def _share(values: Iterable[bool]) -> float:
    counted = list(values)
    return sum(counted) / len(counted) if counted else 1.0


def table(scores: Scores) -> str:
    """The printed tables: outline and header by family, then each header field."""
    names = [
        "family",
        "docs",
        "clauses",
        "precision",
        "recall",
        "F1",
        "F1(path+begin)",
        "header",
        "header(stated)",
    ]
    lines = ["| " + " | ".join(names) + " |", "|---|" + "--:|" * (len(names) - 1)]
    for row in (*scores.rows, scores.total):
        shares = (row.precision, row.recall, row.f1, row.f1_begin, row.header, row.header_stated)
        cells = [row.family, str(row.documents), str(row.clauses), *(f"{s:.3f}" for s in shares)]
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "| header field | all | stated | values stated |", "|---|--:|--:|--:|"]
    for name in FIELDS:
        every, stated, count = scores.field(name)
        lines.append(f"| {name} | {every:.3f} | {stated:.3f} | {count} |")
    return "\n".join(lines)


def misses(scores: Scores) -> Iterable[str]:
    """One line per miss with both readings: `-` labelled and not read, `+` read and not labelled."""
    for result in scores.results:
        if result.refusal:
            yield f"{result.id}: refused: {result.refusal}"
        both = set(result.labelled) & set(result.read)
        signed = [("-", c) for c in result.labelled if c not in both]
        signed += [("+", c) for c in result.read if c not in both]
        for sign, (path, begin, end) in sorted(signed, key=lambda s: (s[1][1], s[0])):
            words = result.text[begin:end]
            shown = words if len(words) <= 40 else f"{words[:24]}…{words[-12:]}"
            yield f"{result.id} {sign} {path} [{begin}:{end}] {shown!r}"
        for field in result.fields:
            if not field.right:
                yield f"{result.id} {field.name}: - {field.labelled!r} + {field.read!r}"


def main(arguments: Sequence[str]) -> None:
    """Print the tables, and with --misses every miss below them."""
    files = [a for a in arguments if not a.startswith("--")]
    scores = measure(Path(files[0]) if files else LABELS)
    print(table(scores))
    if "--misses" in arguments:
        print("", *misses(scores), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
