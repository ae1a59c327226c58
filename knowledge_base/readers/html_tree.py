"""A saved page as a tree in which what nobody sees on screen is marked, with what it says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from knowledge_base.errors import DocumentError
from knowledge_base.readers.text import decode

_CHARSET = re.compile(rb"<meta[^<>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_GB = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "gb18030": "gb18030"}
_HEAD = 4096
# Never printed, whatever they hold.
_SILENT_TAGS = """
    script style noscript template head iframe object embed applet svg canvas audio video map
    select button input textarea option datalist dialog menu
    """
SILENT = frozenset(_SILENT_TAGS.split())
_RULE = re.compile(r"([^{}]{1,400})\{([^{}]{0,2000})\}")
_SIMPLE = re.compile(r"^([a-z][a-z0-9]*)?([.#])([\w-]{1,80})$", re.I)
_DECLARATION = re.compile(r"([a-z-]{2,40})\s*:\s*([^;]{1,200})", re.I)
_ZERO = re.compile(r"^0(\.0+)?(px|pt|em|rem|%)?$")
_SHRUNK = re.compile(r"scale(?:3d|x|y)?\(\s*0*(?:\.0*)?\s*[,)]")
_FAR = re.compile(r"^-\d{3,}(\.\d+)?(px|pt|em|rem|%|vw)?$")
_RGB = re.compile(r"^rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,\s*([\d.]+)\s*)?\)$")
_ALIKE = 12  # of 255: a difference in every channel that cannot be seen
_NAMED = {"white": "ffffff", "black": "000000", "red": "ff0000", "blue": "0000ff"}


@dataclass
class Page:
    """A parsed page: its root, and the elements (and comments) that are hidden on screen."""

    root: Any
    hidden: set[Any] = field(default_factory=set)
    controls: int = 0


def parse(content: bytes) -> Page:
    """The page of an HTML file in the encoding it names, or the one it is in.

    Raises DocumentError when tags are nested deeper than any page needs, or nothing is there.
    """
    text, controls = _CONTROL.subn("", _decoded(content))
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "surrogatepass"), parser)
    except etree.ParserError as error:
        raise DocumentError("网页里没有内容;请检查是否保存完整") from error
    except etree.XMLSyntaxError as error:
        raise DocumentError("网页代码已损坏;请在浏览器中重新保存") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise DocumentError("网页标签嵌套过深,可能有害;请复制正文,另存为 .txt 或 .docx 后再试")
    if root is None:
        raise DocumentError("网页里没有内容;请检查是否保存完整")
    return Page(root, set(_hidden(root)), controls)


def _decoded(content: bytes) -> str:
    marked = content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    named = _CHARSET.search(content[:_HEAD])
    if not marked and named is not None:
        encoding = named.group(1).decode().lower()
        try:
            return content.decode(_GB.get(encoding, encoding))
        except (UnicodeDecodeError, LookupError):
            return decode(content)
    return decode(content)


def _hidden(root: Any) -> Iterator[Any]:
    """Elements hidden by attribute, style or a plain rule of the page; not those inside them."""
    rules = _rules(root)
    paper: dict[Any, tuple[str | None, str]] = {}
    for element in root.iter(etree.Element):
        above = paper.get(element.getparent(), (None, "ffffff"))
        declared = _declared(element, rules)
        ink = _colour(declared.get("color") or element.get("color")) or above[0]
        ground = _colour(
            declared.get("background-color") or declared.get("background") or element.get("bgcolor")
        )
        paper[element] = (ink, ground or above[1])
        if element.tag == "body" or element.tag == "html":
            continue
        if _is_hidden(element, declared) or _same(ink, ground or above[1]):
            yield element


def _same(ink: str | None, ground: str) -> bool:
    """Whether no eye tells two colours (six hex digits) apart."""
    if ink is None or len(ink) != 6 or len(ground) != 6:
        return ink == ground
    parts = [(int(ink[n : n + 2], 16), int(ground[n : n + 2], 16)) for n in (0, 2, 4)]
    return all(abs(one - other) <= _ALIKE for one, other in parts)


def _declared(element: Any, rules: dict[str, dict[str, str]]) -> dict[str, str]:
    style: dict[str, str] = {}
    if rules:
        keys = [f".{name}" for name in (element.get("class") or "").split()]
        keys += [f"#{element.get('id')}"] if element.get("id") else []
        for key in keys:
            style.update(rules.get(key, {}))
            style.update(rules.get(f"{element.tag}{key}", {}))
    inline = element.get("style")
    return {**style, **_style(inline)} if inline else style


def _style(written: str) -> dict[str, str]:
    return {
        name.lower(): value.replace("!important", "").strip().lower()
        for name, value in _DECLARATION.findall(written[:4000])
    }


def _rules(root: Any) -> dict[str, dict[str, str]]:
    """Declarations by plain class or id selector; anything cleverer is left to the browser."""
    rules: dict[str, dict[str, str]] = {}
    for sheet in root.iter("style"):
        for selectors, body in _RULE.findall(sheet.text or ""):
            style = _style(body)
            for selector in selectors.split(","):
                found = _SIMPLE.match(selector.strip())
                if found and style:
                    key = (found[1] or "").lower() + found[2] + found[3]
                    rules.setdefault(key, {}).update(style)
    return rules


def _is_hidden(element: Any, style: dict[str, str]) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if not style:
        return False
    return (
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or _ZERO.match(style.get("font-size", "")) is not None
        or _ZERO.match(style.get("opacity", "")) is not None
        or _FAR.match(style.get("text-indent", "")) is not None
        or _SHRUNK.search(style.get("transform", "")) is not None
        or _is_off_screen(style)
        or _is_shut(style)
    )


def _is_off_screen(style: dict[str, str]) -> bool:
    if style.get("position") not in ("absolute", "fixed"):
        return False
    moved = any(_FAR.match(style.get(side, "")) for side in ("left", "top", "right", "bottom"))
    return moved or style.get("clip", "").replace(" ", "").startswith(("rect(0", "rect(1px"))


def _is_shut(style: dict[str, str]) -> bool:
    sizes = (style.get(side, "") for side in ("height", "width", "max-height", "max-width"))
    return style.get("overflow") == "hidden" and any(_ZERO.match(size) for size in sizes)


def _colour(written: str | None) -> str | None:
    """Six hex digits of a colour, None when there is none or it lets the ground through."""
    value = (written or "").strip().lower()
    value = _NAMED.get(value, value)
    if found := _RGB.match(value):
        if found[4] is not None and float(found[4].strip(".") or 0) == 0:
            return None
        return "".join(f"{min(255, int(part)):02x}" for part in found.groups()[:3])
    digits = value.removeprefix("#")
    if re.fullmatch(r"[0-9a-f]{3}", digits):
        return "".join(char * 2 for char in digits)
    return digits if re.fullmatch(r"[0-9a-f]{6}", digits) else None
