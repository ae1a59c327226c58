"""A product list in the published template: one Reading per row, cell words verbatim."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from knowledge_base.errors import DocumentError
from knowledge_base.readers.assembly import assemble
from knowledge_base.readers.cleaning import clean_fields, clean_line
from knowledge_base.readers.limits import Limits
from knowledge_base.readers.reading import Reading
from knowledge_base.readers.template import COLUMNS, SHEET

_NAME = COLUMNS[0].name
_UNTIL = "有效期至"
_HEADER_ROWS = 10
_MOST_COLUMNS = 64
_ROWS_SCANNED = 200_000
_FAULTS_TOLD = 20
_DATE = re.compile(
    r"\d{4}(-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2}|年\d{1,2}月\d{1,2}日)"
)
_STAR = re.compile(r"^[**]\s*|\s*[**]$|\s*[((](必填|选填)[))]$")
_PERCENT = re.compile(r"^0(\.(0+))?%$")
_DIGITS = "零一二三四五六七八九"

Words = dict[str, str]


def read(content: bytes, limits: Limits) -> tuple[Reading, ...]:
    """Readings of the products in printed order; the archive has been checked before.

    Raises DocumentError that lists every fault with row and column: empty mandatory cells,
    formulas, error values, overlong cells, names that stand twice, dates that are none.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        except (InvalidFileException, KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
            raise DocumentError("工作簿已损坏;请用 Excel 或 WPS 打开后另存为 .xlsx") from error
        sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
        hidden = [sheet.title for sheet in workbook.worksheets if sheet not in sheets]
        notices = [f"已略去隐藏的工作表:{'、'.join(hidden)}"] if hidden else []
        for sheet in sorted(sheets, key=lambda sheet: sheet.title != SHEET):
            rows = _Rows(sheet, limits)
            if rows.names is not None:
                return _readings(rows, notices)
    raise DocumentError(
        f"工作簿里没有“{_NAME}”一栏,不是产品清单;请用 huiqi 的产品清单模板填写(栏目名称不可改动)"
    )


class _Rows:
    """The cells of one sheet as words, and every fault met on the way."""

    def __init__(self, sheet: Any, limits: Limits) -> None:
        sheet.reset_dimensions()
        self.faults: list[str] = []
        self.names: list[str] | None = None
        self._limits = limits
        self._rows = self._bounded(sheet.iter_rows(max_col=_MOST_COLUMNS))
        for number, cells in self._rows:
            names = [self._named(cell.value) for cell in cells]
            if _NAME in names:
                self._take_names(names)
                break
            if number >= _HEADER_ROWS:
                break

    def _bounded(self, rows: Iterator[Sequence[Any]]) -> Iterator[tuple[int, Sequence[Any]]]:
        cells = filled = 0
        for number, row in enumerate(rows, 1):
            cells += len(row)
            filled += any(cell.value is not None for cell in row)
            if number > _ROWS_SCANNED or cells > self._limits.cells:
                raise DocumentError(
                    f"工作表超过 {self._limits.cells} 格的上限;请删去空白行列,或拆成几个文件"
                )
            if filled > self._limits.rows:
                raise DocumentError(f"工作表超过 {self._limits.rows} 行的上限;请拆成几个文件")
            yield number, row

    @staticmethod
    def _named(value: object) -> str:
        text = clean_line(str(value))[0].strip() if value is not None else ""
        return _STAR.sub("", text).replace(" ", "").replace("\n", "")[:40]

    def _take_names(self, names: list[str]) -> None:
        self.names = names
        known = {name for name in names if name}
        missing = [c.name for c in COLUMNS if c.mandatory and c.name not in known]
        if missing:
            self.faults.append(f"缺少栏目“{'”“'.join(missing)}”")
        twice = sorted(name for name in known if names.count(name) > 1)
        if twice:
            self.faults.append(f"栏目“{'”“'.join(twice)}”重复")

    def products(self) -> Iterator[tuple[int, Words]]:
        """Row number and words by column name of every row that is not empty."""
        names = self.names or []
        for number, cells in self._rows:
            words: Words = {}
            for index, cell in enumerate(cells):
                text = self._words(cell, number, names[index] if index < len(names) else "")
                if text:
                    if index < len(names) and names[index]:
                        words[names[index]] = text
                    else:
                        self.faults.append(f"第 {number} 行第 {index + 1} 栏有内容而没有栏目名称")
            if words:
                yield number, words

    def _words(self, cell: Any, row: int, name: str) -> str:
        value, kind = cell.value, getattr(cell, "data_type", "n")
        if value is None:
            return ""
        place = f"第 {row} 行“{name}”"
        if kind == "f" or (isinstance(value, str) and value.startswith("=")):
            self.faults.append(f"{place}是公式,请改为文字或数值")
            return "="
        if kind == "e":
            self.faults.append(f"{place}是错误值 {str(value)[:12]},请改正")
            return "="
        text = _shown(value, getattr(cell, "number_format", "") or "")
        if len(text) > self._limits.cell_characters:
            self.faults.append(f"{place}超过 {self._limits.cell_characters} 字,请精简")
            return "="
        return text.strip()


def _shown(value: object, number_format: str) -> str:
    """The cell's words as the sheet shows them, as far as its number format is a plain one."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (int, float)):
        if percent := _PERCENT.match(number_format):
            return f"{value * 100:.{len(percent[2] or '')}f}%"
        return f"{value:.10g}" if isinstance(value, float) else str(value)
    return str(value).replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "")


def _readings(rows: _Rows, notices: Sequence[str]) -> tuple[Reading, ...]:
    readings = []
    first: dict[str, int] = {}
    for number, words in rows.products():
        rows.faults += _faults(number, words, first)
        readings.append(_reading(words, notices))
    if rows.faults:
        told = rows.faults[:_FAULTS_TOLD]
        more = len(rows.faults) - len(told)
        tail = f";另有 {more} 处" if more else ""
        raise DocumentError("产品清单有误:" + ";".join(told) + tail)
    if not readings:
        raise DocumentError("产品清单是空的;请从栏目名称的下一行起,每行填写一个产品")
    return tuple(readings)


def _faults(number: int, words: Words, first: dict[str, int]) -> Iterator[str]:
    for column in COLUMNS:
        if column.mandatory and column.name not in words:
            yield f"第 {number} 行“{column.name}”未填写"
    key = " ".join((words.get(_NAME, ""), words.get("机构", "")))
    if key in first:
        yield f"第 {number} 行“{_NAME}”与第 {first[key]} 行重复"
    first.setdefault(key, number)
    until = words.get(_UNTIL, "长期")
    if until not in ("长期", "=") and not _is_date(until):
        yield f"第 {number} 行“{_UNTIL}”不是日期,应写成 2026-12-31 或“长期”"


def _is_date(written: str) -> bool:
    if not _DATE.fullmatch(written):
        return False
    year, month, day = (int(part) for part in re.findall(r"\d+", written))
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _reading(words: Words, notices: Sequence[str]) -> Reading:
    sections = [c.name for c in COLUMNS if c.section and c.name in words]
    name = " ".join(words.get(_NAME, "").split())
    pieces = [name]
    for order, section in enumerate(sections, 1):
        pieces += [f"{_numeral(order)}、{section}", words[section].replace("\t", " ")]
    shown = {_NAME, *sections}
    fields, told = clean_fields({key: text for key, text in words.items() if key not in shown})
    reading = assemble(pieces, "xlsx", paged=False, title=name or None, notices=(*notices, *told))
    return replace(reading, fields=MappingProxyType(fields))


def _numeral(number: int) -> str:
    """Chinese numeral of 1–19."""
    return ("十" if number > 9 else "") + _DIGITS[number % 10].replace("零", "")
