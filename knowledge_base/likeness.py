"""Which characters sound or look alike, and what is an ordinary word: the shipped tables, read late.

Readings come without tones, as pypinyin gives them; a table of 23 KB spares every start its import.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

_TABLES = Path(__file__).parent / "corpus" / "vocabulary"


def sound_alike(left: str, right: str, loosely: bool = False) -> bool:
    """Whether two characters have a reading in common; `loosely` as `readings` counts."""
    table = _folded() if loosely else _sounds()
    return not set(table.get(left, ())).isdisjoint(table.get(right, ()))


def readings(char: str) -> tuple[str, ...]:
    """How a character may sound, zh and z, n and l, ing and in told apart no more than people do."""
    return _folded().get(char, ())


@lru_cache(maxsize=1)
def lookalikes() -> dict[str, str]:
    """For each character those it is taken for by shape."""
    found: dict[str, str] = {}
    for (row,) in _rows("lookalikes.txt"):
        for char in row:
            found[char] = found.get(char, "") + row.replace(char, "")
    return found


def is_ordinary(word: str) -> bool:
    """Whether it is a word of ordinary speech; of longer ones only those near a field term are told."""
    return word[-1] in _words().get(word[:-1], "")


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    return dict(_rows("words.tsv"))


@lru_cache(maxsize=1)
def _sounds() -> dict[str, tuple[str, ...]]:
    return _by_char(_rows("sounds.tsv"))


@lru_cache(maxsize=1)
def _folded() -> dict[str, tuple[str, ...]]:
    return _by_char((_fold(sound), chars) for sound, chars in _rows("sounds.tsv"))


def _fold(sound: str) -> str:
    plain = re.sub(r"^([zcs])h", r"\1", re.sub(r"^n", "l", sound))
    return re.sub(r"ng$", "n", plain)


def _by_char(rows: Iterable[Sequence[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for sound, chars in rows:
        for char in chars:
            before = found.get(char, ())
            found[char] = before if sound in before else (*before, sound)
    return found


def _rows(name: str) -> Iterator[list[str]]:
    for line in (_TABLES / name).read_text(encoding="utf8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")
