"""The published template of a product list: one product a row, columns by printed name.

平科〔2024〕65号 二、(五)14 asks for a product handbook that states 适用对象, 申请条件 and 办理方式;
these, the name, the kind and the institution are what no row may leave empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SHEET = "产品清单"
NOTES = "填写说明"
_KIND = "类型"
KINDS = {  # as printed: the kind of the offer
    "贷款": "loan",
    "担保": "guarantee",
    "保险": "insurance",
    "人才": "talent",
    "供应链金融": "supply_chain",
    "补助": "subsidy",
    "资本市场": "capital_market",
    "服务": "service",
}
_ROWS_CHECKED = 5000


@dataclass(frozen=True)
class Column:
    """A column: its printed name, what to write there, and how a Reading shows it."""

    name: str
    note: str
    mandatory: bool = False
    section: bool = False
    width: int = 30


COLUMNS = (
    Column("产品名称", "机构公布的全称,每行一个产品,不得重名。", True, width=24),
    Column(_KIND, "从下拉列表中选择:" + "、".join(KINDS) + "。", True, width=12),
    Column("机构", "提供该产品的机构全称,如某某银行平阳支行。", True, width=24),
    Column("地区", "可办理的地区名称或六位行政区划代码;全国可办的写“全国”。", width=14),
    Column("适用对象", "哪些企业或个人可以申请。", True, True),
    Column("申请条件", "每条一行,以“1.”“2.”编号;数字写明单位。", True, True, 44),
    Column("支持内容", "额度、保额、补助标准等。", section=True),
    Column("期限", "贷款、担保或保险的期限。", section=True, width=18),
    Column("价格与费用", "利率、费率、保费及其他费用;未公开的写“以机构公布为准”。", section=True),
    Column("担保与增信", "信用、抵押、质押、保证等方式。", section=True),
    Column("申请材料", "每项一行。", section=True),
    Column("办理方式", "到哪里、用什么渠道、按什么步骤办。", True, True),
    Column("不适用情形", "哪些情形不能申请。", section=True),
    Column("联系方式", "电话、地址或网址;请勿填写个人身份证号。", section=True, width=24),
    Column("有效期至", "日期,如 2026-12-31;没有截止日期的写“长期”。", width=14),
    Column("效力与来源", "依据的文件或网址,以及是否以机构公布为准。", section=True),
)


def listed_kind(fields: Mapping[str, str]) -> str | None:
    """The kind of offer that a row of a product list names; None for any other document."""
    return KINDS.get(fields.get(_KIND, ""))


def write_template(path: Path) -> None:
    """Writes the empty template workbook: the list with its column names, and a sheet of notes."""
    from openpyxl import Workbook

    workbook = Workbook()
    listed = workbook.active
    assert listed is not None
    listed.title = SHEET
    _write_list(listed)
    _write_notes(workbook.create_sheet(NOTES))
    workbook.save(path)


def _write_list(sheet: Any) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for number, column in enumerate(COLUMNS, 1):
        cell = sheet.cell(1, number, column.name)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        colour = "FFF2CC" if column.mandatory else "E7E6E6"
        cell.fill = PatternFill("solid", start_color=colour)
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.freeze_panes = "B2"
    kinds = DataValidation(type="list", formula1='"' + ",".join(KINDS) + '"', allow_blank=True)
    kinds.add(f"B2:B{_ROWS_CHECKED}")
    sheet.add_data_validation(kinds)


def _write_notes(sheet: Any) -> None:
    from openpyxl.styles import Alignment, Font

    lines = [
        ("栏目", "是否必填", "说明"),
        *((c.name, "必填" if c.mandatory else "选填", c.note) for c in COLUMNS),
        (
            "",
            "",
            "照原文填写,不要使用公式、合并单元格和隐藏行列;栏目名称不可改动,可在右侧增加栏目。",
        ),
        ("", "", "一格之内用 Alt+Enter 换行;每行一个产品,中间的空行会被跳过。"),
    ]
    for line in lines:
        sheet.append(line)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in sheet.iter_rows():
        row[2].alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in (("A", 16), ("B", 10), ("C", 80)):
        sheet.column_dimensions[letter].width = width
