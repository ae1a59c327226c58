"""What all routes share: the services of this application and how an answer is written."""

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel

from api.calls import to_json
from api.schemas import ErrorAnswer
from api.services import Services

JSON = "application/json"


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services.pinned()


Opened = Annotated[Services, Depends(_services)]


def written(answer: BaseModel) -> Response:
    """An answer as the bytes that the command line prints too."""
    return Response(to_json(answer), media_type=JSON)


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Documentation of the errors a route can give."""
    said = {
        404: "没有这个编号",
        409: "同一会话正在回答另一个问题",
        422: "输入有误,逐条说明",
        503: "依赖不可用",
    }
    return {one: {"model": ErrorAnswer, "description": said[one]} for one in statuses}
