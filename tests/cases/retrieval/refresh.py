"""The corpora of the retrieval sets, written anew from the shipped corpus.

`python -m tests.cases.retrieval.refresh` after the shipped corpus changed; then the tests name
judgements whose clause is gone.
"""

import json
from pathlib import Path
from typing import Any

from knowledge_base import load_catalogue

ROOT = Path(__file__).parent
SETS = ("synonyms", "typos", "own_cases")


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file, in file order."""
    lines = path.read_text(encoding="utf8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def read_pairs(path: Path) -> list[list[str]]:
    """The rows of a tab-separated file without its header line."""
    return [line.split("\t") for line in path.read_text(encoding="utf8").splitlines()[1:]]


def shipped() -> list[dict[str, str]]:
    """Every clause of the shipped corpus as a BEIR row, in the catalogue's order."""
    return [
        {"_id": clause.id, "title": document.title, "text": clause.text}
        for document in load_catalogue().documents.values()
        for clause in document.clauses
    ]


def corpus_of(name: str) -> list[dict[str, str]]:
    """What the corpus of a set must hold: its own passages, if it has any, and the clauses."""
    own = ROOT / name / "passages.jsonl"
    return [*(read_lines(own) if own.exists() else []), *shipped()]


def main() -> None:
    """Write corpus.jsonl of every set."""
    for name in SETS:
        rows = [json.dumps(row, ensure_ascii=False) for row in corpus_of(name)]
        (ROOT / name / "corpus.jsonl").write_text("\n".join(rows) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
