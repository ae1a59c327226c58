"""The corpus and the catalogue."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api import calls, schemas
from api.routes.answering import Opened, errors, written
from knowledge_base import Kind

router = APIRouter(prefix="/api/v1", tags=["文件与产品"])
On = Annotated[schemas.Day, Query(description="按哪一天判断,YYYY-MM-DD;不填为今天")]


@router.get("/documents", response_model=schemas.DocumentsAnswer, responses=errors(422))
def documents(services: Opened, on: On = None) -> Response:
    """全部文件,不含正文。"""
    return written(calls.documents(services, on))


@router.get("/documents/{id}", response_model=schemas.Document, responses=errors(404, 422))
def document(id: str, services: Opened, on: On = None) -> Response:
    """一份文件,含原文与条款。"""
    return written(calls.document(services, id, on))


@router.get("/clauses/{id}", response_model=schemas.Clause, responses=errors(404))
def clause(id: str, services: Opened) -> Response:
    """一条条款。"""
    return written(calls.clause(services, id))


@router.get("/offers", response_model=schemas.OffersAnswer, responses=errors(422))
def offers(
    services: Opened,
    on: On = None,
    kind: Kind | None = None,
    region: Annotated[str | None, Query(description="适用地区,六位代码,含上级地区的")] = None,
    availability: Literal["open", "upcoming", "closed", "unknown"] | None = None,
) -> Response:
    """产品与措施目录,可按类别、地区、是否开放筛选。"""
    return written(calls.offers(services, on, kind, region, availability))


@router.get("/offers/{id}", response_model=schemas.Offer, responses=errors(404, 422))
def offer(id: str, services: Opened, on: On = None) -> Response:
    """一项产品或措施,含条件。"""
    return written(calls.offer(services, id, on))
