"""The pages for people: form and matches, chat, documents, offers. Plain forms; script only helps."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import ValidationError

from api import calls, schemas
from api.errors import encodable, explain_validation
from api.routes.answering import Opened
from api.web import form, view
from knowledge_base import ProfileError, QueryError

router = APIRouter(include_in_schema=False)
EXAMPLES = Path(__file__).parents[2] / "examples"
_FRAGMENT = "x-fragment"


async def _typed(request: Request) -> dict[str, list[str]]:
    """Fields of a posted form; uploads are not expected and dropped."""
    posted = await request.form(max_files=0, max_fields=400)
    typed: dict[str, list[str]] = {}
    for name, value in posted.multi_items():
        if isinstance(value, str):
            typed.setdefault(encodable(name), []).append(encodable(value))
    return typed


Typed = Annotated[dict[str, list[str]], Depends(_typed)]


def samples() -> dict[str, dict[str, Any]]:
    """Sample profiles by file name, where the examples folder is at hand."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf8"))
        for path in sorted(EXAMPLES.glob("*.json"))
    }


@router.get("/")
def home(services: Opened, sample: str = "") -> Response:
    """The empty form, or one filled with a sample."""
    known = samples()
    typed: dict[str, list[str]] = {}
    if sample in known:
        typed = form.show_profile(known[sample], services.catalogue.vocabulary)
    return HTMLResponse(_page(services, typed))


@router.post("/match")
def match(typed: Typed, request: Request, services: Opened) -> Response:
    """The matches of a filled form; what was typed is kept, faults stand at their fields."""
    filled = form.read_form(typed, services.catalogue.vocabulary)
    faults, found, sizes = dict(filled.faults), None, None
    if not faults:
        try:
            body = schemas.MatchesBody.model_validate(
                {
                    "profile": filled.profile,
                    "need": _first(typed, "need"),
                    "on": _first(typed, "on") or None,
                }
            )
            found = calls.matches(services, body)
            standing = schemas.StandardsBody(profile=filled.profile, on=body.on)
            sizes = calls.standards(services, standing)
        except ProfileError as error:
            faults = form.place_faults(error.faults)
        except ValidationError as error:
            faults = _validation_faults(error)
    context = {"found": found, "standards": sizes, "faults": faults, "profile": filled.profile}
    if request.headers.get(_FRAGMENT):
        page = view.draw(services, "_results.html", **context)
    else:
        page = _page(services, typed, **context)
    return HTMLResponse(page, 422 if faults else 200)


@router.post("/ask")
def ask(typed: Typed, request: Request, services: Opened) -> Response:
    """One question; the script gets the new turn alone, others are led to the conversation."""
    try:
        body = schemas.ChatBody.model_validate(
            {
                "session_id": _first(typed, "session_id") or None,
                "message": _first(typed, "message"),
                "profile": _hidden_profile(typed),
                "on": _first(typed, "on") or None,
            }
        )
    except ValidationError as error:
        raise QueryError(explain_validation(error.errors()).replace("message:", "问题")) from error
    answer = calls.chat(services, body)
    if request.headers.get(_FRAGMENT):
        turn = schemas.ConversationTurn(message=body.message, answer=answer)
        return HTMLResponse(view.draw(services, "_turn.html", turn=turn))
    return RedirectResponse(f"/chat/{answer.session_id}#{answer.turn_id}", 303)


@router.get("/chat/{session_id}")
def chat(session_id: str, services: Opened) -> Response:
    """A conversation, to be read again or continued."""
    told = calls.conversation(services, session_id)
    return HTMLResponse(view.draw(services, "chat.html", told=told))


@router.get("/documents/{id}")
def document(id: str, services: Opened, on: schemas.Day = None) -> Response:
    """The original text of a document by clauses."""
    shown = calls.document(services, id, on)
    offered = id in services.catalogue.offers
    return HTMLResponse(view.draw(services, "document.html", document=shown, is_offer=offered))


@router.get("/offers/{id}")
def offer(id: str, services: Opened, on: schemas.Day = None) -> Response:
    """One offer with its conditions, each with its words."""
    shown = calls.offer(services, id, on)
    return HTMLResponse(view.draw(services, "offer.html", offer=shown))


@router.get("/industries")
def industries(services: Opened, q: str = "") -> Response:
    """Industries that fit what was typed so far."""
    found = form.find_industries(q[:40], services.catalogue.vocabulary)
    return JSONResponse([{"code": code, "name": name} for code, name in found])


def error_page(request: Request, status: int, detail: str, id: str) -> Response:
    """An error for people: what, and a way back; the script gets the sentence alone."""
    services = request.app.state.services
    template = "_fault.html" if request.headers.get(_FRAGMENT) else "error.html"
    page = view.draw(services, template, status=status, detail=detail, request_id=id)
    return HTMLResponse(page, status)


def _page(services: Any, typed: Mapping[str, list[str]], **context: Any) -> str:
    return view.draw(
        services,
        "index.html",
        typed=typed,
        groups=form.groups(services.catalogue.vocabulary),
        regions=view.regions(services),
        today=services.today(),
        samples={stem: profile.get("name", stem) for stem, profile in samples().items()},
        counts={
            "policies": sum(head.layer == "policy" for head in services.knowledge.heads()),
            "offers": len(services.catalogue.offers),
            "clauses": services.knowledge.clause_count,
        },
        **({"found": None, "standards": None, "faults": {}, "profile": {}} | context),
    )


def _first(typed: Mapping[str, list[str]], name: str) -> str:
    return (typed.get(name) or [""])[0].strip()


def _hidden_profile(typed: Mapping[str, list[str]]) -> Any:
    """The profile a result page carries along; a broken one is the page's fault, said plainly."""
    carried = _first(typed, "profile")
    try:
        return json.loads(carried) if carried else None
    except (ValueError, RecursionError) as error:
        raise QueryError("随问题带来的企业信息读不出来,请回到首页重新匹配") from error


def _validation_faults(error: ValidationError) -> dict[str, str]:
    said = explain_validation(error.errors(include_context=True))
    field = str(error.errors()[0]["loc"][0])
    return {field: said.partition(":")[2] or said}
