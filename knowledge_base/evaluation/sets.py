"""Evaluation sets in BEIR's layout, read and proved.

A set is a folder with `corpus.jsonl` {_id, title, text}, `queries.jsonl` {_id, text} and
`qrels/test.tsv` (query id, corpus id, grade; a heading line or none), each plain or `.gz`.
"""

import gzip
import json
import random
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from knowledge_base.errors import InputError

CORPUS, QUERIES, QRELS = "corpus.jsonl", "queries.jsonl", "qrels/test.tsv"
SAMPLE_SEED = 1
_SURROGATE = re.compile("[\ud800-\udfff]")  # JSON can hold half of a pair; UTF-8 cannot
_GRADE = re.compile("[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a corpus; `title` may be empty."""

    title: str
    text: str

    @property
    def passage(self) -> str:
        """What a retriever that knows no titles is given."""
        return f"{self.title} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """A corpus and its judged questions; `grades[i]` holds the grade of each row of `entries`
    that was judged for question i, at least one of them above zero."""

    name: str
    entries: tuple[Entry, ...]
    questions: tuple[str, ...]
    grades: tuple[Mapping[int, int], ...]

    def sampled(self, limit: int | None) -> "EvaluationSet":
        """At most `limit` questions, always the same ones, in the order of the set."""
        if limit is None or limit >= len(self.questions):
            return self
        chosen = sorted(random.Random(SAMPLE_SEED).sample(range(len(self.questions)), limit))
        return replace(
            self,
            questions=tuple(self.questions[number] for number in chosen),
            grades=tuple(self.grades[number] for number in chosen),
        )


def set_folders(folder: Path, names: Sequence[str] | None = None) -> list[Path]:
    """The folders of the sets under a folder, by name; those named only, in the order named.

    InputError when there is none, or when a name is none of theirs or stands twice.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}:没有这个目录;应为每个评测集各一个子目录的目录")
    if _is_set(folder):
        raise InputError(
            f"{folder} 本身是一个评测集;请指定它的上一级目录,再用 --sets {folder.name}"
        )
    found = {path.name: path for path in sorted(folder.iterdir()) if _is_set(path)}
    if not found:
        raise InputError(
            f"{folder} 里没有评测集;每个评测集是一个子目录,含 {CORPUS}、{QUERIES}、{QRELS}"
        )
    for place, name in enumerate(names or ()):
        if name not in found:
            raise InputError(f"{folder} 里没有评测集“{name}”;有:{'、'.join(found)}")
        if name in (names or ())[:place]:
            raise InputError(f"评测集“{name}”写了两次;每个只写一次")
    return [found[name] for name in names or found]


def read_set(folder: Path) -> EvaluationSet:
    """A set with every question that has something relevant; InputError names file and line."""
    rows: dict[str, int] = {}
    entries: list[Entry] = []
    for id, row, where in _identified(folder, CORPUS):
        title = row.get("title") or ""
        if not isinstance(title, str):
            raise InputError(f"{where}:title 应为文字")
        rows[id] = len(entries)
        entries.append(Entry(title, row["text"]))
    asked = {id: str(row["text"]) for id, row, _ in _identified(folder, QUERIES)}
    grades: dict[str, dict[int, int]] = {}
    for question, entry, grade, where in _judgements(folder):
        if question not in asked:
            raise InputError(f"{where}:问题编号“{question}”不在 {QUERIES} 里")
        if entry not in rows:
            raise InputError(f"{where}:条目编号“{entry}”不在 {CORPUS} 里")
        grades.setdefault(question, {})[rows[entry]] = grade
    judged = [id for id in asked if any(grade > 0 for grade in grades.get(id, {}).values())]
    if not judged:
        raise InputError(f"评测集 {folder.name} 没有一个问题有相关条目;请检查 {folder / QRELS}")
    return EvaluationSet(
        folder.name,
        tuple(entries),
        tuple(asked[id] for id in judged),
        tuple(grades[id] for id in judged),
    )


def read_questions(path: Path) -> list[str]:
    """The text of every question of one queries file, judged or not."""
    name = path.name.removesuffix(".gz")
    return [str(row["text"]) for _, row, _ in _identified(path.parent, name)]


def _is_set(path: Path) -> bool:
    return path.is_dir() and (
        (path / "qrels").is_dir() or any(_existing(path, name) for name in (CORPUS, QUERIES))
    )


def _existing(folder: Path, name: str) -> Path | None:
    return next((p for p in (folder / name, folder / f"{name}.gz") if p.is_file()), None)


def _identified(folder: Path, name: str) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Each object of a file with its `_id`, and where it stands; InputError when there is none.

    EQUALS repeats some questions word for word: what was seen already is passed over.
    """
    seen: dict[str, dict[str, Any]] = {}
    for line, where in _lines(folder, name):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as cause:
            raise InputError(f"{where}:不是合法的 JSON") from cause
        if not isinstance(row, dict):
            raise InputError(f"{where}:应是一个 JSON 对象")
        for key in ("_id", "text"):
            if not isinstance(row.get(key), str):
                raise InputError(f"{where}:缺少 {key},或它不是文字")
        for key in ("_id", "title", "text"):
            if _SURROGATE.search(str(row.get(key))):
                raise InputError(f"{where}:{key} 含有不成字符的半个代理码;请改正后再评")
        if (before := seen.setdefault(row["_id"], row)) is row:
            yield row["_id"], row, where
        elif before != row:
            raise InputError(f"{where}:编号“{row['_id']}”在前面已经有了,内容不同")
    if not seen:
        raise InputError(f"{_existing(folder, name)}:里面一行也没有")


def _judgements(folder: Path) -> Iterator[tuple[str, str, int, str]]:
    for number, (line, where) in enumerate(_lines(folder, QRELS)):
        if number == 0 and line.startswith("query-id"):
            continue
        fields = line.rstrip("\r\n").split("\t")
        if len(fields) != 3 or not _GRADE.fullmatch(fields[2]):
            raise InputError(
                f"{where}:“{line.strip()[:40]}”应为用制表符隔开的三项:"
                "问题编号、条目编号、分值(不超过九位的非负整数)"
            )
        yield fields[0], fields[1], int(fields[2]), where


def _lines(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    """Each line that is not blank, and where it stands in words."""
    path = _existing(folder, name)
    if path is None:
        raise InputError(f"缺少文件 {folder / name}(或 {name}.gz)")
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="\n") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield line, f"{path} 第 {number} 行"
    except UnicodeDecodeError as cause:
        raise InputError(f"{path}:不是 UTF-8 编码的文本") from cause
    except (gzip.BadGzipFile, EOFError, zlib.error) as cause:
        raise InputError(f"{path}:压缩文件已损坏;请重新取得") from cause
