"""Every failure as one shape and one Chinese sentence; the cause of a 500 goes to the log only."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from api.schemas import ErrorAnswer
from api.store import Conflict, is_full
from knowledge_base import (
    CorpusError,
    DependencyError,
    HuiqiError,
    InputError,
    NotFoundError,
    ProfileError,
    QueryError,
)

log = logging.getLogger("huiqi.api")
# Most specific first.
_STATUS: tuple[tuple[type[HuiqiError], int, str], ...] = (
    (NotFoundError, 404, "not_found"),
    (Conflict, 409, "conflict"),
    (ProfileError, 422, "invalid_profile"),
    (QueryError, 422, "invalid_query"),
    (InputError, 400, "invalid_input"),
    (DependencyError, 503, "dependency_down"),
    (CorpusError, 503, "corpus_broken"),
)
REFUSALS = {
    404: ("not_found", "没有这个地址,请核对;接口一览见 /api/v1/openapi.json"),
    405: ("method_not_allowed", "这个地址不支持该请求方法"),
    413: ("too_large", "请求太大,上限为 1 MiB"),
    429: ("rate_limited", "请求太频繁,请一分钟后再试"),
}
_PLACES = ("body", "query", "path", "header")
_BODY_PARSE = ("unreadable_body", "请求体读不了,应为 UTF-8 编码的 JSON")
INTERNAL = ("internal", "系统内部出错,已记录;请把请求编号告诉我们")
_FULL = ("dependency_down", "服务器磁盘已满,没有保存;请联系服务单位清理后再试")
_DATABASE = ("dependency_down", "数据库暂时不可用,请稍后再试")


def request_id(request: Request) -> str:
    """The id the gate gave this request."""
    return str(request.scope.get("huiqi.request_id") or uuid4().hex)


def error_body(error: str, detail: str, id: str) -> dict[str, Any]:
    """The one shape of every error; it can be encoded whatever the caller sent."""
    return ErrorAnswer(error=error, detail=encodable(detail), request_id=id).model_dump()


def encodable(text: str) -> str:
    """The text with a question mark for each half of a surrogate pair, which UTF-8 cannot carry."""
    return text.encode(errors="replace").decode()


def describe(error: HuiqiError) -> tuple[int, str, str]:
    """Status, code and sentence of an error raised on purpose."""
    for kind, status, code in _STATUS:
        if isinstance(error, kind):
            shown = (
                "语料有误,服务暂不可用;请运行 huiqi check" if kind is CorpusError else str(error)
            )
            return status, code, shown
    return 500, *INTERNAL


def explain_validation(faults: Sequence[Mapping[str, Any]]) -> str:
    """Pydantic's faults in Chinese, each with the name of the field."""
    return ";".join(dict.fromkeys(_explain(fault) for fault in faults))


def _explain(fault: Mapping[str, Any]) -> str:
    kind, where = str(fault["type"]), [str(part) for part in fault["loc"]]
    if kind == "json_invalid":
        return f"请求体不是合法的 JSON(第{where[-1]}个字符附近)"
    where = where[1:] if where[:1] and where[0] in _PLACES else where
    field = ".".join(where) or "请求体"
    if kind in ("day", "text"):
        return f"{field}:{fault['msg']}"
    allowed = str(fault.get("ctx", {}).get("expected", "")).replace(" or ", "、")
    limit = next(iter(fault.get("ctx", {}).values()), "")
    sentences = {
        "missing": "缺少这个字段" if where else "缺少请求体,应为 JSON 对象",
        "extra_forbidden": "不认识的字段",
        "string_type": "应为文字",
        "string_unicode": "含有无法识别的字符,请重新输入",
        "int_type": "应为整数",
        "int_parsing": "应为整数",
        "int_from_float": "应为整数",
        "dict_type": "应为 JSON 对象",
        "list_type": "应为列表",
        "model_attributes_type": "应为 JSON 对象",
        "literal_error": f"取值应为 {allowed}",
        "string_too_long": f"太长,最多{limit}字",
        "greater_than_equal": f"不能小于 {limit}",
        "less_than_equal": f"不能大于 {limit}",
    }
    return f"{field}:{sentences.get(kind, '值不对')}"


def install(app: FastAPI, render_page: Any) -> None:
    """Give the application its error handlers; `render_page` draws them for people."""

    def respond(request: Request, status: int, error: str, detail: str) -> Response:
        id = request_id(request)
        for_machines = request.url.path.startswith(("/api/", "/healthz", "/readyz", "/static/"))
        if for_machines:
            return JSONResponse(error_body(error, detail, id), status)
        page: Response = render_page(request, status, encodable(detail), id)
        return page

    @app.exception_handler(HuiqiError)
    def on_purpose(request: Request, error: HuiqiError) -> Response:
        status, code, detail = describe(error)
        if status >= 500:
            log.error("%s %s: %s", request_id(request), code, error)
        return respond(request, status, code, detail)

    @app.exception_handler(Exception)
    def unforeseen(request: Request, error: Exception) -> Response:
        return respond(request, 500, *INTERNAL)  # the gate logs the cause

    @app.exception_handler(SQLAlchemyError)
    def database(request: Request, error: SQLAlchemyError) -> Response:
        log.error("%s database: %s", request_id(request), error)
        full = is_full(error, request.app.state.services.settings.data_dir)
        return respond(request, 503, *(_FULL if full else _DATABASE))

    @app.exception_handler(RequestValidationError)
    def validation(request: Request, error: RequestValidationError) -> Response:
        return respond(request, 422, "invalid_request", explain_validation(error.errors()))

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        code, detail = REFUSALS.get(error.status_code, _BODY_PARSE)
        answer = respond(request, error.status_code, code, detail)
        answer.headers.update(error.headers or {})
        return answer
