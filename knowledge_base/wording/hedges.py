"""What keeps a grant from being a promise: leave, discretion, a wish, a denial, the past.

The words stand beside the paying word (酌情给予, 给予适当补助, 停止给予, 去年给予了) or before an
earlier comma of the sentence (视财力情况,对企业给予补助; 鼓励各镇出台政策,给予补助). A condition
the applicant can meet (符合条件的,给予) is no hedge, nor is a named standard (参照该标准给予).
"""

import re
from collections.abc import Sequence

from knowledge_base.wording.wording import Word

_REACH = 60  # signs before and after a paying word that can weaken it
_TO = r"(?:[对向给为][^,，的]{0,30})?"
_WHOM = r"(?:[对向给为][^,，]{0,30})?"
_FUNDS = r"(?:财力|财政状况|预算安排|资金情况|实际情况|具体情况|实际需要|工作需要)"
_BY_SIGHT = r"(?<![重忽巡歧无电影监近检审注可透])视(?!同|为)[^,，。的]{0,10}?(?:情|财力|预算|状况|程度|需要|结果)"
_GRANT = r"(?:补助|补贴|奖励|奖补|支持|资助|贴息|优惠|减免|扶持|元|经费|资金)"
# The giver keeps the choice whether, when or how much.
_DISCRETION = re.compile(
    rf"(?:酌情|适时|择机|适当|适度(?!规模)|逐步|逐年|尽量|尽可能|尽力|原则上|原则同意|必要时|一事一议|因地制宜"
    rf"|有条件的(?:地[方区]|乡镇|镇街?|街道|[县市区])|{_BY_SIGHT}|(?:根据|结合|依据|按照?)[^,，。的]{{0,8}}?{_FUNDS}"
    rf"|参照(?:执行|实施|以往|类似|同类|其他))[^,，的]{{0,40}}$"
)
_USUAL = re.compile(r"(?:一般|通常)(?:按[^,，]{0,20})?$")
# The grant is what somebody wishes, weighs or plans.
_WISH = re.compile(
    rf"(?:(?:^|[\s、.)）局委厅府院部门关])研究|(?:^|[\s、.)）局委厅府部门我县市省区])计划|考虑|探索|争取|力争|建议|希望|期望"
    rf"|盼望|预计|打算|谋划|筹划|协调|呼吁|商请|恳请|酝酿|倡议|倡导|号召|有望|努力|尝试|下一步将?){_TO}$"
    rf"|(?:协调|争取|商请)[^,，的]{{1,10}}$"
)
_LEAVE = re.compile(
    r"可视[^,，]{0,10}?(?:情|财力|状况|程度|需要|结果)|(?<=[县市省区门局厅委府业关者位])得$"
)
_DENIED = re.compile(
    rf"(?:停止|终止|中止|暂停|暂缓|取消|不能|无法|不会|拒绝|反对|避免|(?:从|暂|并)?不(?:再|得|宜|应|予|给|可|必)?)"
    rf"(?:再|继续|重复|擅自)?{_WHOM}$|(?:删去|删除|废止)[^,，]{{0,12}}$|(?:未能?|没有)(?:再|继续)?{_TO}$"
)
_PAST = re.compile(
    rf"(?:已经?|曾经?|业已|累计|先后|此前|以前|共计|(?<![公中总内])共){_TO}$"
    r"|^[^,，对]{0,8}(?:去年|前年|往年|历年|上年(?!度)|以来|截至|过去[^,，的]{1,6}年|20\d\d年(?:共|累计|已|先后))[^的]{0,50}$|^上一年度?$|^原(?!则)[^的,，]{0,20}$"
)
_SUPPOSED = re.compile(
    r"(?:如果|若|假如|倘若|假设|如|一旦|即使|要是)(?:[^,，的]{0,6}?[对向给为][^,，的]{0,20})?$"
    r"|(?:是否|能否|可否|会否|如何|何时|怎样|为何|为什么)(?![^,，]{0,20}(?:均|都))[^,，]{0,20}$"
    r"|(?:企业|单位|[人者]|群众)要求$|(?:视同|拟)$|(?:网传|误传|谣传|传言|据悉|据报道|有人说)[^,，]{0,20}$"
)
_VAGUE = re.compile(
    rf"[^,，。;；]{{0,24}}?(?:适当|适度(?!规模)|酌情|力所能及)的?[^,，。;；]{{0,6}}?{_GRANT}"
)
_NAMED = re.compile(
    rf"[^,，。;；]{{0,40}}?{_GRANT}的(?:有关|相关|具体|上述)?"
    r"(?:政策|规定|条款|做法|建议|决定|通知|措施|办法|情况|诉求|要求|承诺|提议|意见|前提|可能)"
)
_OVER = re.compile(
    r"[^,，。;；]{0,20}?(?:不再|停止|取消|终止|到期|废止)[^,，。;；]{0,6}$"
    r"|[^,，。;；]{0,30}?(?:有待|尚未|尚需|未)[^,，。;；的元]{0,6}$"
)
# 给予50万元奖励(视财力情况).
_ASIDE = re.compile(
    r"[^。;；\n]{0,40}?[(（](?:具体|金额|可)?(?:视[^()（）]{1,10}|原则上|酌情|适当|拟)[^()（）]{0,6}[)）]"
)
_TOLD = re.compile(r"[了过](?!渡)")

# Words before a comma that hold for the grant behind it.
_CONDITION = re.compile(
    rf"(?:原则上|必要时|酌情|视情|(?<!确有)必要的?|有条件的|条件(?:允许|具备|成熟)[^,，]{{0,6}}|一事一议[”\"』」]?(?:的?(?:方式|办法|原则))?|参照(?:执行|实施|施行)"
    rf"|(?:财力|财政|预算|资金)[^,，]{{0,6}}(?:允许|许可|充足|可能|有余|富余|宽裕)[^,，]{{0,6}}|{_BY_SIGHT}况?"
    rf"|(?:根据|结合|依据|按照?)[^,，。]{{0,8}}?{_FUNDS}[^,，]{{0,4}})$"
)
_MAY = re.compile(
    r"可以?(?:视|根据|结合|按照?|依据|依照|参照|在|通过|采取|采用|以|依法|统筹|酌情|制定|出台|设立|研究|安排)"
    r"[^,，]{0,40}?(?:情|情况|实际|财力|需要|规定|方式|标准|条件|水平|状况|结果|政策|办法|措施|机制|制度|方案|要求|比例|资金)$"
)
_SCHEME = re.compile(
    r"(?:制定|制订|出台|建立|设立|完善|健全|探索|研究|安排|统筹|整合|争取)"
    r"[^,，]{0,20}(?:政策|办法|机制|措施|制度|方案|基金|资金|模式|细则|体系|支持|补助)$"
)
_GIVERS = re.compile(
    r"(?:鼓励|引导|支持|倡导|推动)[^,，]{0,4}(?:各地|地方|各?乡?镇|街道|各[区县市]|[县市]区|区县|有条件的(?:地|[县市区]))"
)
_LENDERS = re.compile(r"(?:鼓励|引导|支持|倡导|推动)[^,，]{0,6}(?:银行|金融机构|保险|担保)")
_LENT = re.compile(r"利率|费率|优惠|授信|贷款|融资")
_ENDED = re.compile(
    r"(?:停止|终止|取消|废止|不再|暂停|删除)[^,，]{0,20}(?:实施|执行|实行|兑现|政策|规定|条款|措施)$"
)
_SAID = re.compile(r"(?:建议|[例比譬]如|据报道|反映|留言|来信|询问|咨询|呼吁|希望|请求|提问)$")
_QUOTED = re.compile(r"(?:认为|报道|提议)$")
_DONE = re.compile(
    r"(?:(?<![公中总内])共|累计|已经?)(?:兑现|发放|拨付|给予|奖励|补助|安排|落实|支付)"
)
# 具体金额视财力情况确定, behind the promise.
_SETTLED = re.compile(rf"{_BY_SIGHT}况?[^,，]{{0,6}}(?:确定|而定|安排|调整|核定|兑现)")
_BEFORE = re.compile(r"\s*[^,，对]{0,8}(?:去年|前年|上年|以来|截至[^,，]{1,12}|过去[^,，]{1,6}年)$")
_PASSED = re.compile(r"\s*[^,，对]{0,8}(?:去年|前年|以来)")


def soften(text: str, start: int, end: int, paid: Word) -> str | None:
    """The force a grant has for the words of its own piece; None where it is promised."""
    if text[end - 1] == "吗" or text.startswith(("?", "？"), end):
        return "information"
    handed = -1 if paid.roles else text.find("发放", paid.start, paid.end)
    at = max(paid.start, handed)  # 对企业酌情发放补贴 was found by its shape, the hedge within
    before = text[max(start, at - _REACH) : at]
    if any(one.search(before) for one in (_DENIED, _PAST, _SUPPOSED, _LEAVE)):
        return "information"
    if any(one.match(text, paid.end, end) for one in (_TOLD, _NAMED, _OVER)):
        return "information"
    if any(one.search(before) for one in (_DISCRETION, _USUAL, _WISH)):
        return "encouragement"
    vague = _VAGUE.match(text, at, end) or _ASIDE.match(text, at, end)
    return "encouragement" if vague else None


def opens(text: str, start: int, end: int, label: str | None, words: Sequence[Word]) -> str | None:
    """The force that words before a comma or colon leave to every grant behind it, if less."""
    begin = max(start, end - _REACH)
    if _SAID.search(text, begin, end) or _BEFORE.match(text, start, end):
        return "information"
    if text.startswith((":", "："), end):
        if _PASSED.match(text, start, end) or any(
            one.search(text, begin, end) for one in (_ENDED, _QUOTED)
        ):
            return "information"
        if label in ("encouragement", "goal", "information") and _speaks_of_pay(label, words):
            return label
    if label == "information" and _DONE.search(text, start, end):
        return "information"
    return "encouragement" if _CONDITION.search(text, begin, end) else None


def _speaks_of_pay(label: str, words: Sequence[Word]) -> bool:
    """Whether weaker words before a list are about paying: 可按以下标准给予奖励, not 支持以下项目."""
    roles = frozenset[str]().union(*(w.roles for w in words))
    if "definition" in roles:
        return False  # 现就免征…问题公告如下:
    return "pay" in roles or (
        label == "information" and "money" in roles and bool(roles & {"leave", "denial"})
    )


def settles(text: str, start: int, end: int) -> bool:
    """Whether words leave what was promised before them to somebody's view of the funds."""
    return text.find("视", start, end) >= 0 and _SETTLED.search(text, start, end) is not None


def delegates(text: str, start: int, end: int, label: str | None) -> str | None:
    """The force that words before a comma leave to what somebody else may give by them."""
    begin = max(start, end - _REACH)
    if _MAY.search(text, begin, end):
        return "information"
    urged = label in ("encouragement", "goal")
    schemed = urged and (_SCHEME.search(text, begin, end) or _GIVERS.search(text, start, end))
    return label if schemed else None


def urges_lenders(text: str, start: int, end: int) -> bool:
    """Whether words urge lenders, whose terms the next words may tell: 鼓励银行…,给予利率优惠."""
    return _LENDERS.search(text, start, end) is not None


def is_lent(text: str, start: int, end: int) -> bool:
    """Whether a grant is one of a lender's terms, and no public money."""
    return text.find("元", start, end) < 0 and _LENT.search(text, start, end) is not None
