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
