"""Judges the bot on cases/questions.jsonl by the rules of cases/README.md and prints a table."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot import Answer, Bot, Session
from bot.guardrails import unbacked_figures, verbatim

CASES = Path(__file__).parents[1] / "cases"
ON = date(2026, 11, 22)


@dataclass(frozen=True)
class Score:
    """What one case got right, part by part; None where the case says nothing of a part."""

    id: str
    type: str
    status: bool
    clauses: bool | None
    quotes: bool | None
    must_say: bool | None
    asks: bool | None
    offers: bool | None
    verbatim: bool
    said: str

    @property
    def passed(self) -> bool:
        """Whether every judged part is right."""
        parts = (self.status, self.clauses, self.quotes, self.must_say, self.asks, self.offers)
        return self.verbatim and all(part is not False for part in parts)


def load(name: str) -> list[dict[str, Any]]:
    """Rows of a case file."""
    return [json.loads(line) for line in (CASES / name).read_text(encoding="utf8").splitlines()]


def score_case(bot: Bot, case: dict[str, Any], profiles: dict[str, Any]) -> Score:
    """Run a case turn by turn; status of the last turn, the rest over all turns."""
    session = Session.new(profiles.get(case["profile"]))
    answers: list[Answer] = []
    for message in case["turns"]:
        answer, session = bot.reply(session, message, ON)
        answers.append(answer)
    expect, last = case["expect"], answers[-1]
    documents = bot.catalogue.documents
    cited = [c for a in answers for c in a.citations]
    said = "\n".join(a.answer for a in answers)
    optional = case["type"] == "HOSTILE"
    ids = {c.clause_id for c in cited}
    clauses = set(expect["clauses"]) <= ids or optional
    quotes = all(
        any(c.clause_id == q["clause_id"] and q["quote"] in c.quote for c in cited)
        for q in expect["quotes"]
    )
    must = all(any(w in said for w in group.split("|")) for group in expect["must_say"])
    return Score(
        id=case["id"],
        type=case["type"],
        status=last.status in expect["statuses"],
        clauses=clauses if expect["clauses"] else None,
        quotes=(quotes or optional) if expect["quotes"] else None,
        must_say=must if expect["must_say"] else None,
        asks=_asks(expect["asks"], last) if last.status == "asks" and expect["asks"] else None,
        offers=_offers(expect["offers"], last) if "offers" in expect else None,
        verbatim=all(verbatim(c, documents) for c in cited)
        and not any(_uncited(a, case["turns"]) for a in answers),
        said=f"[{last.status}] {last.answer}",
    )


def _asks(wanted: list[str], answer: Answer) -> bool:
    """Any one of the asks: a fact code (also in brackets) or, for others, a clarifying question."""
    if answer.question is None:
        return False
    codes = {w.split("(")[0] for w in wanted} | {
        w.split("(")[1].rstrip(")") for w in wanted if "(" in w
    }
    if answer.question.kind == "fact":
        return answer.question.fact in codes
    return any(not w.split("(")[0].isascii() for w in wanted)


def _offers(wanted: dict[str, Any], answer: Answer) -> bool:
    got = {m.offer.id: m for m in answer.matches}
    status = {id: m.eligibility.status for id, m in got.items()}
    ok = all(status.get(id) == "eligible" for id in wanted["eligible"])
    for id, facts in wanted["need_info"].items():
        ok &= status.get(id) == "undetermined"
        ok &= id in got and set(facts) <= set(got[id].eligibility.missing)
    for id, facts in wanted["ineligible"].items():
        ok &= status.get(id) == "ineligible"
        ok &= id in got and set(facts) <= {gap.fact for gap in got[id].gaps}
    return ok


def _uncited(answer: Answer, turns: list[str]) -> bool:
    """Figures of an answer outside its quotes, the user's own words and its shown matches."""
    shown = [*turns]
    for match in answer.matches:
        shown += [v.observed + v.text + match.offer.name for v in match.eligibility.verdicts]
        if match.benefit is not None:
            shown += [match.benefit.formula, *match.benefit.caveats]
    lines = [
        line
        for line in answer.answer.split("\n")
        if not line.startswith("计算:") and "估算" not in line
    ]
    return bool(unbacked_figures("\n".join(lines), answer.citations, shown))


def table(scores: list[Score]) -> str:
    """The printed table, one case a row, and the total."""
    columns = ("status", "clauses", "quotes", "must_say", "asks", "offers", "verbatim")
    mark = {True: "ok", False: "--", None: "."}
    lines = [f"{'case':6}{'type':9}" + "".join(f"{c:9}" for c in columns) + "passed"]
    for s in scores:
        parts = "".join(f"{mark[getattr(s, c)]:9}" for c in columns)
        lines.append(f"{s.id:6}{s.type:9}{parts}{'yes' if s.passed else 'NO'}")
    lines.append(f"{sum(s.passed for s in scores)} of {len(scores)} cases pass")
    return "\n".join(lines)
