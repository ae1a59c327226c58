"""The visit brief as a Word file: A4, 仿宋 and 黑体, numbered citations. Never a 红头 of any office."""

import errno
import os
import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from api.labels import REALITIES, counted, explain_os, status_label
from knowledge_base import DependencyError, InputError, in_brackets
from recommender import Brief, BriefOffer, Line

_BODY, _HEAD = "仿宋", "黑体"
# Word takes the alternative name where the font itself is not installed.
_ALTERNATIVES = {"仿宋": "FangSong_GB2312", "黑体": "SimHei"}
_GREY = RGBColor(0x55, 0x5F, 0x70)


def check_path(path: Path) -> Path:
    """The path, if a brief can be written there; InputError otherwise."""
    if path.suffix.lower() == ".pdf":
        raise InputError("暂不能直接输出 PDF;请输出 .docx,再用 Word 或 WPS 另存为 PDF")
    if path.suffix.lower() != ".docx":
        raise InputError(f"输出文件应以 .docx 结尾,现为“{path.name}”")
    if not path.parent.is_dir():
        raise InputError(f"写不到 {path}:没有目录 {path.parent},请先建好或换一个位置")
    if path.is_dir():
        raise InputError(f"写不到 {path}:这是一个目录,请写成文件名")
    return path


def write_brief(brief: Brief, path: Path, service: str, now: datetime) -> None:
    """Write the brief to a .docx file, whole or not at all."""
    document = _render(brief, service, now)
    handle, name = -1, ""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            document.save(file)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        if name:
            Path(name).unlink(missing_ok=True)
        said = f"写不了文件 {path}:{explain_os(error)};请检查目录与权限"
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG):
            raise InputError(said) from error
        raise DependencyError(said) from error


def _render(brief: Brief, service: str, now: datetime) -> Any:
    document = Document()
    _set_up(document, brief, service, now)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _say(title, "走访提纲", _HEAD, 18)
    _about(document, brief)
    _section(document, "一、企业概况")
    _who(document, brief)
    _section(document, "二、条件已符合" + _count(brief.fits))
    _offers(document, brief.fits, "目前没有能确定全部符合的项目。")
    _section(document, "三、问清后可判定" + _count(brief.candidates))
    _offers(document, brief.candidates, "没有待判定的项目。")
    if brief.left_out:
        _paragraph(document, f"另有{brief.left_out}项未列,见系统中的完整匹配结果。", grey=True)
    _section(document, "四、建议提问")
    _lines(document, brief.asks, "没有还需要问的问题。")
    if brief.checks:
        _paragraph(document, "请另行核实:" + ";".join(brief.checks) + "。")
    _section(document, "五、需带材料")
    _paragraph(
        document, "、".join(m.name for m in brief.materials) + "。" if brief.materials else "无。"
    )
    _section(document, "六、差距与提示")
    _lines(document, (*brief.gaps, *(Line(text) for text in brief.signals)), "无。")
    _section(document, "七、引用清单")
    for number, citation in enumerate(brief.citations, 1):
        named = citation.document_number or in_brackets(citation.document_title)
        text = f"[{number}] {named} {citation.label}:“{citation.quote}”"
        _paragraph(document, text, size=8, line=10)
    _section(document, "说明")
    for notice in brief.notices:
        _paragraph(document, notice, size=8, line=10.5, grey=True)
    return document


def _count(offers: Sequence[BriefOffer]) -> str:
    return f"(列{counted([one.offer.reality for one in offers])})" if offers else ""


def _set_up(document: Any, brief: Brief, service: str, now: datetime) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin = section.bottom_margin = Cm(1.6)
    section.left_margin = section.right_margin = Cm(1.9)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(10.5)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _BODY)
    _name_alternatives(document)
    core = document.core_properties
    core.title, core.subject = f"走访提纲:{brief.name}", "企业与政策、金融产品匹配"
    core.author = core.last_modified_by = service
    core.keywords, core.language = "走访提纲;惠企政策;条款引用", "zh-CN"
    core.comments = f"按 {brief.as_of} 判断;仅供参考"
    core.created = core.modified = now.replace(tzinfo=None)
    header = section.header.paragraphs[0]
    _say(header, f"{service} · 走访提纲 · {brief.name}", _BODY, 9, _GREY)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _say(footer, f"数据日期 {brief.as_of} · 内部走访参考 · 第 ", _BODY, 9, _GREY)
    _page_number(footer)
    _say(footer, " 页", _BODY, 9, _GREY)


def _name_alternatives(document: Any) -> None:
    """Enter the Chinese fonts with a second name into the font table."""
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            added = "".join(
                f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>'
                for name, other in _ALTERNATIVES.items()
            )
            part._blob = part.blob.replace(b"</w:fonts>", added.encode() + b"</w:fonts>")


def _page_number(paragraph: Any) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _about(document: Any, brief: Brief) -> None:
    need = f" 需求:{brief.need}" if brief.need else ""
    paragraph = _paragraph(document, f"{brief.name} 判断日期:{brief.as_of}{need}")
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _who(document: Any, brief: Brief) -> None:
    """Facts two to a row, so that the overview stays short."""
    rows = [brief.who[i : i + 2] for i in range(0, len(brief.who), 2)]
    table = document.add_table(rows=0, cols=4, style="Table Grid")
    for pair in rows:
        cells = table.add_row().cells
        for index, (label, value) in enumerate(pair):
            _cell(cells[2 * index], label, grey=True)
            _cell(cells[2 * index + 1], value)
    for row in table.rows:
        for cell, width in zip(row.cells, (2.9, 5.5, 2.9, 5.5), strict=True):
            cell.width = Cm(width)


def _cell(cell: Any, text: str, grey: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    _space(paragraph, 13)
    _say(paragraph, text, _BODY, 9.5, _GREY if grey else None)


def _offers(document: Any, offers: Iterable[BriefOffer], none: str) -> None:
    number = 0
    for number, one in enumerate(offers, 1):
        paragraph = _paragraph(document, f"{number}. ")
        _say(paragraph, one.offer.name, _HEAD, 10.5)
        _say(paragraph, f"({REALITIES[one.offer.reality]},{one.offer.provider})", _BODY, 9, _GREY)
        if one.status == "eligible":
            _say(paragraph, f" {status_label(one.status, one.offer.reality)}", _HEAD, 9)
        _say(paragraph, f" {one.value}", _BODY, 10)
        because = _paragraph(document, "", line=13.5, indent=0.6)
        for index, line in enumerate(one.lines):
            _cited(because, Line((";" if index else "") + line.text, line.cited), 9.5)
    if not number:
        _paragraph(document, none)


def _lines(document: Any, lines: Iterable[Line], none: str) -> None:
    number = 0
    for number, line in enumerate(lines, 1):
        _cited(_paragraph(document, f"{number}. "), line, 10.5)
    if not number:
        _paragraph(document, none)


def _cited(paragraph: Any, line: Line, size: float) -> None:
    _say(paragraph, line.text, _BODY, size)
    if line.cited:
        _say(paragraph, f" [{line.cited}]", _BODY, size - 1.5, RGBColor(0x16, 0x48, 0xCC))


def _section(document: Any, heading: str) -> None:
    paragraph = document.add_heading(level=2)
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(4), Pt(1)
    paragraph.paragraph_format.keep_with_next = True
    _say(paragraph, heading, _HEAD, 12, RGBColor(0, 0, 0))


def _paragraph(
    document: Any,
    text: str,
    size: float = 10.5,
    line: float = 14.5,
    indent: float = 0,
    grey: bool = False,
) -> Any:
    paragraph = document.add_paragraph()
    _space(paragraph, line)
    if indent:
        paragraph.paragraph_format.left_indent = Cm(indent)
    if text:
        _say(paragraph, text, _BODY, size, _GREY if grey else None)
    return paragraph


def _space(paragraph: Any, line: float) -> None:
    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(0), Pt(1), Pt(line)


def _say(paragraph: Any, text: str, font: str, size: float, colour: RGBColor | None = None) -> None:
    clean = "".join(char for char in text if char >= " " or char in "\n\t")
    run = paragraph.add_run(clean)
    run.font.size, run.font.bold = Pt(size), False
    run.font.name = "Times New Roman"
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if colour is not None:
        run.font.color.rgb = colour
