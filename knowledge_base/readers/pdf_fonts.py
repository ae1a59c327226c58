"""Fonts of a PDF whose characters are told by the name of their encoding alone."""

from collections.abc import Mapping

from pdfminer.cmapdb import CMapDB
from pdfminer.pdffont import PDFCIDFont, PDFFont
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdftypes import resolve1
from pdfminer.psparser import PSLiteral

# The predefined encodings of ISO 32000-1 table 118, simplified and traditional Chinese.
_COLLECTIONS = {
    "Adobe-GB1": ("GB", "UniGB"),
    "Adobe-CNS1": ("B5", "HKscs", "ETen", "CNS", "UniCNS"),
}


class Fonts(PDFResourceManager):
    """Gives a CID font the characters of its predefined encoding where it names none itself.

    A file locked with an empty password may hold the name of the collection unencrypted, or damaged.
    """

    def get_font(self, objid: object, spec: Mapping[str, object]) -> PDFFont:
        """The font of a page's resources, as pdfminer makes it, with its characters known."""
        font = super().get_font(objid, spec)
        if isinstance(font, PDFCIDFont) and font.unicode_map is None:
            encoding = resolve1(spec.get("Encoding"))
            name = encoding.name if isinstance(encoding, PSLiteral) else ""
            for collection, beginnings in _COLLECTIONS.items():
                if isinstance(name, str) and name.startswith(beginnings):
                    font.unicode_map = CMapDB.get_unicode_map(collection, font.vertical)
        return font
