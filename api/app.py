"""The HTTP application: routes, pages, gate and error handlers over opened services."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp

from api import errors
from api.gate import Gate, RateLimit
from api.routes import chat, corpus, health, matching, pages
from api.services import Services

_STATIC = Path(__file__).parent / "web" / "static"
_ABOUT = "把企业与政策、贷款、保险、补贴、人才产品逐条比对,每个结论都附可核对的条款原文。"


def create_app(services: Services) -> FastAPI:
    """An application over services that are, or will be, open."""
    app = FastAPI(
        title=services.settings.service_name,
        description=_ABOUT,
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.services = services
    for router in (matching.router, chat.router, corpus.router, health.router, pages.router):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    errors.install(app, pages.error_page)
    return app


def create_server(services: Services) -> ASGIApp:
    """The application behind its gate, as it is served."""
    return Gate(create_app(services), RateLimit(services.settings.rate_limit_per_minute))
