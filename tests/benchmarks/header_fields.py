"""Header fields against a collection's own metadata: `python tests/benchmarks/header_fields.py FOLDER`.

FOLDER holds official_documents.jsonl.gz (text with title, issuer, doc_no, date, region) and
scitech_policy_titles_2019_2024.tsv.gz (titles with issuer and 文号). The metadata is machine-made: a
difference is counted, not judged. Only what the text prints can be found; a title the text lacks is
given as the file's own mark.
"""

import csv
import gzip
import json
import re
import sys
from collections import Counter
from pathlib import Path

from knowledge_base import SHIPPED_CORPUS, DocumentError, load_vocabulary, normalise_document_number
from knowledge_base.documents import Document, read_document
from knowledge_base.header.issuers import issuers_of_title, split_issuers
from knowledge_base.header.numbers import own_numbers
from knowledge_base.header.widths import half_width
from knowledge_base.readers.reading import Reading
from knowledge_base.vocabulary import Vocabulary

REGIONS = {"全国": "000000", "北京市": "110000", "广州市": "440100"}


def bare(text: str | None) -> str:
    """Compare-form: no spaces, brackets and quotes."""
    return re.sub(r"[\s《》〈〉“”\"()【】]", "", half_width(text or ""))


def read(row: dict[str, str], vocabulary: Vocabulary, count: Counter[str]) -> Document | None:
    """The document of a row, its region told by the page or else set to the nation."""
    printed = bare(row["title"]) in bare(row["text"][:4000])
    reading = Reading("text", row["text"], title=None if printed else row["title"])
    count["documents"] += 1
    try:
        document = read_document(reading, vocabulary)
        count["region told"] += 1
    except DocumentError:
        try:
            document = read_document(reading, vocabulary, region="000000")
        except DocumentError as refused:
            print(f"refused {row['id']}: {refused}")
            return None
    count["read"] += 1
    if printed:
        count["title printed"] += 1
        head = bare(document.text[document.clauses[0].start : document.clauses[0].end][:2000])
        given = bare(row["title"])
        count["title equal"] += given == bare(document.title) or given in head
    return document


def compare(row: dict[str, str], document: Document, count: Counter[str]) -> None:
    """Count equal fields among those the metadata states and the text prints."""
    text = bare(row["text"])
    if re.search(r"\d号", row["doc_no"]) and bare(row["doc_no"]) in text:
        count["number printed"] += 1
        wanted = normalise_document_number(row["doc_no"])
        count["number equal"] += wanted in (document.document_number or "").split("、")
    if row["issuer"] and "/" not in row["issuer"]:
        count["issuer stated"] += 1
        names = {bare(document.issuer), *map(bare, document.issuers)}
        count["issuer equal"] += bare(row["issuer"]) in names
        count["issuer not found"] += document.issuer is None
    if row["date"]:
        count["date stated"] += 1
        days = {str(document.signed_on), str(document.published_on)}
        count["date equal"] += row["date"] in days
        count["date not found"] += days == {"None"}
    if row["region"] in REGIONS:
        count["region stated"] += 1
        count["region equal"] += document.region == REGIONS[row["region"]]


def titles(path: Path) -> Counter[str]:
    """How many 文号 and issuers of a list of titles are read."""
    count: Counter[str] = Counter()
    with gzip.open(path, "rt", encoding="utf8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            number = row["doc_no"].strip()
            count["titles"] += 1
            count["numbers"] += bool(number)
            count["numbers read"] += bool(own_numbers(half_width(number)))
            if re.search(r"[〔\[\uff3b(\uff08【]\s*\d{4}", number):
                count["bracketed numbers"] += 1
                normal = normalise_document_number(number)
                count["normalised"] += re.search(r"〔\d{4}〕.*\d+号$", normal) is not None
            if row["issuer"] and (found := issuers_of_title(row["title"])):
                count["issuers found"] += 1
                wanted = {bare(name) for name in split_issuers(row["issuer"])}
                count["issuers equal"] += bool(wanted & set(map(bare, found)))
    return count


def main(folder: Path) -> None:
    """Print both tables."""
    vocabulary = load_vocabulary(SHIPPED_CORPUS / "vocabulary")
    count: Counter[str] = Counter()
    seen: dict[str, str] = {}
    with gzip.open(folder / "official_documents.jsonl.gz", "rt", encoding="utf8") as file:
        for row in map(json.loads, file):
            if document := read(row, vocabulary, count):
                compare(row, document, count)
                seen.setdefault(document.id, document.title)
                count["validity stated"] += document.validity is not None
                count["windows"] += len(document.windows)
                count["relations"] += len(document.relations)
    count["distinct ids"] = len(seen)
    for table in (count, titles(folder / "scitech_policy_titles_2019_2024.tsv.gz")):
        print("\n".join(f"{name:20} {number:6}" for name, number in table.items()), end="\n\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
