"""Whether the process is up, and whether it can answer."""

from fastapi import APIRouter
from fastapi.responses import Response

from api import schemas
from api.routes.answering import Opened, errors, written

router = APIRouter(tags=["状态"])


@router.get("/healthz", response_model=schemas.Health)
def healthz() -> Response:
    """进程在运行。"""
    return written(schemas.Health(status="ok"))


@router.get("/readyz", response_model=schemas.Readiness, responses=errors(503))
def readyz(services: Opened) -> Response:
    """可以回答:索引已打开,数据库可用。"""
    services.store.ping()
    return written(
        schemas.Readiness(
            status="ready",
            generation=services.knowledge.generation,
            documents=len(services.catalogue.documents),
            offers=len(services.catalogue.offers),
        )
    )
