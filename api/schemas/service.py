"""The service itself: whether it is up, how it errs, what became of files it was given."""

from typing import Literal

from pydantic import BaseModel, Field


class Health(BaseModel):
    """The process is up."""

    status: Literal["ok"]


class Readiness(BaseModel):
    """The service can answer."""

    status: Literal["ready"]
    generation: int
    documents: int
    offers: int


class ErrorAnswer(BaseModel):
    """The one shape of every error."""

    error: str = Field(examples=["invalid_profile"])
    detail: str = Field(description="哪里错了,怎么改", examples=["不认识的事实代码“revenu”"])
    request_id: str


class IngestedDocument(BaseModel):
    """One document taken in."""

    path: str
    id: str
    clauses: int
    title: str
    region: str
    notices: list[str] = Field(description="读取时略去或可疑之处")
    state: Literal["added", "changed", "unchanged"] = Field(description="新增、更新或未变")
    clauses_added: int = Field(description="比原有版本多出的条款数")
    clauses_changed: int = Field(description="与原有版本文字不同的条款数")
    clauses_removed: int = Field(description="原有版本有、现在没有的条款数")


class RefusedFile(BaseModel):
    """One file, or one row of a product list, that was not taken in."""

    path: str
    error: str


class IngestAnswer(BaseModel):
    """What became of each file, and the generation that serves what was taken in."""

    documents: list[IngestedDocument | RefusedFile]
    generation: int
