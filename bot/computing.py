"""Sums an answer may show: a published formula, the figures stated, and the result.

Every computation names the quote its rule rests on; nothing is computed from a rule that is not
written in the corpus.
"""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.composing import Composer, Sentence
from bot.figures import amounts, days, read_number, shares
from knowledge_base import Citation, Clause
from recommender import BenefitEstimate, yuan

_YEARS = re.compile(r"(?:最高可达|最长|不超过)(\d+)年")
_POINTS = re.compile(r"提高不超过(\d+(?:\.\d+)?)个百分点")
# A range wider than this says nothing at its low end; only its high end is shown.
_TELLING = 0.2
_GOAL = re.compile(r"新增(\d+(?:\.\d+)?)亿元")


@dataclass(frozen=True)
class Computation:
    """A shown sum: its words, which hold every input and result, and the rule's quote."""

    text: str
    citation: Citation


def compute(text: str, clauses: Sequence[Clause], composer: Composer) -> Computation | None:
    """The sum a question asks for, when a clause holds its rule and the question its figures."""
    ranked = composer.rank(text, clauses)
    for attempt in (_due_date, _tolerance, _goal_left):
        for sentence in ranked:
            if found := attempt(text, sentence, composer):
                return found
    return None


def _due_date(text: str, sentence: Sentence, composer: Composer) -> Computation | None:
    """Latest due day of a loan under a published ceiling of years."""
    named, rule = days(text), _YEARS.search(sentence.text)
    asks = re.search(r"(最晚|最迟|到期|哪天|什么时候|几号|何时)", text)
    if not named or not rule or not asks or not re.search(r"放款|发放|借款|贷款|流贷|起", text):
        return None
    start = named[0][0]
    due = add_years(start, int(rule.group(1)))
    return Computation(
        f"计算:{start.isoformat()} 起,加上限 {rule.group(1)}年,最晚 {due.isoformat()} 到期"
        "(按对日计,是否提前一日以合同为准)。这是上限,不是承诺。",
        composer.whole(sentence),
    )


def add_years(day: date, years: int) -> date:
    """The same day some years on; 29 February falls back to the 28th."""
    last = calendar.monthrange(day.year + years, day.month)[1]
    return date(day.year + years, day.month, min(day.day, last))


def _tolerance(text: str, sentence: Sentence, composer: Composer) -> Computation | None:
    """A bank's tolerated ratio: its overall ratio plus the published points, a ceiling."""
    rule, ratios = _POINTS.search(sentence.text), shares(text)
    own = re.search(r"(各项|全行|整体|平均|总体|全部)[^。,,]{0,8}不良率?", text)
    if not rule or not own:
        return None
    overall = next((r for r in ratios if r.start >= own.start() and r.exact is not None), None)
    if overall is None or overall.exact is None:
        return None
    base, points = round(overall.exact * 100, 4), float(rule.group(1))
    line = round(base + points, 4)
    others = [round(r.exact * 100, 4) for r in ratios if r is not overall and r.exact is not None]
    held = (
        f"所问的 {others[0]:g}% {'超过' if others[0] > line else '没有超过'}这条线。"
        if others
        else ""
    )
    return Computation(
        f"计算:{base:g}% + {points:g}个百分点 = {line:g}%,"
        f"这是容忍度的最高线,按各项贷款不良率加点,不是绝对值。{held}",
        composer.whole(sentence),
    )


def _goal_left(text: str, sentence: Sentence, composer: Composer) -> Computation | None:
    """What is left of a published goal."""
    rule = _GOAL.search(sentence.text)
    done = [f.exact for f in amounts(text) if f.exact]
    asks = re.search(r"还差|还剩|完成|已经?新增|缺口", text)
    if not rule or not done or not asks or not re.search(r"目标|全县|科创", text):
        return None
    if re.search(r"我们|我司|公司|我厂", text):
        return None  # an enterprise's own figures have nothing to do with the county's goal
    goal = read_number(rule.group(1)) * 1e8
    left = goal - done[0]
    words = f"还差 {yuan(left)}" if left > 0 else f"已超出 {yuan(-left)}"
    return Computation(
        f"计算:{yuan(goal)} - {yuan(done[0])},{words}。这是总体目标,统计口径原文没有写明。",
        composer.whole(sentence),
    )


def show_benefit(name: str, benefit: BenefitEstimate, labels: dict[str, str]) -> str:
    """A benefit as a shown sum: formula, inputs, result or range; an estimate, never a grant."""
    if not benefit.telling:
        return ""
    inputs = ",".join(f"{labels[code]} {value}" for code, value in benefit.inputs.items())
    if benefit.amount_yuan is not None:
        result = f"约 {yuan(benefit.amount_yuan)}"
    elif benefit.high_yuan is not None and (benefit.low_yuan or 0) > _TELLING * benefit.high_yuan:
        result = f"约 {yuan(benefit.low_yuan or 0)} 至 {yuan(benefit.high_yuan)}"
    elif benefit.high_yuan is not None:
        result = f"最高约 {yuan(benefit.high_yuan)}"
    else:
        return ""
    return f"{name}估算:{benefit.formula};{inputs};{result}(估算,以审核为准)。"
