"""Readable, stable document ids; the one door to pypinyin."""

import hashlib
from datetime import date

from knowledge_base.header.numbers import NumberedWords

_LONGEST = 40  # letters of a spelt prefix; a longer one ends in a digest instead
# Characters of place abbreviations whose usual reading is not the one of the place's name.
_PLACE_READINGS = {
    "厦": "xia",
    "蚌": "beng",
    "重": "chong",
    "长": "chang",
    "乐": "le",
    "藏": "zang",
    "佛": "fo",
    "番": "pan",
    "都": "du",
    "莘": "shen",
    "单": "shan",
    "泌": "bi",
    "浚": "xun",
    "荥": "xing",
    "行": "hang",
    "略": "lue",
    "埔": "pu",
    "勒": "le",
    "珲": "hun",
    "蔚": "yu",
}


def spell(written: str) -> str:
    """Pinyin of a 文号 prefix without tones, letters only: 平科 → pingke.

    Character by character, so that no word list can change an id; letters stay as they are.
    """
    from pypinyin import Style, pinyin  # late: its phrase table takes 0.2 s to import

    parts = []
    for char in written:
        if char in _PLACE_READINGS:
            parts.append(_PLACE_READINGS[char])
        elif "\u4e00" <= char <= "\u9fff":
            parts.append(pinyin(char, style=Style.NORMAL, v_to_u=False)[0][0])
        elif char.isascii() and char.isalnum():
            parts.append(char.lower())
    spelt = "".join(parts)
    return spelt if len(spelt) <= _LONGEST else f"{spelt[: _LONGEST - 5]}-{_digest(written, 4)}"


def document_id(
    region: str,
    numbers: tuple[NumberedWords, ...],
    issuer: str | None,
    day: date | None,
    title: str,
) -> str:
    """Id of a document: region, prefix, year and number; else region, day and a digest.

    The digest is of the title, so that an amended text keeps its id. A number printed without a
    prefix (第65号) takes its issuer's name, one without a year the year of `day`.
    """
    if numbers:
        first = numbers[0]
        prefix = spell(first.prefix or issuer or "")
        year = first.year or (day.year if day else None)
        if prefix:
            parts = [region, prefix, str(year) if year else "", first.serial]
            return "-".join(part if part.isascii() else spell(part) for part in parts if part)
    stamp = f"{day:%Y%m%d}" if day else "undated"
    return f"{region}-{stamp}-{_digest(title, 8)}"


def _digest(written: str, length: int) -> str:
    return hashlib.sha256("".join(written.split()).encode()).hexdigest()[:length]
