"""The printed lines of a page, and what kind of line each is: menu, letterhead, signature, prose."""

import re
from dataclasses import dataclass

from knowledge_base.header.dates import dates_in, only_date
from knowledge_base.header.numbers import own_numbers
from knowledge_base.header.widths import half_width

_ITEM = re.compile(
    r"^(?:[一二三四五六七八九十百]{1,4}、|[(][一二三四五六七八九十\d]{1,3}[)]|\d{1,2}[.、]"
    r"|第[一二三四五六七八九十百\d]{1,4}[条章节编]|[①-⑳]|附件|附表|注[::释])"
)
_MENU = re.compile(
    r"^(?:[>»|/\\\-_—=*·\s]+|https?://\S+|.{0,12}(?:您|你)?(?:现在|当前)?(?:所在)?的?位置.*|首页.*"
    r"|[\[【].{0,20}(?:打印|关闭|字体|大 中 小|收藏|分享|解读).*|来源.*|浏览.*|分享.*|打印.*"
    r"|.*(?:_|-|—|\|)\s?[^_\-|]{2,30}(?:网|网站|门户|平台)|关注.*|内容概述|登录|注册|简体|繁体)$"
)
ORGAN_END = (
    "委员会|办公厅|办公室|人民政府|领导小组|指挥部|工作组|联席会议|管委会|管理局|监管局|税务局"
    "|总局|分局|支局|法院|检察院|银行|分行|支行|中心|协会|联合会|联盟|总工会|工商联|集团|公司"
    "|小组|专班|联防联控机制|机制综合组|推进组|大学|学院|研究院|医院|学会|基金会|委|厅|局|部|办|署|院|会|司|处|馆|社|所|站|海关|政府|国务院|专班|省委|市委|县委|区委|团委"
)
SIGNER = re.compile(
    r"^((?:[\u4e00-\u9fff]{2,20}[局部委会厅省市县区州院署])?)(?:局长|部长|主任|省长|市长|县长|区长|州长|总理|主席|行长|署长|委员长|厅长)"
    r"(?:\s?:\s?|\s{1,3})[\u4e00-\u9fff]{1,2}\s?[\u4e00-\u9fff]{1,2}$"
)
HEADED = re.compile(rf"^([\u4e00-\u9fff()、 ]{{2,60}}?(?:{ORGAN_END}))\s?(?:文件|公告|通告|令)$")
# A part of a flattened page; a field name printed with wide spacing (名 称:) is not torn.
_PART = r"(?:[名文标时主][ \t]{1,4}[称号题效][ \t]?:)\S*|索[ \t]{1,4}引[ \t]{1,4}号\S*|\S+"
_INDEX = re.compile(r"^[0-9A-Z]{8,30}(?:[/_-][0-9A-Z-]{1,30}){0,3}$")  # an 索引号 without its name
HEAD_PIECES = 60  # a header is never longer; what stands further down is body


@dataclass(frozen=True)
class Piece:
    """One printed line, or a part between spaces where a page was flattened to one line."""

    start: int
    end: int
    text: str  # half-width


def pieces_of(text: str) -> list[Piece]:
    """Lines of a text; a line over 200 characters is parted at its spaces."""
    plain = half_width(text)
    found: list[Piece] = []
    for line in re.finditer(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+", plain):
        marks = _PART if line.end() - line.start() > 200 else r"\S(?:.*\S)?"
        for part in re.finditer(marks, line[0]):
            start = line.start() + part.start()
            found.append(Piece(start, start + len(part[0]), part[0]))
    return found


def is_prose(text: str) -> bool:
    """Whether a line is a sentence or a numbered item, so that the page's header is over."""
    return ("。" in text and len(text) > 15) or _ITEM.match(text) is not None


def stops_title(text: str) -> bool:
    """Whether a piece is body: an addressee, a sentence, or a numbered item."""
    return (
        bool(re.search(r"[。;]", text))
        or (text.endswith(":") and len(text) > 3)
        or bool(_ITEM.match(text))
        or len(text) > 160
    )


def is_furniture(piece: Piece, index: int, aside: set[int]) -> bool:
    return (
        index in aside
        or is_menu(piece.text)
        or only_date(piece.text) is not None
        or bool(own_numbers(piece.text))
        or HEADED.match(unspaced(piece.text)) is not None
        or _INDEX.match(piece.text) is not None
        or piece.text.startswith("【")
        or re.search(r"点击|解读】|下载|^\|", piece.text) is not None
        or SIGNER.match(undated(piece.text)) is not None
    )


def unspaced(text: str) -> str:
    """A letterhead printed letter by letter (平 阳 县 人 民 政 府 文 件) as words."""
    if len(text) > 120 or len(re.findall(r"(?:^|\s)\S(?=\s)", text)) < 4:
        return text
    return re.sub(r"\s", "", text)


def undated(text: str) -> str:
    """A line without the date at its end."""
    dated = next(dates_in(text[-24:]), None) if len(text) < 60 else None
    return text[: len(text) - len(text[-24:]) + dated.start].strip() if dated else text


def is_menu(text: str) -> bool:
    """Whether a line is a crumb, a button, an address or another mark of the portal."""
    return _MENU.match(text[:200]) is not None
