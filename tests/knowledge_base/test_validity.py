"""Only what a document says of itself decides from when until when it speaks."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.header.dates import dates_in, last_day, only_date
from knowledge_base.header.validity import Issue, read_validity
from knowledge_base.header.widths import half_width
from knowledge_base.header.windows import read_windows

SIGNED = date(2024, 3, 7)
ISSUE = Issue("关于印发《平阳县技改补助办法》的通知", SIGNED, date(2024, 3, 10))
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


def life(text, issue=ISSUE, fields=None):
    return read_validity("支持技改。\n" + text, issue, fields or {})


@pytest.mark.parametrize(
    ("text", "effective", "expires"),
    [
        ("本办法自2024年1月1日起施行。", "2024-01-01", None),
        ("第十条 本办法自2024年1月1日起施行,有效期3年。", "2024-01-01", "2026-12-31"),
        ("第十条 本办法自2024年1月1日起施行，有效期五年。", "2024-01-01", "2028-12-31"),
        ("九、本通知自发布之日起施行。", "2024-03-10", None),
        ("本通知自印发之日起施行，有效期5年。", "2024-03-07", "2029-03-06"),
        ("本意见自印发之日起30日后施行。", "2024-04-06", None),
        ("本公告自发布后30日起施行。", "2024-04-09", None),
        ("本办法自公布之日起施行，有效期至2026年12月31日。", "2024-03-10", "2026-12-31"),
        ("本办法自2024年4月1日起试行两年。", "2024-04-01", "2026-03-31"),
        ("本办法自2024年4月1日起施行，试行期2年。", "2024-04-01", "2026-03-31"),
        ("本政策自2024年5月1日起执行，暂定1年。", "2024-05-01", "2025-04-30"),
        ("本政策自发布之日起施行，施行期暂定为6个月。", "2024-03-10", "2024-09-09"),
        ("本政策自发布之日起施行，暂定三年有效期。", "2024-03-10", "2027-03-09"),
        ("本通知执行期限为2015年1月1日至2017年12月31日。", "2015-01-01", "2017-12-31"),
        ("政策有效期为2024年1月1日-2026年12月31日。", "2024-01-01", "2026-12-31"),
        ("本措施自2023年1月1日起施行，实施至2025年12月31日。", "2023-01-01", "2025-12-31"),
        ("本通知自2024年1月1日起至2025年6月30日止执行。", "2024-01-01", "2025-06-30"),
        ("本政策执行期暂定为自政策发布之日起三个月。", "2024-03-10", "2024-06-09"),
        ("本通知自发布之日起暂执行至2024年6月30日止。", "2024-03-10", "2024-06-30"),
        ("本意见自2024年6月起施行,有效期至2026年底。", "2024-06-01", "2026-12-31"),
        ("现予公布，自二〇二四年五月一日起施行。", "2024-05-01", None),
        ("本通告自即日起施行，有效期至疫情解除。", "2024-03-10", None),
        ("《平阳县技改补助办法》自2024年4月1日起施行。", "2024-04-01", None),
        ("本办法自2024年1月1日起施行。有效期3年。", "2024-01-01", "2026-12-31"),
        ("本办法自２０２４年１月１日起施行。", "2024-01-01", None),
        ("以上政策自印发之日起实施,有效期一年。", "2024-03-07", "2025-03-06"),
    ],
)
def test_effect_and_expiry_come_from_the_documents_own_words(text, effective, expires):
    found = life(text)
    stated = [day and day.isoformat() for day in (found.effective_on, found.expires_on)]
    assert stated == [effective, expires]
    assert found.span is not None


@pytest.mark.parametrize(
    "text",
    [
        "力争2024—2026年，全县贷款增速高于平均增速。",
        "高新技术企业证书有效期三年。",
        "许可证有效期届满前三十日内申请延续，有效期5年。",
        "《外管证》的有效期限一般为30日，最长不得超过180天。",
        "新疆、青海、西藏地区自2018年10月1日起施行。",
        "自2018年5月1日起，税率调整为16%。",
        "持有在有效期内的居住证的适龄儿童可以报名。",
        "试点企业自2024年1月1日起执行新的会计准则。",
        "本市最低生活保障标准自2024年7月1日起执行。",
    ],
)
def test_the_validity_of_anything_else_is_not_the_documents(text):
    found = life(text)
    assert (found.effective_on, found.expires_on, found.span) == (None, None, None)


def test_the_span_holds_exactly_the_words_that_state_the_validity():
    text = "一、支持技改。\n二、本通知自2024年1月1日起施行,有效期3年。\n附件:清单"
    found = read_validity(text, ISSUE, {})
    assert text[slice(*found.span)] == "本通知自2024年1月1日起施行,有效期3年"


def test_a_term_that_cannot_be_dated_is_stated_but_not_invented():
    found = life("本办法自印发之日起施行，有效期5年。", Issue("某办法", None, None))
    assert found.effective_on is None
    assert found.expires_on is None
    assert found.span is not None


def test_a_document_that_ends_itself_is_repealed_from_that_day():
    assert life("本通知自2025年1月1日起废止。").repealed_on == date(2025, 1, 1)


def test_repealing_another_document_does_not_repeal_this_one():
    text = "本办法自2024年1月1日起施行。《旧办法》（平科〔2019〕3号）同时废止。"
    assert life(text).repealed_on is None


def test_expiring_at_the_end_of_its_term_is_no_repeal():
    found = life("本办法自2024年1月1日起施行，有效期3年，期满自动失效。")
    assert found.repealed_on is None
    assert found.expires_on == date(2026, 12, 31)


@pytest.mark.parametrize("status", ["废止", "失效", "已废止", "全文废止"])
def test_a_page_that_says_repealed_without_a_day_is_repealed_from_its_first_day(status):
    found = life("正文。", fields={"validity": status})
    assert found.repealed_on == SIGNED
    assert "未写明日期" in found.notices[0]


@pytest.mark.parametrize("status", ["有效", "现行有效", "未废止", ""])
def test_a_page_that_says_valid_changes_nothing(status):
    assert life("正文。", fields={"validity": status}) == life("正文。")


def test_the_day_of_repeal_a_page_prints_is_kept():
    fields = {"validity": "废止", "repealed_on": "2023-05-06"}
    found = life("正文。", fields=fields)
    assert found.repealed_on == date(2023, 5, 6)
    assert found.notices == ()


def test_the_day_a_page_calls_expired_is_the_first_without_effect():
    assert life("正文。", fields={"expires_on": "2026年1月1日"}).expires_on == date(2025, 12, 31)


def test_a_printed_note_of_full_repeal_counts():
    found = read_validity("注释：全文失效废止。参见：某公告\n正文。", ISSUE, {})
    assert found.repealed_on == SIGNED


@pytest.mark.parametrize(
    "note", ["注释：第三条失效。", "注：原《技改办法》已废止。", "说明：已废止的文件不再列出。"]
)
def test_a_note_about_a_part_or_another_document_repeals_nothing(note):
    assert read_validity(f"{note}\n正文。", ISSUE, {}).repealed_on is None


@given(DAYS, st.integers(1, 30))
def test_a_term_of_years_ends_the_day_before_the_day_comes_round(first, years):
    last = last_day(first, years=years)
    following = last + timedelta(days=1)
    if (first.month, first.day) != (2, 29) or last.day == 28:
        assert (following.month, following.day) in ((first.month, first.day), (3, 1))
    assert following.year - first.year in (years, years + (first.month == 12 and first.day == 31))


@given(DAYS, st.integers(1, 60))
def test_a_longer_term_never_ends_earlier(first, months):
    assert last_day(first, months=months) < last_day(first, months=months + 1)
    assert last_day(first, months=12 * months) == last_day(first, years=months)


@pytest.mark.parametrize(
    ("first", "term", "last"),
    [
        (date(2024, 1, 1), {"years": 3}, date(2026, 12, 31)),
        (date(2024, 2, 29), {"years": 1}, date(2025, 2, 28)),
        (date(2024, 2, 29), {"years": 4}, date(2028, 2, 28)),
        (date(2023, 3, 1), {"years": 1}, date(2024, 2, 29)),
        (date(2024, 8, 31), {"months": 6}, date(2025, 2, 28)),
        (date(2024, 12, 31), {"months": 2}, date(2025, 2, 28)),
    ],
)
def test_leap_days_and_short_months_end_terms_rightly(first, term, last):
    assert last_day(first, **term) == last


def _han(number):
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else digits[tens] + "十"
    return head + (digits[ones] if ones else "")


@given(DAYS)
def test_every_day_is_read_in_every_way_of_writing(day):
    year = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(day.year))
    for written in (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year} 年 {day.month} 月 {day.day} 日",
        day.isoformat(),
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}/{day.month:02}/{day.day:02}",
        f"{year}年{_han(day.month)}月{_han(day.day)}日",
    ):
        found = list(dates_in(half_width(f"于{written}印发")))
        assert [f.first for f in found] == [day], written
        assert only_date(written) == day


@pytest.mark.parametrize(
    "written", ["2024年2月30日", "2023年2月29日", "2024-13-01", "0024年1月1日"]
)
def test_a_day_the_calendar_lacks_is_no_date(written):
    assert list(dates_in(written)) == []


@given(DAYS, st.integers(1, 20))
def test_a_stated_start_and_term_give_the_same_days_whatever_the_day(day, years):
    text = f"本办法自{day.year}年{day.month}月{day.day}日起施行,有效期{years}年。"
    found = life(text)
    assert found.effective_on == day
    assert found.expires_on == last_day(day, years=years)


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("申报时间：2025年3月1日至4月18日17:00。", ("application", "2025-03-01", "2025-04-18")),
        ("四、申报时间\n2025年3月1日—2025年4月18日。", ("application", "2025-03-01", "2025-04-18")),
        ("请于4月30日前将材料报送县科技局。", ("application", None, "2024-04-30")),
        ("请各单位于2025年7月23日17:00前报送至我局。", ("application", None, "2025-07-23")),
        ("受理期限为2024年5月1日至2024年5月31日。", ("application", "2024-05-01", "2024-05-31")),
        ("申报截止时间：2024年6月15日。", ("application", None, "2024-06-15")),
        ("申报时间为2024年11月1日至次年。", ("application", "2024-11-01", None)),
        ("政策执行期限为2024年1月至2025年6月。", ("execution", "2024-01-01", "2025-06-30")),
        (
            "自2024年1月1日起至2025年12月31日,执行下列政策。",
            ("execution", "2024-01-01", "2025-12-31"),
        ),
        ("兑付时间：2024年9月1日至9月30日。", ("payment", "2024-09-01", "2024-09-30")),
        ("补助资金应于2024年12月31日前拨付到企业。", ("payment", None, "2024-12-31")),
    ],
)
def test_application_execution_and_payment_have_windows_of_their_own(text, window):
    kind, opens, closes = window
    (found,) = read_windows("正文。\n" + text, SIGNED)
    dates = [day and day.isoformat() for day in (found.opens_on, found.closes_on)]
    assert [found.kind, *dates] == [kind, opens, closes]


@pytest.mark.parametrize(
    "text",
    [
        "每年4月30日前报送上年度材料。",
        "纳税申报期限延长至2月28日。",
        "2014年3月15日前已申请的企业不再申报。",
        "2024年5月1日前成立的企业可以申报。",
        "项目实施期为2024年1月1日至2026年12月31日。",
    ],
)
def test_recurring_days_and_other_periods_are_no_windows(text):
    assert read_windows(text, SIGNED) == ()


def test_a_day_without_a_year_is_unknown_when_nothing_says_which_year():
    assert read_windows("请于4月30日前报送县科技局。", None) == ()
    assert read_windows("请于2月28日前报送县科技局。", date(2024, 3, 7)) == ()


def test_a_deadline_after_new_year_belongs_to_the_year_after_the_signature():
    (found,) = read_windows("请于1月10日前报送县科技局。", date(2024, 12, 20))
    assert found.closes_on == date(2025, 1, 10)


def test_a_window_span_holds_its_words():
    text = "一、条件。\n二、申报时间:2025年3月1日至4月18日17:00。"
    (found,) = read_windows(text, SIGNED)
    assert text[found.start : found.end] == "申报时间:2025年3月1日至4月18日"


@pytest.mark.parametrize(
    "words",
    [
        "本办法自2024年1月1日起施行，有效期至2025年\n12月31日",
        "本办法自2024年\n1月1日起施行，有效期至2025\n年12月31日",
        "本办法自2024年1月1日\n起施行，\n有效期至20\n25年12月3\n1日",
        "本办法自\n2024年1月1日起施\n行，有效期\n　　至2025年12月\n31日",
        "本办法自2024年1月1日起 \r\n施行，有\n效期2\n年",
    ],
)
def test_a_hard_line_break_cuts_no_validity_in_two(words):
    text = f"支持技改。\n第十条 {words}。\n平阳县科技局\n"
    found = read_validity(text, ISSUE, {})
    assert (found.effective_on, found.expires_on) == (date(2024, 1, 1), date(2025, 12, 31))
    assert text[slice(*found.span)] == words


def test_a_window_keeps_its_exact_span_over_a_line_break():
    text = "支持技\n改。申报时间：2025年\n3月1日至2025年4月\n18日。"
    (window,) = read_windows(text, SIGNED)
    assert (window.opens_on, window.closes_on) == (date(2025, 3, 1), date(2025, 4, 18))
    assert text[window.start : window.end] == "申报时间：2025年\n3月1日至2025年4月\n18日"


def test_a_page_number_is_no_part_of_a_date():
    text = "本办法自2024年1月1日起施行。\n3\n2026年12月31日前报送。\n12\n月度报表"
    assert read_validity(text, ISSUE, {}).expires_on is None
    assert [w.closes_on for w in read_windows(text, SIGNED)] == [date(2026, 12, 31)]
