"""Word's styles as far as reading needs them: hidden or white runs, size, alignment, lists."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from knowledge_base.readers.docx_numbering import W

_DEPTH = 20
_NORMAL_HALF_POINTS = 20
_OFF = ("0", "false", "off", "none")


def flag(properties: Any | None, name: str) -> bool | None:
    """An on/off property: None where it is not stated."""
    element = None if properties is None else properties.find(W + name)
    return None if element is None else element.get(W + "val", "1") not in _OFF


def value(properties: Any | None, name: str, attribute: str = "val") -> str | None:
    """The value of a property element, None where it is not stated."""
    element = None if properties is None else properties.find(W + name)
    found = None if element is None else element.get(W + attribute)
    return None if found is None else str(found)


@dataclass
class Styles:
    """styles.xml by style id; every question goes up the chain of styles a style is based on."""

    elements: Mapping[str, Any] = field(default_factory=dict)
    defaults: Any | None = None
    paragraph_default: str | None = None
    _chains: dict[str, tuple[Any, ...]] = field(default_factory=dict)

    def chain(self, style: str | None) -> tuple[Any, ...]:
        """The style and those it is based on, nearest first."""
        if style is None:
            return ()
        if style not in self._chains:
            self._chains[style] = tuple(self._walk(style))
        return self._chains[style]

    def _walk(self, style: str | None) -> Iterator[Any]:
        for _ in range(_DEPTH):
            element = self.elements.get(style) if style else None
            if element is None:
                return
            yield element
            style = value(element, "basedOn")

    def is_title(self, style: str | None) -> bool:
        """Whether a style is Word's own title style, under its English or Chinese name."""
        names = {(value(element, "name") or "").lower() for element in self.chain(style)}
        return bool(names & {"title", "标题", "文件标题", "公文标题"})

    def is_contents(self, style: str | None) -> bool:
        """Whether a style is that of a line of the table of contents."""
        return any((value(e, "name") or "").lower().startswith("toc ") for e in self.chain(style))

    def list_of(self, paragraph: Any | None, style: str | None) -> tuple[str, int | None] | None:
        """(list, level) of a paragraph; the level is None where the style's own link decides."""
        direct = None if paragraph is None else paragraph.find(W + "numPr")
        level = value(direct, "ilvl")
        number = value(direct, "numId")
        if number is not None:
            return None if number == "0" else (number, int(level or 0))
        for element in self.chain(style):
            inherited = element.find(f"{W}pPr/{W}numPr")
            number = value(inherited, "numId")
            if number is not None:
                level = level or value(inherited, "ilvl")
                return None if number == "0" else (number, None if level is None else int(level))
        return None

    def run_property(
        self, run: Any | None, styles: tuple[str | None, ...], name: str
    ) -> str | None:
        """A run's own value, else that of the first style that states it, else the default's."""
        found = value(run, name)
        for style in styles:
            for element in self.chain(style):
                found = found or value(element.find(W + "rPr"), name)
        return found or value(self.defaults, name)

    def run_flag(self, run: Any | None, styles: tuple[str | None, ...], name: str) -> bool:
        """A run's on/off property, looked up like `run_property`."""
        stated = flag(run, name)
        for style in styles:
            for element in self.chain(style):
                stated = flag(element.find(W + "rPr"), name) if stated is None else stated
        return bool(stated if stated is not None else flag(self.defaults, name))

    def size(self, run: Any | None, styles: tuple[str | None, ...]) -> int:
        """Font size in half points."""
        found = self.run_property(run, styles, "sz") or ""
        return int(found) if found.isdigit() else _NORMAL_HALF_POINTS

    def alignment(self, paragraph: Any | None, style: str | None) -> str | None:
        """`center`, `both`, …, or None where nothing states it."""
        found = value(paragraph, "jc")
        for element in self.chain(style):
            found = found or value(element.find(W + "pPr"), "jc")
        return found


def read_styles(root: Any | None) -> Styles:
    """styles.xml; a document without it has no styles."""
    if root is None:
        return Styles()
    elements = {str(e.get(W + "styleId")): e for e in root.findall(W + "style")}
    default = next(
        (
            key
            for key, element in elements.items()
            if element.get(W + "type") == "paragraph"
            and element.get(W + "default") in ("1", "true")
        ),
        None,
    )
    return Styles(elements, root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"), default)


def style_lists(styles: Styles) -> dict[str, str]:
    """Numbering style id → the list (w:num) that defines it."""
    lists = {}
    for key, element in styles.elements.items():
        number = value(element.find(f"{W}pPr/{W}numPr"), "numId")
        if element.get(W + "type") == "numbering" and number is not None:
            lists[key] = number
    return lists
