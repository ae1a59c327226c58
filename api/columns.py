"""Texts in the columns of a terminal, where a Chinese character takes two."""

import unicodedata


def width(text: str) -> int:
    """Columns a text takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def pad(text: str, columns: int) -> str:
    """A text filled up to a number of columns; a longer one stays whole, followed by a space."""
    return text + " " * max(columns - width(text), 1)


def fit(text: str, columns: int) -> str:
    """A text cut or padded to a number of columns."""
    text = printable(text)
    if width(text) <= columns:
        return text + " " * (columns - width(text))
    kept = ""
    for char in text:
        if width(kept) + width(char) > columns - 1:
            break
        kept += char
    return kept + "…" + " " * (columns - 1 - width(kept))


def printable(text: str) -> str:
    """One line without control characters: a text cannot move the cursor or colour the terminal."""
    return "".join(c for c in " ".join(text.split()) if unicodedata.category(c)[0] != "C")
