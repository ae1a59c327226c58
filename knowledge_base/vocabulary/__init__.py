"""The closed lists of the field, read from `corpus/vocabulary/`: facts, titles, regions, industries.

Everything there is data a county can review; the code only reads it, checks it and looks things up.
"""

from knowledge_base.vocabulary.lists import (
    NATION,
    NO_SIZING,
    Fact,
    Industry,
    Instrument,
    PlaceNames,
    Title,
    Vocabulary,
    fold,
)
from knowledge_base.vocabulary.loading import load_vocabulary

__all__ = [
    "NATION",
    "NO_SIZING",
    "Fact",
    "Industry",
    "Instrument",
    "PlaceNames",
    "Title",
    "Vocabulary",
    "fold",
    "load_vocabulary",
]
