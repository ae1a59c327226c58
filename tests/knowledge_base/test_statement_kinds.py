"""Kinds of sentences official documents are made of: grants, lists, reports, orders, requests."""

import pytest

from knowledge_base.statements import read_statements


def _read(text: str) -> list[tuple[str, str, str]]:
    return [
        (one.force, "+".join(one.bound), "+".join(one.benefits))
        for one in read_statements(text, 0, len(text), ())
    ]


@pytest.mark.parametrize(
    ("text", "benefits"),
    [
        ("设备投资500万元以上的,补助10%。", ""),
        ("对获奖企业奖励每家10万元。", "enterprise"),
        ("入选名单的企业一次性奖50万元。", "enterprise"),
        ("获得国家级称号的企业奖励50万元。", "enterprise"),
        ("利息按50%的比例补贴。", ""),
        ("企业取得的收入,减按90%计入收入总额。", "enterprise"),
        ("企业招用人员的,按每人每年6000元定额依次扣减增值税。", "enterprise"),
        ("个体工商户每户每年扣减12000元。", "enterprise"),
        ("企业发生的研发费用,按实际发生额的100%在税前加计扣除。", "enterprise"),
        ("对困难家庭发放补贴每人每年2000元。", "other"),
    ],
)
def test_a_grant_needs_no_word_for_giving(text, benefits):
    assert _read(text) == [("commitment", "department", benefits)]


@pytest.mark.parametrize(
    "text",
    [
        "收入总额70%以上的企业。",
        "去年以来,已兑现奖励资金300万元。",
        "由县财政局向企业发放补贴。",
        "三、政策兑现",
        "获奖10项的企业名单。",
        "鼓励类企业是指主营业务在目录以内,且该收入占收入总额70%以上的企业。",
        "本办法所称补贴,是指由县财政给予企业的资金。",
    ],
)
def test_what_describes_defines_or_reports_promises_nothing(text):
    assert {force for force, _, _ in _read(text)} == {"information"}


@pytest.mark.parametrize(
    "text",
    [
        "对通过认定的企业给予以下奖励:1.国家级50万元;2.省级30万元。",
        "对通过认定的企业,按以下标准给予奖励:\n(1)国家级,50万元;\n(2)省级,30万元。",
    ],
)
def test_the_items_under_a_promise_are_promises_to_the_same_party(text):
    read = _read(text)
    assert set(read) == {("commitment", "department", "enterprise")}
    assert len(read) >= 2


@pytest.mark.parametrize(
    "text",
    [
        "对符合以下条件的企业给予奖励:\n1.注册资本500万元;\n2.年纳税20万元。",
        "给予企业以下奖励:\n1.本年度不再奖励50万元;\n2.每家最高30万元。",
    ],
)
def test_conditions_and_caps_under_a_promise_are_none(text):
    _, *items = _read(text)
    assert items
    assert "commitment" not in {force for force, _, _ in items}


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("可申请最高不超过300万元的贷款。", "bank"),
        ("企业可申请最高不超过50万元的补贴。", "department"),
        ("每家最高50万元。", "department"),
        ("按每户每年20000元为限额依次扣减其实际应缴纳的增值税。", "department"),
    ],
)
def test_what_may_be_had_at_most_is_a_ceiling(text, bound):
    ((force, who, _),) = _read(text)
    assert (force, who) == ("ceiling", bound)


@pytest.mark.parametrize(
    ("text", "benefits"),
    [
        ("切实减轻企业和群众办事负担。", "enterprise+other"),
        ("优化流程,方便群众办事。", "other"),
        ("不断提高流程透明度,提升企业办事体验。", "enterprise"),
        ("为老年人提供便利服务。", "other"),
        ("加强对企业的指导。", "enterprise"),
    ],
)
def test_whoever_an_office_serves_benefits(text, benefits):
    assert _read(text) == [("duty", "department", benefits)]


@pytest.mark.parametrize(
    ("text", "benefits"),
    [
        ("参保职工按规定享受生育津贴。", "other"),
        ("允许园区内企业开展保税检测。", "enterprise"),
        ("今年以来,共为企业减免税费2亿元。", "enterprise"),
    ],
)
def test_whoever_a_fact_says_has_something_benefits(text, benefits):
    ((force, _, gain),) = _read(text)
    assert (force, gain) == ("information", benefits)


def test_whoever_is_hired_gains_nothing_by_what_the_employer_is_paid():
    assert _read("对用人单位招用毕业生的,给予补贴。")[0][2] == "enterprise"
    assert _read("对新引进的人才给予补贴。")[0][2] == "talent"


def test_a_grant_without_a_party_goes_to_whoever_applied_in_the_clause():
    assert _read("申报企业应当具有独立法人资格。符合条件的,给予10万元奖励。")[1][2] == "enterprise"
    assert _read("符合条件的,给予10万元奖励。")[0][2] == ""


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("银行要加大对企业的支持。", ("duty", "bank", "enterprise")),
        ("税务机关应当对企业进行辅导。", ("duty", "department", "enterprise")),
        ("企业应当向县科技局提交申请。", ("duty", "enterprise", "")),
        ("企业向县科技局提交申请材料。", ("information", "enterprise", "")),
        ("企业到当地税务机关办理登记,应当携带证件。", ("duty", "enterprise", "")),
        ("用人单位应当为职工缴纳社会保险费。", ("duty", "enterprise", "other")),
        ("残疾人符合条件的,应按规定发放补贴。", ("duty", "department", "other")),
        ("需提供营业执照复印件。", ("duty", "enterprise", "")),
        ("本办法由县科技局负责解释。", ("information", "department", "")),
    ],
)
def test_the_subject_is_bound_and_not_whoever_is_pointed_at(text, read):
    assert _read(text) == [read]


@pytest.mark.parametrize(
    "text",
    ["县科技局加强统筹协调。", "各乡镇、各部门完善工作机制。", "强化质量监管。", "落实各项政策。"],
)
def test_a_plain_order_to_an_office_is_a_duty(text):
    assert _read(text) == [("duty", "department", "")]


@pytest.mark.parametrize("text", ["推动产业升级。", "探索新模式。", "积极引导资金投入。"])
def test_a_softer_word_stays_an_encouragement(text):
    assert _read(text) == [("encouragement", "department", "")]


def test_an_adverb_after_a_demand_weakens_nothing():
    assert _read("各部门要落实责任,积极推进改革。") == [("duty", "department", "")]


@pytest.mark.parametrize(
    "text",
    [
        "去年以来,各部门积极推进改革,取得了阶段性成效。",
        "是推动转型升级的重要举措。",
        "为支持企业发展,根据有关规定,制定以下措施:",
        "截至目前,已有30家企业获得贷款。",
    ],
)
def test_reports_and_grounds_bind_nobody(text):
    assert _read(text) == [("information", "", "")]


def test_an_unnamed_supporter_is_the_office_whoever_owed_something_before():
    read = _read("企业应当建立台账。支持企业技术改造。")
    assert read[1] == ("encouragement", "department", "enterprise")


def test_a_numbered_sentence_that_stands_alone_is_no_heading():
    support = ("encouragement", "department", "enterprise")
    assert _read("(三)支持企业技术改造。") == [support]
    offices = "(三)支持企业技术改造。(责任单位:县经信局)"
    assert _read(offices) == [support, ("duty", "department", "")]
    assert support not in _read("(三)支持企业技术改造。各部门要高度重视。")


def test_an_office_named_for_oversight_still_serves():
    text = "市金融监督管理部门应当组织各方,为企业提供服务。"
    assert _read(text) == [("duty", "department", "enterprise")]


def test_praise_in_an_appraisal_of_offices_is_nothing_to_banks():
    assert _read("各部门要将此项工作列入考核评价。") == [("duty", "department", "")]


@pytest.mark.parametrize("text", ["2019年到2022年,各地组织了评估。", "目前已有三家企业入驻。"])
def test_a_span_of_past_years_is_no_goal(text):
    assert _read(text)[0][0] == "information"


def test_a_goal_that_only_describes_the_recipient_leaves_the_promise():
    text = "对实现发展目标的企业给予10万元奖励。"
    assert _read(text) == [("commitment", "department", "enterprise")]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (
            "对年产值首次超过一亿元的企业；\n给予一次性奖励20万元；",
            "commitment department enterprise",
        ),
        ("对未获得资助的企业新产品予以奖励。", "commitment department enterprise"),
        ("对引进团队的旅行社进行奖励。", "commitment department enterprise"),
        ("同意该企业继续享受税收优惠政策。", "commitment department enterprise"),
        (
            "对整治成效明显的县（市、区），在分配资金时予以倾斜。",
            "commitment department department",
        ),
        ("纳税人本人的继续教育支出,按照每月400元的标准定额扣除。", "commitment department other"),
        ("创业的人员可申请最高20万元的创业担保贷款。", "ceiling department other"),
        ("企业发生的职工教育经费,准予扣除。", "commitment department enterprise"),
    ],
)
def test_what_is_promised_reaches_whom_it_names(text, read):
    assert {" ".join(one) for one in _read(text)} == {read}


@pytest.mark.parametrize(
    "text",
    [
        "园区服务是企业成长的重要支撑,推动了产业发展。",
        "开展结对帮扶,有利于动员社会力量,促进稳定就业。",
        "门户网站对促进公开,方便公众监督,发挥了重要作用。",
        "为推动场景创新,鼓励企业参与,现发布第一批场景清单。",
        "改革实施以来,各级政府建立了信息平台。",
    ],
)
def test_what_is_judged_or_issued_asks_nothing_of_anybody(text):
    assert _read(text) == [("information", "", "")]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("担保机构不得向企业进行股权投资。", ("duty", "guarantor", "")),
        (
            "各级政务服务中心应提供邮寄和自取方式,由企业自主选择。",
            ("duty", "department", "enterprise"),
        ),
        ("县民政局应当为有集中供养意愿的老年人落实供养服务。", ("duty", "department", "other")),
        ("税务局应当将结果告知企业。", ("duty", "department", "enterprise")),
        ("县民政局要加强监管,切实为群众提供便利服务。", ("duty", "department", "other")),
        ("除国家机关、个人外,均应当由纳税人申报。", ("duty", "enterprise", "")),
        ("使用企业进口油品的,应分别核算。", ("duty", "enterprise", "")),
        ("药品应当用于特定医疗目的。", ("duty", "department", "")),
        ("各有关部门于印发后5个工作日内,向社会公布目录。", ("duty", "department", "")),
        ("对已建成的,原则上于2026年6月底前完成;", ("duty", "department", "")),
        ("税务机关在确认疑点后,及时将情况推送给协调小组。", ("duty", "department", "")),
        ("推动政府部门的信息与金融机构共享。", ("encouragement", "department", "")),
        ("支持创业团队和中小企业参加大赛。", ("encouragement", "department", "enterprise+talent")),
        ("补助金额低于1万元的不予补助。", ("information", "department", "")),
        ("涉及政府或多家企业的,可联合申报。", ("information", "", "")),
        ("申报单位应为在本市登记的企事业单位。", ("duty", "enterprise", "")),
    ],
)
def test_a_party_is_bound_or_served_only_by_what_is_said_of_it(text, read):
    assert _read(text) == [read]


def test_a_ceiling_of_a_project_benefits_nobody_named_before():
    text = "鼓励商业企业改造升级,给予补助。单个项目补助金额不超过100万元。"
    assert _read(text)[-1] == ("ceiling", "department", "")


def test_a_year_with_a_month_is_a_period_and_a_bare_year_a_goal():
    assert _read("到2030年,示范市场培育取得突破,基本建成体系。")[0][0] == "goal"
    assert _read("对企业2025年1月1日至2025年12月31日的利息给予补助。")[0][0] == "commitment"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1.鼓励商贸企业改造升级。\n由县商务局审定。", True),
        ("（一）鼓励企业创新。\n由县科技局审定。", False),
    ],
)
def test_a_numbered_wish_with_a_stop_is_a_sentence_and_a_heading_is_none(text, said):
    assert any(force == "encouragement" for force, _, _ in _read(text)) is said


@pytest.mark.parametrize(
    "text", ["建立进行奖励的机制。", "已同意企业名单。", "选择补贴申办,进行补贴申领操作。"]
)
def test_a_grant_only_spoken_of_is_no_promise(text):
    assert "commitment" not in {force for force, _, _ in _read(text)}
