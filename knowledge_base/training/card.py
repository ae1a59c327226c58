"""Write a trained table as a sentence-transformers folder with its manifest and model card."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit

from knowledge_base.embedding import MANIFEST_FILE, UNKNOWN

CARD = """---
library_name: sentence-transformers
pipeline_tag: sentence-similarity
language: zh
---
# {name}

A static embedding of Chinese policy and law text: {size:,} units (characters, character bigrams,
latin words, whole numbers and their kinds) of {width} half-precision numbers. A text is the mean of
its units' rows, scaled to length one. Trained with Matryoshka widths: the first 256 or 128 numbers
of a row, scaled again, serve alone at a small loss.

## Use
`knowledge_base.embedding.StaticEmbedder.open(folder)` serves it from NumPy, without torch.
With sentence-transformers, give it the units, not the raw text (raw Chinese gives zeros):

```python
from knowledge_base.embedding import signs
SentenceTransformer(folder).encode([" ".join(signs(text)) for text in texts])
```

## Made by
`python -m knowledge_base.training.train --data DIR --seed {seed}` in {seconds} s on two CPU cores:
in-batch contrast over three epochs, each batch from one source. What was tried and dropped is told
in `docs/training.md`.

| source | pairs | dropped as too like a test question |
|---|---|---|
{sources}

Pairs whose question has a character-bigram Jaccard above 0.5 with any question under DIR/eval or
tests/cases/retrieval were dropped (`python -m knowledge_base.training.leakage` checks it); articles
that STARD or EQUALS ask for were left out of the synthetic and written pairs.

## Licences of the sources
law_*: official text of laws and regulations by way of LawRefBook/Laws@2f4c5c2 · policy_*: official
documents · gd_service_items: Clarence-Kong/QABasedOnPolicyKnowledgeGraph@b1f5aec, MIT ·
stard_train: oneal2000/STARD@bae10e1, MIT · lecoqa_train: LeCoQA@538b299, MIT · lawyerllama_*:
AndrewZhe/lawyer-llama@abaa095, Apache-2.0 (answers machine-written) · lawbench_consult:
open-compass/LawBench@e30981b, Apache-2.0 · fintruthqa: bethxx99/FinTruthQA@b228737, Apache-2.0 ·
discfin_*: FudanDISC/DISC-FinLLM@e9bfa46, Apache-2.0 · csl: ydli-ai/CSL@0f1ac06, Apache-2.0 ·
drcd_t2s, cmrc2018_trial: CC BY-SA encyclopaedia questions · written_*, synonym:
written for this project (`training/questions`, `training/synonyms.tsv`); reworded: pairs of the other
sources with a word of the question exchanged.

## Measured on the development halves: Recall@10 / MRR@10 / nDCG@10
{scores}

Differences under about 0.03 are noise. The acceptance halves were not used. "Unseen answers only"
leaves out questions whose article also answers some other question of the training pairs.

## Limits
No word order beyond two characters; a long text is blurred, so embed clauses, not documents. Half
of the lay questions to statutes find no right article among ten: show several, and say 不确定.
"""


@dataclass(frozen=True, slots=True)
class Made:
    """What a model was made from: seed, seconds, pairs per source, pairs dropped per source."""

    seed: int
    seconds: int
    pairs: Mapping[str, int]
    dropped: Mapping[str, int]


def write_model(
    folder: Path, words: Sequence[str], weights: NDArray[np.float16], made: Made
) -> None:
    """Save so that plain SentenceTransformer(folder) loads it; the manifest is written last."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST_FILE).unlink(missing_ok=True)
    # Unknown units go to a row of zeros: it changes the length of a mean, not its direction.
    ids = {word: number for number, word in enumerate(words)} | {UNKNOWN: len(words)}
    tokenizer = Tokenizer(WordLevel(ids, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    table = np.concatenate([weights, np.zeros((1, weights.shape[1]), np.float16)])
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=table), Normalize()], device="cpu"
    )
    model.save(str(folder), create_model_card=False)
    (folder / "model.safetensors").chmod(0o644)  # safetensors makes it readable to its owner only
    files = {
        path.relative_to(folder).as_posix(): {
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in {".json", ".safetensors"}
    }
    manifest = {
        "name": folder.name,
        "dimension": weights.shape[1],
        "files": files,
        "created_from": asdict(made) | {"command": "python -m knowledge_base.training.train"},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)
    (folder / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")


def write_card(folder: Path, made: Made, scores: str) -> None:
    """MODEL_CARD.md beside the weights."""
    manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    sources = "\n".join(
        f"| {name} | {made.pairs.get(name, 0):,} | {made.dropped.get(name, 0):,} |"
        for name in sorted({*made.pairs, *made.dropped})
    )
    text = CARD.format(
        name=manifest["name"],
        size=len(tokenizer["model"]["vocab"]) - 1,
        width=manifest["dimension"],
        seed=made.seed,
        seconds=made.seconds,
        sources=sources,
        scores=scores,
    )
    (folder / "MODEL_CARD.md").write_text(text, encoding="utf-8")
