"""Scanned pages and pictures: rapidocr finds the lines, the page rules make paragraphs of them.

The models ship in rapidocr's own wheel and are named by path, so that nothing is ever fetched.
"""

import functools
import importlib.util
import io
import math
import os
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PIL import Image, ImageSequence, UnidentifiedImageError

from knowledge_base.errors import DocumentError
from knowledge_base.readers.assembly import assemble
from knowledge_base.readers.page_lines import Line, Page
from knowledge_base.readers.page_paragraphs import compose
from knowledge_base.readers.reading import Reading
from knowledge_base.readers.scan_tables import find_tables

LONGEST_SIDE = 4000
# Lines are found on a smaller picture than they are read on: 9 point letters keep 12 pixels of it.
_FINDING_SIDE = 1280
_THREADS = 4
_PIXELS = 64_000_000
_FRAMES = 100
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")
# rapidocr's own floor is 0.5; below this a line is shown, but its page is named in a notice.
_SURE = 0.85
# A page read with less than this on average may lie on its side or head.
_UPRIGHT = 0.8
_RARE = 0.2
_SIZES_ALIKE = 0.25
_SHORT, _SHORT_TALLER = 8, 1.5
_MISSING = (
    "文件是扫描件或图片,需要文字识别组件;请运行 pip install 'huiqi[ocr]' 安装后重试,"
    "或导入带文字层的文件"
)


@dataclass(frozen=True)
class Recognised:
    """A page as recognised, and the text of the lines that were hard to read."""

    page: Page
    doubtful: tuple[str, ...]


def read(content: bytes) -> Reading:
    """A picture (PNG, JPEG, BMP, WebP, TIFF of several pages) as text; DocumentError by name."""
    recognised = [recognise(image, number) for number, image in enumerate(_images(content), 1)]
    if not any(found.page.lines or found.page.grids for found in recognised):
        raise DocumentError("图片中没有识别出文字;请提供更清晰的扫描件(建议 200 dpi 以上)")
    pieces, title = compose([found.page for found in recognised])
    return assemble(pieces, "image", paged=True, title=title, notices=notices(recognised))


def notices(pages: Sequence[Recognised]) -> list[str]:
    """Which pages were recognised, and on which of them lines were hard to read."""
    if not pages:
        return []
    found = [f"第 {_numbers(pages)} 页由文字识别得到,请核对原件"]
    for page in pages:
        if page.doubtful:
            sample = "、".join(f"「{text[:20]}」" for text in page.doubtful[:3])
            found.append(f"第 {page.page.number} 页有 {len(page.doubtful)} 行识别把握不足:{sample}")
    return found


def _numbers(pages: Sequence[Recognised]) -> str:
    """Page numbers as 「1—12、15」."""
    runs: list[list[int]] = []
    for page in pages:
        number = page.page.number
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return "、".join(str(a) if a == b else f"{a}—{b}" for a, b in runs)


def _images(content: bytes) -> Iterator[Image.Image]:
    """Frames of a picture, checked by their stated size before a pixel is decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DocumentError(_too_large("像素过多")) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise DocumentError(
            "图片无法识别;请提供 PNG、JPEG、TIFF、BMP 或 WebP 格式的文件"
        ) from error
    count = getattr(picture, "n_frames", 1)
    if count > _FRAMES:
        raise DocumentError(f"图片共 {count} 页,超过 {_FRAMES} 页的上限;请拆分后再导入")
    try:
        for frame in ImageSequence.Iterator(picture):
            width, height = frame.size
            if width * height > _PIXELS:
                raise DocumentError(_too_large(f"{width}×{height} 像素"))
            yield _upright(frame)
    except (OSError, ValueError, SyntaxError) as error:
        raise DocumentError("图片不完整或已损坏;请重新扫描或重新下载") from error


def _too_large(what: str) -> str:
    return f"图片过大({what},上限 {_PIXELS // 10_000} 万像素),疑为压缩炸弹;请缩小后再导入"


def _upright(frame: Image.Image) -> Image.Image:
    """The picture as shown: turned as its camera says, transparent parts white, not too large."""
    from PIL import ImageOps

    shown = ImageOps.exif_transpose(frame)
    if shown.mode in ("RGBA", "LA", "PA") or "transparency" in shown.info:
        layer = shown.convert("RGBA")
        sheet = Image.new("RGBA", layer.size, "white")
        sheet.alpha_composite(layer)
        shown = sheet
    shown = shown.convert("RGB")
    shown.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return shown


@functools.cache
def _engine() -> Any:
    """rapidocr with its shipped models; made once per process."""
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or spec.origin is None or importlib.util.find_spec("onnxruntime") is None:
        raise DocumentError(_MISSING)
    models = Path(spec.origin).parent / "models"
    chosen: dict[str, Any] = {}
    for step in ("det", "cls", "rec"):
        found = sorted(models.glob(f"*_{step}_*.onnx"))
        if not found:
            raise DocumentError(_MISSING)
        chosen[f"{step.capitalize()}.model_path"] = str(found[0])
    from rapidocr import RapidOCR

    running = {
        "intra_op_num_threads": min(os.cpu_count() or 1, _THREADS),
        "inter_op_num_threads": 1,
        "enable_cpu_mem_arena": True,  # without it each step asks the system for memory anew
    }
    chosen |= {f"EngineConfig.onnxruntime.{name}": value for name, value in running.items()}
    # Its own classifier turns single lines upside down by mistake; whole pages are turned below.
    fixed = {
        "Global.log_level": "critical",
        "Global.use_cls": False,
        "Det.limit_type": "max",
        "Det.limit_side_len": _FINDING_SIDE,
    }
    return RapidOCR(params={**fixed, **chosen})


def recognise(image: Image.Image, number: int) -> Recognised:
    """Lines of one page, skew taken out; a page scanned on its side or head is turned upright."""
    best = _scanned(image, number)
    for turns in (2, 1, 3):
        if best.sureness >= _UPRIGHT:
            break
        turned = _scanned(image.rotate(90 * turns, expand=True, fillcolor="white"), number)
        best = max(best, turned, key=lambda scan: scan.sureness)
    doubtful = tuple(text for text, score in best.scores if score < _SURE)
    return Recognised(best.page, doubtful)


@dataclass(frozen=True)
class _Scan:
    """One reading of a page, the score of every line, and a mean of them weighed by length."""

    page: Page
    scores: tuple[tuple[str, float], ...]

    @property
    def sureness(self) -> float:
        count = sum(len(text) for text, _ in self.scores)
        return sum(len(text) * score for text, score in self.scores) / count if count else 0.0


def _scanned(image: Image.Image, number: int) -> _Scan:
    import numpy as np

    result = _engine()(np.asarray(image)[:, :, ::-1])
    found = () if result.boxes is None else result.boxes
    boxes = [[(float(x), float(y)) for x, y in box] for box in found]
    texts = _one_form([str(text) for text in result.txts or ()])
    angle = _skew(boxes)
    printed = [_line(box, text, angle) for box, text in zip(boxes, texts, strict=True)]
    grids, lines = find_tables(image, list(_alike(printed)), angle)
    page = Page(number, float(image.width), float(image.height), tuple(lines), tuple(grids))
    return _Scan(page, tuple(zip(texts, map(float, result.scores or ()), strict=True)))


def _one_form(texts: list[str]) -> list[str]:
    """Punctuation in the form its page uses, 「,」 or 「，」; marks beside a figure or word stay.

    The recogniser takes one of many for the other, most at a line's end, where no width shows.
    """
    for half, full in zip(",;:?!", "，；：？！", strict=True):
        narrow = re.compile(rf"(?<![0-9A-Za-z]){re.escape(half)}(?![0-9A-Za-z])")
        inner = [text[:-1] for text in texts]
        halves = sum(len(narrow.findall(text)) for text in inner)
        fulls = sum(text.count(full) for text in inner)
        if halves > fulls:
            texts = [_formed(text, full, half, fulls <= _RARE * halves) for text in texts]
        elif fulls > halves and halves <= _RARE * fulls:
            texts = [narrow.sub(full, text) for text in texts]
        elif fulls > halves:
            texts = [text[:-1] + narrow.sub(full, text[-1:]) for text in texts]
    return texts


def _formed(text: str, old: str, new: str, everywhere: bool) -> str:
    return text.replace(old, new) if everywhere else text[:-1] + text[-1:].replace(old, new)


def _skew(boxes: Sequence[Sequence[tuple[float, float]]]) -> float:
    """Median slope of the long lines' upper edges, in radians."""
    slopes = sorted(
        math.atan2(b[1][1] - b[0][1], b[1][0] - b[0][0])
        for b in boxes
        if math.dist(b[0], b[1]) > 4 * math.dist(b[0], b[3])
    )
    return slopes[len(slopes) // 2] if slopes else 0.0


def _line(box: Sequence[tuple[float, float]], text: str, angle: float) -> Line:
    """A recognised box turned level; its height stands for the font size."""
    cos, sin = math.cos(-angle), math.sin(-angle)
    turned = [(x * cos - y * sin, x * sin + y * cos) for x, y in box]
    middle = sum(y for _, y in turned) / 4
    height = (math.dist(box[0], box[3]) + math.dist(box[1], box[2])) / 2
    return Line(
        text=text,
        x0=(turned[0][0] + turned[3][0]) / 2,
        x1=(turned[1][0] + turned[2][0]) / 2,
        top=middle - height / 2,
        bottom=middle + height / 2,
        size=min(height, _pitch(text, turned[1][0] - turned[0][0]) or height),
    )


def _pitch(text: str, width: float) -> float:
    """Room per Chinese character: it tells the size better than the box around a short line."""
    if len(text) < 2 or sum(char.isascii() for char in text) > len(text) / 2:
        return 0.0
    return width / sum(0.5 if char.isascii() else 1.0 for char in text)


def _alike(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines with near heights given one size: what a box measures differs by its letters."""
    if not lines:
        return
    body = _usual((line.size, len(line.text)) for line in lines)
    tall = _usual((_height(line), len(line.text)) for line in lines)
    for line in lines:
        near = abs(line.size / body - 1) < _SIZES_ALIKE
        # Marks at the end of a few letters take little room, and their box is drawn wide.
        if len(line.text) < _SHORT:
            near |= _height(line) < _SHORT_TALLER * tall
        yield replace(line, size=body) if near else line


def _height(line: Line) -> float:
    return line.bottom - line.top


def _usual(values: Iterable[tuple[float, int]]) -> float:
    """The median of values that weigh as many characters as they hold for."""
    ordered = sorted(values)
    half, seen = sum(weight for _, weight in ordered) / 2, 0
    for value, weight in ordered:
        seen += weight
        if seen >= half:
            return value
    return 0.0
