import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from knowledge_base import embedding
from knowledge_base.embedding import (
    SHIPPED_MODEL,
    SHIPPED_NAME,
    Embedder,
    Prompts,
    SentenceTransformerEmbedder,
    StaticEmbedder,
    open_embedder,
    signs,
)
from knowledge_base.errors import ModelError

TEXTS = [
    "对科技型中小企业给予贷款贴息",
    "2024年研发费用加计扣除比例100%",
    "ISO 9001 认证奖励",
    "",
    "！？……",
    "龘龘",
    "贷",
    "高新技术企业认定条件" * 40,
]


@pytest.fixture(scope="module")
def shipped() -> Embedder:
    return open_embedder()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED_MODEL, tmp_path / SHIPPED_NAME))


def test_rows_have_length_one(shipped: Embedder) -> None:
    rows = shipped.embed_passages(TEXTS[:3])
    assert rows.shape == (3, shipped.dimension)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("text", ["", "   ", "，。！？", "😀"])
def test_text_without_a_known_unit_gives_zeros(shipped: Embedder, text: str) -> None:
    assert not shipped.embed_queries([text]).any()


def test_no_texts_give_no_rows(shipped: Embedder) -> None:
    assert shipped.embed_queries([]).shape == (0, shipped.dimension)


def test_a_row_does_not_depend_on_its_neighbours(shipped: Embedder) -> None:
    together = shipped.embed_passages(TEXTS)
    for text, row in zip(TEXTS, together, strict=True):
        assert np.array_equal(shipped.embed_passages([text])[0], row)


def test_full_width_and_upper_case_change_nothing(shipped: Embedder) -> None:
    one, two = shipped.embed_queries(["ＩＳＯ９００１认证（２０２４）", "iso9001认证(2024)"])
    assert np.array_equal(one, two)


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [
        ("贷款", "融资", "处罚"),
        ("员工", "职工", "专利"),
        ("补贴", "补助", "处罚"),
        ("高企", "高新技术企业", "个体工商户"),
        ("社保", "社会保险费", "商标"),
    ],
)
def test_words_of_the_field_lie_near_their_synonyms(
    shipped: Embedder, word: str, near: str, far: str
) -> None:
    query = shipped.embed_queries([word])[0]
    close, distant = shipped.embed_passages([near, far]) @ query
    assert close > distant + 0.15


def test_the_name_tells_the_weights(shipped: Embedder) -> None:
    manifest = json.loads((SHIPPED_MODEL / "manifest.json").read_text(encoding="utf-8"))
    digest = manifest["files"]["model.safetensors"]["sha256"]
    assert shipped.name == f"{SHIPPED_NAME}@{digest[:12]}"
    assert open_embedder(SHIPPED_NAME).name == shipped.name


def test_the_shipped_model_is_small() -> None:
    assert sum(path.stat().st_size for path in SHIPPED_MODEL.rglob("*")) < 40_000_000


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize("harm", ["flip", "cut", "empty", "remove"])
def test_damaged_files_are_refused_by_name(copy: Path, name: str, harm: str) -> None:
    path = copy / name
    whole = bytearray(path.read_bytes())
    if harm == "flip":
        whole[len(whole) // 2] ^= 1
        path.write_bytes(whole)
    elif harm == "cut":
        path.write_bytes(whole[:-1000])
    elif harm == "empty":
        path.write_bytes(b"")
    else:
        path.unlink()
    with pytest.raises(ModelError, match=rf"{name}.*重新复制"):
        open_embedder(str(copy))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"files": {}}'])
def test_a_damaged_manifest_is_refused(copy: Path, content: str) -> None:
    (copy / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError):
        StaticEmbedder.open(copy)


def rewritten(folder: Path, name: str, content: bytes, **facts: object) -> None:
    """A file of a model replaced, and the manifest made to agree with it."""
    (folder / name).write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256(content).hexdigest()
    manifest["files"][name] = {"bytes": len(content), "sha256": digest}
    (folder / "manifest.json").write_text(json.dumps(manifest | facts), encoding="utf-8")


def test_a_table_of_another_width_than_the_manifest_says_is_refused(copy: Path) -> None:
    weights = (copy / "model.safetensors").read_bytes()
    rewritten(copy, "model.safetensors", weights, dimension=512)
    with pytest.raises(ModelError, match=r"model\.safetensors.*尺寸不符.*重新复制"):
        open_embedder(str(copy))


@pytest.mark.parametrize(
    "vocabulary",
    [
        [["企", -1.5], ["业", -2.5]],
        {"企": "1"},
        {"企": 1.5},
        {"企": -1},
        {"企": 10**7},
        {"企": 10**30},
        {"企": [1]},
        {"企": 1, "业": [1]},
        {},
        7,
    ],
)
def test_a_vocabulary_that_is_no_list_of_rows_is_refused(copy: Path, vocabulary: object) -> None:
    told = json.dumps({"model": {"vocab": vocabulary}}).encode()
    rewritten(copy, "tokenizer.json", told)
    with pytest.raises(ModelError, match="重新复制"):
        open_embedder(str(copy))


def test_a_shipped_model_that_is_gone_is_refused_with_the_command_that_brings_it_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "SHIPPED_MODEL", tmp_path / "models" / SHIPPED_NAME)
    with pytest.raises(ModelError, match=r"manifest\.json 读不到.*git checkout -- knowledge_base"):
        open_embedder()


def test_a_row_is_the_scaled_sum_of_its_units_in_single_precision(shipped: Embedder) -> None:
    assert isinstance(shipped, StaticEmbedder)
    for text in TEXTS:
        known = [shipped._ids[unit] for unit in signs(text) if unit in shipped._ids]
        plain = shipped._table[known].astype(np.float32).sum(axis=0)
        length = np.linalg.norm(plain) or np.float32(1)
        assert np.allclose(shipped.embed_passages([text])[0], plain / length, rtol=1e-6, atol=0)


def test_every_half_precision_number_is_widened_exactly() -> None:
    every = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    finite = every[np.isfinite(every)]
    widened = embedding.upcast(finite)
    assert np.array_equal(widened.view(np.uint32), finite.astype(np.float32).view(np.uint32))


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"manifest\.json"):
        StaticEmbedder.open(tmp_path / "none")


def test_serving_imports_neither_torch_nor_faiss() -> None:
    code = (
        "import sys; from knowledge_base.embedding import open_embedder;"
        "assert open_embedder().embed_queries(['贷款']).any();"
        "sys.exit(bool({'torch', 'sentence_transformers', 'faiss', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_sentence_transformers_serves_the_same_vectors(shipped: Embedder) -> None:
    other = SentenceTransformerEmbedder(str(SHIPPED_MODEL))
    other._model.float()  # its half-precision sum would lose three digits
    joined = [" ".join(signs(text)) for text in TEXTS]
    assert np.allclose(other.embed_passages(joined), shipped.embed_passages(TEXTS), atol=1e-5)
    assert np.allclose(other.embed_queries(joined), shipped.embed_queries(TEXTS), atol=1e-5)
    assert other.dimension == shipped.dimension
    assert other.embed_queries([]).shape == (0, shipped.dimension)


def test_prompts_stand_before_the_texts_and_change_the_name(copy: Path) -> None:
    (copy / "manifest.json").unlink()
    plain = SentenceTransformerEmbedder(str(copy))
    prompted = SentenceTransformerEmbedder(str(copy), Prompts("贷 款 ", "补 贴 "))
    texts = ["企 业", "人 才"]
    assert np.allclose(
        prompted.embed_queries(texts), plain.embed_queries([f"贷 款 {text}" for text in texts])
    )
    assert np.allclose(
        prompted.embed_passages(texts), plain.embed_passages([f"补 贴 {text}" for text in texts])
    )
    names = {
        SentenceTransformerEmbedder(str(copy), prompts).name
        for prompts in (Prompts(), Prompts("贷 "), Prompts(passage="贷 "), Prompts("贷 ", "贷 "))
    }
    assert len(names) == 4


def test_the_models_own_prompts_are_part_of_its_name_and_give_way_to_others(copy: Path) -> None:
    (copy / "manifest.json").unlink()
    without = SentenceTransformerEmbedder(str(copy))
    told = json.loads((copy / "config_sentence_transformers.json").read_text(encoding="utf-8"))
    told["prompts"]["query"] = "贷 款 "
    (copy / "config_sentence_transformers.json").write_text(json.dumps(told), encoding="utf-8")
    own = SentenceTransformerEmbedder(str(copy))
    assert own.name != without.name
    assert np.allclose(own.embed_queries(["企 业"]), without.embed_queries(["贷 款 企 业"]))
    other = SentenceTransformerEmbedder(str(copy), Prompts("人 才 "))
    assert np.allclose(other.embed_queries(["企 业"]), without.embed_queries(["人 才 企 业"]))


@pytest.mark.parametrize("name", [None, SHIPPED_NAME, "copy"])
def test_the_shipped_kind_of_model_takes_no_prompts(copy: Path, name: str | None) -> None:
    with pytest.raises(ModelError, match="不用提示词"):
        open_embedder(str(copy) if name == "copy" else name, Prompts("查询:"))


def test_a_model_that_gives_rows_of_another_width_is_refused(copy: Path) -> None:
    (copy / "manifest.json").unlink()
    embedder = SentenceTransformerEmbedder(str(copy))
    embedder.dimension = 512
    with pytest.raises(ModelError, match="512 个有效数字"):
        embedder.embed_passages(["企 业"])


def test_a_copy_of_the_shipped_model_is_the_shipped_model(shipped: Embedder, copy: Path) -> None:
    other = open_embedder(str(copy))
    assert other.name == shipped.name
    assert np.array_equal(other.embed_passages(TEXTS), shipped.embed_passages(TEXTS))


def test_a_model_without_words_for_a_text_gives_zeros(copy: Path) -> None:
    (copy / "manifest.json").unlink()
    rows = open_embedder(str(copy)).embed_passages(["龘龘", "企业"])
    assert not rows[0].any()
    assert np.isclose(np.linalg.norm(rows[1]), 1)


def test_a_model_that_gives_no_numbers_is_refused(copy: Path) -> None:
    from safetensors.numpy import load_file, save_file

    (copy / "manifest.json").unlink()
    weights = load_file(copy / "model.safetensors")
    spoilt = {key: np.full_like(table, np.nan) for key, table in weights.items()}
    save_file(spoilt, copy / "model.safetensors")
    with pytest.raises(ModelError, match=str(copy)):
        open_embedder(str(copy))


@pytest.mark.parametrize("name", ["/no/such/model", "no such model", "../none", "", "长" * 5000])
def test_a_name_that_can_be_no_model_is_refused_without_importing_torch(name: str) -> None:
    code = (
        "import sys; from knowledge_base.embedding import open_embedder;"
        "from knowledge_base.errors import ModelError\n"
        "try: open_embedder(sys.argv[1])\n"
        "except ModelError as error: print(error)\n"
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, name], capture_output=True, text=True, check=True
    )
    assert f"“{name}”打不开" in done.stdout
    assert done.stderr == ""


def test_a_model_that_is_not_on_this_machine_is_refused_in_chinese_and_without_a_network() -> None:
    code = (
        "import socket\n"
        "def unreachable(*_, **__): raise AssertionError('the network was asked')\n"
        "socket.create_connection = socket.getaddrinfo = unreachable\n"
        "from knowledge_base.embedding import open_embedder\n"
        "from knowledge_base.errors import ModelError\n"
        "try: open_embedder('huiqi/no-such-model')\n"
        "except ModelError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    (line,) = done.stdout.splitlines()
    assert "“huiqi/no-such-model”打不开" in line
    assert "hf download huiqi/no-such-model" in line
    assert done.stderr == ""


@pytest.mark.parametrize("harm", ["empty", "config", "weights", "tokenizer"])
def test_a_folder_that_is_no_whole_model_is_named(
    copy: Path, harm: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (copy / "manifest.json").unlink()
    if harm == "empty":
        shutil.rmtree(copy)
        copy.mkdir()
    elif harm == "config":
        (copy / "modules.json").write_text("{")
    elif harm == "weights":
        (copy / "model.safetensors").write_bytes(b"\xff" * 100)
    else:
        (copy / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelError, match=f"{copy}.*不完整") as refused:
        open_embedder(str(copy))
    assert "\n" not in str(refused.value)
    assert capfd.readouterr() == ("", "")
