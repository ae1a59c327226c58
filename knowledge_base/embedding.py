"""Text to unit vectors: the shipped static model from NumPy alone, any other by its name.

The shipped model is a table with one row per unit of `lexical.units`; a text is the mean of its
rows, scaled to length one. No torch is needed for that, and importing it would take seconds.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge_base.errors import ModelError
from knowledge_base.lexical import normalise, units

SHIPPED_NAME = "zh-gram-384"
SHIPPED_MODEL = Path(__file__).parent / "models" / SHIPPED_NAME
WEIGHTS_FILE = "model.safetensors"
TOKENIZER_FILE = "tokenizer.json"
MANIFEST_FILE = "manifest.json"
WEIGHTS_KEY = "embedding.weight"
UNKNOWN = "[UNK]"
_SIGN_EXPONENT_FRACTION = np.array(0x8FFFE000, np.uint32).view(np.int32)
_BIASES = np.float32(2.0 ** (127 - 15))
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?%?")
# As a hub names a model: with its owner, or bare.
_MODEL_NAME = re.compile(r"[\w-][\w.-]{0,95}(?:/[\w-][\w.-]{0,95})?")


@dataclass(frozen=True)
class Prompts:
    """What is put before every question and every passage; None leaves it to the model itself."""

    query: str | None = None
    passage: str | None = None


NO_PROMPTS = Prompts()


def signs(text: str) -> list[str]:
    """What the shipped model knows a text by: its units, and for each number its kind.

    A question asks 多少家 and its answer says 4946家, a number no training text held: the kind of
    number (`<n4>` four digits, `<y>` a year, `<d>` a fraction, `<%>`) and what is counted (`0家`)
    can be learnt.
    """
    found = units(text)
    plain = normalise(text)
    for number in _NUMBER.finditer(plain):
        digits = number.group()
        if digits.endswith("%"):
            kind = "%"
        elif "." in digits:
            kind = "d"
        elif len(digits) == 4 and digits[:2] in ("19", "20"):
            kind = "y"
        else:
            kind = f"n{min(len(digits), 7)}"
        found += [f"<{kind}>", "<n>"]
        counted = plain[number.end() : number.end() + 1]
        if counted > "\u3007":
            found.append(f"0{counted}")
    return found


class Embedder(Protocol):
    """Rows are L2-normalised float32; a text without any known unit gives a row of zeros."""

    @property
    def name(self) -> str:
        """Model name and the first digits of a SHA-256 of all that shapes its vectors: equal names,
        equal vectors."""

    @property
    def dimension(self) -> int:
        """Width of a row."""

    @property
    def slow(self) -> bool:
        """Whether a corpus takes so long that what is embedded must outlive a kill (embedded.py).

        Keeping 100,000 rows of 1,024 costs 5 s: nothing beside the hours of a large model, as
        much as the shipped one takes to embed them.
        """

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Questions, one row each: (len(texts), dimension)."""

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Clauses to be found, one row each: (len(texts), dimension)."""


class StaticEmbedder:
    """The shipped model; `open` maps the half-precision table and upcasts only rows in use."""

    slow = False

    def __init__(
        self, name: str, ids: dict[str, int], table: NDArray[np.float16], folder: Path
    ) -> None:
        self.name, self.folder = name, folder
        self.dimension = int(table.shape[1])
        self._ids, self._table = ids, table

    @classmethod
    def open(cls, folder: Path) -> StaticEmbedder:
        """Open a folder written by `training`; ModelError names the file at fault and the cure."""
        manifest = _manifest(folder)
        held = {name: _verified(folder / name, manifest) for name in (WEIGHTS_FILE, TOKENIZER_FILE)}
        try:
            ids = dict(json.loads(held[TOKENIZER_FILE][:])["model"]["vocab"])
            ids.pop(UNKNOWN, None)
            rows = np.array(list(ids.values()))
            fits = rows.ndim == 1 and rows.dtype.kind == "i" and rows.min() >= 0
            table = _table(held[WEIGHTS_FILE])
            name, dimension = str(manifest["name"]), int(manifest["dimension"])
        except (ValueError, KeyError, TypeError) as cause:
            raise _broken(folder, "内容不是本程序写的格式") from cause
        if table.shape[1] != dimension or not fits or rows.max() >= len(table):
            raise _broken(folder / WEIGHTS_FILE, "与词表或清单的尺寸不符")
        digest = manifest["files"][WEIGHTS_FILE]["sha256"]
        return cls(f"{name}@{digest[:12]}", ids, table, folder)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Same as for passages: the model has no prompts."""
        return self.embed_passages(texts)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The mean of each text's unit rows, scaled to length one."""
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for number, text in enumerate(texts):
            known = [row for unit in signs(text) if (row := self._ids.get(unit)) is not None]
            if known:
                np.add.reduce(upcast(self._table.take(known, axis=0)), axis=0, out=rows[number])
        return _unit_rows(rows)


class SentenceTransformerEmbedder:
    """A sentence-transformers model of this machine by name or folder.

    Nothing is downloaded: a service must not wait for, or change with, what a hub gives.
    """

    slow = True

    def __init__(self, model_name: str, prompts: Prompts = NO_PROMPTS, device: str = "cpu") -> None:
        _refuse_hopeless(model_name)
        try:
            # Late: the import alone takes 7 to 13 seconds and 415 MB.
            from sentence_transformers import SentenceTransformer
        except ImportError as cause:
            raise ModelError(
                f"使用模型 {model_name} 需要 sentence-transformers。请运行 pip install"
                " sentence-transformers，或去掉模型名以使用自带模型"
            ) from cause
        try:
            self._model = SentenceTransformer(
                model_name, device=device, trust_remote_code=False, local_files_only=True
            )
        except Exception as cause:  # damaged tokenizers and weights raise bare Exception
            raise _not_opened(model_name) from cause
        self._named, self._prompts = model_name, prompts
        self.name = f"{model_name}@{_model_digest(self._model, prompts)[:12]}"
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        if not self.embed_passages(["企业"]).any():
            raise _no_numbers(model_name, self.dimension)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encoded with the query prompt given, else with the model's own, if it has one."""
        return self._rows(self._model.encode_query, texts, self._prompts.query)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encoded with the passage prompt given, else with the model's own, if it has one."""
        return self._rows(self._model.encode_document, texts, self._prompts.passage)

    def _rows(self, encode: Any, texts: Sequence[str], prompt: str | None) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        encoded = encode(list(texts), prompt=prompt, convert_to_numpy=True, show_progress_bar=False)
        found = np.array(encoded, np.float32)
        if found.shape != (len(texts), self.dimension):
            raise _no_numbers(self._named, self.dimension)
        # A static model gives a text without any known unit the mean of nothing.
        found[np.isnan(found).all(axis=1)] = 0
        if not np.isfinite(found).all():
            raise _no_numbers(self._named, self.dimension)
        return _unit_rows(found)


def open_embedder(name: str | None = None, prompts: Prompts = NO_PROMPTS) -> Embedder:
    """None or the shipped name: the shipped model; a folder of its kind: that one; any other
    name or folder goes to sentence-transformers. ModelError when it cannot be opened."""
    shipped = name is None or name == SHIPPED_NAME
    folder = SHIPPED_MODEL if shipped else Path(str(name))
    # os.path, here and below: no folder, not an error, when a name is too long to be one.
    if not shipped and not os.path.isfile(folder / MANIFEST_FILE):
        return SentenceTransformerEmbedder(str(name), prompts)
    if prompts != NO_PROMPTS:
        raise ModelError(f"模型“{folder.name}”不用提示词。请去掉提示词，或换用按提示词训练的模型")
    return StaticEmbedder.open(folder)


def _refuse_hopeless(name: str) -> None:
    """Refuse before the slow import what can be neither a folder with a model nor a model's name."""
    folder = Path(name)
    held = any(os.path.isfile(folder / file) for file in ("modules.json", "config.json"))
    if not held and (os.path.isdir(folder) or not _MODEL_NAME.fullmatch(name)):
        raise _not_opened(name)


def _not_opened(name: str) -> ModelError:
    if os.path.isdir(name):
        fault = "这个目录不是 sentence-transformers 模型，或文件不完整。请重新复制整个模型目录"
    elif not _MODEL_NAME.fullmatch(name):
        fault = "没有这个目录。请改成存在的模型目录"
    else:
        fault = f"本机没有这个模型。请核对名称，在能联网时运行 hf download {_hub_name(name)}"
    return ModelError(f"模型“{name}”打不开：{fault}，或去掉模型名以使用自带模型")


def _hub_name(name: str) -> str:
    """A bare name means a model of sentence-transformers itself, as that library has it."""
    return name if "/" in name else f"sentence-transformers/{name}"


def _no_numbers(name: str, dimension: int) -> ModelError:
    return ModelError(
        f"模型“{name}”算出的向量不是 {dimension} 个有效数字。"
        "请重新复制整个模型目录，或去掉模型名以使用自带模型"
    )


def upcast(rows: NDArray[np.float16]) -> NDArray[np.float32]:
    """The same numbers in single precision, for finite ones, three times as fast as `astype`: the
    bits moved to where single precision has them, then the difference of the exponents' biases."""
    bits = rows.view("<i2").astype(np.int32)
    bits <<= 13
    bits &= _SIGN_EXPONENT_FRACTION
    wide = bits.view(np.float32)
    wide *= _BIASES
    return wide


def _unit_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.sqrt(np.add.reduce(rows * rows, axis=1, keepdims=True))
    # A row of zeros stays one: dividing would give NaN, and FAISS would return anything for it.
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), np.float32)


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST_FILE
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as cause:
        raise _broken(path, "读不到") from cause
    except ValueError as cause:
        raise _broken(path, "不是有效的 JSON") from cause
    if not isinstance(found, dict) or not isinstance(found.get("files"), dict):
        raise _broken(path, "缺少 files 一节")
    return found


def _verified(path: Path, manifest: dict[str, Any]) -> mmap.mmap:
    """The file mapped into memory, its size and digest being those of the manifest."""
    try:
        with path.open("rb") as source:
            held = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as cause:
        raise _broken(path, "缺失或为空") from cause
    expected = manifest["files"].get(path.name)
    if not isinstance(expected, dict) or expected.get("bytes") != len(held):
        raise _broken(path, "长度与清单不符")
    # The mapping is what is served, so the mapping is what is digested.
    if hashlib.sha256(held).hexdigest() != expected.get("sha256"):
        raise _broken(path, "校验值与清单不符")
    return held


def _table(held: mmap.mmap) -> NDArray[np.float16]:
    """The one tensor of a safetensors file: 8 bytes of header length, JSON header, raw values."""
    size = int.from_bytes(held[:8], "little")
    entry = json.loads(held[8 : 8 + size])[WEIGHTS_KEY]
    if entry["dtype"] != "F16":
        raise ValueError(entry["dtype"])
    rows, width = entry["shape"]
    start, end = entry["data_offsets"]
    if end - start != rows * width * 2:
        raise ValueError(entry["shape"])
    flat = np.frombuffer(held, np.dtype("<f2"), rows * width, offset=8 + size + start)
    return flat.reshape(rows, width)


def _model_digest(model: Any, prompts: Prompts) -> str:
    """Of weights, the modules' settings as they print themselves, and every prompt."""
    import torch

    digest = hashlib.sha256()
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(key.encode())
        flat = tensor.detach().cpu().contiguous().reshape(-1)
        digest.update(flat.view(torch.uint8).numpy().tobytes())
    own = sorted((str(key), str(prompt)) for key, prompt in model.prompts.items())
    digest.update(json.dumps([str(model), own, prompts.query, prompts.passage]).encode())
    return digest.hexdigest()


def _broken(path: Path, fault: str) -> ModelError:
    cure = "重新复制整个模型目录，或去掉模型名以使用自带模型"
    if path.is_relative_to(SHIPPED_MODEL):
        cure = (
            "运行 git checkout -- knowledge_base/models 取回，"
            "或运行 python -m knowledge_base.training.train --data DIR 重新训练"
        )
    return ModelError(f"模型文件 {path} {fault}。请{cure}")
