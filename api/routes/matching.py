"""Search, matches and standards."""

from fastapi import APIRouter
from fastapi.responses import Response

from api import calls, schemas
from api.profile_schema import profile_schema
from api.routes.answering import Opened, errors, written

router = APIRouter(prefix="/api/v1", tags=["匹配"])


@router.post("/search", response_model=schemas.SearchAnswer, responses=errors(422, 503))
def search(body: schemas.SearchBody, services: Opened) -> Response:
    """按含义和字面检索条款,最相关的在前。"""
    return written(calls.search(services, body))


@router.post("/matches", response_model=schemas.MatchesAnswer, responses=errors(422, 503))
def matches(body: schemas.MatchesBody, services: Opened) -> Response:
    """把企业与全部产品、措施逐条比对;需求只影响排序,不隐藏任何一项。"""
    return written(calls.matches(services, body))


@router.post("/standards", response_model=schemas.StandardsAnswer, responses=errors(422))
def standards(body: schemas.StandardsBody, services: Opened) -> Response:
    """企业规模的可能类别,以及国家标准自评。"""
    return written(calls.standards(services, body))


@router.get("/profile-schema")
def schema(services: Opened) -> dict[str, object]:
    """企业画像的 JSON Schema。"""
    return profile_schema(services.catalogue.vocabulary)
