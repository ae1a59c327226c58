"""What is no official document: a poem, a contract, a bill, a log or a program is refused by name."""

import re
from collections.abc import Sequence

from knowledge_base.clauses import Clause
from knowledge_base.errors import DocumentError
from knowledge_base.header.header import Header

UNTITLED = "(原文未印标题)"

# What an official text names, and a poem, a log or a contract does not; one of these is enough.
_OFFICIAL = re.compile(
    r"政府|国务院|委员会|管委会|办公厅|财政|税务|监管|各有关单位|省委|市委|县委|指挥部|领导小组|政务|各单位|联社"
    r"|[\u4e00-\u9fff]{2}[局厅](?![部面])"
)
# Words that others use too: they count where the text also obliges or promises.
_PUBLIC = re.compile(r"部门|政策|企业|机构|申请人|社会?保障|街道|新区")
_PRIVATE = re.compile(
    r"(?:合同书?|协议|协议书|发票|收据|收条|借条|欠条|简历|报价单|采购单|采购清单|购物清单|订单|账单|对账单|会议通知单|日记|请假条)"
    r"(?:[(\uff08][^()\uff08\uff09]{0,20}[)\uff09])?$"
)
# A line of a log or of a program.
_WORDS = (
    "def|class|import|from|return|if|for|while|public|private|static|const|let|var|func|function"
    "|package|use|try|except|print"
)
_MACHINE = re.compile(
    r"^\s*(?:\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d|#|//|/\*|\*/|[{}\])]|@\w"
    rf"|(?:{_WORDS})\b(?=[ (:])|\S*\s?(?:==?|=>|->)\s)"
    r"|[{;]\s*$|\):\s*$|\"\"\""
)
_ACTS = frozenset({"commitment", "duty", "ceiling", "encouragement", "goal"})


def called(header: Header) -> str:
    """What a message calls the text: its title or its first words."""
    return (header.title or header.opening)[:40] or UNTITLED


def require_official(text: str, clauses: Sequence[Clause], header: Header) -> None:
    """Refuse what is no official document, saying everything that is missing.

    Raises DocumentError.
    """
    body = [clause for clause in clauses if not clause.id.endswith(":head")]
    acts = any(s.force in _ACTS for clause in body for s in clause.statements)
    named = bool(header.numbers or header.issuers)
    text = text[:50_000]
    official = (
        named
        or _OFFICIAL.search(text) is not None
        or (acts and _PUBLIC.search(text) is not None)
        or (header.titled and "关于" in header.full_title)
    )
    private = not header.numbers and _is_private(text)
    machine = not named and _is_machine_made(text)
    readable = _is_chinese(text, named)
    if body and readable and official and not (private or machine):
        return
    faults: Sequence[str] = [
        fault
        for fault, missing in (
            ("没有标题", not header.titled),
            ("没有正文条款", not body),
            ("没有发布机构或文号", not named),
            ("没有写明支持或要求什么", not acts),
            ("是合同、票据一类的文书", private),
            ("是程序或日志", machine),
            ("大部分不是中文", not readable),
        )
        if missing
    ]
    raise DocumentError(
        f"“{called(header)}”不像一份政策文件:{'、'.join(faults)};请确认上传的是政策原文"
    )


def _is_private(text: str) -> bool:
    """A contract, a bill or a note: named so at its top, or between 甲方 and 乙方 throughout."""
    top = [line.strip() for line in text[:400].splitlines() if line.strip()][:2]
    parties = (len(re.findall(party, text[:20_000])) for party in ("甲方", "乙方"))
    return any(len(line) < 40 and _PRIVATE.search(line) for line in top) or min(parties) >= 3


def _is_machine_made(text: str) -> bool:
    """A log or source code: most of its lines look like that."""
    lines = [line[:400] for line in text[:20_000].splitlines() if line.strip()]
    return len(lines) > 3 and sum(bool(_MACHINE.search(line)) for line in lines) * 2 > len(lines)


def _is_chinese(text: str, named: bool) -> bool:
    """Whether enough of a text is Chinese; a named document may be all tables and figures."""
    letters = len(re.findall(r"[\u4e00-\u9fff]", text[:20_000]))
    share = letters / max(1, len(re.sub(r"\s", "", text[:20_000])))
    return share >= 0.4 or (named and (letters >= 200 or share >= 0.2))
