"""`python -m tests.benchmarks.readers`: seconds per file and page of each format, parser time.

Of each part that reads text, the shapes that take it longest are read at n, 2n and 4n. Files are
made here from the first policy's text. "whole call" is what a caller waits for: a fresh child
process, the reader in it, and its answer checked.
"""

import io
import os
import resource
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from docx import Document as Word
from openpyxl import load_workbook
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate

from knowledge_base import SHIPPED_CORPUS, load_catalogue, read_file, write_template
from knowledge_base.clauses import split_clauses
from knowledge_base.drafting.amounts import read_amounts
from knowledge_base.drafting.conditions import read_conditions
from knowledge_base.extraction import draft_offers
from knowledge_base.header.acts import read_relations
from knowledge_base.header.header import read_header
from knowledge_base.header.validity import Issue, read_validity
from knowledge_base.header.windows import read_windows
from knowledge_base.readers import html
from knowledge_base.readers import pdf as pdf_reader
from knowledge_base.readers import text as text_reader
from knowledge_base.readers.reading import Reading
from knowledge_base.statements import read_statements

TEXT = (SHIPPED_CORPUS / "policies/330326/pingyang-2024-65.txt").read_text(encoding="utf8")
FONT = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")


def page() -> bytes:
    """The text as a saved web page."""
    body = "".join(f"<p>{line}</p>" for line in TEXT.splitlines() if line.strip())
    return f"<html><head><title>政策</title></head><body><div>{body}</div></body></html>".encode()


def word() -> bytes:
    """The text as a Word file."""
    made, held = Word(), io.BytesIO()
    for line in TEXT.splitlines():
        made.add_paragraph(line)
    made.save(held)
    return held.getvalue()


def pdf(times: int) -> bytes:
    """The text, several times over, as a PDF."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("s", fontName="STSong-Light", fontSize=14, leading=24, wordWrap="CJK")
    held = io.BytesIO()
    lines = [line for line in TEXT.splitlines() if line.strip()] * times
    SimpleDocTemplate(held).build([Paragraph(line, style) for line in lines])
    return held.getvalue()


def products(count: int) -> bytes:
    """A product list with this many rows."""
    path = Path("/tmp") / f"huiqi-products-{os.getpid()}.xlsx"
    write_template(path)
    book = load_workbook(path)
    path.unlink()
    sheet = book.worksheets[0]
    names = [str(cell.value) for cell in sheet[1]]
    for row in range(2, count + 2):
        for column, name in enumerate(names, 1):
            told = {"类型": "贷款", "地区": "平阳县", "产品名称": f"产品{row}"}.get(
                name, "按合同约定。"
            )
            sheet.cell(row, column, "2027-12-31" if name == "有效期至" else told)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def scan() -> bytes:
    """One page of the text as a picture, turned by a degree."""
    font = ImageFont.truetype(str(FONT), 34)
    sheet = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(sheet)
    words, y = "".join(TEXT.split("一、主要目标")[1].split())[:620], 160
    for start in range(0, len(words), 38):
        draw.text((170, y), words[start : start + 38], font=font, fill=0)
        y += 62
    held = io.BytesIO()
    sheet.rotate(1.0, fillcolor=255).save(held, "PNG")
    return held.getvalue()


def crowded(lines: int) -> bytes:
    """A PDF of one page with this many lines of 120 glyphs."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    held = io.BytesIO()
    canvas = Canvas(held)
    canvas.setFont("STSong-Light", 3)
    for line in range(lines):
        canvas.drawString(20, 820 - line * 800 / lines, "一、" * 60)
    canvas.save()
    return held.getvalue()


def drafting(words: str) -> Callable[[], object]:
    """Drafts of a policy whose one measure reads so."""
    catalogue = load_catalogue()
    like = catalogue.documents["pingyang-2024-65"]
    text = f"关于支持企业发展的通知\n\n一、支持措施\n\n(一){words}"
    document = replace(like, text=text, clauses=split_clauses(text, like.id, 12))
    return lambda: draft_offers(document, catalogue.vocabulary)


def long_texts() -> Iterator[tuple[str, int, Callable[[str], object]]]:
    """(part: repeated words, how often, what reads them)."""
    terms = load_catalogue().vocabulary
    yield "header: 二 〇 ", 15_000, lambda t: read_header(Reading("text", f"关于支持的通知\n{t}"))
    yield "acts: 废\n", 25_000, lambda t: read_relations(t, "通知", None)
    yield "acts: 《某办法》废止", 8_000, lambda t: read_relations(t, "办法", None)
    yield "validity: 有效期", 50_000, lambda t: read_validity(t, Issue("办法", None, None), {})
    yield "windows: 4月30日前报送", 10_000, lambda t: read_windows(t, None)
    yield "statements: 可,", 15_000, lambda t: read_statements(t, 0, len(t), ())
    yield "statements: 奖励:1元;", 15_000, lambda t: read_statements(t, 0, len(t), ())
    yield "conditions: ((((", 50_000, lambda t: read_conditions(t, [(0, len(t))], "330326", terms)
    yield "amounts: 按3%,", 15_000, lambda t: read_amounts(t, 0, len(t))
    yield "clauses: :1.甲;2.乙", 8_000, lambda t: split_clauses(t, "d")
    yield "clauses: 附件:甲\n", 15_000, lambda t: split_clauses(t, "d")
    yield "html: <li>索引号:", 15_000, lambda t: html.read(f"<body>{t}<p>对企业给予补助".encode())
    yield "html: <td>一、", 15_000, lambda t: html.read(f"<body>{t}<p>对企业给予补助".encode())
    yield "text: \f", 250_000, lambda t: text_reader.read(f"{t}{'尾' * 10_000}".encode())


def growth(add: Callable[[str, str], None]) -> None:
    """Seconds at n, 2n and 4n: twice the text should take twice the time."""

    def row(what: str, works: Sequence[Callable[[], object]]) -> None:
        add(f"{what!r}, n·1/2/4"[:58], " ".join(f"{seconds(work, 1):.2f}" for work in works) + " s")

    for what, count, read in long_texts():
        unit = what.partition(": ")[2]
        texts = [unit * (count * times) for times in (1, 2, 4)]
        row(what, [lambda t=text, r=read: r(t) for text in texts])
    promised = "对企业按保费80%予以补助。"
    row(f"drafts: {promised}", [drafting(promised * count) for count in (3000, 6000, 12_000)])
    pages = [crowded(lines) for lines in (120, 240, 480)]
    row("pdf: a page crowded with glyphs", [lambda p=page: pdf_reader.read(p) for page in pages])


def seconds(work: Callable[[], object], times: int) -> float:
    """Median wall seconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main() -> None:
    """Measure and print."""
    print(f"{'what':58}{'measured':>24}   goal   ({os.cpu_count()} cores)")

    def add(what: str, measured: str, goal: str = "") -> None:
        print(f"{what:58}{measured:>24}   {goal}", flush=True)

    small = TEXT.encode()
    for name, content in (("a.txt", small), ("a.html", page()), ("a.docx", word())):
        took = seconds(lambda n=name, c=content: read_file(n, c), 7)
        add(f"{name}: first policy, whole call", f"{took * 1000:.0f} ms")
    listed = products(200)
    took = seconds(lambda: read_file("a.xlsx", listed), 3)
    add("a.xlsx: 200 products, whole call", f"{took * 1000:.0f} ms")
    for times in (1, 8):
        held = pdf(times)
        pages = len(read_file("a.pdf", held)[0].pages)
        took = seconds(lambda h=held: read_file("a.pdf", h), 3)
        add(f"a.pdf: {pages} pages, whole call, per page", f"{took * 1000 / pages:.0f} ms")
    if FONT.exists():
        picture = scan()
        took = seconds(lambda: read_file("a.png", picture), 2)
        add("a.png: a scanned page, 620 characters, turned 1°", f"{took:.1f} s", "2.1 s")
    big = ("第一条 为支持企业创新,现就有关事项通知如下:\n" * 150_000).encode()[: 10 << 20]
    big = big[: big.rfind(b"\n")]
    took = seconds(lambda: read_file("a.txt", big), 2)
    add("a.txt: 10 MiB, whole call", f"{len(big) / 1e6 / took:.1f} MB/s")
    wide = f"<body>{'<p>第一条 为支持企业创新,现就有关事项通知如下:</p>' * 40_000}</body>".encode()
    took = seconds(lambda: read_file("a.html", wide), 2)
    add("a.html: 3 MB, whole call", f"{len(wide) / 1e6 / took:.1f} MB/s")
    body = TEXT[TEXT.index("一、主要目标") :]
    for times in (20, 40, 80):
        text = "\n".join(body for _ in range(times))
        took = seconds(lambda t=text: split_clauses(t, "d"), 3)
        add(f"split into clauses: {len(text):,} characters (n·{times // 20})", f"{took:.2f} s")
    growth(add)
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    add("most memory a reader's child held", f"{children} MiB")


if __name__ == "__main__":
    main()
