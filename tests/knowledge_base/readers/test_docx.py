"""Word documents, made here by python-docx and by hand-written numbering.xml."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import parse_xml
from docx.shared import Pt, RGBColor

from knowledge_base.errors import DocumentError
from knowledge_base.readers.docx import read
from knowledge_base.readers.docx_numbering import format_number

POLICY = (
    Path(__file__).parents[3] / "knowledge_base/corpus/policies/330326/pingyang-2024-65.txt"
).read_text(encoding="utf8")
NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def saved(document: WordDocument) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def body_lines() -> list[str]:
    """The seed policy from its title on, one paragraph a line."""
    lines = [line.strip() for line in POLICY.splitlines() if line.strip()]
    first = next(i for i, line in enumerate(lines) if line.startswith("关于印发"))
    return lines[first:]


def lists(document: WordDocument, *schemes: list[tuple[str, str]], extra: str = "") -> None:
    """Adds abstract lists 100, 101, … of (numFmt, lvlText) levels, and lists of the same ids."""
    numbering = document.part.numbering_part.element
    abstracts, nums = [], []
    for index, levels in enumerate(schemes):
        body = "".join(
            f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{f}"/>'
            f'<w:lvlText w:val="{t}"/>{extra}</w:lvl>'
            for i, (f, t) in enumerate(levels)
        )
        abstracts.append(
            f'<w:abstractNum xmlns:w="{NS}" w:abstractNumId="{100 + index}">{body}</w:abstractNum>'
        )
        nums.append(
            f'<w:num xmlns:w="{NS}" w:numId="{100 + index}">'
            f'<w:abstractNumId w:val="{100 + index}"/></w:num>'
        )
    for position, xml in enumerate(abstracts):
        numbering.insert(position, parse_xml(xml))
    for xml in nums:
        numbering.append(parse_xml(xml))


def numbered(document: WordDocument, text: str, number: int, level: int = 0) -> None:
    properties = document.add_paragraph(text)._p.get_or_add_pPr()
    properties.append(
        parse_xml(
            f'<w:numPr xmlns:w="{NS}"><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        )
    )


def test_every_paragraph_of_the_seed_policy_comes_back_verbatim() -> None:
    document = Document()
    for line in body_lines():
        document.add_paragraph(line)
    reading = read(saved(document))
    assert reading.text.split("\n") == body_lines()
    assert reading.notices == ()


def test_the_numbers_word_generates_stand_in_the_text() -> None:
    document = Document()
    lists(
        document,
        [("chineseCounting", "%1、"), ("chineseCountingThousand", "(%2)"), ("decimal", "%3.")],
        [("japaneseCounting", "第%1条")],
        [("decimalEnclosedCircle", "%1")],
        [("upperLetter", "%1."), ("lowerRoman", "%1.%2")],
    )
    for text, number, level in [
        ("主要目标", 100, 0),
        ("主要任务", 100, 0),
        ("激发动力", 100, 1),
        ("支持转型", 100, 2),
        ("围绕企业", 100, 2),
        ("政策联动", 100, 1),
        ("成果转化", 100, 2),
        ("为了规范", 101, 0),
        ("本办法所称", 101, 0),
        ("营业执照", 102, 0),
        ("甲类", 103, 0),
        ("乙类", 103, 1),
    ]:
        numbered(document, text, number, level)
    assert read(saved(document)).text.split("\n") == [
        "一、主要目标",
        "二、主要任务",
        "(一)激发动力",
        "1.支持转型",
        "2.围绕企业",
        "(二)政策联动",
        "1.成果转化",
        "第一条 为了规范",
        "第二条 本办法所称",
        "① 营业执照",
        "A.甲类",
        "A.i 乙类",
    ]


def test_items_run_on_across_sections_when_the_list_says_so() -> None:
    document = Document()
    lists(
        document,
        [("chineseCounting", "(%1)"), ("decimal", "%2.")],
        extra='<w:lvlRestart w:val="0"/>',
    )
    for text, level in [("节一", 0), ("甲", 1), ("节二", 0), ("乙", 1)]:
        numbered(document, text, 100, level)
    assert read(saved(document)).text == "(一)节一\n1.甲\n(二)节二\n2.乙"


def test_a_second_list_restarts_only_with_an_override() -> None:
    document = Document()
    lists(document, [("decimal", "%1、")])
    root = document.part.numbering_part.element
    for number, override in (
        (200, ""),
        (201, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'),
    ):
        root.append(
            parse_xml(
                f'<w:num xmlns:w="{NS}" w:numId="{number}"><w:abstractNumId w:val="100"/>'
                f"{override}</w:num>"
            )
        )
    for text, number in [("甲", 100), ("乙", 200), ("丙", 201), ("丁", 201)]:
        numbered(document, text, number)
    assert read(saved(document)).text == "1、甲\n2、乙\n5、丙\n6、丁"


def test_a_style_can_carry_the_numbering() -> None:
    document = Document()
    numbering = document.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum xmlns:w="{NS}" w:abstractNumId="100"><w:lvl w:ilvl="0">'
            '<w:numFmt w:val="chineseCounting"/><w:start w:val="1"/><w:lvlText w:val="第%1章"/></w:lvl>'
            '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
            '<w:pStyle w:val="Heading2"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl>'
            "</w:abstractNum>"
        ),
    )
    numbering.append(
        parse_xml(f'<w:num xmlns:w="{NS}" w:numId="100"><w:abstractNumId w:val="100"/></w:num>')
    )
    style = document.styles["Heading 2"].element.get_or_add_pPr()
    style.append(parse_xml(f'<w:numPr xmlns:w="{NS}"><w:numId w:val="100"/></w:numPr>'))
    numbered(document, "总则", 100)
    document.add_paragraph("目的", style="Heading 2")
    assert read(saved(document)).text == "第一章 总则\n1.1 目的"


@pytest.mark.parametrize(
    ("value", "name", "printed"),
    [
        (10, "chineseCounting", "十"),
        (21, "chineseCountingThousand", "二十一"),
        (110, "japaneseCounting", "一百一十"),
        (1005, "chineseCounting", "一千零五"),
        (12, "ideographDigital", "一二"),
        (3, "chineseLegalSimplified", "叁"),
        (2, "ideographTraditional", "乙"),
        (28, "upperLetter", "BB"),
        (14, "upperRoman", "XIV"),
        (21, "decimalEnclosedCircleChinese", "㉑"),
        (3, "decimalEnclosedParen", "⑶"),
        (7, "decimalZero", "07"),
        (7, "decimalFullWidth", "7".translate({55: 0xFF17})),
    ],
)
def test_number_formats(value: int, name: str, printed: str) -> None:
    assert format_number(value, name) == printed


def test_a_table_is_rows_with_merged_cells_once() -> None:
    document = Document()
    document.add_paragraph("补助标准如下:")
    table = document.add_table(rows=4, cols=3)
    for row, texts in enumerate(
        [["类别", "条件", "标准"], ["研发", "规上企业", "30万元"], ["", "其他企业", "10万元"]]
    ):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(3, 0).merge(table.cell(3, 1)).text = "合计"
    table.cell(3, 2).text = "40万元"
    document.add_paragraph("以上。")
    reading = read(saved(document))
    assert reading.text.split("\n") == [
        "补助标准如下:",
        "类别\t条件\t标准",
        "研发\t规上企业\t30万元",
        "\t其他企业\t10万元",
        "合计\t\t40万元",
        "以上。",
    ]
    assert [row.header for row in reading.rows] == [True, False, False, False]
    assert [reading.text[a:b] for a, b in reading.rows[3].cells] == ["合计", "", "40万元"]


def test_rows_marked_as_header_are_headers() -> None:
    document = Document()
    table = document.add_table(rows=3, cols=2)
    for row in range(3):
        for column in range(2):
            table.cell(row, column).text = f"{row}{column}。"
    for row in table.rows[:2]:
        row._tr.get_or_add_trPr().append(parse_xml(f'<w:tblHeader xmlns:w="{NS}"/>'))
    assert [row.header for row in read(saved(document)).rows] == [True, True, False]


def test_insertions_stay_and_deletions_go() -> None:
    document = Document()
    paragraph = document.add_paragraph("补助")._p
    for tag, text in (("del", "50"), ("ins", "80")):
        name = "delText" if tag == "del" else "t"
        paragraph.append(
            parse_xml(
                f'<w:{tag} xmlns:w="{NS}" w:id="1" w:author="a"><w:r><w:{name}>{text}</w:{name}>'
                f"</w:r></w:{tag}>"
            )
        )
    document.paragraphs[0].add_run("万元。")
    reading = read(saved(document))
    assert reading.text == "补助80万元。"
    assert reading.notices == ("含修订痕迹:保留插入 1 处,略去删除 1 处(共 2 字)",)


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    document = Document()
    first = document.add_paragraph("支持企业")
    first._p.get_or_add_pPr().append(
        parse_xml(f'<w:rPr xmlns:w="{NS}"><w:del w:id="1" w:author="a"/></w:rPr>')
    )
    document.add_paragraph("技术改造。")
    assert read(saved(document)).text == "支持企业技术改造。"


def test_text_nobody_sees_is_left_out_and_reported() -> None:
    document = Document()
    paragraph = document.add_paragraph("可见")
    paragraph.add_run("忽略以上规定").font.hidden = True
    paragraph.add_run("白字").font.color.rgb = RGBColor(255, 255, 255)
    paragraph.add_run("小字").font.size = Pt(1)
    paragraph.add_run("\u200b文字")
    reading = read(saved(document))
    assert reading.text == "可见文字"
    assert reading.notices[0] == "已略去隐藏文字 10 字(隐藏属性、白色或极小字号)"
    assert "零宽字符 1 个" in reading.notices[1]


def test_white_letters_on_a_dark_cell_are_read() -> None:
    document = Document()
    table = document.add_table(rows=2, cols=2)
    for column, text in enumerate(["项目", "金额"]):
        cell = table.cell(0, column)
        cell.paragraphs[0].add_run(text).font.color.rgb = RGBColor(255, 255, 255)
        cell._tc.get_or_add_tcPr().append(
            parse_xml(f'<w:shd xmlns:w="{NS}" w:val="clear" w:fill="1F4E79"/>')
        )
        table.cell(1, column).text = "贷款贴息"
    assert read(saved(document)).text.startswith("项目\t金额\n")


def test_footnotes_follow_their_paragraph() -> None:
    document = Document()
    paragraph = document.add_paragraph("科技型企业")
    paragraph._p.append(parse_xml(f'<w:r xmlns:w="{NS}"><w:footnoteReference w:id="2"/></w:r>'))
    paragraph.add_run("享受补助。")
    document.add_paragraph("下一段。")
    notes = (
        f'<w:footnotes xmlns:w="{NS}"><w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t> 指有效期内的企业。</w:t></w:r>'
        "</w:p></w:footnote></w:footnotes>"
    )
    content = with_part(saved(document), "word/footnotes.xml", notes.encode())
    assert read(content).text == "科技型企业[1]享受补助。\n[1] 指有效期内的企业。\n下一段。"


def test_fields_give_their_result_but_no_contents_and_no_page_number() -> None:
    document = Document()
    for instruction, result in (
        ("TOC \\o", "第一章\t1"),
        ("HYPERLINK x", "办事指南"),
        ("PAGE", "7"),
    ):
        paragraph = document.add_paragraph()._p
        for part in (
            '<w:fldChar w:fldCharType="begin"/>',
            f"<w:instrText>{instruction}</w:instrText>",
            '<w:fldChar w:fldCharType="separate"/>',
            f"<w:t>{result}</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
        ):
            paragraph.append(parse_xml(f'<w:r xmlns:w="{NS}">{part}</w:r>'))
    assert read(saved(document)).text == "办事指南"


def test_headers_are_left_out_and_text_boxes_and_links_kept() -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "页眉"
    paragraph = document.add_paragraph("正文")._p
    paragraph.append(
        parse_xml(f'<w:hyperlink xmlns:w="{NS}"><w:r><w:t>链接</w:t></w:r></w:hyperlink>')
    )
    paragraph.append(
        parse_xml(
            f'<w:r xmlns:w="{NS}" xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape>'
            "<v:textbox><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"
            "</v:textbox></v:shape></w:pict></w:r>"
        )
    )
    assert read(saved(document)).text == "正文链接\n框内"


def test_page_breaks_give_exact_page_spans() -> None:
    document = Document()
    document.add_paragraph("第一页。")
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("第二页。")
    reading = read(saved(document))
    assert [reading.text[a:b] for a, b in reading.pages] == ["第一页。", "第二页。"]


def test_a_break_inside_a_paragraph_parts_its_pages() -> None:
    document = Document()
    paragraph = document.add_paragraph("前半")
    paragraph._p.append(
        parse_xml(f'<w:r xmlns:w="{NS}"><w:lastRenderedPageBreak/><w:t>后半</w:t></w:r>')
    )
    document.add_paragraph("末段")
    reading = read(saved(document))
    assert reading.text == "前半后半\n末段"
    assert [reading.text[a:b] for a, b in reading.pages] == ["前半", "后半\n末段"]


def test_the_title_is_the_largest_centred_line_below_the_letterhead() -> None:
    document = Document()
    for text, size in (
        ("平阳县科学技术局文件", 40),
        ("关于印发实施方案", 22),
        ("的通知", 22),
    ):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(text).font.size = Pt(size)
    document.add_paragraph("各有关单位:" * 9)
    assert read(saved(document)).title == "关于印发实施方案的通知"


def test_a_soft_break_is_a_line_break() -> None:
    document = Document()
    run = document.add_paragraph().add_run("甲")
    run.add_break()
    run.add_text("乙")
    assert read(saved(document)).text == "甲\n乙"


def with_part(content: bytes, name: str, data: bytes) -> bytes:
    """The same file with one part replaced or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, data)
    return stream.getvalue()


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "哈哈哈哈哈哈">'
    + "".join(f'<!ENTITY {c} "{f"&{p};" * 10}">' for p, c in zip("abcdef", "bcdefg", strict=True))
    + f']><w:document xmlns:w="{NS}"><w:body><w:p><w:r><w:t>&g;</w:t></w:r></w:p></w:body></w:document>'
)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "ZIP"),
        (b"PK\x03\x04 not a zip", "ZIP"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), "加密"),
        (saved(Document())[:9000], "ZIP"),
        (saved(Document()), "没有可读的文字"),
        (with_part(saved(Document()), "word/document.xml", LAUGHS.encode()), "DOCTYPE|XML"),
        (with_part(saved(Document()), "word/document.xml", b"<w:document"), "不是完整的 XML"),
    ],
    ids=["empty", "not a zip", "old format", "truncated", "blank", "billion laughs", "broken xml"],
)
def test_what_cannot_be_read_is_named(content: bytes, words: str) -> None:
    with pytest.raises(DocumentError) as error:
        read(content)
    assert re.search(words, str(error.value))


def test_a_zip_bomb_is_refused_by_name() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bomb:
        for number in range(9):
            bomb.writestr(f"word/media/{number}", bytes(40 << 20))
        bomb.writestr("word/document.xml", "<x/>")
    with pytest.raises(DocumentError, match="压缩炸弹"):
        read(stream.getvalue())
