"""The corpus proves itself when it is read: every fault of every file is named in one go."""

import shutil

import pytest

from knowledge_base import SHIPPED_CORPUS, CorpusError, NotFoundError, load_catalogue


@pytest.fixture
def corpus(tmp_path):
    """A copy of the shipped corpus to break."""
    folder = tmp_path / "corpus"
    shutil.copytree(SHIPPED_CORPUS, folder)
    return folder


def sheet(corpus, id):
    (path,) = (corpus / "products").glob(f"*/{id}.md")
    return path


def edit(path, old, new, count=1):
    text = path.read_text(encoding="utf8")
    assert old in text, f"{path.name} no longer holds {old}"
    path.write_text(text.replace(old, new, count), encoding="utf8")


def faults_of(corpus):
    with pytest.raises(CorpusError) as caught:
        load_catalogue(corpus)
    return caught.value.faults


def test_the_shipped_corpus_is_without_fault(catalogue):
    assert len(catalogue.offers) == 40
    assert len(catalogue.documents) == 41


def test_the_copy_of_the_corpus_reads_like_the_original(corpus, catalogue):
    again = load_catalogue(corpus)
    assert again.digest == catalogue.digest
    assert list(again.clauses) == list(catalogue.clauses)


def test_a_changed_text_changes_the_digest(corpus, catalogue):
    edit(sheet(corpus, "p36"), "产品没有列入目录的", "凡产品没有列入目录的")
    assert load_catalogue(corpus).digest != catalogue.digest


# One way to break a sheet, and what its fault must say beside the name of the file.
BREAKS = {
    "an invented quote": ("p36", 'quote = "产品属于列入', 'quote = "保证产品列入', "找不到原话"),
    "an undeclared fact": ("p36", 'fact = "first_software"', 'fact = "first_softwear"', "softwear"),
    "an unknown region": ("p36", 'region = "330000"', 'region = "339999"', "339999"),
    "broken TOML": ("p36", 'kind = "subsidy"', 'kind = "subsidy', "读不了"),
    "a missing section": ("p36", "五、办理方式\n", "五、随便\n", "办理方式"),
    "no applicant": ("p36", "一、适用对象\n", "一、对象\n", "适用对象"),
    "a dead relation": ("p30", 'offers = ["p29"]', 'offers = ["p99"]', "p99"),
    "an unknown kind": ("p36", 'kind = "subsidy"', 'kind = "gift"', "gift"),
    "an unknown reality": ("p36", 'reality = "official"', 'reality = "true"', "reality"),
    "an unknown field": ("p36", 'kind = "subsidy"', 'kind = "subsidy"\nrate = 3', "rate"),
    "an unknown operator": ("p36", 'op = "eq"', 'op = "is"', "op“is”"),
    "an unknown basis": ("p36", 'basis = "published"', 'basis = "rumour"', "rumour"),
    "a value outside the list": ("p36", 'value = "企业"', 'value = "公司"', "公司"),
    "an unknown need": ("p36", '"保险-首台套"', '"保险-航天"', "保险-航天"),
    "a date that is a text": ("p29", "valid_to = 2027-12-31", 'valid_to = "明年"', "valid_to"),
    "a clause that does not exist": ("p30", "65:2.2.5", "65:2.2.9", "2.2.9"),
    "a policy quote that is not there": ("p30", "按保费80%予以补助", "按保费85%予以补助", "85%"),
    "a relation nobody knows": ("p30", 'relation = "names"', 'relation = "proves"', "proves"),
    "an id unlike the file": ("p36", 'id = "p36"', 'id = "p63"', "p63"),
    "an undeclared fact in an amount": ("p30", '"use_first_premium_yuan", 0.8', '"x", 0.8', "“x”"),
    "an operation nobody knows": ("p30", '["mul", "use_first', '["times", "use_first', "times"),
    "a text where a number is asked": ("p30", "value = 0", 'value = "零"', "零"),
    "a bool fact asked for a text": ("p36", "value = true", 'value = "是"', "first_software"),
    "an undeclared region in a condition": (
        "p30",
        'value = "330326"',
        'value = "330399"',
        "330399",
    ),
    "a relation without offers": ("p30", 'offers = ["p29"]\n', "", "offers"),
    "a benefit without a formula": ("p30", 'formula = "实缴保费 × 80%"\n', "", "formula"),
    "an order asked of yes or no": (
        "p36",
        'op = "eq"\nvalue = true',
        'op = "gte"\nvalue = true',
        "gte",
    ),
    "an order asked of a choice": (
        "p36",
        'op = "eq"\nvalue = "企业"',
        'op = "lt"\nvalue = "企业"',
        "lt",
    ),
    "a place asked of a number": (
        "p30",
        'op = "gt"\nvalue = 0',
        'op = "within"\nvalue = 0',
        "within",
    ),
    "a list where one value is asked": ("p30", "value = 0", "value = [0]", "一个值"),
    "one value where a list is asked": (
        "p36",
        'op = "eq"\nvalue = "企业"',
        'op = "in"\nvalue = "企业"',
        "列表",
    ),
    "an empty list of values": ("p35", 'value = ["国际", "国内", "省内"]', "value = []", "列表"),
    "a value beside known": ("p30", 'op = "gt"\nvalue = 0', 'op = "known"\nvalue = 0', "known"),
    "yes where a number is asked": ("p30", "value = 0", "value = true", "use_first_premium_yuan"),
    "no number at all": ("p30", "value = 0", "value = nan", "use_first_premium_yuan"),
    "a quote that is a number": (
        "p36",
        'quote = "产品属于列入',
        'quote = 5 # "产品属于列入',
        "quote",
    ),
    "a benefit that is a text": (
        "p36",
        'kind = "subsidy"',
        'kind = "subsidy"\nbenefit = "x"',
        "benefit",
    ),
    "relations that are a number": (
        "p36",
        'kind = "subsidy"',
        'kind = "subsidy"\nrelations = 5',
        "relations",
    ),
    "tags that are a number": ("p36", 'tags = ["', 'tags = 5 # ["', "tags"),
    "a region that is a list": ("p36", 'region = "330000"', 'region = ["330000"]', "region"),
    "a provider that is a number": ("p36", 'provider = "', 'provider = 5 # "', "provider"),
    "a relation to a number": ("p30", 'offers = ["p29"]', "offers = [29]", "offers"),
    "caveats that are a text": ("p30", "caveats = [", 'caveats = "x" # [', "caveats"),
    "a flag that is a text": ("p40", "standing = true", 'standing = "true"', "standing"),
    "an unknown field of a condition": (
        "p36",
        'op = "eq"',
        'op = "eq"\noperator = "eq"',
        "operator",
    ),
    "a day with an hour": (
        "p29",
        "valid_to = 2027-12-31",
        "valid_to = 2027-12-31T00:00:00",
        "valid_to",
    ),
    "a window that ends before it begins": (
        "p03",
        "valid_to = 2026-12-31",
        "valid_to = 2025-12-31",
        "早于",
    ),
    "an application that ends before it begins": (
        "p36",
        'kind = "subsidy"',
        'kind = "subsidy"\napply_from = 2026-05-01\napply_to = 2026-04-30',
        "早于",
    ),
    "a formula over a choice": (
        "p30",
        '"use_first_premium_yuan", 0.8',
        '"entity_type", 0.8',
        "数字",
    ),
    "a lookup over a number": (
        "p35",
        '"lookup", "first_set"',
        '"lookup", "first_set_rate"',
        "lookup",
    ),
    "a lookup of a text": ("p35", '"国际" = 0.9', '"国际" = "多"', "lookup"),
    "a lookup of a value nobody has": ("p35", '"国际" = 0.9', '"宇宙" = 0.9', "宇宙"),
    "a citation without words": ("p36", 'text = "属首版次软件"\n', "", "说明文字"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_sheet_is_refused_by_name(corpus, name):
    id, old, new, said = BREAKS[name]
    edit(sheet(corpus, id), old, new)
    faults = faults_of(corpus)
    assert any(f"{id}.md" in fault and said in fault for fault in faults) or (
        name == "a dead relation" and any(id in fault and said in fault for fault in faults)
    ), faults


def test_all_faults_of_all_files_are_named_at_once(corpus):
    for id, old, new in (
        ("p36", 'quote = "产品属于列入', 'quote = "保证产品列入'),
        ("p37", 'fact = "first_material"', 'fact = "no_such_fact"'),
        ("p35", 'region = "330000"', 'region = "339999"'),
        ("p34", 'kind = "subsidy"', 'kind = "subsidy'),
        ("p40", "六、办理方式\n", "六、随便\n"),
        ("p30", 'offers = ["p29"]', 'offers = ["p99"]'),
    ):
        edit(sheet(corpus, id), old, new)
    edit(corpus / "vocabulary" / "titles.toml", '"高企",', '"高企", "科技小巨人",')
    faults = faults_of(corpus)
    for words in ("p36.md", "p37.md", "p35.md", "p34.md", "p40.md", "p99", "titles.toml"):
        assert any(words in fault for fault in faults), f"{words} not in {faults}"
    assert any("科技小巨人" in fault for fault in faults)
    assert "\n".join(faults).count("p36.md") == 1


def test_two_faults_of_one_sheet_are_both_named(corpus):
    edit(sheet(corpus, "p36"), 'fact = "first_software"', 'fact = "nope"')
    edit(sheet(corpus, "p36"), 'region = "330000"', 'region = "339999"')
    faults = [fault for fault in faults_of(corpus) if "p36.md" in fault]
    assert len(faults) == 2


def test_a_faulty_sheet_brings_no_false_accusations_of_others(corpus):
    """p29 is broken; that p30 comes after it is no second fault of p30."""
    edit(sheet(corpus, "p29"), 'op = "in"', 'op = "within2"')
    assert [fault for fault in faults_of(corpus) if "p29.md" not in fault] == []


@pytest.mark.parametrize("key", ["criteria", "citations"])
@pytest.mark.parametrize("written", ['"x"', '["x"]', "5", "{ a = 1 }"])
def test_tables_of_the_wrong_kind_are_named_not_a_traceback(corpus, key, written):
    path = sheet(corpus, "p36")
    front, body = path.read_text(encoding="utf8").removeprefix("+++\n").split("+++\n", 1)
    kept = [part for part in front.split("\n[[") if not part.startswith(key)]
    front = f"{key} = {written}\n" + "\n[[".join(kept)
    path.write_text(f"+++\n{front}\n+++\n{body}", encoding="utf8")
    assert any("p36.md" in fault and key in fault for fault in faults_of(corpus))


def test_fields_of_the_wrong_kind_are_named_beside_all_other_faults(corpus):
    for old, new in (
        ('provider = "', 'provider = 5 # "'),
        ('region = "330000"', "region = 330000"),
        ('quote = "产品属于列入', 'quote = "保证产品列入'),
    ):
        edit(sheet(corpus, "p36"), old, new)
    said = "\n".join(faults_of(corpus))
    assert all(words in said for words in ("provider", "region", "保证产品列入"))


def test_a_sheet_without_front_matter_is_named(corpus):
    sheet(corpus, "p36").write_text("浙江省首版次软件保险补偿\n", encoding="utf8")
    assert any("p36.md" in fault for fault in faults_of(corpus))


def test_a_sheet_that_is_not_utf8_is_named(corpus):
    sheet(corpus, "p36").write_bytes("中文".encode("gb18030"))
    assert any("p36.md" in fault for fault in faults_of(corpus))


def test_the_same_sheet_in_two_folders_is_a_fault(corpus):
    shutil.copy(sheet(corpus, "p36"), corpus / "products" / "loan" / "p36.md")
    assert any("p36" in fault and "重复" in fault for fault in faults_of(corpus))


def test_a_policy_without_a_title_is_named(corpus):
    policy = corpus / "policies" / "330326" / "pingyang-2024-65.txt"
    policy.write_text("一段话。\n", encoding="utf8")
    faults = faults_of(corpus)
    assert any("pingyang-2024-65" in fault and "标题" in fault for fault in faults)


def test_a_policy_folder_that_is_no_region_is_named(corpus):
    (corpus / "policies" / "330326").rename(corpus / "policies" / "pingyang")
    assert any("pingyang" in fault and "regions.tsv" in fault for fault in faults_of(corpus))


def test_an_instrument_that_points_nowhere_is_named(corpus):
    edit(corpus / "vocabulary" / "instruments.toml", 'offers = ["p06"]', 'offers = ["p66"]')
    faults = faults_of(corpus)
    assert any("instruments.toml" in fault and "p66" in fault for fault in faults)


def test_a_missing_vocabulary_file_is_named(corpus):
    (corpus / "vocabulary" / "needs.toml").unlink()
    assert any("needs.toml" in fault for fault in faults_of(corpus))


def test_a_title_without_a_name_is_named_not_a_traceback(corpus):
    edit(corpus / "vocabulary" / "titles.toml", 'name = "高新技术企业"\n', "")
    assert any("titles.toml" in fault for fault in faults_of(corpus))


def test_a_region_table_without_its_columns_is_named_not_a_traceback(corpus):
    edit(corpus / "vocabulary" / "regions.tsv", "code\tname", "kode\tname")
    assert any("regions.tsv" in fault for fault in faults_of(corpus))


@pytest.mark.parametrize("lookup", ["document", "clause", "offer"])
def test_an_id_that_names_nothing_is_refused_in_chinese(catalogue, lookup):
    with pytest.raises(NotFoundError, match="没有编号为“nope”"):
        getattr(catalogue, lookup)("nope")


def test_documents_clauses_and_offers_are_found_by_id(catalogue):
    assert catalogue.document("p30").id == "p30"
    assert catalogue.clause("pingyang-2024-65:2.2.5").label == "二、(二)5"
    assert catalogue.offer("p30").name == "平阳县先用后转保险保费补助(80%)"


def test_the_catalogue_cannot_be_filled_in_afterwards(catalogue):
    with pytest.raises(TypeError):
        catalogue.offers["p41"] = catalogue.offers["p01"]
