"""Documents named by 文号, however it is typed, or by their title."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from knowledge_base import Document
from knowledge_base.document_names import DocumentNames, named_numbers


@pytest.fixture(scope="module")
def library(policy: Document) -> Mapping[str, Document]:
    named = {
        "own": (policy.document_number, policy.title),
        "same-year": ("平科〔2024〕12号", "关于开展2024年度科技项目申报工作的通知"),
        "other-county": ("温科〔2023〕65号", "温州市科技企业孵化器管理办法"),
        "joint": ("甲财〔2025〕7号、甲科〔2025〕9号", "关于印发《甲县科技创新券管理办法》的通知"),
        "notice": ("工信部公告2021年第4号", "关于印发《甲县科技创新券管理办法实施细则》的通知"),
    }
    return {
        id: replace(policy, id=id, document_number=number, title=title)
        for id, (number, title) in named.items()
    }


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ("平科〔2024〕65号讲什么", ["own"]),
        ("请问平科[2024]65号", ["own"]),
        ("平科（２０２４）６５号", ["own"]),
        ("平科2024 65号", ["own"]),
        ("平科2024年65号", ["own"]),
        ("平科2024年第65号", ["own"]),
        ("平科发〔2024〕65", ["own"]),
        ("查一下平科2024 65", ["own"]),
        ("甲科2025年9号怎么申请", ["joint"]),
        ("2024年12号文是什么", ["same-year"]),
        ("2024年第12号是什么", ["same-year"]),
        ("〔2024〕12号是什么", ["same-year"]),
        ("平科发〔2024〕65号", ["own"]),
        ("温科发[2023]65号讲什么", ["other-county"]),
        ("平科〔2024〕65号和温科发〔2023〕65号", ["own", "other-county"]),
        ("平科〔2024〕12号、65号", ["own", "same-year"]),
        ("12号文", ["same-year"]),
        ("7号文件", ["joint"]),
        ("工信部公告2021年第4号", ["notice"]),
    ],
)
def test_a_number_names_its_document_in_brackets_or_without(
    library: Mapping[str, Document], asked: str, ids: list[str]
) -> None:
    assert DocumentNames(library).named_in(asked) == ids


@pytest.mark.parametrize(
    "asked",
    [
        "65号文",  # two documents have it
        "丙科2024年65号",  # of another office
        "平科〔2024〕99号",
        "平科2024年66号",
        "丙科〔2024〕65号",
        "2025年9号我去提交",
        "我在2025年9号去提交",
        "昆阳镇12号文化中心补助",
        "鳌江镇金鳌路12号文创园",
        "金鳌路12号文",
        "2024年12号文化节",
        "2024年12月",
        "2024年12月65号",
        "企业2024 65万元",
        "我有65个员工",
        "",
    ],
)
def test_a_number_that_fits_none_or_several_names_no_document(
    library: Mapping[str, Document], asked: str
) -> None:
    assert DocumentNames(library).named_in(asked) == []


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ("《平阳县金融支持科技创新和中小微企业发展行动实施方案》第三条", ["own"]),
        ("金融支持科技创新和中小微企业发展行动实施方案有效期到哪天", ["own"]),
        ("《甲县科技创新券管理办法》怎么申请", ["joint"]),
        ("甲县科技创新券管理办法实施细则第二条", ["notice"]),
        ("《科技企业孵化器管理办法》", ["other-county"]),
        ("《孵化器管理办法》里的条件", ["other-county"]),
    ],
)
def test_a_title_names_its_document_by_its_words_the_longest_first(
    library: Mapping[str, Document], asked: str, ids: list[str]
) -> None:
    assert DocumentNames(library).named_in(asked) == ids


def test_words_of_many_titles_name_none(library: Mapping[str, Document]) -> None:
    assert DocumentNames(library).named_in("有什么管理办法") == []
    assert DocumentNames(library).named_in("申报通知在哪里看") == []
    many = {
        f"{n}": replace(library["own"], id=f"{n}", title=f"{'甲乙丙丁戊'[n]}县孵化器管理办法")
        for n in range(5)
    }
    assert DocumentNames(many).named_in("《孵化器管理办法》") == []


def test_sheets_are_not_named_by_a_title(library: Mapping[str, Document]) -> None:
    sheets = {id: replace(one, layer="product_sheet") for id, one in library.items()}
    assert DocumentNames(sheets).named_in("《甲县科技创新券管理办法》") == []


def test_numbers_are_normalised_and_a_leading_word_cut() -> None:
    assert "平科〔2024〕65号" in named_numbers("请问平科[2024]第65号第三条")
    assert named_numbers("平科2024年65号") == []


@pytest.mark.parametrize("repeated", ["平", "2024", "号", "《", "平科2024年", "《办法"])
@pytest.mark.usefixtures("unhurried")
def test_a_long_row_of_signs_is_read_in_linear_time(
    library: Mapping[str, Document], repeated: str
) -> None:
    assert DocumentNames(library).named_in(repeated * 50_000) == []
