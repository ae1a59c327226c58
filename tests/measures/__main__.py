"""`python -m tests.measures [--data DIR]`: every figure of how well documents are read, one table each.

DIR is a folder of published texts (gzipped JSON Lines); without it only the labelled samples are read.
"""

import argparse
from pathlib import Path

from knowledge_base import SHIPPED_CORPUS, load_catalogue
from tests.measures import corpus, criteria, documents, statements

LABELLED = Path(__file__).parents[1] / "cases" / "labelled"
FILES = ("official_documents", "application_conditions", "beijing_policy_cards_2024")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, help="folder of published texts")
    given = options.parse_args()
    catalogue = load_catalogue(SHIPPED_CORPUS)
    if given.data is not None:
        paths = (given.data / f"{name}.jsonl.gz" for name in FILES)
        runs = [corpus.run(path, catalogue.vocabulary) for path in paths if path.exists()]
        print("Every document: read twice\n" + corpus.table(runs), "\n")
    print("Outline and header, labelled sample (goal 0.97 each)")
    print(documents.table(documents.measure()), "\n")
    print("Statements, labelled sample (goal 0.90 each)")
    print(statements.table(statements.measure(LABELLED / "statements.jsonl")), "\n")
    print("Criteria, labelled sample (goal: precision 0.90 at recall 0.70)")
    found = criteria.score_rows(
        criteria.read_rows(LABELLED / "criteria.jsonl"), catalogue.vocabulary
    )
    print(*found.table(), "", sep="\n")
    print("Criteria, read from the prose of the shipped sheets")
    print(*criteria.score_sheets(catalogue).table(), sep="\n")


if __name__ == "__main__":
    main()
