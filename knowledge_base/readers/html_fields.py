"""Catalogue fields as Chinese portals print them: 索引号, 发布机构, 成文日期 and their kin.

The names are those of the information disclosure catalogue (政府信息公开目录) and of the line below
a title; no portal is named. A value without its name is never taken.
"""

import re
from collections.abc import Iterator, Sequence

from knowledge_base.readers.assembly import Table

# Names of the catalogue, and of the line that tells where a page comes from.
_CATALOGUE_NAMES = """
    索引号 索引编号 信息索引号 信息索取号 公开目录号 统一编号 规范性文件统一编号 统一登记号
    登记号 备案号 主题分类 组配分类 信息分类 分类 公文种类 公文种类 体裁分类 体裁 服务对象分类
    所属主题 主题词 关键词 发布机构 发布单位 发布部门 发文机关 发文单位 发文机构 制发机关
    制定机关 信息来源部门 公开主体 责任部门 公开责任部门 成文日期 生成日期 发文日期 印发日期
    发布日期 公开日期 公布日期 签发日期 生效日期 实施日期 施行日期 失效日期 废止日期 有效性
    有效期 时效性 时效 公文时效 效力状态 文件状态 是否有效 有效状态 文号 发文字号 文件编号
    发文号 公文文号 公开方式 公开范围 公开时限 公开属性 公开形式 公开程序 名称 标题 信息名称
    公文名称 文件名称 其他信息 内容概述 产生日期 所属机构 服务对象 区划 载体类型 记录形式
    """
_SOURCE_NAMES = """
    发布时间 发布日期 发稿时间 更新时间 时间 日期 来源 信息来源 文章来源 稿源 作者 编辑
    责任编辑 审核 浏览次数 浏览量 访问次数 访问量 阅读次数 阅读量 点击数 点击量 点击率 点击
    浏览 阅读 字体 字号 字体大小 分享 分享到 分享至 保护视力色
    """
CATALOGUE = frozenset(_CATALOGUE_NAMES.split())
_NAMES = frozenset((*CATALOGUE, *_SOURCE_NAMES.split()))
# Words that a notice may well begin a line of its own with: 「时间:5月6日上午」.
_COMMON = frozenset(("时间", "日期", "名称", "标题", "分类", "服务对象", "内容概述", "有效期"))
# Counters and switches: their line is no part of the document, and they say nothing about it.
COUNTERS = frozenset(
    name
    for name in _SOURCE_NAMES.split()
    if name[:2] in ("浏览", "访问", "阅读", "点击", "字体", "字号", "分享", "保护")
)
_COLON = re.compile("[::]")
_SQUEEZE = re.compile(r"[ \u00a0\u3000]")
_LONGEST = 600
_NAME_SPACED = 30  # characters a name takes at most, with the blanks printed inside it
_BLANKS, _OPENING, _CLOSING = " \u00a0\u3000", "[【", "]】"
_NOTHING = " \t\u00a0\u3000|;;"

Field = tuple[str, str]


def fields_of_line(text: str) -> list[Field] | None:
    """Fields of a line that consists of `name:value` pairs and nothing else; None if it is not."""
    if len(text) > _LONGEST:
        return None
    marks = list(_marks(text))
    if not marks or text[: marks[0][1]].strip(_NOTHING):
        return None
    if len(marks) == 1 and marks[0][0] in _COMMON:
        return None
    ends = [*(start for _, start, _ in marks[1:]), len(text)]
    return [
        (name, text[after:end].strip(_NOTHING))
        for (name, _, after), end in zip(marks, ends, strict=True)
    ]


def _marks(text: str) -> Iterator[tuple[str, int, int]]:
    """Every name that stands before a colon, the longest there is: name, its start, value's start.

    Walked by hand: a pattern of all names, each with blanks inside, takes longer to compile than
    a page to read.
    """
    free = 0
    for colon in _COLON.finditer(text):
        stop = len(text[free : colon.start()].rstrip(_BLANKS + _CLOSING)) + free
        for start in range(max(free, stop - _NAME_SPACED), stop):
            name = _SQUEEZE.sub("", text[start:stop])
            if name in _NAMES and text[start] not in _BLANKS:
                opened = text[free:start].rstrip(_BLANKS)
                begin = free + len(opened.rstrip(_OPENING))
                yield name, begin, colon.end()
                free = colon.end()
                break


def name_alone(text: str) -> str | None:
    """The field name that the whole text is, as the cell 「索 引 号:」; else None."""
    if len(text) > _NAME_SPACED:
        return None
    name = _SQUEEZE.sub("", text).strip(_OPENING + _CLOSING + "::")
    return name if name in _NAMES else None


def fields_of_table(table: Table) -> list[Field] | None:
    """Fields of a catalogue printed as a table of names and values; None for any other table."""
    cells = [cell for row in table.rows for cell in row if cell]
    pairs = list(_pairs(cells))
    names = {name for name, _ in pairs if name in CATALOGUE}
    covered = sum(2 if value else 1 for _, value in pairs)
    return pairs if len(names) >= 2 and 2 * covered > len(cells) else None


def _pairs(cells: Sequence[str]) -> Iterator[Field]:
    name: str | None = None
    for cell in cells:
        alone = name_alone(cell)
        whole = fields_of_line(cell) if alone is None else None
        if alone is not None:
            if name is not None:
                yield name, ""
            name = alone
        elif whole is not None:
            yield from whole
            name = None
        elif name is not None:
            yield name, cell.strip(_NOTHING)
            name = None
    if name is not None:
        yield name, ""
