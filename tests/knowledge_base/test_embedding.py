import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from knowledge_base.embedding import (
    SHIPPED_MODEL,
    SHIPPED_NAME,
    Embedder,
    SentenceTransformerEmbedder,
    StaticEmbedder,
    open_embedder,
)
from knowledge_base.errors import ModelError
from knowledge_base.lexical import units

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
    assert sum(path.stat().st_size for path in SHIPPED_MODEL.rglob("*")) < 25_000_000


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
    with pytest.raises(ModelError, match=rf"{name}.*git checkout"):
        StaticEmbedder.open(copy)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"files": {}}'])
def test_a_damaged_manifest_is_refused(copy: Path, content: str) -> None:
    (copy / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError):
        StaticEmbedder.open(copy)


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
    joined = [" ".join(units(text)) for text in TEXTS]
    assert np.allclose(other.embed_passages(joined), shipped.embed_passages(TEXTS), atol=1e-5)
    assert np.allclose(other.embed_queries(joined), shipped.embed_queries(TEXTS), atol=1e-5)
    assert other.dimension == shipped.dimension
    assert other.embed_queries([]).shape == (0, shipped.dimension)


def test_a_model_that_cannot_be_opened_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="empty"):
        open_embedder(str(tmp_path / "empty"))
