"""A question as typed becomes one that can be searched."""

import pytest

from knowledge_base import QueryError, Vocabulary, mend, named_places, read_query
from knowledge_base.queries import LONGEST_QUERY


@pytest.mark.parametrize("written", ["", "  \n\t", "\u200b\ufeff", "\u3000"])
def test_a_question_without_any_sign_is_refused(vocabulary: Vocabulary, written: str) -> None:
    with pytest.raises(QueryError, match="问题是空的"):
        read_query(written, vocabulary)


def test_a_question_of_ten_thousand_characters_is_refused_with_the_limit(
    vocabulary: Vocabulary,
) -> None:
    with pytest.raises(QueryError, match="问题太长\\(10000字\\),请缩短到2000字以内"):
        read_query("贷" * 10_000, vocabulary)


@pytest.mark.parametrize("written", ["???!!!", "。,、", "😀🎉", "()《》", "___"])
def test_a_question_of_signs_only_is_told_apart_as_empty(
    vocabulary: Vocabulary, written: str
) -> None:
    assert read_query(written, vocabulary).empty
    assert not read_query(written + "贷", vocabulary).empty


@pytest.mark.parametrize(
    "sign", ["一", "百", "(", "《", "贷", "科枝", "第一条", "二(二)", "1万", "😀"]
)
@pytest.mark.usefixtures("unhurried")
def test_two_thousand_characters_of_anything_are_read(vocabulary: Vocabulary, sign: str) -> None:
    written = (sign * LONGEST_QUERY)[:LONGEST_QUERY]
    assert read_query(written, vocabulary).text == written


def test_what_pasting_brings_along_unseen_is_dropped(vocabulary: Vocabulary) -> None:
    assert read_query("贷\u200b款\ufeff利率 ", vocabulary).text == "贷款利率"


def test_what_is_sure_is_mended_and_what_is_likely_is_searched_for_as_well(
    vocabulary: Vocabulary,
) -> None:
    sure = read_query("科枝企业代款", vocabulary)
    assert (sure.text, sure.meant) == ("科技企业贷款", ())
    likely = read_query("知识残权怎么评估", vocabulary)
    assert (likely.text, likely.meant) == ("知识残权怎么评估", ("知识产权",))
    assert likely.expanded.startswith("知识残权怎么评估 知识产权")
    assert mend("知识残权怎么评估", vocabulary) == "知识残权怎么评估"


def test_what_the_index_holds_is_not_mended(vocabulary: Vocabulary) -> None:
    assert read_query("科枝协会", vocabulary, lambda unit: 1).text == "科枝协会"
    assert read_query("科枝协会", vocabulary, lambda unit: 0).text == "科技协会"


def test_the_words_of_the_documents_are_added_to_those_people_use(vocabulary: Vocabulary) -> None:
    expanded = read_query("机器老了想换新的", vocabulary).expanded
    assert expanded.startswith("机器老了想换新的 ")
    assert "设备更新" in expanded
    assert read_query("融姿", vocabulary).expanded == read_query("融资", vocabulary).expanded


def test_a_question_knows_the_places_it_names(vocabulary: Vocabulary) -> None:
    asked = read_query("第三条第(二)项和二(二)5", vocabulary)
    assert [place.path for place in asked.places] == [None, "2.2.5"]
    assert named_places("第三条第(二)项和二(二)5") == ["2.2.5"]
