from pathlib import Path

import numpy as np
import pytest

from knowledge_base.errors import GenerationError
from knowledge_base.lexical import LexicalIndex, best_rows, normalise, units

TEXTS = [
    "对符合条件的科技型中小企业给予贷款贴息，年化1.5%。",
    "推行“先用后转”模式，支持中小企业实施科技成果。",
    "高新技术企业享受研发费用加计扣除。",
    "本办法自2024年12月1日起施行。",
]


def test_units_are_characters_bigrams_words_and_whole_numbers() -> None:
    assert units("贴息 ISO 2024年1.5%") == ["贴", "息", "贴息", "iso", "2024", "年", "1.5%"]


def test_full_width_forms_equal_half_width() -> None:
    assert units("ＡＢＣ２０２４％（贷款）") == units("abc2024%(贷款)")
    assert normalise("1,000万元，2") == "1000万元,2"


@pytest.mark.parametrize("text", ["", "  \n", "，。！？……", "😀🎉"])
def test_text_without_units_scores_nothing(text: str) -> None:
    assert units(text) == []
    assert not LexicalIndex.build(TEXTS).scores(text).any()
    assert LexicalIndex.build([*TEXTS, text]).scores("贷款")[-1] == 0


def test_the_clause_that_holds_the_words_scores_highest() -> None:
    index = LexicalIndex.build(TEXTS)
    assert int(index.scores("贷款贴息有多少").argmax()) == 0
    assert int(index.scores("研发费用").argmax()) == 2
    assert index.scores("贷款").dtype == np.float32
    assert len(index) == len(TEXTS)


def test_scores_are_those_of_the_bm25_formula() -> None:
    index = LexicalIndex.build(["abc abc def", "def", "ghi"])
    # abc: in 1 of 3 texts, twice in a text of 3 units where the mean is 5/3
    rarity = np.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    damping = 0.9 * (1 - 0.4 + 0.4 * 3 / (5 / 3))
    expected = rarity * 2 * 1.9 / (2 + damping)
    assert index.scores("abc")[0] == pytest.approx(expected, rel=1e-6)
    assert index.scores("abc abc")[0] == pytest.approx(2 * expected, rel=1e-6)


def test_common_units_score_the_same_with_and_without_their_own_row() -> None:
    # 款 stands in every text, 贷 in few of many: one has a row, one a posting
    texts = ["款"] * 50 + ["贷款"]
    index = LexicalIndex.build(texts)
    together = index.scores("贷款")
    apart = index.scores("贷") + index.scores("款")
    assert together[-1] > apart[-1] > 0
    assert np.allclose(together[:50], index.scores("款")[:50])


def test_a_field_term_counts_as_a_word_wherever_it_stands() -> None:
    plain, termed = LexicalIndex.build(TEXTS), LexicalIndex.build(TEXTS, ["先用后转", "高新技术"])
    assert termed.scores("先用后转")[1] > plain.scores("先用后转")[1]
    # 高新技术 is inside 高新技术企业 and counts there too
    assert termed.scores("高新技术企业")[2] > plain.scores("高新技术企业")[2]


def test_no_texts_give_no_scores() -> None:
    assert LexicalIndex.build([]).scores("贷款").shape == (0,)


def test_saved_and_loaded_index_gives_equal_scores(tmp_path: Path) -> None:
    index = LexicalIndex.build(TEXTS, ["先用后转"])
    index.save(tmp_path / "words.npz")
    again = LexicalIndex.load(tmp_path / "words.npz")
    for query in ("先用后转", "贷款贴息", "2024", ""):
        assert np.array_equal(index.scores(query), again.scores(query))
    again.save(tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "words.npz").read_bytes()


def test_an_empty_index_survives_saving(tmp_path: Path) -> None:
    LexicalIndex.build([]).save(tmp_path / "words.npz")
    assert len(LexicalIndex.load(tmp_path / "words.npz")) == 0


def test_a_damaged_file_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "words.npz"
    LexicalIndex.build(TEXTS).save(path)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(GenerationError, match=r"words\.npz"):
        LexicalIndex.load(path)
    with pytest.raises(GenerationError, match=r"missing\.npz"):
        LexicalIndex.load(tmp_path / "missing.npz")


def test_a_pickle_is_never_loaded(tmp_path: Path) -> None:
    path = tmp_path / "words.npz"
    np.savez(path, format=np.array([object()], dtype=object))
    with pytest.raises(GenerationError):
        LexicalIndex.load(path)


def test_an_index_weighed_for_another_length_leaves_the_first_as_it_was() -> None:
    index = LexicalIndex.build(TEXTS, ["先用后转"])
    before = index.scores("贷款先用后转")
    other = index.at(100.0)
    assert (other.pivot, len(other)) == (100.0, len(index))
    assert (other.scores("贷款先用后转") >= before).all()
    assert other.scores("贷款先用后转").max() > before.max()
    assert np.array_equal(index.scores("贷款先用后转"), before)
    assert np.array_equal(other.at(index.pivot).scores("贷款先用后转"), before)


@pytest.mark.parametrize("count", [0, 1, 7, 400, 5000])
@pytest.mark.parametrize("k", [0, 1, 10, 200, 6000])
@pytest.mark.parametrize("levels", [2, 50, 1_000_000])
def test_the_best_rows_are_those_of_sorting_all(count: int, k: int, levels: int) -> None:
    draw = np.random.default_rng(count + k)
    scores = (draw.integers(0, levels, count) / levels).astype(np.float32)
    whole = np.lexsort((np.arange(count), -scores))
    assert best_rows(scores, k).tolist() == [row for row in whole.tolist() if scores[row] > 0][:k]


def test_the_best_rows_are_found_where_the_sampled_ones_mislead() -> None:
    scores = np.full(5000, 0.5, np.float32)
    scores[::16] = 9  # every row looked at is among the best
    assert best_rows(scores, 1000)[:313].tolist() == list(range(0, 5000, 16))
    assert len(best_rows(scores, 1000)) == 1000
    scores = np.arange(5000, dtype=np.float32)
    scores[::16] = 0  # none of them is
    assert best_rows(scores, 3).tolist() == [4999, 4998, 4997]
