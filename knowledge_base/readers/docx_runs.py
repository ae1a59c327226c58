"""The visible text of one Word paragraph: runs, breaks, fields, links, revisions, text boxes."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from knowledge_base.readers.assembly import PAGE_BREAK
from knowledge_base.readers.docx_numbering import W
from knowledge_base.readers.docx_styles import Styles, value

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_BOX = W + "txbxContent"
_SKIPPED_FIELDS = {"PAGE", "NUMPAGES", "SECTIONPAGES", "TOC", "INDEX", "PAGEREF"}
# Up to one point nobody reads it; the attribute counts half points.
_TINY = 2
_OPENED = {
    W + name
    for name in ("hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "customXml", "dir")
} | {W + "bdo", W + "rubyBase", _MATH + "oMath", _MATH + "oMathPara"}
# Wingdings and Symbol characters that official forms print, by code without the F000 offset.
_SYMBOLS = {
    0x6F: "□", 0xA8: "□", 0x71: "□", 0xFE: "☑", 0xFD: "☒", 0x52: "☑", 0x53: "☒",
    0x6C: "●", 0x6E: "■", 0x75: "◆", 0xD8: "➢", 0xFC: "✓", 0xB7: "·", 0xB3: "≥", 0xA3: "≤",
    0xB1: "±", 0xB4: "×", 0xB8: "÷",
}  # fmt: skip


@dataclass
class Line:
    """What one paragraph shows. In `text` every `Runs.NOTE` stands for one of `notes`, in order."""

    text: str = ""
    sizes: Counter[int] = field(default_factory=Counter)
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)

    @property
    def size(self) -> int:
        """The size, in half points, that most of the text is set in."""
        return self.sizes.most_common(1)[0][0] if self.sizes else 0


@dataclass
class _Field:
    """A field that has begun: its instruction until the separator, then its result."""

    instruction: str = ""
    result: bool = False

    @property
    def skipped(self) -> bool:
        words = self.instruction.split()
        return not self.result or (bool(words) and words[0].upper() in _SKIPPED_FIELDS)


# White to the eye: no channel more than 15 of 255 below it.
_NEARLY_WHITE = re.compile(r"(?:F[0-9A-F]){3}")


class Runs:
    """Reads paragraphs in order: a field such as a table of contents runs over many of them."""

    NOTE = "\uffff"

    def __init__(self, styles: Styles, left_out: Counter[str], rendered: bool) -> None:
        self._styles = styles
        self._left_out = left_out
        self._rendered = rendered
        self._fields: list[_Field] = []

    def line(self, paragraph: Any, style: str | None, shaded: bool) -> Line:
        """The visible text of a paragraph; white letters count as visible where `shaded`."""
        line = Line()
        self._open(paragraph, line, style, shaded)
        return line

    def _open(self, parent: Any, line: Line, style: str | None, shaded: bool) -> None:
        for child in parent:
            tag = child.tag
            if tag == W + "r":
                self._run(child, line, style, shaded)
            elif tag == _MATH + "r":
                self._write(line, "".join(t.text or "" for t in child.iter(_MATH + "t")))
            elif tag in (W + "del", W + "moveFrom"):
                self._left_out["deleted"] += 1
                parts = (t for name in ("delText", "t") for t in child.iter(W + name))
                self._left_out["deleted_chars"] += sum(len(t.text or "") for t in parts)
            elif tag == W + "fldSimple":
                self._fields.append(_Field(child.get(W + "instr", ""), True))
                self._open(child, line, style, shaded)
                self._fields.pop()
            elif tag in _OPENED:
                self._left_out["inserted"] += tag == W + "ins"
                self._open(child, line, style, shaded)
            elif isinstance(tag, str) and tag.startswith(_MATH):
                self._open(child, line, style, shaded)

    def _run(self, run: Any, line: Line, style: str | None, shaded: bool) -> None:
        properties = run.find(W + "rPr")
        styles = (value(properties, "rStyle"), style)
        shown = Line()
        for child in run:
            self._content(child, shown, style, shaded)
        line.boxes.extend(shown.boxes)
        if not shown.text:
            return
        if self._hidden(properties, styles, shaded):
            self._left_out["hidden"] += len(shown.text.replace(PAGE_BREAK, "").strip())
            line.text += PAGE_BREAK * shown.text.count(PAGE_BREAK)
            return
        line.text += shown.text
        line.notes.extend(shown.notes)
        line.sizes[self._styles.size(properties, styles)] += len(shown.text.strip())

    def _content(self, child: Any, line: Line, style: str | None, shaded: bool) -> None:
        """One child of a run: text, a mark, a field's edge or a drawing."""
        tag = child.tag
        if tag == W + "fldChar":
            self._field(child)
        elif tag == W + "instrText":
            if self._fields and not self._fields[-1].result:
                self._fields[-1].instruction += child.text or ""
        elif tag in (W + "lastRenderedPageBreak", W + "br", W + "cr"):
            line.text += self._break(child)
        elif tag in (W + "footnoteReference", W + "endnoteReference"):
            self._note(child, line)
        elif tag == W + "ruby":
            for base in child.iter(W + "rubyBase"):
                self._open(base, line, style, shaded)
        elif tag in (W + "drawing", W + "pict", W + "object", _COMPATIBILITY + "AlternateContent"):
            self._drawing(child, line)
        else:
            self._write(line, self._character(child))

    def _field(self, edge: Any) -> None:
        kind = edge.get(W + "fldCharType")
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].result = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _break(self, element: Any) -> str:
        if element.tag == W + "lastRenderedPageBreak":
            return PAGE_BREAK if self._rendered else ""
        kind = element.get(W + "type", "textWrapping")
        if kind == "page":
            return "" if self._rendered else PAGE_BREAK
        return "" if kind == "column" or self._is_skipping() else "\n"

    def _note(self, reference: Any, line: Line) -> None:
        if self._is_skipping():
            return
        custom = ""
        if _on(reference, "customMarkFollows"):
            mark = reference.getnext()
            custom = "".join(mark.itertext()).strip() if mark is not None else "*"
            if mark is not None:
                mark.text = ""
        kind = "footnote" if reference.tag == W + "footnoteReference" else "endnote"
        line.text += self.NOTE
        line.notes.append((kind, str(reference.get(W + "id")), custom))

    def _drawing(self, drawing: Any, line: Line) -> None:
        """Text boxes wait for the paragraph's end; of two versions of a drawing the newer counts."""
        choices = [c for c in drawing if c.tag == _COMPATIBILITY + "Choice"]
        chosen = next((c for c in choices if next(c.iter(_BOX), None) is not None), None)
        boxes = list((drawing if chosen is None else chosen).iter(_BOX))
        outer = [box for box in boxes if not any(a in boxes for a in box.iterancestors(_BOX))]
        line.boxes.extend(outer)
        self._left_out["pictures"] += not outer and drawing.tag != W + "object"

    def _character(self, child: Any) -> str:
        name = child.tag[len(W) :] if isinstance(child.tag, str) else ""
        if name == "t":
            return (child.text or "").replace("\n", " ").replace(PAGE_BREAK, "").replace("\t", " ")
        if name in ("tab", "ptab"):
            return " "
        if name == "noBreakHyphen":
            return "-"
        if name == "sym":
            return self._symbol(child)
        return ""

    def _symbol(self, child: Any) -> str:
        code = int(child.get(W + "char", "0"), 16)
        if not 0xF000 <= code <= 0xF0FF:
            return chr(code) if 0x20 <= code < 0x110000 else ""
        known = _SYMBOLS.get(code - 0xF000, "")
        self._left_out["symbols"] += not known
        return known

    def _write(self, line: Line, text: str) -> None:
        if text and not self._is_skipping():
            line.text += text

    def _is_skipping(self) -> bool:
        return any(field.skipped for field in self._fields)

    def _hidden(self, run: Any | None, styles: tuple[str | None, ...], shaded: bool) -> bool:
        """Hidden by attribute, white on white, or too small to be seen."""
        if self._styles.run_flag(run, styles, "vanish") or self._styles.size(run, styles) <= _TINY:
            return True
        ink = (self._styles.run_property(run, styles, "color") or "").upper()
        if shaded or not _NEARLY_WHITE.fullmatch(ink):
            return False
        fill = (value(run, "shd", "fill") or "auto").lower()
        return fill in ("auto", "ffffff") and value(run, "highlight") in (None, "none", "white")


def _on(element: Any, name: str) -> bool:
    """An on/off attribute that is off where it is not stated."""
    return element.get(W + name, "0") in ("1", "true", "on")
