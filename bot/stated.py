"""Facts an enterprise states of itself in a message, in the profile's own shape.

Only what is plainly said is taken; a list gained this way is partial, so nobody's other titles
become false, and a hedge (「不到」「700多万」) stays an interval.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.figures import Figure, amounts, counts, days, shares
from bot.places import everyday
from knowledge_base import Fact, Vocabulary

_QUESTION = re.compile(r"是不是|算不算|是否|能不能|有没有|会不会|要不要|什么是|吗[??]?$|呢[??]?$")
_CLAUSES = re.compile(r"[,,。;;!!??]")
# What is said of others, or in general, is no fact of this enterprise.
_OTHERS = re.compile(
    r"客户|对方|他们|人家|同行|竞争|听说|只有|才能|别人|哪些|哪类|给.{1,6}(供货|配套|做)"
)
_COUNTED = {
    "employees": r"人|个员工|名员工|号人|个工人|名职工|个人",
    "rd_staff": r"人|个|名",
    "ip_class1": r"件|个|项",
    "ip_class2": r"件|个|项",
    "bank_count": r"家",
}
_HELD = re.compile(r"(是|有|拿到?了?|持有|评上了?|获得|取得|认定为?|通过了?|刚过)[^,,。;;]{0,8}$")
_NOT_HELD = re.compile(r"(不是|没有?|还没|未|没拿|没评|差)[^,,。;;]{0,6}$")


def facts_stated(
    message: str, vocabulary: Vocabulary, on: date, context: str = ""
) -> dict[str, Any]:
    """Facts plainly stated in a message, by code; questions state nothing.

    `context` is the matter spoken of before, which tells whose premium is meant.
    """
    found: dict[str, Any] = {}
    for part in (p for p in _CLAUSES.split(message) if p.strip()):
        if _QUESTION.search(part) or _OTHERS.search(part):
            continue
        found |= _numbers(part, f"{message} {context}", vocabulary)
        found |= _yes_no(part, vocabulary)
        found |= _choices(part, vocabulary)
        found |= _lists(part, vocabulary)
        found |= _founding(part, on)
        found |= _region(part, vocabulary)
    return found


def answer_to(fact: Fact, message: str, vocabulary: Vocabulary) -> Any:
    """The value a short reply gives to the question just asked; None when it gives none."""
    text = re.sub(r"[。.!!,,\s]+$", "", message.strip())
    if re.search(r"不(知道|清楚|确定|晓得)|没数|说不准|^不对|^不是.{0,8}(是|而是)", text):
        return None
    if fact.type == "bool":
        if (verb := re.search(r"买|签|备案|入驻|逾期|罚|享受|奖励", text)) and (
            verb.group() not in fact.question
        ):
            return None  # the reply speaks of something else than was asked
        if re.match(r"(没|不|无|否|未|还没|暂无)", text):
            return False
        return (
            True if re.match(r"(有|是|对|嗯|在|已|好|买了|签了|备了|入驻|交了|都)", text) else None
        )
    if fact.type == "number":
        return _number_reply(fact, text)
    if fact.type == "date":
        named = days(text)
        return named[0][0].isoformat() if named else None
    if fact.code == "region":
        return _named_region(text, vocabulary)
    if fact.code == "industry":
        return _industry(text, vocabulary)
    if fact.type == "list":
        held = [v for v in fact.values if v in text or _aliased(fact, v, text)]
        if fact.code == "titles":
            held = list(_titles_in(text, vocabulary))
        if held:
            return {"has": held}
        return [] if re.match(r"(没|无|都没)", text) else None
    for value in fact.values:
        if value in text or _aliased(fact, value, text):
            return value
    return None


def _number_reply(fact: Fact, text: str) -> Any:
    if fact.unit == "元":
        found = amounts(text)
    elif fact.unit in ("0-1", "≥0"):
        found = shares(text)
    else:
        found = counts(text, "人|件|个|项|家|年|名|分|")
    if not found and re.match(r"(没有|没|无|零|0)", text):
        return 0
    return found[0].as_fact() if found else None


def _aliased(fact: Fact, value: str, text: str) -> bool:
    return any(alias in text for alias in fact.value_aliases.get(value, ()))


def _numbers(part: str, message: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """Each figure goes to the fact whose name stands nearest before it, or right behind it."""
    found: dict[str, Any] = {}
    for code, fact in vocabulary.facts.items():
        if fact.type != "number" or fact.derived:
            continue
        if fact.unit == "元":
            figures = amounts(part)
        elif fact.unit in ("0-1", "≥0"):
            figures = shares(part)
        elif code in _COUNTED:
            figures = counts(part, _COUNTED[code])
        else:
            continue
        for figure in figures:
            if _names(part, figure, fact.aliases, code):
                found.setdefault(code, figure.as_fact())
    if re.search(r"(没有|没|无)(任何)?(发明专利|发明)", part):
        found["ip_class1"] = 0
    premiums = [f for f in amounts(part) if "保费" in part[max(0, f.start - 6) : f.end + 3]]
    for word, code in (("先用后转", "use_first_premium_yuan"), ("首台", "first_set_premium_yuan")):
        if premiums and word in message and "分别" not in message:
            found.setdefault(code, premiums[0].as_fact())
    return found


def _names(part: str, figure: Figure, aliases: tuple[str, ...], code: str) -> bool:
    before, after = (
        part[max(0, figure.start - 10) : figure.start],
        part[figure.end : figure.end + 12],
    )
    if any(alias in before for alias in aliases):
        return True
    if code.endswith("_yuan") and any(alias in after for alias in aliases):
        return not re.search(
            r"\d", before
        )  # 「1000万固定资产贷款」, not the figure of another fact
    if code == "employees" and re.fullmatch(r"\D{0,6}", before) and not after.strip("左右多"):
        return True  # 「30个人」 standing alone
    if code == "employees":
        return bool(re.search(r"(我们|公司|厂|店|企业|共|一共|总共|现有|就|才)\D{0,4}$", before))
    return code.startswith("ip_") and any(after.startswith(a) for a in aliases)


def _yes_no(part: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """Bool facts by their phrases; the denial wins where it contains the assertion."""
    found: dict[str, Any] = {}
    for code, fact in vocabulary.facts.items():
        if fact.type != "bool":
            continue
        if any(phrase in part for phrase in fact.false_phrases):
            found[code] = False
        elif any(phrase in part for phrase in fact.true_phrases):
            found[code] = True
    return found


def _choices(part: str, vocabulary: Vocabulary) -> dict[str, Any]:
    found: dict[str, Any] = {}
    grade = re.search(r"(?:纳税|税务|信用)[^,,]{0,6}([ABMCD])\s*级?|([ABMCD])级(?:纳税|信用)", part)
    if grade:
        found["tax_grade"] = grade.group(1) or grade.group(2)
    for code in ("entity_type", "size_category", "chain_role", "ma_purpose"):
        fact = vocabulary.facts[code]
        for value in fact.values:
            if value != "企业" and _aliased(fact, value, part):
                found[code] = value
    if "首台" in part and (year := re.search(r"首年|第([一二三123])(个)?(投保)?年", part)):
        found["first_set_insured_year"] = "一二三123".find(year.group(1) or "一") % 3 + 1
    if "首台" in part and (level := re.search(r"(国际|国内|省内)首台", part)):
        found["first_set"] = level.group(1)
    return found


def _lists(part: str, vocabulary: Vocabulary) -> dict[str, Any]:
    found: dict[str, Any] = {}
    held, lacking = [], []
    for name, start in _titles_in(part, vocabulary).items():
        before = part[:start]
        if _NOT_HELD.search(before):
            lacking.append(name)
        elif _HELD.search(before) or re.match(r"^(我们|我司|公司|咱们?)(是|有)?$", before):
            held.append(name)
    if len(part.strip()) <= 16 and part.strip() in _forms(vocabulary):
        held.append(vocabulary.title(part.strip()))  # an item of a list of what one is
    if held or lacking:
        found["titles"] = {"has": held, "has_not": lacking}
    if talents := re.findall(r"(?:有|是|引进|我|聘|认定为?)[^,,]{0,6}?([A-F])\s*类", part):
        found["talents"] = {"has": sorted(set(talents))}
    fact = vocabulary.facts["project_types"]
    plans = re.search(r"我|咱|想|要|准备|打算|在做|正在", part)
    asks = re.search(r"多快|多久|多少|几|什么|怎么|哪|啥", part)
    if (
        plans
        and not asks
        and (kinds := [v for v in fact.values if v in part or _aliased(fact, v, part)])
    ):
        found["project_types"] = {"has": kinds}
    return found


def _forms(vocabulary: Vocabulary) -> set[str]:
    return {form for title in vocabulary.titles for form in (title.name, *title.synonyms)}


def _titles_in(text: str, vocabulary: Vocabulary) -> dict[str, int]:
    """Titles named in a text with where; the longest form wins, so 省科小 is not read as 科小."""
    forms = sorted(
        ((form, t.name) for t in vocabulary.titles for form in (t.name, *t.synonyms)),
        key=lambda pair: -len(pair[0]),
    )
    found: dict[str, int] = {}
    masked = text
    for form, name in forms:
        start = masked.find(form)
        if start >= 0:
            found.setdefault(name, start)
            masked = masked[:start] + "\0" * len(form) + masked[start + len(form) :]
    return found


def _founding(part: str, on: date) -> dict[str, Any]:
    if named := re.search(
        r"(20\d{2}|19\d{2})\s*年\s*(?:(\d{1,2})\s*月)?[^,,]{0,4}(成立|注册|开业|创办)", part
    ):
        year, month = int(named.group(1)), named.group(2)
        if month and 1 <= int(month) <= 12:
            last_day = monthrange(year, int(month))[1]
            first, last = date(year, int(month), 1), min(on, date(year, int(month), last_day))
        else:
            first, last = date(year, 1, 1), min(on, date(year, 12, 31))
        return {"founded_on": [first.isoformat(), last.isoformat()]} if first <= last else {}
    return {}


_OWN_PLACE = re.compile(
    r"^(注册)?在?[^,,]{2,6}的$|注册[^,,]{0,8}(县|市|区)|(我|咱|公司|厂|企业|注册|开)[^,,]{0,6}在|在[^,,]{0,8}(注册|开|办厂)|本地|我们?是|(企业|公司|厂)$"
)


def _region(part: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """Where the enterprise says it is; a place merely mentioned says nothing."""
    code = _named_region(part, vocabulary) if _OWN_PLACE.search(part) else None
    return {"region": code} if code else {}


def _named_region(text: str, vocabulary: Vocabulary) -> str | None:
    """The finest place a text names, by its full or everyday name; None between two of one name."""
    named = [
        code
        for code, name in vocabulary.regions.items()
        if code.startswith("33") and (name in text or (len(name) > 2 and name[:-1] in text))
    ]
    if named:
        return max(named, key=lambda code: (code[4:] != "00", code[2:] != "0000"))
    # Outside the province everyday names are often ordinary words: only where one says one is there.
    named = [
        code
        for code, name in vocabulary.regions.items()
        if len(name) > 2
        and (name in text or (code.endswith("00") and f"在{everyday(name)}" in text))
    ]
    above = {up for code in named for up in vocabulary.region_chain(code)[1:]}
    finest = [code for code in named if code not in above]
    within = [c for c in finest if set(vocabulary.region_chain(c)[1:]) & set(named)] or finest
    return within[0] if len(within) == 1 else None


def _industry(text: str, vocabulary: Vocabulary) -> str | None:
    code = re.search(r"\b([A-T]?\d{2,4})\b", text)
    if code and code.group(1).lstrip("ABCDEFGHIJKLMNOPQRST") in vocabulary.industries:
        return code.group(1)
    named = [i for i in vocabulary.industries.values() if i.name and i.name in text]
    return max(named, key=lambda i: len(i.name)).code if named else None


def merge(known: Mapping[str, Any], said: Mapping[str, Any], correcting: bool) -> dict[str, Any]:
    """What to learn from a message: only what was unknown, unless the enterprise corrects itself."""
    learnt: dict[str, Any] = {}
    for code, value in said.items():
        held = known.get(code)
        if held is None or correcting:
            learnt[code] = value
        elif isinstance(held, dict) and "has" in held and isinstance(value, dict):
            has = list(dict.fromkeys([*held.get("has", []), *value.get("has", [])]))
            lacking = [
                x for x in held.get("has_not", []) + value.get("has_not", []) if x not in has
            ]
            learnt[code] = {"has": has, "has_not": list(dict.fromkeys(lacking))}
    return learnt
