"""Where words deny a bad thing, or say that it shuts its holder out. Pure."""

import re

from knowledge_base.drafting.cues import WordCue

_DENIAL = re.compile(
    r"(?:无|未|没有|不属于|不在|不存在|不是|非|不得是|不得为|不得有|不得|未被|不曾)[^;。]{0,40}$"
)
_EXCLUDED = re.compile(
    r"^[^;。]{0,30}的?[,;]?\s?(?:一律)?(?:不得|不能|不予|不可|不适用|不支持|取消)"
)


def denied_span(plain: str, cue: WordCue) -> tuple[int, int] | None:
    """Span of the words that deny a thing or exclude who has it."""
    for found in cue.pattern.finditer(plain):
        before = plain[: found.start()][-60:]
        phrase = re.split(r"[,:;]", before)[-1]
        if any(word in phrase for word in cue.reject) and not re.search(
            r"(?:企业|单位|主体)(?:及|和|、|或)", phrase
        ):
            continue
        inside = re.search(r"^(?:没有|未|不)", found[0])
        denial = _DENIAL.search(phrase) or re.search(r"不$", phrase)
        if denial or inside or "没有" in found[0]:
            start = found.start() - (len(phrase) - denial.start() if denial else 0)
            return start, _last_of(plain, found.end(), cue)
        excluded = _EXCLUDED.match(plain[found.end() :])
        if excluded:
            return found.start(), found.end()
    return None


def _last_of(plain: str, end: int, cue: WordCue) -> int:
    """End of the last thing denied in one breath: 经营异常名录或严重失信名单."""
    stop = next((i for i in range(end, len(plain)) if plain[i] in ",;。("), len(plain))
    last = end
    for found in cue.pattern.finditer(plain, end, stop):
        last = found.end()
    return last


def present_span(plain: str, cue: WordCue) -> tuple[int, int] | None:
    """Span of a thing in a list of what shuts applicants out; what is denied there is wanted."""
    for found in cue.pattern.finditer(plain):
        phrase = re.split(r"[,:;、]", plain[: found.start()][-60:])[-1]
        others = any(word in phrase for word in cue.reject)
        if others and not re.search(r"(?:企业|单位|主体)(?:及|和|、|或)", phrase):
            continue
        if not re.search(r"(?:无|没有|不存在|不属于|未被|未列入)[^,;。]{0,12}$", phrase):
            return found.start(), _last_of(plain, found.end(), cue)
    return None
