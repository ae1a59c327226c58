"""A question as typed, made searchable: typos mended, field synonyms added, printed places found."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from knowledge_base.documents import Document, normalise_document_number
from knowledge_base.errors import QueryError
from knowledge_base.vocabulary import Vocabulary

LONGEST_QUERY = 2000
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,12}?[〔\[［(（【]\s*\d{4}\s*[〕\]］)）】]\s*第?\d{1,4}\s*号"
)
_PLACE = re.compile(
    r"([一二三四五六七八九十])[、.]?\s*[(（]([一二三四五六七八九十])[)）](?:\s*第?\s*(\d{1,2}))?\s*[条项]?"
)
_HAN = {char: number for number, char in enumerate("一二三四五六七八九十", 1)}


@dataclass(frozen=True)
class Query:
    """A question ready to search: `text` with typos mended, `expanded` with synonyms appended."""

    text: str
    expanded: str


def read_query(written: str, vocabulary: Vocabulary) -> Query:
    """Mend and expand a query; QueryError when it is empty or too long."""
    text = written.strip()
    if not text:
        raise QueryError("问题是空的,请写下要查的内容")
    if len(text) > LONGEST_QUERY:
        raise QueryError(f"问题太长({len(text)}字),请缩短到{LONGEST_QUERY}字以内")
    text = mend(text, vocabulary)
    added = [
        group[0]
        for group in vocabulary.synonyms
        if group[0] not in text and any(form in text for form in group[1:])
    ]
    return Query(text, " ".join([text, *added]))


def mend(text: str, vocabulary: Vocabulary) -> str:
    """Known typos and homophones replaced by what was meant."""
    for wrong, right in vocabulary.typos.items():
        if wrong in text:
            text = text.replace(wrong, right)
    return text


def named_places(text: str) -> list[str]:
    """Outline paths a text names as printed: 「二(二)5」 → `2.2.5`, 「三(一)」 → `3.1`."""
    places = []
    for part, section, item in _PLACE.findall(text):
        path = f"{_HAN[part]}.{_HAN[section]}"
        places.append(f"{path}.{int(item)}" if item else path)
    return places + re.findall(r"(?<![\d.])\d\.\d{1,2}\.\d{1,2}(?![\d.])", text)


def named_documents(text: str, documents: Mapping[str, Document]) -> list[str]:
    """Ids of documents whose 文号 a text names, in any bracket style."""
    wanted = set(named_numbers(text))
    return [d.id for d in documents.values() if d.document_number in wanted]


def named_numbers(text: str) -> list[str]:
    """Every 文号 a text names, normalised; a leading word that is not part of it is cut."""
    found = []
    for match in _NUMBER.findall(text):
        squeezed = re.sub(r"\s|第", "", match)
        found += [normalise_document_number(squeezed[cut:]) for cut in range(len(squeezed))]
    return [one for one in dict.fromkeys(found) if "〔" in one]
