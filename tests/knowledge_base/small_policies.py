"""Small policies for tests of the index: cheap to make, and each tells itself apart."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from knowledge_base import Document, Library
from knowledge_base.documents import read_policy

SUBJECTS = ("技改贷款", "先用后转保险", "首台套补助", "人才公寓", "研发费用", "出口信用", "孵化器")


def policy(number: int, words: str = "", tenant: str | None = None, **more: object) -> Document:
    """A small policy of three clauses about one subject; `words` change the second."""
    subject = SUBJECTS[number % len(SUBJECTS)]
    text = (
        f"文号 平测〔2026〕{number}号\n关于支持{subject}的若干措施的通知\n"
        f"为支持{subject},制定本措施:\n"
        f"一、支持{subject}。对第{number}批企业予以补助。\n二、办理。{words or '按季度受理。'}\n"
        f"三、由县科技局负责解释{number}。\n"
    )
    id = f"d{number}" if tenant is None else f"{tenant}.d{number}"
    return replace(read_policy(text, id, "330326"), tenant=tenant, **more)  # type: ignore[arg-type]


def library(documents: Mapping[str, Document]) -> Callable[[], Library]:
    """A library of just these documents, as one asks for it."""
    keys = {id: f"{d.version}-{d.tenant}-{d.expires_on}" for id, d in documents.items()}
    return lambda: Library(keys, documents.__getitem__)


def shelf(*documents: Document) -> dict[str, Document]:
    """Documents by id."""
    return {document.id: document for document in documents}
