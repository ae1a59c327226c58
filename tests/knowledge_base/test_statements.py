"""Who is bound, who benefits, with what force: a bank's duty is no right of an enterprise."""

import json
import re
from pathlib import Path

import pytest

from knowledge_base.statements import Statement, read_statements
from tests.measures.statements import measure

CASES = Path(__file__).parents[1] / "cases"
# Force and parties the inventory of the policy gives; a beneficiary no word of the sentence names is left out.
ATOMS = [
    json.loads(line)
    for line in (CASES / "seed_statements.jsonl").read_text(encoding="utf8").split("\n")
    if line
]

FORCES = {"commitment", "duty", "ceiling", "encouragement", "goal", "information", "unclear"}
PARTIES = {"enterprise", "bank", "insurer", "guarantor", "department", "research", "carrier"}
PARTIES |= {"talent", "other"}


@pytest.fixture(scope="module")
def stating(policy):
    """The statement of the policy that holds some words."""

    def find(words):
        found = [
            statement
            for clause in policy.clauses
            for statement in clause.statements
            if words in policy.text[statement.start : statement.end]
        ]
        assert len(found) == 1, f"{words}: {len(found)} statements"
        return found[0]

    return find


def test_the_premium_subsidy_is_a_commitment_by_the_department_for_enterprises(stating):
    statement = stating("按保费80%予以补助")
    assert statement.force == "commitment"
    assert statement.bound == ("department",)
    assert statement.benefits == ("enterprise",)


@pytest.mark.parametrize("words", ["最高可达5年", "不超过3个百分点"])
def test_an_upper_bound_is_a_ceiling_and_not_a_promise(stating, words):
    assert stating(words).force == "ceiling"


def test_the_five_year_ceiling_binds_banks_and_benefits_enterprises(stating):
    statement = stating("最高可达5年")
    assert "bank" in statement.bound
    assert statement.benefits == ("enterprise",)


@pytest.mark.parametrize("words", ["不超过3个百分点", "尽职免责", "容忍度相关要求"])
def test_rules_inside_a_bank_never_benefit_enterprises(stating, words):
    statement = stating(words)
    assert "bank" in statement.benefits
    assert "enterprise" not in statement.benefits


def test_the_goals_of_part_one_are_goals_of_the_county(stating):
    statement = stating("科创类贷款新增50亿元")
    assert statement.force == "goal"
    assert statement.bound == ("department",)


@pytest.mark.parametrize("words", ["力争2024—2026年", "“零”突破", "首贷率"])
def test_what_is_striven_for_is_never_a_commitment(stating, words):
    assert stating(words).force == "goal"


def test_keeping_a_ledger_is_a_duty_of_banks(stating):
    statement = stating("要建立台账")
    assert statement.force == "duty"
    assert "bank" in statement.bound
    assert "department" not in statement.bound


@pytest.mark.parametrize("words", ["各单位要高度重视", "金融监管支局要加强"])
def test_duties_of_offices_do_not_bind_banks(stating, words):
    statement = stating(words)
    assert statement.force == "duty"
    assert statement.bound == ("department",)


@pytest.mark.parametrize("words", ["鼓励具备条件的机构", "探索建立科技金融", "“研发贷”"])
def test_encouragement_is_no_duty(stating, words):
    assert stating(words).force == "encouragement"


def test_only_one_commitment_of_the_policy_benefits_enterprises(policy):
    commitments = [
        policy.text[statement.start : statement.end]
        for clause in policy.clauses
        for statement in clause.statements
        if statement.force == "commitment" and "enterprise" in statement.benefits
    ]
    assert commitments == ["我县对购买科技成果先用后转项目保险产品的企业按保费80%予以补助"]


def test_no_statement_of_the_policy_binds_an_enterprise(policy):
    bound = {p for clause in policy.clauses for s in clause.statements for p in s.bound}
    assert "enterprise" not in bound
    assert {"bank", "insurer", "department"} <= bound


def test_every_statement_lies_within_its_clause_in_order_and_says_only_known_words(catalogue):
    for document in catalogue.documents.values():
        for clause in document.clauses:
            position = clause.start
            for statement in clause.statements:
                assert position <= statement.start < statement.end <= clause.end, clause.id
                assert statement.force in FORCES
                assert set(statement.bound) | set(statement.benefits) <= PARTIES
                position = statement.end


def test_the_head_states_nothing(policy):
    assert policy.clauses[0].statements == ()


def test_a_promise_holds_for_its_own_words_only():
    text = "我县对购买保险的企业按保费80%予以补助,各银行要加大宣传。"
    promise, duty = read_statements(text, 0, len(text), ("bank",))
    assert (promise.force, promise.bound) == ("commitment", ("department",))
    assert (duty.force, duty.bound) == ("duty", ("bank",))


def test_a_plain_sentence_states_a_fact_and_binds_nobody():
    (statement,) = read_statements("本县共有三个乡镇。", 0, 9, ())
    assert (statement.force, statement.bound) == ("information", ())


def test_a_fragment_without_any_word_of_force_is_unclear():
    (statement,) = read_statements("绿色低碳。", 0, 5, ("bank",))
    assert (statement.force, statement.bound, statement.benefits) == ("unclear", (), ())


@pytest.mark.parametrize("atom", ATOMS, ids=[atom["id"] for atom in ATOMS])
def test_the_policy_reads_as_its_inventory_says(policy, atom):
    places = [m.span() for m in re.finditer(re.escape(atom["words"]), policy.text)]
    read = [
        statement
        for clause in policy.clauses
        for statement in clause.statements
        if any(statement.start < end and start < statement.end for start, end in places)
    ]
    assert any(
        statement.force == atom["force"]
        and set(atom["bound"]) <= set(statement.bound)
        and set(atom["benefits"]) <= set(statement.benefits)
        and not set(atom.get("never", ())) & set(statement.benefits)
        for statement in read
    ), read


def _only(text: str, default: tuple[str, ...] = ()) -> Statement:
    (statement,) = read_statements(text, 0, len(text), default)
    return statement


@pytest.mark.parametrize(
    ("text", "force"),
    [
        ("支持符合条件的企业申请贷款。", "encouragement"),
        ("鼓励有条件的地方给予补助。", "encouragement"),
        ("可按规定给予补贴。", "information"),
        ("力争给予企业更多补助。", "goal"),
        ("探索给予首贷户贴息支持。", "encouragement"),
        ("研究对重点企业给予用地优惠。", "encouragement"),
        ("酌情给予企业补助。", "encouragement"),
        ("给予最高50万元奖励。", "ceiling"),
        ("对弄虚作假的企业,不予补助。", "information"),
        ("已享受市级政策的企业,不再给予奖励。", "information"),
        ("对评审结果予以公示。", "information"),
        ("返还标准按6个月的失业保险金确定。", "information"),
        ("获得市级补贴50万元的企业名单。", "information"),
        ("评审后确定予以支持的项目名单。", "information"),
        ("同一企业每年只能享受一次补助。", "ceiling"),
    ],
)
def test_less_than_a_promise_is_never_read_as_one(text, force):
    assert _only(text).force == force


@pytest.mark.parametrize("text", ["对弄虚作假的企业,不予补助。", "对老企业不再给予奖励。"])
def test_a_benefit_denied_benefits_nobody(text):
    assert _only(text).benefits == ()


def test_encouraging_banks_binds_banks_and_serves_enterprises():
    statement = _only("鼓励银行对企业给予利率优惠。")
    assert (statement.bound, statement.benefits) == (("bank",), ("enterprise",))


def test_a_cap_in_words_of_its_own_leaves_the_promise_a_promise():
    text = "对符合条件的企业,按实际投资额的20%给予奖励,最高不超过50万元。"
    promise, cap = read_statements(text, 0, len(text), ())
    assert (promise.force, cap.force) == ("commitment", "ceiling")
    assert promise.benefits == cap.benefits == ("enterprise",)


def test_a_cap_among_the_words_of_a_promise_makes_it_a_ceiling():
    statement = _only("对符合条件的企业,按实际投资额的20%给予不超过50万元的一次性奖励。")
    assert (statement.force, statement.benefits) == ("ceiling", ("enterprise",))


def test_a_cap_that_describes_the_applicant_limits_no_benefit():
    statement = _only("对年应纳税所得额不超过300万元的企业,给予5万元奖励。")
    assert statement.force == "commitment"


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("由县财政局负责资金拨付。", ("department",)),
        ("县科技局会同县财政局组织评审。", ("department",)),
        ("申报企业应当具有独立法人资格。", ("enterprise",)),
        ("申请人须提交营业执照复印件。", ("enterprise",)),
        ("银行业金融机构应当优化流程。", ("bank",)),
        ("各银行保险机构要建立台账。", ("bank", "insurer")),
        ("政府性融资担保机构要降低担保费率。", ("guarantor",)),
        ("孵化器应当为入驻企业提供创业辅导。", ("carrier",)),
        ("高校院所要开放科研设施。", ("research",)),
        ("小微企业贷款利率不超过4.5%。", ("bank",)),
    ],
)
def test_whoever_is_named_as_acting_is_bound(text, bound):
    assert _only(text).bound == bound


def test_a_list_of_responsible_offices_binds_them_and_not_the_enterprise_before():
    text = "支持企业技术改造。(责任单位:市科技局、财政局)"
    support, offices = read_statements(text, 0, len(text), ())
    assert (support.force, support.benefits) == ("encouragement", ("enterprise",))
    assert (offices.force, offices.bound) == ("duty", ("department",))


def test_a_sentence_without_a_subject_goes_on_with_the_one_before():
    text = "保险公司要加快理赔。不得拖延赔付。"
    first, second = read_statements(text, 0, len(text), ())
    assert first.bound == second.bound == ("insurer",)


@pytest.mark.parametrize(
    "text",
    [
        "本办法所称科技型企业,是指在本县注册的企业。",
        "本办法自2024年1月1日起施行,有效期3年。",
        "联系人:张三,联系电话:0577-12345678。",
        "为支持企业发展,根据有关规定,制定本办法。",
    ],
)
def test_definitions_validity_contacts_and_grounds_are_information(text):
    statement = _only(text)
    assert (statement.force, statement.benefits) == ("information", ())


def test_the_development_sample_is_read_as_well_as_was_measured():
    scores = measure()
    assert scores.upgrades == ()
    assert scores.force >= 0.93
    assert scores.bound >= 0.87
    assert scores.benefits >= 0.85


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize(
    "unit",
    [
        "根据,",
        "给予",
        "支持企业",
        "((((",
        "一、",
        "可,",
        "《“",
        "在我县注册,",
        "招用企业,",
        "奖励:1元;",
        "视财力情况,给予补助,",
        "不对企业给予补助，",
        "关于支持的措施",
    ],
)
def test_the_time_grows_no_faster_than_the_text(unit):
    text = unit * max(200_000 // len(unit), 60_000)
    read_statements(text, 0, len(text), ())
