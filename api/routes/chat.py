"""Conversations: one answer as JSON or as a stream that can be taken up again."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response, StreamingResponse

from api import calls, schemas
from api.routes.answering import Opened, errors, written

router = APIRouter(prefix="/api/v1/chat", tags=["问答"])
STREAM = "text/event-stream"


@router.post(
    "",
    response_model=schemas.ChatAnswer,
    responses={**errors(404, 409, 422, 503), 200: {"content": {STREAM: {}}}},
)
def chat(body: schemas.ChatBody, request: Request, services: Opened) -> Response:
    """回答一句话;请求头 Accept 为 text/event-stream 时以事件流返回同一回答。"""
    answer = calls.chat(services, body)
    if STREAM in request.headers.get("accept", ""):
        return stream(calls.events_of(answer))
    return written(answer)


@router.get("/{session_id}", response_model=schemas.Conversation, responses=errors(404))
def conversation(session_id: str, services: Opened) -> Response:
    """整个会话,含至今了解到的企业情况。"""
    return written(calls.conversation(services, session_id))


@router.get("/{session_id}/turns/{turn_id}/events", responses=errors(404, 422))
def events(
    session_id: str,
    turn_id: str,
    services: Opened,
    after: Annotated[int | None, Query(ge=0, le=10**9, description="此编号之后的事件")] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """断线后续传:某一轮回答在某编号之后的事件。"""
    resumed = last_event_id if last_event_id and last_event_id.isdecimal() else "0"
    start = after if after is not None else int(resumed[:9])
    return stream(calls.events(services, session_id, turn_id, start))


@router.post(
    "/{session_id}/turns/{turn_id}/feedback",
    response_model=schemas.FeedbackAnswer,
    responses=errors(404, 422),
)
def feedback(
    session_id: str, turn_id: str, body: schemas.FeedbackBody, services: Opened
) -> Response:
    """对一轮回答的评价。"""
    return written(calls.feedback(services, session_id, turn_id, body))


def stream(parts: Iterable[Mapping[str, Any]]) -> StreamingResponse:
    """Events in the wire format; the id of each lets a reader go on after it."""

    def lines() -> Iterator[str]:
        for part in parts:
            data = json.dumps(part["data"], ensure_ascii=False, separators=(",", ":"))
            yield f"id: {part['id']}\nevent: {part['event']}\ndata: {data}\n\n"

    return StreamingResponse(lines(), media_type=STREAM, headers={"cache-control": "no-store"})
