"""Product lists: the template, its rows as sheets, and every fault by row and column."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from knowledge_base.errors import DocumentError
from knowledge_base.readers import LIMITS, read_file, read_path, write_template
from knowledge_base.readers.template import COLUMNS, SHEET

ROW = {
    "产品名称": "平阳科创贷",
    "类型": "贷款",
    "机构": "某某银行平阳支行",
    "地区": "平阳县",
    "适用对象": "平阳县的科技型中小企业。",
    "申请条件": "1.成立满1年。\n2.无不良信用记录。",
    "支持内容": "最高500万元。",
    "办理方式": "向某某银行平阳支行申请。",
    "联系方式": "0577-12345678",
    "有效期至": date(2026, 12, 31),
    "效力与来源": "以银行公布为准。",
}


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "产品清单.xlsx"
    write_template(path)
    return path


def filled(template, *rows):
    workbook = openpyxl.load_workbook(template)
    names = [cell.value for cell in workbook[SHEET][1]]
    for row in rows:
        extra = [name for name in row if name not in names]
        for name in extra:
            names.append(name)
            workbook[SHEET].cell(1, len(names), name)
        workbook[SHEET].append([row.get(name) for name in names])
    held = io.BytesIO()
    workbook.save(held)
    return held.getvalue()


def refusal(content, limits=LIMITS):
    with pytest.raises(DocumentError) as caught:
        read_file("清单.xlsx", content, limits)
    return str(caught.value)


def test_the_template_names_every_column_and_explains_it(template):
    workbook = openpyxl.load_workbook(template)
    assert workbook.sheetnames == ["产品清单", "填写说明"]
    assert [cell.value for cell in workbook["产品清单"][1]] == [c.name for c in COLUMNS]
    notes = {row[0].value: row[1].value for row in workbook["填写说明"].iter_rows(min_row=2)}
    mandatory = {name for name, said in notes.items() if said == "必填"}
    assert mandatory == {"产品名称", "类型", "机构", "适用对象", "申请条件", "办理方式"}


def test_the_empty_template_is_an_empty_list(template):
    with pytest.raises(DocumentError, match="产品清单是空的"):
        read_path(template)


def test_a_row_becomes_a_sheet_with_its_cells_verbatim(template):
    (reading,) = read_file("清单.xlsx", filled(template, ROW))
    assert reading.format == "xlsx"
    assert reading.title == "平阳科创贷"
    assert reading.text == (
        "平阳科创贷\n"
        "一、适用对象\n平阳县的科技型中小企业。\n"
        "二、申请条件\n1.成立满1年。\n2.无不良信用记录。\n"
        "三、支持内容\n最高500万元。\n"
        "四、办理方式\n向某某银行平阳支行申请。\n"
        "五、联系方式\n0577-12345678\n"
        "六、效力与来源\n以银行公布为准。"
    )
    assert dict(reading.fields) == {
        "类型": "贷款",
        "机构": "某某银行平阳支行",
        "地区": "平阳县",
        "有效期至": "2026-12-31",
    }


def test_every_row_is_a_reading_of_its_own_and_blank_rows_are_passed_over(template):
    content = filled(template, ROW, {}, {**ROW, "产品名称": "人才贷", "备注": "新增"})
    first, second = read_file("清单.xlsx", content)
    assert (first.title, second.title) == ("平阳科创贷", "人才贷")
    assert second.fields["备注"] == "新增"


def test_numbers_are_shown_as_the_sheet_shows_them(template):
    workbook = openpyxl.load_workbook(io.BytesIO(filled(template, {**ROW, "期限": 5})))
    cell = workbook[SHEET].cell(2, 9, 0.0345)
    cell.number_format = "0.00%"
    held = io.BytesIO()
    workbook.save(held)
    (reading,) = read_file("清单.xlsx", held.getvalue())
    assert "四、期限\n5\n" in reading.text
    assert "五、价格与费用\n3.45%\n" in reading.text


def test_every_fault_is_named_by_row_and_column_at_once(template):
    bad = {**ROW, "产品名称": "甲贷", "申请条件": None, "支持内容": "=1+1", "有效期至": "明年"}
    worse = {**ROW, "类型": None, "期限": "#N/A"}
    message = refusal(filled(template, ROW, bad, worse))
    for told in (
        "第 3 行“申请条件”未填写",
        "第 3 行“支持内容”是公式",
        "第 3 行“有效期至”不是日期",
        "第 4 行“类型”未填写",
        "第 4 行“期限”是错误值 #N/A",
        "第 4 行“产品名称”与第 2 行重复",
    ):
        assert told in message


def test_a_missing_column_is_named(template):
    workbook = openpyxl.load_workbook(io.BytesIO(filled(template, ROW)))
    workbook[SHEET].cell(1, 5, "对象")
    held = io.BytesIO()
    workbook.save(held)
    assert "缺少栏目“适用对象”" in refusal(held.getvalue())


def test_a_workbook_that_is_no_product_list_says_so():
    workbook = openpyxl.Workbook()
    workbook.active.append(["企业名称", "金额"])
    held = io.BytesIO()
    workbook.save(held)
    assert "工作簿里没有“产品名称”一栏" in refusal(held.getvalue())


def test_invisible_characters_are_removed_and_hidden_sheets_reported(template):
    workbook = openpyxl.load_workbook(
        io.BytesIO(filled(template, {**ROW, "机构": "某\u200b银行", "支持内容": "最高\u202e9万元"}))
    )
    workbook.create_sheet("秘密").sheet_state = "hidden"
    held = io.BytesIO()
    workbook.save(held)
    (reading,) = read_file("清单.xlsx", held.getvalue())
    assert reading.fields["机构"] == "某银行"
    assert "最高9万元" in reading.text
    assert reading.notices == (
        "已略去隐藏的工作表:秘密",
        "已去除不可见字符:零宽字符 1 个(栏目“机构”)",
        "已去除不可见字符:方向控制符 1 个(第 8 行)",
    )


def test_a_cell_that_is_too_long_is_named(template):
    tight = replace(LIMITS, cell_characters=100)
    message = refusal(filled(template, {**ROW, "支持内容": "长" * 101}), tight)
    assert "第 2 行“支持内容”超过 100 字" in message


def test_a_million_cells_are_refused_before_they_are_read():
    row = "<row>" + '<c t="inlineStr"><is><t>x</t></is></c>' * 50 + "</row>"
    body = "<row>" + "".join(
        f'<c t="inlineStr"><is><t>{column.name}</t></is></c>' for column in COLUMNS
    ) + "</row>" + row * 20_000  # fmt: skip
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><sheetData>{body}</sheetData></worksheet>'
    held, made = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(held)
    with zipfile.ZipFile(held) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            own = name == "xl/worksheets/sheet1.xml"
            new.writestr(name, sheet if own else old.read(name))
    assert "内容超过 1000000 个段落、格子等的上限" in refusal(made.getvalue())
    loose = replace(LIMITS, ratio=10_000, elements=10_000_000, cells=50_000)
    assert "工作表超过 50000 格的上限" in refusal(made.getvalue(), loose)


def test_a_row_number_beyond_reason_is_refused(template):
    workbook = openpyxl.load_workbook(io.BytesIO(filled(template, ROW)))
    workbook[SHEET].cell(1_048_576, 16_384, "远")
    held = io.BytesIO()
    workbook.save(held)
    assert "工作表超过 200000 格的上限" in refusal(held.getvalue())
