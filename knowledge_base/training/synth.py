"""Synthetic pairs from statutes: phrases of an article, one of its sentences, its heading."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

from knowledge_base.training.pairs import Pair, plain, read_lines

TEMPLATES = (
    "{}",
    "{}",
    "{}",
    "{}有哪些规定",
    "{}怎么规定的",
    "{}怎么办",
    "{}需要什么条件",
    "{}有什么要求",
    "如何{}",
    "{}可以吗",
    "关于{}的规定",
    "{}由谁负责",
    "{}怎么处理",
    "请问{}",
    "企业{}",
    "我想了解{}",
)
IDLE_HEADINGS = {"附则", "总则", "一般规定", "法律责任", "其他规定"}

_SENTENCE = re.compile(r"[。；\n]")
_CLAUSE = re.compile(r"[，、：]")
_LEAD = re.compile(r"^[（(][一二三四五六七八九十\d]+[)）]")
# Function words that end a phrase: what stands between them is mostly a name or an act.
_PHRASE = re.compile(
    r"[^\u4e00-\u9fffA-Za-z0-9]|的|和|与|及|或者|或|应当|可以|不得|依照|按照|根据|由|在|对|并|其|等"
    r"|本法|本条例|本办法|规定|有关|以上|以下|应|为|是|将|以|于|向|从|之|者"
)


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a law with the heading it stands under."""

    law: str
    number: str
    heading: str
    text: str


def read_articles(folder: Path, barred: set[str]) -> list[Article]:
    """Articles of DIR/law, equal texts once; `barred` holds plain texts not to be used."""
    seen = set(barred)
    found: list[Article] = []
    for name in ("articles_national.jsonl.gz", "articles_local.jsonl.gz"):
        for row in read_lines(folder / name):
            bare = plain(row["text"])
            if len(bare) < 15 or bare in seen:
                continue
            seen.add(bare)
            found.append(Article(row["law"], row["no"], row["chapter"] or "", row["text"][:600]))
    return found


def read_statutes(data: Path) -> list[Article]:
    """Articles of DIR/law but those that STARD or EQUALS ask for (acceptance halves too)."""
    barred = {
        plain(row["text"])
        for name in ("stard", "equals")
        for row in read_lines(data / "eval" / name / "corpus.jsonl.gz")
        if name == "equals" or row["_id"].startswith("g")
    }
    return read_articles(data / "law", barred)


def policy_sections(pairs: Sequence[Pair]) -> list[Article]:
    """Passages of the official documents, in pieces the length of an article, under their title."""
    return [
        Article(pair.question, "", "", pair.passage[start : start + 600])
        for pair in pairs
        if pair.source in {"policy_title_body", "policy_heading_section"}
        for start in range(0, len(pair.passage), 600)
    ]


def phrases(text: str) -> list[str]:
    """Runs of 2 to 8 characters between punctuation and function words."""
    return [part for part in _PHRASE.split(text) if part and 2 <= len(part) <= 8]


def synthesise(kind: str, articles: Sequence[Article], dice: random.Random) -> list[Pair]:
    """Per article a keyword pair, a sentence pair, and for some a heading pair: `kind`_…."""
    found = [phrases(article.text) for article in articles]
    frequency = Counter(phrase for row in found for phrase in set(row))
    rarity = {phrase: log(len(articles) / count) for phrase, count in frequency.items()}
    made: list[Pair] = []
    for article, row in zip(articles, found, strict=True):
        # Above 8.5 a phrase stands in a handful of articles: often a name or a misprint.
        best = sorted(set(row), key=lambda phrase: (-min(rarity[phrase], 8.5), phrase))[:8]
        for pair in (
            _keywords(kind, article, row, best, dice),
            _sentence(kind, article, dice),
            _heading(kind, article, best, dice),
        ):
            if pair is not None:
                made.append(pair)
    return made


def _named(article: Article, dice: random.Random) -> str:
    number = article.number if dice.random() < 0.5 else ""
    return f"{article.law}{number} "


def _keywords(
    kind: str, article: Article, row: Sequence[str], best: Sequence[str], dice: random.Random
) -> Pair | None:
    if len(best) < 2:
        return None
    chosen = dice.sample(list(best), min(len(best), dice.randint(2, 4)))
    if dice.random() < 0.5:
        chosen.sort(key=row.index)
    question = dice.choice(TEMPLATES).format(dice.choice(("", "", "的", " ")).join(chosen))
    name = _named(article, dice) if dice.random() < 0.7 else ""
    return Pair(f"{kind}_keywords", question, name + article.text)


def _sentence(kind: str, article: Article, dice: random.Random) -> Pair | None:
    """One sentence (or clause) against the rest of its article."""
    parts = [part.strip() for part in _SENTENCE.split(article.text) if len(part.strip()) >= 6]
    glue = "。"
    if len(parts) == 1:
        parts, glue = [part for part in _CLAUSE.split(parts[0]) if len(part) >= 5], "，"
    if len(parts) < 2:
        return None
    at = dice.randrange(len(parts))
    question = _LEAD.sub("", parts[at])
    if len(question) > 60:
        question = "，".join(_CLAUSE.split(question)[:2])
    rest = glue.join(part for number, part in enumerate(parts) if number != at)
    name = _named(article, dice) if dice.random() < 0.6 else ""
    return Pair(f"{kind}_sentences", question[:80], name + rest) if len(rest) > 15 else None


def _heading(kind: str, article: Article, best: Sequence[str], dice: random.Random) -> Pair | None:
    heading = re.sub(r"^第.{1,4}[章节编]\s*", "", article.heading.split(" ")[-1].strip())
    if len(heading) < 3 or heading in IDLE_HEADINGS or not best or dice.random() > 0.35:
        return None
    law = article.law.removeprefix("中华人民共和国")
    question = dice.choice((heading, law + heading, f"{heading} {dice.choice(list(best))}"))
    return Pair(f"{kind}_headings", question, article.text)
