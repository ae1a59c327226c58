"""An enterprise's profile: facts as stated, checked and turned into values. Missing = unknown."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from knowledge_base import Fact, ProfileError, Vocabulary
from recommender.values import Choices, Interval, Listing, Value, read_day

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_LONGEST_TEXT = 200
LARGEST = 10**16


@dataclass(frozen=True)
class HeldTitle:
    """A title with the last day it holds; `until` None means open."""

    name: str
    until: date | None


@dataclass(frozen=True)
class EnterpriseProfile:
    """Checked facts of one enterprise on one day; a fact that is absent is unknown."""

    on: date
    values: Mapping[str, Value]
    titles: tuple[HeldTitle, ...]
    name: str | None


def uscc_fault(code: str) -> str | None:
    """What is wrong with a 统一社会信用代码 (GB 32100-2015), or None when it is right."""
    if len(code) != 18:
        return f"应为18位,现为{len(code)}位"
    wrong = [char for char in code if char not in _USCC_ALPHABET]
    if wrong:
        return f"含有不允许的字符“{wrong[0]}”(不用 I、O、S、V、Z)"
    total = sum(
        _USCC_ALPHABET.index(char) * weight
        for char, weight in zip(code[:17], _USCC_WEIGHTS, strict=True)
    )
    expected = _USCC_ALPHABET[(31 - total % 31) % 31]
    return None if code[17] == expected else f"校验位不对,第18位应为“{expected}”,请核对营业执照"


def read_profile(raw: Any, vocabulary: Vocabulary, on: date) -> EnterpriseProfile:
    """Profile from JSON as described in the contract; ProfileError names every fault at once."""
    if not isinstance(raw, dict):
        raise ProfileError(['企业画像应是一个 JSON 对象,如 {"region": "330326"}'])
    faults: list[str] = []
    values: dict[str, Value] = {}
    titles: tuple[HeldTitle, ...] = ()
    for code, written in raw.items():
        fact = vocabulary.facts.get(code)
        if fact is None or fact.asked_of == "derived":
            faults.append(_unknown_code(code, fact, vocabulary))
            continue
        if written is None or (written == [None, None] and fact.type in ("number", "date")):
            continue
        try:
            if code == "titles":
                values[code], titles = _read_titles(written, vocabulary, on)
            else:
                values[code] = _read_value(fact, written, vocabulary, on)
        except ValueError as error:
            faults.append(f"{code}({fact.label}):{error}")
    if faults:
        raise ProfileError(faults)
    return EnterpriseProfile(on, MappingProxyType(values), titles, raw.get("name"))


def _unknown_code(code: str, fact: Fact | None, vocabulary: Vocabulary) -> str:
    if fact is not None:
        return f"{code}({fact.label})由系统计算,不能填写;请填写它的来源事实"
    near = vocabulary.nearest_facts(str(code))
    hint = f",是否想写 {'、'.join(near)}?" if near else ",可用代码见 GET /api/v1/profile-schema"
    return f"不认识的事实代码“{str(code)[:40]}”{hint}"


def _read_value(fact: Fact, written: Any, vocabulary: Vocabulary, on: date) -> Value:
    if fact.type in ("number", "date"):
        return _read_interval(fact, written, on)
    if fact.type == "list":
        return _read_listing(written, lambda one: _member(fact, one))
    if fact.type == "bool":
        if not isinstance(written, bool):
            raise ValueError("应为 true 或 false(不知道就不填)")
        return Choices(frozenset({written}))
    if isinstance(written, dict) and fact.type != "text":
        if set(written) != {"one_of"} or not isinstance(written["one_of"], list):
            raise ValueError('可能的取值应写成 {"one_of": [...]}')
        chosen = frozenset(_choice(fact, one, vocabulary) for one in written["one_of"])
        if not chosen:
            raise ValueError("one_of 不能为空;不知道就不填")
        return Choices(chosen)
    return Choices(frozenset({_choice(fact, written, vocabulary)}))


def _choice(fact: Fact, written: Any, vocabulary: Vocabulary) -> str:
    if not isinstance(written, str) or not written.strip():
        raise ValueError("应为文字")
    text = written.strip()
    if fact.code == "uscc":
        text = text.upper()
        if fault := uscc_fault(text):
            raise ValueError(fault)
    elif fact.code == "region":
        if text not in vocabulary.regions:
            raise ValueError(f"“{text[:20]}”不是 GB/T 2260 的六位行政区划代码,如 330326 平阳县")
    elif fact.code == "industry":
        lettered = re.fullmatch(r"([A-T])(\d{2,4})", text)
        code = lettered.group(2) if lettered else text
        row = vocabulary.industries.get(code)
        if row is not None and lettered and row.section != lettered.group(1):
            raise ValueError(f"“{text}”的门类字母不对,{code} 属于门类 {row.section}")
        if row is None:
            raise ValueError(f"“{text[:20]}”不是 GB/T 4754-2017 的行业代码,如 3467 或 C")
        text = code
    elif fact.type == "text":
        if len(text) > _LONGEST_TEXT:
            raise ValueError(f"太长,最多{_LONGEST_TEXT}字")
    elif text not in fact.values:
        raise ValueError(f"“{text[:20]}”不在取值 {'|'.join(fact.values)} 之内")
    return text


def _read_interval(fact: Fact, written: Any, on: date) -> Interval:
    ends = written if isinstance(written, list) else [written, written]
    if len(ends) != 2:
        raise ValueError("区间应为两个端点 [低, 高],开口的一端写 null")
    low, high = (None if end is None else _end(fact, end) for end in ends)
    if low is not None and high is not None and low > high:
        raise ValueError(f"区间上下颠倒:{ends[0]} 大于 {ends[1]}")
    if fact.code == "founded_on" and low is not None and low > on:
        raise ValueError(f"成立日期 {low} 晚于查询日 {on},请核对")
    if fact.code == "founded_on":
        high = on if high is None or high > on else high
    if fact.type == "number" and low is None:
        low = fact.minimum
    if fact.type == "number" and high is None:
        high = fact.maximum
    return Interval(low, high)


def _end(fact: Fact, written: Any) -> Any:
    if fact.type == "date":
        try:
            return read_day(written)
        except ValueError as error:
            raise ValueError(f"“{written}”不是日期,应为 2019-03-02 的形式") from error
    if isinstance(written, bool) or not isinstance(written, int | float):
        raise ValueError(f"“{str(written)[:20]}”不是数字;金额以元为单位,不带单位文字")
    if abs(written) > LARGEST or not math.isfinite(written):
        raise ValueError("数字必须是有限值,且不能大于一万万亿")
    if fact.minimum is not None and written < fact.minimum:
        raise ValueError(f"{written} 小于最小值 {fact.minimum:g},不能为负数或更小")
    if fact.maximum is not None and written > fact.maximum:
        raise ValueError(f"{written} 大于最大值 {fact.maximum:g}")
    if fact.integer and written != int(written):
        raise ValueError(f"{written} 应为整数")
    return written


def _read_listing(written: Any, member: Any) -> Listing:
    if isinstance(written, list):
        return Listing(frozenset(member(one) for one in written), frozenset(), True)
    if not isinstance(written, dict) or not set(written) <= {"has", "has_not"} or not written:
        raise ValueError('列表应写成 [...],或 {"has": [...], "has_not": [...]}(其余未知)')
    for part in written.values():
        if not isinstance(part, list):
            raise ValueError("has 与 has_not 应为列表")
    has = frozenset(member(one) for one in written.get("has", []))
    has_not = frozenset(member(one) for one in written.get("has_not", []))
    if has & has_not:
        raise ValueError(f"“{'、'.join(sorted(has & has_not))}”同时出现在 has 与 has_not 中")
    return Listing(has, has_not, False)


def _member(fact: Fact, written: Any) -> str:
    if not isinstance(written, str) or not written.strip():
        raise ValueError("列表成员应为文字")
    if not fact.open and fact.values and written not in fact.values:
        raise ValueError(f"“{written[:20]}”不在取值 {'|'.join(fact.values)} 之内")
    return written.strip()


def _read_titles(
    written: Any, vocabulary: Vocabulary, on: date
) -> tuple[Listing, tuple[HeldTitle, ...]]:
    """Titles held on the day: one whose date has passed counts as not held."""
    named: list[HeldTitle] = []

    def member(one: Any) -> str:
        title = _title(one, vocabulary)
        named.append(title)
        return title.name

    stated = _read_listing(written, member)
    mentioned = [title for title in named if title.name in stated.has]
    held = frozenset(t.name for t in mentioned if t.until is None or t.until >= on)
    expired = frozenset(t.name for t in mentioned) - held
    meant = vocabulary.ambiguous_titles
    denied = stated.has_not | {t for form in stated.has_not for t in meant.get(form, ())}
    return _spread(held, denied | expired, stated.complete, vocabulary), tuple(mentioned)


def _spread(
    held: frozenset[str], lacking: frozenset[str], complete: bool, vocabulary: Vocabulary
) -> Listing:
    """Titles held and not; a form that may mean several (小巨人) leaves each of them unknown."""
    either = {t for form in held for t in vocabulary.ambiguous_titles.get(form, ())} - held
    if complete and either:
        listed = {title.name for title in vocabulary.titles}
        return Listing(held, lacking | (listed - held - either), False)
    return Listing(held, lacking - held, complete)


def _title(one: Any, vocabulary: Vocabulary) -> HeldTitle:
    if isinstance(one, str) and one.strip():
        return HeldTitle(vocabulary.title(one), None)
    if not isinstance(one, dict) or not isinstance(one.get("name"), str) or not one["name"].strip():
        raise ValueError('称号应写成 {"name": "高新技术企业", "until": "2028-11-10"}')
    if unknown := set(one) - {"name", "until"}:
        raise ValueError(f"称号里有不认识的字段“{sorted(unknown)[0]}”,只用 name 和 until")
    until = one.get("until")
    try:
        day = None if until is None else read_day(until)
    except ValueError as error:
        raise ValueError(f"称号的到期日“{until}”不是日期") from error
    return HeldTitle(vocabulary.title(one["name"]), day)
