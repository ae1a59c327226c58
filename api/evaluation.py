"""`huiqi eval`: the benchmark over BEIR folders, as a table or as JSON. Imports little: its options
are part of the command line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from api.columns import pad, width

if TYPE_CHECKING:
    from api.settings import Settings
    from knowledge_base.evaluation.run import Result

OWN_CASES = Path(__file__).parents[1] / "tests" / "cases" / "retrieval"
_CURE = "要评请运行 pip install 'huiqi[eval]'"
# Heading, room and decimals of each number of a row.
_COLUMNS = {
    "questions": ("问题数", 6, 0),
    "recall@1": ("R@1", 6, 3),
    "recall@5": ("R@5", 6, 3),
    "recall@10": ("R@10", 6, 3),
    "recall@100": ("R@100", 6, 3),
    "mrr@10": ("MRR@10", 7, 3),
    "ndcg@10": ("nDCG@10", 8, 3),
    "ms_median": ("中位毫秒", 9, 2),
    "ms_p95": ("p95毫秒", 8, 2),
    "memory_mb": ("内存MiB", 8, 0),
    "model_mb": ("模型MiB", 8, 1),
}


def add_options(command: argparse.ArgumentParser) -> None:
    """The options of the command."""
    command.add_argument(
        "--data", metavar="目录", help="每个评测集一个子目录,BEIR 格式;源码目录里默认用自带的评测集"
    )
    command.add_argument("--sets", type=_sets, metavar="a,b", help="只评这些评测集")
    command.add_argument(
        "--retrievers", type=_retrievers, metavar="a,b", help="只评这些检索器,默认全部"
    )
    command.add_argument(
        "--limit", type=_count, metavar="问题数", help="每个评测集最多抽取多少个问题"
    )


def _sets(written: str) -> list[str]:
    names = written.split(",")
    if not all(names):
        raise argparse.ArgumentTypeError("评测集名为空;请用逗号隔开各个名字,或去掉 --sets 评全部")
    return names


def _retrievers(written: str) -> list[str]:
    from knowledge_base.evaluation.run import KINDS

    names = written.split(",")
    for place, name in enumerate(names):
        if name not in KINDS:
            raise argparse.ArgumentTypeError(f"没有检索器“{name}”;有:{'、'.join(KINDS)}")
        if name in names[:place]:
            raise argparse.ArgumentTypeError(f"检索器“{name}”写了两次")
    return names


def _count(written: str) -> int:
    if not written.isdecimal() or int(written) < 1:
        raise argparse.ArgumentTypeError(f"应为正整数,现为“{written[:20]}”")
    return int(written)


def evaluate(arguments: argparse.Namespace) -> None:
    """Measure, and print the row of each set and retriever as soon as it is known."""
    from api.opening import open_services
    from knowledge_base.evaluation.sets import read_set, set_folders

    settings = open_services(arguments).settings
    folders = set_folders(_folder(arguments.data), arguments.sets)
    for folder in folders:
        read_set(folder)  # a broken set is refused before the long work, not after it
    retrievers = _installed(arguments.retrievers)
    rows = _results(folders, retrievers, settings, arguments.limit)
    if arguments.json:
        _print_json(rows)
    else:
        _print_table(rows, [folder.name for folder in folders], retrievers, arguments.limit)


def _print_json(rows: Iterator[dict[str, Any]]) -> None:
    """One object on one line; after a failure it is closed behind the rows measured until then."""
    begun = False
    try:
        for row in rows:
            told = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
            print("," if begun else '{"sets":[', told, sep="", end="", flush=True)
            begun = True
    finally:
        if begun:
            print("]}")


def _print_table(
    rows: Iterator[dict[str, Any]],
    sets: Sequence[str],
    retrievers: Sequence[str],
    limit: int | None,
) -> None:
    """Lines of two names, then numbers flush right; what stands above them with the first row."""
    heads = {"name": "评测集", "retriever": "检索器"}
    held = {"name": sets, "retriever": retrievers}
    room = {key: max(map(width, (head, *held[key]))) + 2 for key, head in heads.items()}

    def line(names: dict[str, Any], cells: Iterable[str]) -> str:
        numbers = (
            " " * (columns - width(cell)) + cell
            for cell, (_, columns, _) in zip(cells, _COLUMNS.values(), strict=True)
        )
        return "".join(pad(names[key], room[key]) for key in heads) + " ".join(numbers)

    for number, row in enumerate(rows):
        if sys.stdout.isatty() and sys.stderr.isatty():
            print("\r\x1b[2K", end="", file=sys.stderr, flush=True)  # the line of the progress
        if number == 0 and limit:
            print(f"每个评测集最多抽取 {limit} 个问题,每次抽到的相同")
        if number == 0:
            print(line(heads, (head for head, _, _ in _COLUMNS.values())))
        cells = (_number(row[key], decimals) for key, (_, _, decimals) in _COLUMNS.items())
        print(line(row, cells), flush=True)


def _folder(given: str | None) -> Path:
    from knowledge_base import InputError

    if given is not None:
        return Path(given)
    if not OWN_CASES.is_dir():
        raise InputError("请用 --data 指定评测集目录,每个评测集一个子目录(BEIR 格式)")
    return OWN_CASES


def _installed(asked: Sequence[str] | None) -> list[str]:
    """The retrievers asked for whose libraries are there; the others are named on stderr."""
    from knowledge_base import DependencyError
    from knowledge_base.evaluation.run import KINDS, missing

    found = []
    for name in asked or KINDS:
        if lacking := missing(name):
            print(f"注意:未安装 {'、'.join(lacking)},不评 {name};{_CURE}", file=sys.stderr)
        else:
            found.append(name)
    if not found:
        raise DependencyError(f"要评的检索器都没有安装;{_CURE}")
    return found


def _results(
    folders: Sequence[Path], retrievers: Sequence[str], settings: Settings, limit: int | None
) -> Iterator[dict[str, Any]]:
    """The row of each set and retriever, as JSON gives it."""
    from api.embedders import open_embedding
    from api.opening import progress
    from knowledge_base.evaluation.run import KINDS, Trial, model_mb, run

    opened = partial(open_embedding, settings)  # called in the process that measures
    size = None if settings.embedding_url else model_mb(settings.embedding_model)
    todo = [(folder, retriever) for folder in folders for retriever in retrievers]
    room = max(width(f"{folder.name} {retriever}") for folder, retriever in todo)
    for number, (folder, retriever) in enumerate(todo):
        with TemporaryDirectory(prefix="huiqi-eval-") as scratch:
            # Told once the folder is there: who interrupts on seeing it leaves nothing behind.
            progress("评测 " + pad(f"{folder.name} {retriever}", room), number, len(todo))
            index = Path(scratch) / "index"
            result = run(Trial(folder, retriever, opened, index, limit))
        yield _row(result, size if KINDS[retriever].embeds else 0.0)
    progress("评测 " + pad("完成", room), len(todo), len(todo))


def _row(result: Result, size: float | None) -> dict[str, Any]:
    return {
        "name": result.name,
        "retriever": result.retriever,
        **{name: round(value, 4) for name, value in result.measures.items()},
        "ms_median": round(result.ms_median, 3),
        "ms_p95": round(result.ms_p95, 3),
        "memory_mb": round(result.memory_mb, 1),
        "model_mb": None if size is None else round(size, 1),
        "questions": result.questions,
    }


def _number(value: float | None, decimals: int) -> str:
    return "—" if value is None else f"{value:.{decimals}f}"
