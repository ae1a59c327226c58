"""Full-width signs and digits as half-width ones, character for character, so that spans stay."""

_FULL = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
_HALF = "".join(chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F))
# Spaces of every width, zero-width marks and private-use signs (old editors' line marks) are spaces.
_BLANK = "\u3000\u2002\u2003\u2009\xa0\u200b\u200c\u200d\ufeff"
_BLANK += "".join(chr(code) for code in range(0xE000, 0xF900))
_TABLE = str.maketrans(_FULL + _BLANK, _HALF + " " * len(_BLANK))


def half_width(text: str) -> str:
    """The text with half-width signs and plain spaces; every offset means the same character."""
    return text.translate(_TABLE)
