"""Bounds that differ by kind of applicant: 服务机构80万元以上,其中社团类10万元以上. Pure.

No fact tells such kinds apart, so their bounds become alternatives: every applicant meets the
mildest. A bound of one kind alone says nothing of the others and is not read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge_base.drafting.alternatives import Condition, joined
from knowledge_base.drafting.cues import Cues
from knowledge_base.drafting.quantities import quantities_in
from knowledge_base.drafting.requirements import Test, bounds, consumed, read_ages, read_measures
from knowledge_base.drafting.sentences import Sentence

_KIND = re.compile(r"(?:企业|机构|单位|公司|社团|法人)的?,?|业务的,")
_LEAD = re.compile(r"\s*(?:其中)?[,;:]?(?:对于|对)?")
# Verbs in front of a noun make it an object: 引进企业, 与高校合作的企业.
_OBJECT = re.compile(
    r"拥有|具有|引进|孵化|培育|带动|扶持|合作|服务(?!机构|业|企业|类|平台|等)|不少于|不低于|超过|子公司|所属|关联|获得|与"
)
_BARE = re.compile(r"(?:应当?|须|需|要|为|达到?|在|均|则)*")
_TIME = re.compile(r"[\d\-~至到近一二三两年月日末底内初前期起自以来,]*")
_ENDS = re.compile(r"\s*(?:\([^()]{0,60}\))?\s*(?:$|[,;。])")
_UNITS = {"assets_yuan": "元", "revenue_yuan": "元", "employees": "人"}
_MILDER = {"gte": min, "gt": min, "lte": max, "lt": max}
_MOST_KINDS = 8
_NEAR = 12  # conditions back


@dataclass
class Steps:
    """Bounds by kind met so far in one passage, by fact and bound."""

    found: dict[tuple[str, str], list[Condition]] = field(default_factory=dict)
    latest: str | None = None

    def take(self, test: Test) -> None:
        """Remember the bound of one kind."""
        step = Condition(test.start, test.end, test.fact, test.op, test.value)
        self.found.setdefault((test.fact, test.op), []).append(step)
        self.latest = test.fact

    def choices(self) -> list[Condition]:
        """Bounds of several kinds as alternatives."""
        return [joined("any", steps) for steps in self.found.values() if len(steps) > 1]


def read_step(sentence: Sentence, latest: str | None, cues: Cues) -> Test | None:
    """The bound a sentence sets for one kind of applicant; `latest` is the fact a bare one counts."""
    plain = sentence.plain
    lead = _LEAD.match(plain)
    begin = lead.end() if lead else 0
    amount = next((q for q in quantities_in(plain) if q.op not in ("eq", "range")), None)
    if amount is None:
        return None
    ends = [found.end() for found in _KIND.finditer(plain, begin, amount.start)]
    for end in reversed(ends[-_MOST_KINDS:]):
        kind = plain[begin:end].rstrip(",")
        if re.search(r"[,;:]", kind) or not _other_kind(kind, cues):
            continue
        start = sentence.start + end
        rest = Sentence(start, sentence.end, plain[end:], "", sentence.part)
        tests = [*read_measures(rest, cues), *read_ages(rest, cues)] or _bare(rest, latest)
        if len(tests) == 1 and tests[0].op in _MILDER:
            return tests[0] if _ENDS.match(plain[tests[0].end - sentence.start :]) else None
    return None


def _other_kind(kind: str, cues: Cues) -> bool:
    """Whether words name one kind of applicants, not the applicant itself nor somebody else."""
    left = consumed(kind, cues.before_measure, True)
    if _TIME.fullmatch(left) or _OBJECT.search(kind):
        return False
    return cues.void.others.match(kind) is None or kind.endswith("申报单位")


def _bare(rest: Sentence, latest: str | None) -> list[Test]:
    """社团类机构不少于5人: the fact is that of the bound before."""
    lead = _BARE.match(rest.plain)
    amount = next(iter(quantities_in(rest.plain)), None)
    if latest not in _UNITS or amount is None or lead is None or amount.start > lead.end():
        return []
    if amount.unit != _UNITS[latest] or amount.op in ("eq", "range"):
        return []
    return list(bounds(rest, (amount.start, amount.end), latest, amount, 1))


def softened(conditions: Sequence[Condition], test: Test) -> int | None:
    """Where the condition stands that a test of one kind makes milder; None when none is near."""
    for index in range(len(conditions) - 1, max(-1, len(conditions) - 1 - _NEAR), -1):
        leaves = tuple(conditions[index].leaves())
        if all((leaf.fact, leaf.op) == (test.fact, test.op) for leaf in leaves):
            return index
    return None


def with_milder(condition: Condition, test: Test) -> Condition:
    """A bound and the milder one of a kind as alternatives; a stricter one changes nothing."""
    values = [leaf.value for leaf in condition.leaves()]
    if test.value in values or _MILDER[test.op]([*values, test.value]) != test.value:
        return condition
    step = Condition(test.start, test.end, test.fact, test.op, test.value)
    parts = condition.parts if condition.join == "any" else (condition,)
    # The mildest comes last and stands for those before it, so that a choice never grows long.
    return joined("any", [*parts[: _MOST_KINDS - 1], step])
