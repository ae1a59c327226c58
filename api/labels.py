"""Chinese names of the contract's codes and of system errors, as pages and terminal show them."""

import errno
from datetime import date

KINDS = {
    "loan": "贷款",
    "guarantee": "担保",
    "insurance": "保险",
    "talent": "人才",
    "supply_chain": "供应链",
    "subsidy": "补贴",
    "capital_market": "资本市场",
    "service": "服务",
}
REALITIES = {"official": "官方", "reported": "报道", "illustrative": "示例"}
REALITY_NOTES = {
    "official": "出自官方公开文件",
    "reported": "据公开报道整理,待核对原文",
    "illustrative": "演示用的示例产品,不是任何机构的要约",
}
ILLUSTRATIVE_FIT = "条件相符(示例)"
STATUSES = {"eligible": "可申报", "undetermined": "待补充", "ineligible": "暂不符合"}
VERDICTS = {"met": "符合", "unmet": "不符合", "unknown": "待确认"}
BASES = {"published": "原文载明", "reported": "据报道", "assumed": "按通行做法或示例,以机构为准"}
AVAILABILITY = {
    "open": "开放中",
    "upcoming": "尚未开始",
    "closed": "已截止",
    "unknown": "申报时间未载明",
}
LAYERS = {
    "policy": "政策文件",
    "external_rule": "外部规定",
    "product_sheet": "产品单",
    "illustration": "示例产品单",
}


def since(on: date | None, in_effect: bool) -> str:
    """From when an amendment holds, as the start of a sentence; an unstated day is past."""
    return "已" if on is None else f"{'已' if in_effect else '将'}自{on}起"


ACTS = {"amends": "修改", "repeals": "废止"}
DOCUMENT_STATUSES = {
    "in_force": "现行有效",
    "not_yet": "尚未生效",
    "expired": "已过有效期",
    "repealed": "已废止",
    "superseded": "已被替代",
    "unknown": "有效期未载明",
}
STANDINGS = {
    "met": "达标",
    "unmet": "未达标",
    "unknown": "资料不全",
    "confirmed": "可直接确认",
    "barred": "不符合基本条件",
}
ANSWERS = {
    "answered": "有依据",
    "partial": "部分有依据",
    "asks": "需要补充",
    "not_stated": "文件未规定",
    "not_in_corpus": "未收录",
    "out_of_scope": "不在服务范围",
    "declined": "不予回答",
    "handed_over": "转人工",
    "error": "出错",
}
SYSTEM_ERRORS = {
    errno.ENOENT: "没有这个文件或目录",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘只读",
    errno.ENOSPC: "磁盘已满",
    errno.EISDIR: "这是一个目录",
    errno.ENOTDIR: "路径中有一段不是目录",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EADDRINUSE: "端口已被占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
}


def explain_os(error: OSError) -> str:
    """Why the system refused, in Chinese."""
    return SYSTEM_ERRORS.get(error.errno or 0, f"系统错误 {error.errno or type(error).__name__}")


def status_label(status: str, reality: str) -> str:
    """A verdict in words; nobody can apply for an illustrative product."""
    if status == "eligible" and reality == "illustrative":
        return ILLUSTRATIVE_FIT
    return STATUSES[status]


def counted(realities: list[str]) -> str:
    """How many there are, and how many of them are illustrations."""
    shown = realities.count("illustrative")
    return f"{len(realities)}项" + (f",其中示例{shown}项" if shown else "")
