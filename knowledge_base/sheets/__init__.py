"""Sheets read from files into offers, every fault of a sheet named at once.

A sheet is one file: TOML between `+++` lines for the machine, prose for people below. The prose is
the document; every criterion quotes the words of it (or of a policy) on which it rests.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from knowledge_base.documents import Document
from knowledge_base.offers import Offer
from knowledge_base.sheets.faults import test_faults
from knowledge_base.sheets.sheet import Sheet
from knowledge_base.vocabulary import Vocabulary

__all__ = ["read_offer", "test_faults"]


def read_offer(
    path: Path, policies: Mapping[str, Document], vocabulary: Vocabulary, ids: frozenset[str]
) -> tuple[Document | None, Offer | None, list[str]]:
    """Document and offer of one sheet file, or every fault in it; `ids` are those of all sheets."""
    try:
        raw = path.read_text(encoding="utf8")
        _, front, body = raw.split("+++\n", 2)
        data = tomllib.loads(front)
    except (OSError, ValueError) as error:
        return None, None, [f"{path.name}:读不了({error});产品单须以 +++ 包住 TOML,其后为正文"]
    return Sheet(path, data, body, policies, vocabulary, ids).read()
