"""How pages are drawn: one Jinja2 environment, Chinese labels, clauses with their quote marked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api import labels, schemas
from api.services import Services
from knowledge_base import in_brackets
from recommender import STANDING_NOTICES, yuan

_TEMPLATES = Path(__file__).parent / "templates"


Segment = tuple[str, bool]
_ROW = re.compile(r"((?:\w+\.)*t\d+)\.\d+(?:_\d+)?")
_HEADING = re.compile(
    r"第.{1,6}[编章节条]|[一二三四五六七八九十]+、|[((][一二三四五六七八九十\d]+[))]|\d+[.、]"
)


def mark(text: str, spans: Iterable[tuple[int, int]]) -> list[Segment]:
    """A text cut into pieces, each with whether it is quoted; spans may touch or overlap."""
    pieces: list[Segment] = []
    position = 0
    for start, end in sorted(spans):
        start = max(start, position)
        if start >= end:
            continue
        pieces += [(text[position:start], False), (text[start:end], True)]
        position = end
    return [(piece, quoted) for piece, quoted in [*pieces, (text[position:], False)] if piece]


def by_clause(citations: Iterable[schemas.Citation]) -> list[list[schemas.Citation]]:
    """Citations of the same clause together, in the order of their first."""
    groups: dict[tuple[str, str, str | None], list[schemas.Citation]] = {}
    for one in citations:
        groups.setdefault((one.clause_id, one.version, one.relation), []).append(one)
    return list(groups.values())


@dataclass(frozen=True)
class Passage:
    """A clause as the page prints it, or a run of table rows with the cells that name its columns."""

    headings: tuple[str, ...]
    rows: tuple[schemas.Clause, ...]
    header: tuple[str, ...] | None = None


def passages(clauses: Iterable[schemas.Clause]) -> list[Passage]:
    """Clauses in printed order, the rows of one table together."""
    found: list[Passage] = []
    for table, group in groupby(clauses, key=_table):
        rows = tuple(group)
        if table is None:
            found += [Passage(tuple(one.path[:-1]), (one,)) for one in rows]
            continue
        path, width = rows[0].path, max(one.text.count("\t") + 1 for one in rows)
        header = list(path[-width:]) if len(path) >= width else []
        while header and _HEADING.match(header[0]):
            header.pop(0)  # fewer names than columns: the cells of the first rows span some
        found.append(Passage(tuple(path[: len(path) - len(header)]), rows, tuple(header)))
    return found


def _table(clause: schemas.Clause) -> str | None:
    row = _ROW.fullmatch(clause.id.partition(":")[2])
    return row[1] if row else None


def _counted(matches: Iterable[schemas.Match]) -> str:
    return labels.counted([match.offer.reality for match in matches])


@cache
def environment() -> Environment:
    """The environment; everything is escaped, an undefined name is an error."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        kinds=labels.KINDS,
        realities=labels.REALITIES,
        reality_notes=labels.REALITY_NOTES,
        status_label=labels.status_label,
        counted=_counted,
        verdicts=labels.VERDICTS,
        bases=labels.BASES,
        availabilities=labels.AVAILABILITY,
        layers=labels.LAYERS,
        document_statuses=labels.DOCUMENT_STATUSES,
        acts=labels.ACTS,
        since=labels.since,
        answers=labels.ANSWERS,
        standings=labels.STANDINGS,
        standing_notices=STANDING_NOTICES,
    )
    made.filters["yuan"] = yuan
    made.filters["by_clause"] = by_clause
    made.filters["bracketed"] = in_brackets
    made.filters["passages"] = passages
    made.filters["anchor"] = lambda clause_id: "c-" + clause_id.partition(":")[2]
    return made


def draw(services: Services, template: str, **context: Any) -> str:
    """HTML of a template."""
    catalogue = services.catalogue

    def quoted(citations: list[schemas.Citation]) -> list[Segment] | None:
        """The clause with its quotes marked; None when it is no longer the one that was quoted."""
        clause = catalogue.clauses.get(citations[0].clause_id)
        if clause is None or clause.version != citations[0].version:
            return None
        return mark(
            clause.text, [(c.start - clause.start, c.end - clause.start) for c in citations]
        )

    return (
        environment()
        .get_template(template)
        .render(
            service=services.settings.service_name,
            contacts=services.settings.contacts,
            vocabulary=catalogue.vocabulary,
            quoted=quoted,
            **context,
        )
    )


def regions(services: Services) -> list[tuple[str, list[tuple[str, str]]]]:
    """Counties of the home province by city, the home city first."""
    vocabulary, home = services.catalogue.vocabulary, services.settings.home_region
    names = vocabulary.regions
    cities = [c for c in names if c[:2] == home[:2] and c[4:] == "00" and c[2:4] != "00"]
    cities.sort(key=lambda code: (code[:4] != home[:4], code))
    return [
        (
            names[city],
            sorted(
                ((c, n) for c, n in names.items() if c[:4] == city[:4] and c != city),
                key=lambda one: (one[0] != home, one[0]),
            ),
        )
        for city in cities
    ]
