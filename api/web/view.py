"""How pages are drawn: one Jinja2 environment, Chinese labels, clauses with their quote marked."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api import schemas
from api.services import Services
from recommender import yuan
from recommender.briefs import STANDING_NOTICES

_TEMPLATES = Path(__file__).parent / "templates"
KINDS = {
    "loan": "贷款",
    "guarantee": "担保",
    "insurance": "保险",
    "talent": "人才",
    "supply_chain": "供应链",
    "subsidy": "补贴",
    "capital_market": "资本市场",
    "service": "服务",
}
REALITIES = {"official": "官方", "reported": "报道", "illustrative": "示例"}
REALITY_NOTES = {
    "official": "出自官方公开文件",
    "reported": "据公开报道整理,待核对原文",
    "illustrative": "演示用的示例产品,不是任何机构的要约",
}
STATUSES = {"eligible": "可申报", "undetermined": "待补充", "ineligible": "暂不符合"}
VERDICTS = {"met": "符合", "unmet": "不符合", "unknown": "待确认"}
BASES = {"published": "原文载明", "reported": "据报道", "assumed": "按通行做法或示例,以机构为准"}
AVAILABILITY = {"open": "可申报", "upcoming": "尚未开始", "closed": "已截止", "unknown": "申报时间未载明"}
LAYERS = {
    "policy": "政策文件",
    "external_rule": "外部规定",
    "product_sheet": "产品单",
    "illustration": "示例产品单",
}
DOCUMENT_STATUSES = {
    "in_force": "现行有效",
    "not_yet": "尚未生效",
    "expired": "已过有效期",
    "repealed": "已废止",
    "superseded": "已被替代",
    "unknown": "有效期未载明",
}
ANSWERS = {
    "answered": "有依据",
    "partial": "部分有依据",
    "asks": "需要补充",
    "not_stated": "文件未规定",
    "not_in_corpus": "未收录",
    "out_of_scope": "不在服务范围",
    "declined": "不予回答",
    "handed_over": "转人工",
    "error": "出错",
}


@dataclass(frozen=True)
class Quoted:
    """A clause cut at its quote, to be shown with the quote marked."""

    before: str
    quote: str
    after: str


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
        kinds=KINDS,
        realities=REALITIES,
        reality_notes=REALITY_NOTES,
        statuses=STATUSES,
        verdicts=VERDICTS,
        bases=BASES,
        availabilities=AVAILABILITY,
        layers=LAYERS,
        document_statuses=DOCUMENT_STATUSES,
        answers=ANSWERS,
        standing_notices=STANDING_NOTICES,
    )
    made.filters["yuan"] = yuan
    made.filters["anchor"] = lambda clause_id: "c-" + clause_id.partition(":")[2]
    return made


def draw(services: Services, template: str, **context: Any) -> str:
    """HTML of a template."""
    catalogue = services.catalogue

    def quoted(citation: schemas.Citation) -> Quoted:
        clause = catalogue.clause(citation.clause_id)
        start, end = citation.start - clause.start, citation.end - clause.start
        return Quoted(clause.text[:start], clause.text[start:end], clause.text[end:])

    return environment().get_template(template).render(
        service=services.settings.service_name,
        contacts=services.settings.contacts,
        vocabulary=catalogue.vocabulary,
        quoted=quoted,
        **context,
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
