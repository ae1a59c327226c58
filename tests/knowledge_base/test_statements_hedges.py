"""A grant at somebody's discretion, wished for, denied or past is never read as an entitlement."""

import pytest

from knowledge_base.statements import read_statements


def _forces(text: str) -> list[str]:
    return [one.force for one in read_statements(text, 0, len(text), ())]


@pytest.mark.parametrize(
    "hedge",
    [
        "视情", "酌情", "视情况", "视绩效情况", "研究", "考虑", "探索", "鼓励", "倡导", "支持", "推动",
        "适当", "适时", "择机", "逐步", "尽量", "尽可能", "积极", "优先", "一般", "必要时", "一事一议",
        "原则上", "原则同意", "建议", "希望", "期望", "计划", "预计", "打算", "有望", "协调",
        "有条件的地区", "根据财力状况", "结合实际需要", "根据实际情况", "参照执行",
    ],
)  # fmt: skip
def test_discretion_or_a_wish_before_a_grant_makes_it_an_encouragement(hedge):
    assert _forces(f"{hedge}给予企业50万元补助。") == ["encouragement"]


@pytest.mark.parametrize("hedge", ["争取", "力争", "努力"])
def test_what_is_striven_for_is_a_goal(hedge):
    assert _forces(f"{hedge}给予企业50万元补助。") == ["goal"]


@pytest.mark.parametrize(
    "leave", ["可", "可以", "也可", "可视情", "可视情况", "可视财力状况", "县政府得"]
)
def test_leave_to_grant_is_information(leave):
    assert _forces(f"{leave}给予企业50万元补助。") == ["information"]


@pytest.mark.parametrize("hedge", ["可", "可视情况", "视情", "符合条件的可", "酌情", "原则上"])
def test_a_hedged_grant_with_a_cap_is_a_ceiling(hedge):
    assert _forces(f"{hedge}给予企业不超过50万元补助。") == ["ceiling"]


@pytest.mark.parametrize(
    "denial",
    [
        "不", "不再", "不予", "暂不", "停止", "终止", "暂停", "暂缓", "取消", "不能", "无法", "不会", "不宜",
        "拒绝", "没有", "未", "停止对违规企业", "不对违规企业", "取消对企业",
    ],
)  # fmt: skip
def test_a_grant_denied_promises_nothing_to_anybody(denial):
    verb = "补助" if denial.endswith("予") else "给予补助"
    text = f"{denial}{verb}。"
    (statement,) = read_statements(text, 0, len(text), ())
    assert (statement.force, statement.benefits) == ("information", ())


@pytest.mark.parametrize(
    "text",
    [
        "已给予企业50万元补助。",
        "曾给予企业50万元补助。",
        "曾经给予企业50万元补助。",
        "给予了企业50万元补助。",
        "去年补助了企业50万元。",
        "去年给予企业50万元补助。",
        "去年,我县对企业给予50万元补助。",
        "2023年共给予120家企业补助。",
        "今年以来,对企业给予补助50万元。",
        "累计给予企业补助2000万元。",
        "2023年,我县共兑现资金500万元,给予120家企业补助。",
        "原给予企业50万元奖励的政策停止执行。",
    ],
)
def test_what_was_granted_is_information(text):
    assert set(_forces(text)) == {"information"}


@pytest.mark.parametrize(
    "text",
    [
        "给予企业50万元奖励的规定不再执行。",
        "给予企业贷款贴息支持的有关规定另行通知。",
        "减半征收原则上不再延续。",
        "有专家建议:对企业给予50万元奖励。",
        "本次会议建议,对企业给予50万元奖励。",
        "停止执行以下政策:对企业给予50万元奖励。",
        "例如,对企业给予50万元奖励。",
        "给予企业50万元奖励尚未落实。",
        "避免重复给予企业补助。",
        "对困难企业不发放补贴。",
        "「给予企业50万元补助」并非承诺。",
        "‘给予企业50万元补助’并非承诺。",
        '"给予企业50万元补助"并非承诺。',
        "如果给予企业50万元奖励,将增加支出。",
        "拟给予企业50万元奖励。",
        "拟奖励企业50万元。",
        "能否给予企业补助,由县政府决定。",
        "是否给予企业50万元奖励,由县政府决定。",
        "对企业给予50万元奖励吗?",
        "能否对企业给予50万元奖励?",
        "有企业反映“给予50万元奖励”未兑现。",
        "《关于给予企业50万元奖励的通知》已印发。",
    ],
)
def test_a_grant_spoken_of_asked_about_or_ended_is_information(text):
    assert set(_forces(text)) == {"information"}


@pytest.mark.parametrize(
    "before",
    [
        "原则上,", "必要时,", "视财力情况,", "条件成熟后,", "预算允许的,", "有条件的,", "可根据实际情况,",
        "可结合财力,", "各地可制定政策,", "鼓励各镇出台政策,", "探索建立奖补机制,", "研究制定政策,",
        "争取上级资金,", "推动建立奖励制度,",
    ],
)  # fmt: skip
def test_a_hedge_before_the_comma_holds_for_the_grant_behind_it(before):
    assert "commitment" not in _forces(f"{before}对企业给予50万元奖励。")


@pytest.mark.parametrize(
    "text",
    [
        "对企业给予奖励,具体金额视财力情况确定。",
        "给予企业50万元奖励(视财力情况)。",
        "对企业酌情发放补贴。",
    ],
)
def test_an_amount_left_to_a_view_of_the_funds_is_no_promise(text):
    assert "commitment" not in _forces(text)


def test_a_grant_that_only_describes_a_case_is_no_promise():
    assert _forces("给予企业50万元补助的,应当公示。") == ["duty"]


@pytest.mark.parametrize("lead", ["可按以下标准给予奖励", "视情给予以下奖励", "停止执行以下政策"])
@pytest.mark.parametrize(
    "items",
    [
        ":首次上市的,给予50万元;再融资的,给予20万元。",
        "：\n1.首次上市的，给予50万元奖励；\n2.再融资的，奖励20万元。",
        "：\n（一）首次上市的，50万元；\n（二）再融资的，20万元。",
    ],
)
def test_the_items_of_a_hedged_list_promise_nothing(lead, items):
    assert "commitment" not in _forces(lead + items)


def test_an_article_after_a_hedged_list_promises_again():
    text = "可给予以下奖励：\n1.首次上市的，给予50万元奖励。\n第九条 对企业给予20万元补助。"
    assert _forces(text) == ["information", "information", "commitment"]


@pytest.mark.parametrize(
    "text",
    [
        "参照该标准给予企业补助。",
        "在预算额度内给予企业补助。",
        "经县政府研究决定,给予企业50万元奖励。",
        "经审核后给予企业50万元奖励。",
        "如发生不良的,给予企业风险补偿50万元。",
        "根据评审结果,给予企业50万元补助。",
        "对已上市企业给予50万元奖励。",
        "对去年新上规的企业,给予10万元奖励。",
        "对逐步减少排放的企业给予5万元补助。",
        "对未获得省级奖励的企业给予50万元奖励。",
        "对列入计划的企业给予50万元补助。",
        "对符合条件的企业,按规定给予补助。",
        "公共租赁住房建设按照规定免收企业行政事业性收费。",
    ],
)
def test_a_condition_a_decision_or_a_description_leaves_a_promise_a_promise(text):
    assert _forces(text) == ["commitment"]


@pytest.mark.parametrize(
    "text",
    [
        "鼓励企业上市,对成功上市的给予100万元奖励。",
        "支持建设研发中心,对新认定的给予50万元补助。",
        "鼓励银行加大信贷投放,对当年新增贷款的银行给予50万元奖励。",
        "鼓励各镇出台政策,市财政给予50%补助。",
        "企业可自愿申报,经审核后给予50万元奖励。",
    ],
)
def test_what_is_urged_first_takes_nothing_from_a_promise_of_its_own(text):
    assert _forces(text)[-1] == "commitment"


def test_a_hedged_grant_still_tells_who_would_gain_and_who_decides():
    text = "对优秀企业,原则上按20%给予补助。"
    (statement,) = read_statements(text, 0, len(text), ())
    assert (statement.bound, statement.benefits) == (("department",), ("enterprise",))


@pytest.mark.parametrize(
    "text",
    [
        "申报时间为2024年5月1日至5月31日。",
        "申报时间为2024年5月1日到2026年。",
        "申报时间到2026年底。",
        "政策有效期到2026年底。",
        "优惠政策延续到2027年底。",
        "执行期限至2026年12月31日。",
    ],
)
def test_a_time_is_information_and_no_goal(text):
    assert _forces(text) == ["information"]


def test_a_year_aimed_at_is_a_goal_still():
    assert _forces("到2027年,贷款余额达到50亿元。") == ["goal"]


@pytest.mark.parametrize(
    "text",
    [
        "决定对《支持企业发展若干措施》作如下修改:",
        "经研究,决定对支持企业发展若干措施作如下修改:",
        "县政府决定对《支持企业创新办法》部分条款作出修改。",
        "将第五条修改为:",
    ],
)
def test_the_change_of_a_text_is_information_whatever_the_text_is_called(text):
    assert set(_forces(text)) == {"information"}


@pytest.mark.parametrize(
    "text",
    [
        "关于支持企业创新的若干措施",
        "平阳县关于进一步支持民营企业发展的若干意见（试行）",
        "平阳县人民政府关于鼓励企业上市的实施意见",
        "平阳县支持科技创新若干措施",
        "鼓励企业创新办法",
    ],
)
def test_the_name_of_a_text_urges_and_serves_nobody(text):
    (statement,) = read_statements(text, 0, len(text), ())
    assert (statement.force, statement.bound, statement.benefits) == ("information", (), ())


@pytest.mark.parametrize(
    "text",
    [
        "认真落实关于支持小微企业发展的意见。",
        "抓紧制定支持企业创新实施办法。",
        "支持企业落实政策。",
    ],
)
def test_an_order_that_names_a_text_is_no_title(text):
    assert _forces(text) != ["information"]
