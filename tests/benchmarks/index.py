"""`python -m tests.benchmarks.index [--clauses N] [--laws FILE]`: publishing, adding, removing.

Without `--laws` (gzipped JSON Lines of statute articles: law_id, law, no, text) the
texts are sentences of the shipped corpus, shuffled with a fixed seed into documents of 20 clauses.
"""

import argparse
import gzip
import json
import os
import random
import re
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby, islice
from pathlib import Path

from knowledge_base import (
    Catalogue,
    Document,
    KnowledgeBase,
    Library,
    load_catalogue,
    open_embedder,
    read_document,
)
from knowledge_base.readers.reading import Reading

QUERIES = ("设备更新贷款贴息", "先用后转保险保费补助", "研发费用加计扣除比例", "人才创业担保贷款")


def shuffled(catalogue: Catalogue, clauses: int) -> Iterator[str]:
    """Official-looking texts of 20 clauses each from the corpus's own sentences."""
    draw = random.Random(5)
    whole = "".join(document.text for document in catalogue.documents.values())
    sentences = [s for s in re.split(r"(?<=[。;])\s*", whole) if 12 < len(s) < 160]
    for number in range(clauses // 20):
        lines = [
            f"关于支持企业发展的若干措施({number})的通知",
            f"测政发〔2026〕{number}号",
            "各有关单位:",
            "现就有关事项通知如下:",
        ]
        for item in range(1, 20):
            said = "".join(draw.choices(sentences, k=2)).replace("\n", "")
            lines.append(f"{item}.{said}")
        yield "\n".join(lines)


def statutes(path: Path, clauses: int) -> Iterator[str]:
    """Laws put together again from their articles, until there are enough."""
    with gzip.open(path, "rt", encoding="utf8") as source:
        rows = islice((json.loads(line) for line in source), clauses)
        for _, articles in groupby(rows, key=lambda row: row["law_id"]):
            held = list(articles)
            lines = [f"{row['no']} {row['text']}" for row in held]
            yield "\n".join([str(held[0]["law"]), *lines])


def parsed(texts: Iterator[str], catalogue: Catalogue) -> list[Document]:
    """Documents of the texts, under ids of their own."""
    return [
        read_document(
            Reading(format="text", text=text),
            catalogue.vocabulary,
            region="330326",
            id=f"bench-{number}",
        )
        for number, text in enumerate(texts)
    ]


def library(documents: dict[str, Document]) -> Callable[[], Library]:
    """A library of just these."""
    keys = {id: document.version for id, document in documents.items()}
    return lambda: Library(keys, documents.__getitem__)


def seconds(work: Callable[[], object]) -> tuple[float, object]:
    """Wall seconds of a piece of work, and what it gave."""
    start = time.perf_counter()
    made = work()
    return time.perf_counter() - start, made


def peak() -> int:
    """Most memory this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--clauses", type=int, default=100_000)
    options.add_argument("--laws", type=Path)
    given = options.parse_args()

    def add(what: str, measured: str, goal: str = "") -> None:
        print(f"{what:62}{measured:>24}   {goal}", flush=True)

    catalogue = load_catalogue()
    bare = replace(catalogue, documents={}, offers={})
    texts = (
        statutes(given.laws, given.clauses) if given.laws else shuffled(catalogue, given.clauses)
    )
    print(f"{'what':62}{'measured':>24}   goal   ({os.cpu_count()} cores)")
    parse, found = seconds(lambda: parsed(texts, catalogue))
    assert isinstance(found, list)
    held = {document.id: document for document in found}
    clauses = sum(len(document.clauses) for document in found)
    add(f"parse {len(held):,} documents into {clauses:,} clauses", f"{parse:.1f} s")
    with tempfile.TemporaryDirectory() as folder:
        root, embedder = Path(folder), open_embedder(None)
        publish, knowledge = seconds(
            lambda: KnowledgeBase.open(root, bare, embedder, wanted=library(held))
        )
        assert isinstance(knowledge, KnowledgeBase)
        add("publish them from scratch, verified and opened", f"{publish:.1f} s")
        add("together", f"{parse + publish:.1f} s", "180 s")
        size = sum(p.stat().st_size for p in root.rglob("*") if p.is_file())
        add("index on disk", f"{size / 2**20:.0f} MiB")
        opening, _ = seconds(lambda: KnowledgeBase.open(root, bare, embedder, wanted=library(held)))
        add("open it again", f"{opening:.2f} s")
        taken = []
        for number in range(5):
            [new] = parsed(iter([next(shuffled(catalogue, 20))]), catalogue)
            new = replace(new, id=f"new-{number}", version=f"new-{number}")
            held[new.id] = new
            took, knowledge = seconds(lambda k=knowledge: k.sync(library(dict(held))))
            assert isinstance(knowledge, KnowledgeBase)
            assert new.id in knowledge.catalogue.documents
            taken.append(took)
        worst = f"{statistics.median(taken):.2f}, {max(taken):.2f} s"
        add("one document added and visible: median, worst of 5", worst, "2 s")
        del held["bench-7"]
        took, knowledge = seconds(lambda: knowledge.sync(library(dict(held))))
        assert isinstance(knowledge, KnowledgeBase)
        assert "bench-7" not in knowledge.catalogue.documents
        add("one document taken out of every file", f"{took:.2f} s", "60 s")
        waits = sorted(
            seconds(lambda q=query: knowledge.retrieve(q))[0] * 1000 for query in QUERIES * 10
        )
        add("retrieve, 10 clauses: median, p95", f"{waits[20]:.1f}, {waits[38]:.1f} ms")
        add("most memory held while doing all this", f"{peak()} MiB")


if __name__ == "__main__":
    main()
