"""Whether training shares a question with a test: `python -m knowledge_base.training.leakage`.

Compared are every question and short passage that `train` would learn from, and every question of
DIR/eval and of our own cases, in their own words or in others nearly the same.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge_base.evaluation.sets import read_questions
from knowledge_base.training.pairs import Pair, evaluation_questions, plain, resembling

OWN_CASES = Path(__file__).parents[2] / "tests" / "cases" / "retrieval"
_SHORT = 100  # characters of a passage that could be a question in other words


def shared(texts: Sequence[str], questions: Sequence[str]) -> NDArray[np.bool_]:
    """For each text: is it one of the questions, or their paraphrase by `resembling`?"""
    known = {plain(question) for question in questions}
    same = np.array([plain(text) in known for text in texts], bool)
    return same | resembling([text[:_SHORT] for text in texts], questions)


def own_questions(cases: Path) -> list[str]:
    """Every question of the sets under a folder, also as spelt right where a set misspells it."""
    return [
        question
        for path in sorted(cases.glob("*/queries*.jsonl*"))
        for question in read_questions(path)
    ]


def check(pairs: Sequence[Pair], questions: Sequence[str]) -> tuple[Counter[str], list[str]]:
    """How many pairs of each source share a question, and the texts that do."""
    bad = shared([pair.question for pair in pairs], questions)
    in_passage = shared([pair.passage for pair in pairs], questions)
    counts: Counter[str] = Counter({pair.source: 0 for pair in pairs})
    texts = []
    for pair, asked, told in zip(pairs, bad, in_passage, strict=True):
        counts[pair.source] += bool(asked or told)
        if asked or told:
            texts.append(pair.question if asked else pair.passage[:_SHORT])
    return counts, texts


def report(pairs: Sequence[Pair], questions: Sequence[str]) -> tuple[Iterable[str], int]:
    """Lines to print, and the exit status: 1 when anything is shared."""
    counts, texts = check(pairs, questions)
    sizes = Counter(pair.source for pair in pairs)
    lines = [f"{'source':36}{'pairs':>10}{'shared':>10}"]
    lines += [f"{name:36}{sizes[name]:>10,}{counts[name]:>10,}" for name in sorted(sizes)]
    lines.append(f"{'all':36}{len(pairs):>10,}{len(texts):>10,}")
    lines.append(f"compared with {len(questions):,} test questions")
    lines += [f"shared: {text}" for text in texts[:20]]
    return lines, 1 if texts else 0


def main() -> int:
    """Read the command line, compare, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--data", type=Path, required=True, help="holds train/, law/ and eval/, as for train"
    )
    options.add_argument("--cases", type=Path, default=OWN_CASES, help="a folder of our own sets")
    options.add_argument("--seed", type=int, default=1, help="the seed trained with")
    chosen = options.parse_args()
    # Late: it imports torch, which comparing needs not.
    from knowledge_base.training.train import collect

    real, synthetic, *_ = collect(chosen.data, random.Random(chosen.seed))
    questions = evaluation_questions(chosen.data / "eval") + own_questions(chosen.cases)
    lines, status = report([*real, *synthetic], questions)
    print("\n".join(lines))
    return status


if __name__ == "__main__":
    sys.exit(main())
