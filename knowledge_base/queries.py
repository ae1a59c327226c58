"""A question as typed, made searchable: misspellings mended, field synonyms added, places found."""

import re
from dataclasses import dataclass

from knowledge_base.document_names import named_numbers as named_numbers
from knowledge_base.errors import QueryError
from knowledge_base.misspellings import Known, Mend, misspellings_of
from knowledge_base.printed_places import Place, printed_places
from knowledge_base.vocabulary import Vocabulary

LONGEST_QUERY = 2000
_WORDED = re.compile(r"[^\W_]")
# Zero-width characters and direction marks, which pasting brings along.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufe00-\ufe0f\ufeff]")


@dataclass(frozen=True)
class Query:
    """A question ready to search: `text` with misspellings mended, `expanded` with more to look for.

    `meant` are terms it may have misspelt; `places` the printed positions it names. Of one that is
    `empty` (signs only) nothing can be found.
    """

    text: str
    expanded: str
    meant: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()

    @property
    def meaning(self) -> str:
        """What to compare meanings by: synonyms are the model's own to know."""
        return " ".join([self.text, *self.meant])

    @property
    def empty(self) -> bool:
        """Whether no letter, number or character is left to search for."""
        return _WORDED.search(self.text) is None


def read_query(written: str, vocabulary: Vocabulary, known: Known | None = None) -> Query:
    """Mend and expand a query; QueryError when it is empty or too long.

    `known` tells in how many clauses a unit of the words index stands: what stands there often is
    no misspelling.
    """
    text = _UNSEEN.sub("", written).strip()
    if not text:
        raise QueryError("问题是空的,请写下要查的内容")
    if len(text) > LONGEST_QUERY:
        raise QueryError(f"问题太长({len(text)}字),请缩短到{LONGEST_QUERY}字以内")
    text, unsure = _mended(text, vocabulary, known)
    meant = tuple(dict.fromkeys(mend.term for mend in unsure if mend.term not in text))
    told = " ".join([text, *meant])
    added = [
        group[0]
        for group in vocabulary.synonyms
        if group[0] not in told and any(form in told for form in group[1:])
    ]
    return Query(text, " ".join([told, *added]), meant, printed_places(text))


def mend(text: str, vocabulary: Vocabulary) -> str:
    """Misspelt field terms replaced where there is no doubt what was meant."""
    return _mended(text, vocabulary, None)[0]


def _mended(text: str, vocabulary: Vocabulary, known: Known | None) -> tuple[str, list[Mend]]:
    """The text with what is sure mended, and the mends that are not."""
    mends = misspellings_of(vocabulary).within(text, known)
    for one in reversed([one for one in mends if one.sure]):
        text = text[: one.start] + one.term + text[one.end :]
    return text, [one for one in mends if not one.sure]


def named_places(text: str) -> list[str]:
    """Outline paths of the places a text names from the top: 「二(二)5」 → `2.2.5`, 「三(一)」 → `3.1`."""
    return [place.path for place in printed_places(text) if place.path is not None]
