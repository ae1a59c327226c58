"""PDF files, made here by reportlab: columns, furniture, footnotes, tables, hidden text, damage."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.lib import colors, pdfencrypt
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import CIDFont, UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    PageTemplate,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from knowledge_base.errors import DocumentError
from knowledge_base.readers.pdf import read
from knowledge_base.readers.reading import Reading

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
WIDTH, HEIGHT = A4
POLICY = (
    Path(__file__).parents[3] / "knowledge_base/corpus/policies/330326/pingyang-2024-65.txt"
).read_text(encoding="utf8")
INDENTED = ParagraphStyle(
    "indented", fontName=FONT, fontSize=16, leading=28, firstLineIndent=32, wordWrap="CJK"
)
SPACED = ParagraphStyle(
    "spaced", fontName=FONT, fontSize=12, leading=18, spaceAfter=14, wordWrap="CJK"
)
NARROW = ParagraphStyle(
    "narrow", fontName=FONT, fontSize=10, leading=16, firstLineIndent=20, wordWrap="CJK"
)
Draw = Callable[[Canvas], None]


def body_lines() -> list[str]:
    """The seed policy from its title on, one paragraph a line."""
    lines = [line.strip() for line in POLICY.splitlines() if line.strip()]
    first = next(i for i, line in enumerate(lines) if line.startswith("关于印发"))
    return lines[first:]


def flowed(style: ParagraphStyle, lines: list[str]) -> bytes:
    stream = io.BytesIO()
    SimpleDocTemplate(stream, pagesize=A4).build([Paragraph(line, style) for line in lines])
    return stream.getvalue()


def columns(lines: list[str], furniture: Callable[[Canvas, BaseDocTemplate], None]) -> bytes:
    """Two columns of 10 point text on every page."""
    stream = io.BytesIO()
    document = BaseDocTemplate(stream, pagesize=A4)
    frames = [Frame(x, 80, 215, 680) for x in (70, 310)]
    document.addPageTemplates(PageTemplate("two", frames, onPage=furniture))
    document.build([Paragraph(line, NARROW) for line in lines])
    return stream.getvalue()


def drawn(*pages: Draw) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def put(canvas: Canvas, text: str, x: float, top: float, size: float = 16) -> None:
    canvas.setFont(FONT, size)
    canvas.drawString(x, HEIGHT - top, text)


def written(*lines: tuple[str, float, float]) -> Draw:
    """A page of 16 point lines: (text, x, distance from the top)."""

    def draw(canvas: Canvas) -> None:
        for text, x, top in lines:
            put(canvas, text, x, top)

    return draw


def of_pages(reading: Reading) -> list[str]:
    return [reading.text[start:end] for start, end in reading.pages]


@pytest.mark.parametrize("style", [INDENTED, SPACED, NARROW], ids=lambda style: style.name)
def test_every_paragraph_of_the_seed_policy_comes_back_verbatim(style: ParagraphStyle) -> None:
    reading = read(flowed(style, body_lines()))
    assert reading.text.split("\n") == body_lines()
    assert reading.notices == ()


def test_two_columns_with_heads_and_page_numbers_come_back_verbatim() -> None:
    def furniture(canvas: Canvas, document: BaseDocTemplate) -> None:
        put(canvas, "平阳县科学技术局文件汇编", 220, 50, 9)
        put(canvas, f"— {document.page} —", 280, 800, 9)

    reading = read(columns(body_lines(), furniture))
    assert reading.text.split("\n") == body_lines()
    assert len(reading.pages) > 2


@pytest.mark.parametrize(
    "number", ["— {0} —", "第{0}页 共{1}页", "{0}/{1}", "{0}", "- {0} -", "Page {0} of {1}"]
)
def test_page_numbers_are_left_out(number: str) -> None:
    pages = [
        written((f"第{i}部分的内容。", 90, 100), (number.format(i, 4), 280, 800))
        for i in range(1, 5)
    ]
    assert read(drawn(*pages)).text == "\n".join(f"第{i}部分的内容。" for i in range(1, 5))


def test_annex_marks_at_the_top_of_pages_are_no_running_heads() -> None:
    pages = [written((f"附件{i}", 90, 80), ("申报书", 260, 130)) for i in (1, 2)]
    assert read(drawn(*pages)).text == "附件1\n申报书\n附件2\n申报书"


def test_what_a_browser_prints_at_the_edge_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, "2025/3/7 15:30", 30, 20, 8)
        put(canvas, "关于印发方案的通知-平阳县人民政府", 230, 20, 8)
        put(canvas, "https://www.zjpy.gov.cn/art/2025/3/7/art_1229519550.html", 30, 830, 8)
        put(canvas, "1/1", 550, 830, 8)
        put(canvas, "正文。", 90, 100)

    assert read(drawn(draw)).text == "正文。"


def test_pages_are_exact_when_a_paragraph_crosses_them() -> None:
    lines = ["各" * 24, "处" * 27, "理" * 27]
    first = written(*((line, 112 if i == 0 else 80, 100 + 28 * i) for i, line in enumerate(lines)))
    second = written(("完毕。", 80, 100), ("次段" + "文" * 22, 112, 128), ("末。", 80, 156))
    reading = read(drawn(first, second))
    assert reading.text == "".join(lines) + "完毕。\n次段" + "文" * 22 + "末。"
    assert of_pages(reading) == ["".join(lines), reading.text[len("".join(lines)) :]]


def test_a_blank_page_has_an_empty_span() -> None:
    reading = read(drawn(written(("甲。", 90, 100)), lambda _: None, written(("乙。", 90, 100))))
    assert of_pages(reading) == ["甲。", "", "乙。"]


def test_a_footnote_stands_below_its_paragraph_and_never_in_a_sentence() -> None:
    def first(canvas: Canvas) -> None:
        put(canvas, "科" * 20 + "企业", 112, 100)
        put(canvas, "1", 464.5, 94, 8)
        put(canvas, "享受", 470, 100)
        put(canvas, "补" * 27, 80, 128)
        put(canvas, "1", 80, 756, 6)
        put(canvas, " 指有效期内的企业。", 84, 760, 10)

    second = written(("助。", 80, 100), ("面积100" + "米" * 20, 112, 128), ("以上。", 80, 156))
    reading = read(drawn(first, second))
    text = "科" * 20 + "企业[1]享受" + "补" * 27 + "助。\n[1] 指有效期内的企业。"
    assert reading.text.startswith(text)


def small_list(canvas: Canvas) -> None:
    """A numbered list in small type at the foot of a page of larger text."""
    put(canvas, "支持①研发投入②技术改造" * 2, 112, 100)
    for i, text in enumerate(["①营业执照;", "②审计报告;", "1.申请书;"]):
        put(canvas, text, 112, 600 + 20 * i, 12)


def test_circled_numbers_that_nothing_raised_refers_to_are_numbering() -> None:
    text = read(drawn(small_list)).text
    assert text == "支持①研发投入②技术改造" * 2 + "\n①营业执照;\n②审计报告;\n1.申请书;"


def test_a_raised_circled_number_with_its_note_at_the_foot_is_a_footnote() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, "支持①规上企业" + "研" * 12, 112, 100)
        put(canvas, "①", 112 + 19 * 16, 94, 8)
        put(canvas, "①指年营业收入达标的企业。", 112, 760, 10)

    expected = "支持①规上企业" + "研" * 12 + "[1]\n[1] 指年营业收入达标的企业。"
    assert read(drawn(draw)).text == expected


def test_an_exponent_is_no_footnote() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, "面积达到500m", 112, 100)
        put(canvas, "2", 112 + pdfmetrics.stringWidth("面积达到500m", FONT, 16), 94, 8)

    assert read(drawn(draw)).text == "面积达到500m²"


ROWS = [["类别", "条件", "标准"], *([f"第{i}类", f"企业{i}", f"{i}万元"] for i in range(1, 61))]


def ruled(data: list[list[str]], *style: tuple[object, ...], repeat: int = 0) -> Flowable:
    grid = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONT", (0, 0), (-1, -1), FONT, 12)]
    return Table(data, colWidths=[90] * len(data[0]), repeatRows=repeat, style=[*grid, *style])


def built(*flowables: Flowable) -> bytes:
    stream = io.BytesIO()
    SimpleDocTemplate(stream, pagesize=A4).build(list(flowables))
    return stream.getvalue()


def test_a_table_over_a_page_break_is_one_table_with_its_header_once() -> None:
    before, after = Paragraph("标准如下:", SPACED), Paragraph("以上。", SPACED)
    reading = read(built(before, ruled(ROWS, repeat=1), Spacer(1, 20), after))
    assert reading.text.split("\n") == ["标准如下:", *("\t".join(row) for row in ROWS), "以上。"]
    assert {row.table for row in reading.rows} == {1}
    assert [row.header for row in reading.rows] == [True] + [False] * 60
    assert len(reading.pages) == 2
    assert of_pages(reading)[1].split("\n")[0].startswith("第")
    first = reading.rows[1]
    assert [reading.text[a:b] for a, b in first.cells] == ["第1类", "企业1", "1万元"]


def test_merged_cells_stand_once_where_they_begin() -> None:
    data = [
        ["类别", "条件", "标准"],
        ["研发", "规上", "30万元"],
        ["", "其他", "10万元"],
        ["合计", "", "40万元"],
    ]
    reading = read(built(ruled(data, ("SPAN", (0, 1), (0, 2)), ("SPAN", (0, 3), (1, 3)))))
    assert reading.text == "类别\t条件\t标准\n研发\t规上\t30万元\n\t其他\t10万元\n合计\t\t40万元"


def three_lined(data: list[list[str]], *style: tuple[object, ...]) -> Flowable:
    thick = [(f"LINE{side}", (0, 0), (-1, 0), 1, colors.black) for side in ("ABOVE", "BELOW")]
    last = ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black)
    font = ("FONT", (0, 0), (-1, -1), FONT, 12)
    return Table(data, colWidths=[110] * len(data[0]), style=[*thick, last, font, *style])


@pytest.mark.parametrize("columns", [2, 3])
def test_a_table_of_three_rules_comes_as_rows_with_its_header(columns: int) -> None:
    data = [row[:columns] for row in ROWS[:5]]
    before, after = Paragraph("标准如下:", SPACED), Paragraph("以上。", SPACED)
    reading = read(built(before, three_lined(data), after))
    assert reading.text.split("\n") == ["标准如下:", *("\t".join(row) for row in data), "以上。"]
    assert [row.header for row in reading.rows] == [True, False, False, False, False]


def test_a_table_of_level_rules_keeps_wrapped_cells_whole() -> None:
    data = [
        ["类别", "条件", "标准"],
        ["研发", "上年度研发费用\n增长的企业", "30万元"],
        ["高企", "首次认定", "20万元"],
    ]
    rule = ("LINEBELOW", (0, 0), (-1, -1), 1, colors.black)
    reading = read(built(three_lined(data, rule, ("VALIGN", (0, 0), (-1, -1), "MIDDLE"))))
    expected = "类别\t条件\t标准\n研发\t上年度研发费用增长的企业\t30万元\n高企\t首次认定\t20万元"
    assert reading.text == expected


def test_a_table_open_at_its_sides_keeps_its_outer_columns() -> None:
    data = ROWS[:4]
    inner = ("INNERGRID", (0, 0), (-1, -1), 0.5, colors.black)
    reading = read(built(Paragraph("标准如下:", SPACED), three_lined(data, inner)))
    assert reading.text == "标准如下:\n" + "\n".join("\t".join(row) for row in data)
    assert [row.header for row in reading.rows] == [True, False, False, False]


def test_aligned_columns_of_figures_below_names_are_a_table() -> None:
    lines = [
        (cell, x, 100 + 24 * i)
        for i, row in enumerate(ROWS[:5])
        for cell, x in zip(row, (90, 220, 350), strict=True)
    ]
    reading = read(drawn(written(*lines)))
    assert reading.text == "\n".join("\t".join(row) for row in ROWS[:5])
    assert [row.header for row in reading.rows] == [True, False, False, False, False]


def test_names_in_columns_are_no_table() -> None:
    names = [["张三", "李四", "王五"], ["赵六", "钱七", "孙八"], ["周九", "吴十", "郑一"]]
    lines = [
        (cell, x, 100 + 24 * i)
        for i, row in enumerate(names)
        for cell, x in zip(row, (90, 220, 350), strict=True)
    ]
    reading = read(drawn(written(*lines)))
    assert (reading.text, reading.rows) == ("张三 李四 王五\n赵六 钱七 孙八\n周九 吴十 郑一", ())


def test_text_nobody_sees_is_left_out_and_counted() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, "可见正文。", 90, 100)
        canvas.setFillColorRGB(1, 1, 1)
        put(canvas, "白色指令", 90, 200)
        canvas.setFillColorRGB(0, 0, 0)
        put(canvas, "极小", 90, 300, 1)
        put(canvas, "页外", 900, 300)
        text = canvas.beginText(90, 300)
        text.setFont(FONT, 12)
        text.setTextRenderMode(3)
        text.textLine("不可见")
        canvas.drawText(text)

    reading = read(drawn(draw))
    assert reading.text == "可见正文。"
    assert reading.notices == ("已略去隐藏文字 11 字(白色、不可见、极小或在页面之外)",)


def test_white_letters_on_a_dark_cell_are_read() -> None:
    dark = ("BACKGROUND", (0, 0), (-1, 0), colors.navy)
    white = ("TEXTCOLOR", (0, 0), (-1, 0), colors.white)
    assert read(built(ruled(ROWS[:3], dark, white))).text.startswith("类别\t条件\t标准\n")


def test_rotated_text_is_left_out_with_notice() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, "正文。", 90, 100)
        canvas.rotate(45)
        put(canvas, "水印", 400, 500)

    reading = read(drawn(draw))
    assert (reading.text, reading.notices) == ("正文。", ("已略去旋转或竖排文字 2 字",))


def test_radicals_become_the_characters_they_look_like() -> None:
    reading = read(drawn(written(("目标⺠企⻔槛", 90, 100))))
    assert reading.text == "目标民企门槛"
    assert reading.notices == ("已将 2 个部首或兼容字形换成通用汉字",)


def test_blanks_that_justify_are_dropped_and_printed_ones_kept() -> None:
    spaced = written((" ".join("支持企业技术改造"), 90, 100), ("第一条 为了规范", 90, 180))
    assert read(drawn(spaced)).text == "支持企业技术改造\n第一条 为了规范"


def test_the_title_is_one_line_even_where_the_page_wraps_it() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(FONT, 22)
        canvas.drawCentredString(WIDTH / 2, HEIGHT - 100, "国务院关于印发国家职业教育改革")
        canvas.drawCentredString(WIDTH / 2, HEIGHT - 135, "实施方案的通知")
        for i in range(4):
            put(canvas, "各" * (24 if i % 2 == 0 else 27), 112 if i % 2 == 0 else 80, 200 + 28 * i)

    reading = read(drawn(draw))
    assert reading.title == "国务院关于印发国家职业教育改革实施方案的通知"
    assert reading.text.startswith(reading.title + "\n各")


def encrypted(user: str) -> bytes:
    stream = io.BytesIO()
    lock = pdfencrypt.StandardEncryption(user, ownerPassword="owner", strength=128)
    canvas = Canvas(stream, pagesize=A4, encrypt=lock)
    canvas.drawString(90, 700, "Policy 2024")
    canvas.save()
    return stream.getvalue()


def test_an_encrypted_file_is_named_and_one_with_an_empty_password_is_read() -> None:
    with pytest.raises(DocumentError, match="已加密"):
        read(encrypted("secret"))
    assert read(encrypted("")).text == "Policy 2024"


@pytest.mark.parametrize("encoding", ["UniGB-UCS2-H", "GBK-EUC-H"])
@pytest.mark.parametrize("locked", [False, True], ids=["open", "empty password"])
def test_a_chinese_font_that_is_not_embedded_is_read_as_text(encoding: str, locked: bool) -> None:
    font = CIDFont(FONT, encoding)
    pdfmetrics.registerFont(font)
    stream = io.BytesIO()
    lock = pdfencrypt.StandardEncryption("", ownerPassword="owner") if locked else None
    canvas = Canvas(stream, pagesize=A4, encrypt=lock)
    canvas.rect(40, 40, 500, 760)
    canvas.rect(50, 50, 480, 740)
    canvas.setFont(font.fontName, 16)
    raw = "一、支持企业创新".encode("gbk" if encoding.startswith("GBK") else "utf-16-be")
    canvas.drawString(90, 700, raw.decode("latin-1"))
    canvas.save()
    reading = read(stream.getvalue())
    assert (reading.text, reading.notices) == ("一、支持企业创新", ())


WHOLE = drawn(written(("正文。", 90, 100)))
CYCLE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Count 1/Kids[2 0 R]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "不是 PDF"),
        (b"PK\x03\x04", "不是 PDF"),
        (WHOLE[: len(WHOLE) // 2], "不完整"),
        (WHOLE[:300] + b"%%EOF", "损坏"),
        (CYCLE, "损坏"),
        (drawn(lambda _: None), "没有可读的文字"),
    ],
    ids=["empty", "other format", "truncated", "cut out", "cyclic", "blank"],
)
def test_what_cannot_be_read_is_named(content: bytes, words: str) -> None:
    with pytest.raises(DocumentError, match=words):
        read(content)


def test_600_pages_are_refused() -> None:
    content = drawn(*[written(("页。", 90, 100))] * 600)
    with pytest.raises(DocumentError, match="共 600 页,超过 500 页"):
        read(content)


def test_three_columns_are_read_one_after_the_other() -> None:
    texts = [[mark * 14 for _ in range(8)] for mark in "甲乙丙"]

    def draw(canvas: Canvas) -> None:
        for column, lines in enumerate(texts):
            for row, line in enumerate(lines):
                put(canvas, line, 60 + 170 * column, 100 + 16 * row, 10)

    assert read(drawn(draw)).text.replace("\n", "") == "".join("".join(t) for t in texts)


def test_labels_with_values_beside_them_are_no_columns() -> None:
    pairs = [("索引号", "001008/2025"), ("发布机构", "县科技局"), ("文号", "平科〔2024〕65号")]
    lines = [
        (t, x, 100 + 28 * i) for i, p in enumerate(pairs) for t, x in zip(p, (90, 300), strict=True)
    ]
    expected = [" ".join(pair) for pair in pairs]
    assert read(drawn(written(*lines))).text.split("\n") == expected


def test_a_heading_over_two_columns_comes_before_both() -> None:
    def heading(canvas: Canvas, document: BaseDocTemplate) -> None:
        if document.page == 1:
            put(canvas, "关于印发平阳县金融支持科技创新行动实施方案的通知", 100, 70, 18)

    reading = read(columns(body_lines()[1:], heading))
    assert reading.text.split("\n")[1:] == body_lines()[1:]
    assert reading.title == "关于印发平阳县金融支持科技创新行动实施方案的通知"


@pytest.mark.usefixtures("unhurried")
def test_a_page_crowded_with_glyphs_is_read_in_linear_time() -> None:
    def draw(canvas: Canvas) -> None:
        for i in range(480):
            put(canvas, "一、" * 60, 20, 20 + i * 800 / 480, 3)

    assert read(drawn(draw)).text.count("一、") == 480 * 60
