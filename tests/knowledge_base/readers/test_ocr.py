"""Pictures of printed pages, made here by Pillow from a font with Chinese characters."""

import functools
import importlib.util
import io
import socket
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from knowledge_base.errors import DocumentError
from knowledge_base.readers import ocr, pdf
from knowledge_base.readers.page_lines import Line
from knowledge_base.readers.scan_tables import find_tables

FACE = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
SIZE = (1240, 1000)
PARAGRAPHS = [
    "一、主要目标",
    "围绕科技创新体系建设、先进制造业集群建设等重点领域，推动我县银行保险机构坚持需求导向、精准便利、"
    "优势互补、风险可控等原则，为科技型企业提供全生命周期的金融服务。",
    "二、主要任务",
    "1.支持传统产业转型升级。积极对接我县企业设备更新及智能技改项目，加大技改贷款投放，"
    "支持传统产业加快应用先进适用技术。",
]
needs_font = pytest.mark.skipif(not FACE.exists(), reason="fonts-noto-cjk 未安装")
needs_engine = pytest.mark.skipif(
    importlib.util.find_spec("rapidocr") is None, reason="huiqi[ocr] 未安装"
)


@functools.cache
def printed() -> Image.Image:
    """The paragraphs set in 36 pixel type, first lines indented, on a page of 150 dpi."""
    font = ImageFont.truetype(str(FACE), 36)
    page = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(page)
    top = 120
    for paragraph in PARAGRAPHS:
        line = "\u3000\u3000"
        for char in paragraph:
            if draw.textlength(line + char, font=font) > SIZE[0] - 240 and char not in "，。、":
                draw.text((120, top), line, font=font, fill="black")
                line, top = "", top + 64
            line += char
        draw.text((120, top), line, font=font, fill="black")
        top += 64
    return page


def encoded(image: Image.Image, format: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, format, **options)
    return stream.getvalue()


@needs_font
@needs_engine
@pytest.mark.parametrize("angle", [0, 1.5, -1, 180])
def test_a_skewed_page_comes_back_without_a_wrong_character(angle: float) -> None:
    turned = printed().rotate(angle, fillcolor="white", resample=Image.Resampling.BICUBIC)
    reading = ocr.read(encoded(turned, "PNG"))
    assert reading.text.split("\n") == PARAGRAPHS
    assert reading.pages == ((0, len(reading.text)),)
    assert reading.notices[0] == "第 1 页由文字识别得到,请核对原件"


Placed = tuple[str, float | None, float, int]


def drawn(*lines: Placed, rules: tuple[tuple[float, float, float, float], ...] = ()) -> Image.Image:
    """A page of lines (text, x or None for centred, top, size) and of rules."""
    page = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(page)
    for text, x, top, size in lines:
        font = ImageFont.truetype(str(FACE), size)
        left = (SIZE[0] - draw.textlength(text, font=font)) / 2 if x is None else x
        draw.text((left, top), text, font=font, fill="black")
    for rule in rules:
        draw.line(rule, fill="black", width=2)
    return page


BODY = "为深入贯彻落实创新驱动发展战略现将行动实施方案印"


@needs_font
@needs_engine
@pytest.mark.parametrize(("number", "title"), [(30, 34), (30, 42), (38, 40)])
def test_document_number_title_and_addressee_of_a_red_head_stand_apart(
    number: int, title: int
) -> None:
    lines = (
        ("平阳县科学技术局文件", None, 60, 80),
        ("平科〔2024〕65号", None, 200, number),
        ("平阳县科学技术局关于印发金融支持", None, 290, title),
        ("科技创新行动实施方案的通知", None, 290 + 1.6 * title, title),
        ("各乡镇人民政府，县政府直属各单位：", 120, 450, 30),
        ("\u3000\u3000" + BODY + "发给你们，请认真", 120, 504, 30),
        ("贯彻执行，" + BODY + "发给你", 120, 558, 30),
        ("们，请认真贯彻执行并落实。", 120, 612, 30),
    )
    reading = ocr.read(encoded(drawn(*lines).rotate(0.5, fillcolor="white"), "PNG"))
    whole = "平阳县科学技术局关于印发金融支持科技创新行动实施方案的通知"
    assert reading.title == whole
    assert reading.text.split("\n")[:4] == [line[0] for line in lines[:2]] + [whole, lines[4][0]]
    assert len(reading.text.split("\n")) == 5


@needs_font
@needs_engine
@pytest.mark.parametrize("tail", ["定。", "5%。", "2027。", "元）；"])
def test_the_short_last_line_of_a_paragraph_is_no_line_of_its_own(tail: str) -> None:
    first = ("\u3000\u3000" + BODY + "发给你们，请认真", 120, 100, 30)
    second = (BODY + "发给你们，请认真执行", 120, 154, 30)
    lines = (first, second, (tail, 120, 208, 30), (*first[:2], 262, 30), (*second[:2], 316, 30))
    paragraphs = ocr.read(encoded(drawn(*lines), "PNG")).text.split("\n")
    assert paragraphs[0].endswith(tail)
    assert len(paragraphs) == 2


CELLS = [
    ["项目", "条件", "标准"],
    ["研发投入", "年研发费用增长的企业", "30万元"],
    ["高新企业", "首次认定高新技术企业", "20万元"],
]
EDGES = (120, 400, 840, 1120)
LEVEL = tuple((120, 180 + 80 * i, 1120, 180 + 80 * i) for i in range(4))


def tabled(*rules: tuple[float, float, float, float]) -> Image.Image:
    """The cells between two paragraphs, ruled as told."""
    cells = [
        (cell, x + 20, 200 + 80 * row, 30)
        for row, cells in enumerate(CELLS)
        for cell, x in zip(cells, EDGES, strict=False)
    ]
    before, after = "\u3000\u3000奖励标准按下表执行：", "\u3000\u3000以上标准自发布之日起执行。"
    return drawn((before, 120, 100, 30), *cells, (after, 120, 470, 30), rules=rules)


@needs_font
@needs_engine
@pytest.mark.parametrize("angle", [0, 0.8, -1.2])
@pytest.mark.parametrize(
    "rules",
    [
        (*LEVEL, *((x, 180, x, 420) for x in EDGES)),
        (*LEVEL, *((x, 180, x, 420) for x in EDGES[1:3])),
        (LEVEL[0], LEVEL[1], LEVEL[3]),
    ],
    ids=["ruled", "open sides", "three rules"],
)
def test_a_table_on_a_scan_comes_as_rows_with_its_header(
    rules: tuple[tuple[float, float, float, float], ...], angle: float
) -> None:
    page = tabled(*rules).rotate(angle, fillcolor="white", resample=Image.Resampling.BICUBIC)
    reading = ocr.read(encoded(page, "PNG"))
    assert reading.text.split("\n")[1:4] == ["\t".join(row) for row in CELLS]
    assert reading.text.count("\n") == 4
    assert [row.header for row in reading.rows] == [True, False, False]


@needs_font
@needs_engine
def test_a_line_printed_across_a_rule_leaves_the_table_as_lines() -> None:
    page = tabled(*LEVEL, *((x, 180, x, 420) for x in EDGES))
    font = ImageFont.truetype(str(FACE), 30)
    draw = ImageDraw.Draw(page)
    draw.rectangle((410, 262, 830, 338), fill="white")
    draw.text((420, 280), "年研发费用增长的企业按标准给予", font=font, fill="black")
    reading = ocr.read(encoded(page, "PNG"))
    assert reading.rows == ()
    assert "年研发费用增长的企业按标准给予" in reading.text


@pytest.mark.usefixtures("unhurried")
@needs_engine
def test_squared_paper_keeps_its_lines() -> None:
    page = Image.new("RGB", (4000, 4000), "white")
    draw = ImageDraw.Draw(page)
    for at in range(10, 4000, 10):
        draw.line((at, 0, at, 4000), fill="black", width=1)
        draw.line((0, at, 4000, at), fill="black", width=1)
    lines = [Line(f"第{i}行", 100, 130, 100 + 40 * i, 110 + 40 * i, 10) for i in range(50)]
    assert find_tables(page, lines, 0.0) == ([], lines)


@needs_font
@needs_engine
def test_a_scanned_page_of_a_pdf_is_recognised_and_named() -> None:
    reading = pdf.read(encoded(printed(), "PDF", resolution=150))
    assert reading.text.split("\n") == PARAGRAPHS
    assert reading.notices[0] == "第 1 页由文字识别得到,请核对原件"


@needs_font
@needs_engine
def test_a_tiff_of_two_pages_has_two_pages() -> None:
    strip = printed().crop((0, 100, SIZE[0], 180))
    content = encoded(strip, "TIFF", save_all=True, append_images=[strip])
    reading = ocr.read(content)
    assert [reading.text[a:b] for a, b in reading.pages] == ["一、主要目标", "一、主要目标"]


@needs_font
@needs_engine
def test_the_models_are_never_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    ocr._engine.cache_clear()
    strip = printed().crop((0, 100, SIZE[0], 180))
    assert ocr.read(encoded(strip, "BMP")).text == "一、主要目标"


def test_without_the_engine_the_message_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    ocr._engine.cache_clear()
    with pytest.raises(DocumentError, match=r"pip install 'huiqi\[ocr\]'"):
        ocr.read(encoded(Image.new("RGB", (64, 64), "white"), "PNG"))
    ocr._engine.cache_clear()


@needs_engine
def test_a_white_page_has_no_text_to_give() -> None:
    with pytest.raises(DocumentError, match="没有识别出文字"):
        ocr.read(encoded(Image.new("RGB", (200, 200), "white"), "PNG"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "无法识别"),
        (b"GIF89a" + bytes(40), "无法识别"),
        (encoded(Image.new("L", (9000, 9000)), "PNG"), "压缩炸弹"),
        (encoded(Image.new("1", (20000, 20000)), "PNG"), "压缩炸弹"),
        (encoded(Image.effect_noise((400, 400), 90), "PNG")[:5000], "不完整"),
    ],
    ids=["empty", "other format", "too many pixels", "decompression bomb", "truncated"],
)
def test_what_cannot_be_read_is_named(content: bytes, words: str) -> None:
    with pytest.raises(DocumentError, match=words):
        ocr.read(content)
