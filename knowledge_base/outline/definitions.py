"""Terms that the words of a clause give a meaning to. Pure."""

import re

_QUOTES = r"“”\"「」《》"
_DEFINITIONS = (
    re.compile(
        rf"(?:本[\u4e00-\u9fff]{{1,8}}|前款|前条|上述|以上|[,，。;；\n])(?:中)?所?(?:称|指)(?:的)?[{_QUOTES}]?"
        rf"(?P<term>[^{_QUOTES},，。;；:：\n]{{1,40}}?)[{_QUOTES}]?(?:[(（][^)）]{{1,60}}[)）])?[,，]?\s?(?:是|系)?指"
    ),
    re.compile(
        rf"以下(?:简|统|合)?称(?:为)?[:：]?[{_QUOTES}](?P<term>[^{_QUOTES}\n]{{1,40}})[{_QUOTES}]"
    ),
    re.compile(
        rf"[(（]以下(?:均)?(?:简|统|合)?称(?:为)?[:：]?(?P<term>[^{_QUOTES}()（）,，。;；:：\n]{{1,40}})[)）,，]"
    ),
    re.compile(
        rf"(?:^|(?<=[。;；\n、.．)）])|(?<=条[ \u3000]))\s{{0,3}}[{_QUOTES}]?"
        rf"(?P<term>[^{_QUOTES},，。;；:：、\s()（）.．]{{2,20}})"
        rf"[{_QUOTES}]?[,，]?\s?是指"
    ),
)


def defined_terms(text: str, start: int, end: int) -> tuple[str, ...]:
    """Terms that `text[start:end]` gives a meaning to: 本办法所称X,是指 and (以下简称X)."""
    found = [
        (match.start("term"), match["term"].strip())
        for pattern in _DEFINITIONS
        for match in pattern.finditer(text, start, end)
    ]
    terms = (term for _, term in sorted(found) if term and "所称" not in term)
    return tuple(dict.fromkeys(terms))
