"""Chinese names of the contract's codes, as pages and terminal show them."""

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
STATUSES = {"eligible": "可申报", "undetermined": "待补充", "ineligible": "暂不符合"}
VERDICTS = {"met": "符合", "unmet": "不符合", "unknown": "待确认"}
BASES = {"published": "原文载明", "reported": "据报道", "assumed": "按通行做法或示例,以机构为准"}
AVAILABILITY = {
    "open": "可申报",
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
