"""Mutated files of every format: the caller gets readings or a DocumentError, nothing else."""

import io
import os
import random
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest

from knowledge_base.errors import DocumentError
from knowledge_base.readers import LIMITS, read_file
from knowledge_base.readers.template import COLUMNS

PROVE = bool(os.environ.get("HUIQI_PROVE"))
MUTANTS = 400 if PROVE else 8
PAGES = Path(__file__).parents[2] / "cases" / "pages"
TIGHT = replace(LIMITS, seconds=60.0, cpu_seconds=20)
WORDS = "关于支持科技创新的通知\n一、对企业给予补助,最高不超过10万元。\n附件:1.申报书\n"


def word():
    document = docx.Document()
    for line in WORDS.splitlines():
        document.add_paragraph(line)
    document.add_table(rows=2, cols=2).cell(0, 0).text = "档次"
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def sheet():
    workbook = openpyxl.Workbook()
    workbook.active.append([column.name for column in COLUMNS])
    workbook.active.append(["贷款" if column.mandatory else None for column in COLUMNS])
    held = io.BytesIO()
    workbook.save(held)
    return held.getvalue()


def mutated(content, chance):
    """One to twelve wounds: bytes changed, cut out, doubled, swapped in from elsewhere."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        at, size = chance.randrange(len(data)), chance.randint(1, 64)
        kind = chance.randrange(5)
        if kind == 0:
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 1 and len(data) > 100:
            del data[at : at + size]
        elif kind == 2:
            data[at:at] = data[at : at + size]
        elif kind == 3:
            data[at : at + size] = chance.randbytes(size)
        else:
            other = chance.randrange(len(data))
            data[at : at + size] = data[other : other + size]
    if chance.random() < 0.1 and len(data) > 50:
        del data[chance.randrange(50, len(data)) :]
    return bytes(data)


def mutated_inside(content, chance):
    """A valid archive one part of which is wounded, so that the reader itself meets the wound."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        chosen = chance.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            if name == chosen:
                part = mutated(part, chance) if chance.random() < 0.5 else swapped(part, chance)
            new.writestr(name, part)
    return made.getvalue()


def swapped(part, chance):
    """XML that stays well formed in most cases: numbers and names in it are exchanged."""
    pairs = [(b"1", b"99999999"), (b'"', b'"-'), (b"val=", b"vaI="), (b"w:p", b"w:q"), (b"t=", b"s="),
             (b"sheetId", b"sheetld"), (b"rId1", b"rId9"), (b"<row", b"<now"), (b"r=", b"q=")]  # fmt: skip
    old, new = chance.choice(pairs)
    return part.replace(old, new, chance.randint(1, 3))


SOURCES = {
    "文本.txt": WORDS.encode(),
    "国标.txt": WORDS.encode("gb18030"),
    "网页.html": (PAGES / "standard_meta.html").read_bytes(),
    "表格.html": (PAGES / "layout_tables.html").read_bytes(),
    "文档.docx": word(),
    "清单.xlsx": sheet(),
}


@pytest.mark.parametrize("name", SOURCES)
def test_the_file_that_is_mutated_is_read_when_it_is_whole(name):
    assert read_file(name, SOURCES[name])


@pytest.mark.parametrize("name", SOURCES)
def test_a_mutated_file_never_brings_down_its_caller(name):
    chance = random.Random(name)
    office = name.endswith(("docx", "xlsx"))
    for number in range(MUTANTS):
        wound = mutated_inside if office and number % 4 else mutated
        content = wound(SOURCES[name], chance)
        assert outcome(name, content), number


def outcome(name, content):
    """What the caller is told: the text, or the message of a DocumentError that names the file."""
    try:
        return read_file(name, content, TIGHT)[0].text.strip()
    except DocumentError as error:
        return str(error).startswith(f"{name}:")
