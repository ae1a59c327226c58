"""What each command does: read its input, make the one call, print the answer."""

import argparse
import json
import logging
import socket
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from api import (
    calls,
    checking,
    evaluation,
    library_commands,
    review_commands,
    schemas,
    terminal,
)
from api.labels import explain_os
from api.opening import open_services, show
from knowledge_base import DependencyError, InputError, ProfileError, load_catalogue

EXAMPLES = Path(__file__).parent.parent / "examples"
_LARGEST_PROFILE = 1024 * 1024


def _day(arguments: argparse.Namespace) -> date | None:
    return schemas.StandardsBody(profile={}, on=arguments.on).on


def _profile(path: str) -> dict[str, Any]:
    """The JSON object of a profile file; ProfileError says what is wrong with the file."""
    try:
        with Path(path).open("rb") as file:
            raw = file.read(_LARGEST_PROFILE + 1)
        if len(raw) > _LARGEST_PROFILE:
            raise ProfileError([f"{path}:文件太大,企业画像不应超过 1 MiB"])
        profile = json.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        raise ProfileError([f"{path}:打不开({explain_os(error)})"]) from error
    except UnicodeDecodeError as error:
        raise ProfileError([f"{path}:不是 UTF-8 编码的文本"]) from error
    except json.JSONDecodeError as error:
        place = f"第{error.lineno}行第{error.colno}列"
        raise ProfileError([f"{path}:不是合法的 JSON,{place}附近有误"]) from error
    except (RecursionError, ValueError) as error:
        raise ProfileError([f"{path}:JSON 嵌套过深或数字过大"]) from error
    if not isinstance(profile, dict):
        raise ProfileError([f'{path}:应是一个 JSON 对象,如 {{"region": "330326"}}'])
    return profile


def search(arguments: argparse.Namespace) -> None:
    """Clauses for a query."""
    body = schemas.SearchBody(
        query=arguments.text, k=arguments.k, on=arguments.on, region=arguments.region
    )
    answer = calls.search(open_services(arguments), body)
    show(arguments, answer, terminal.search(answer))


def match(arguments: argparse.Namespace) -> None:
    """One enterprise against all offers."""
    raw, services = _profile(arguments.profile), open_services(arguments)
    body = schemas.MatchesBody(
        profile=raw, need=arguments.need, on=arguments.on, limit=arguments.limit
    )
    answer = calls.matches(services, body)
    name = str(raw.get("name") or arguments.profile)
    show(arguments, answer, terminal.matches(answer, services.catalogue.vocabulary, name))


def ask(arguments: argparse.Namespace) -> None:
    """One question."""
    raw = _profile(arguments.profile) if arguments.profile else None
    body = schemas.ChatBody.model_validate(
        {"message": arguments.text, "profile": raw, "on": arguments.on}
    )
    services = open_services(arguments)
    try:
        answer = calls.chat(services, body)
    finally:
        services.close()
    show(arguments, answer, terminal.answer(answer))


def standards(arguments: argparse.Namespace) -> None:
    """Sizes and standards."""
    body = schemas.StandardsBody(profile=_profile(arguments.profile), on=arguments.on)
    services = open_services(arguments)
    answer = calls.standards(services, body)
    show(arguments, answer, terminal.standards(answer, services.catalogue.vocabulary))


def brief(arguments: argparse.Namespace) -> None:
    """A visit brief in Word."""
    from api.exports.brief import check_path, write_brief
    from recommender import make_brief

    path = check_path(Path(arguments.output))
    body = schemas.MatchesBody(
        profile=_profile(arguments.profile), need=arguments.need, on=arguments.on
    )
    services = open_services(arguments)
    profile = calls.read(services, body.profile, body.on or services.today())
    made = make_brief(services.recommender, profile, body.need)
    write_brief(made, path, services.settings.service_name, services.now())
    print(f"已写好走访提纲 {path}(按 {made.as_of} 判断,引用 {len(made.citations)} 处原文)")


def serve(arguments: argparse.Namespace) -> None:
    """Pages and HTTP until stopped."""
    import uvicorn

    from api.app import create_server

    services = open_services(arguments)
    host, port = services.settings.host, services.settings.port
    listening = _listen(host, port)
    services.open()
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    config = uvicorn.Config(create_server(services), log_level="warning", access_log=False)
    shown = f"[{host}]" if ":" in host else host
    print(
        f"已启动 http://{shown}:{listening.getsockname()[1]}  向量模型 {services.embedder.name}"
        "  (按 Ctrl+C 停止)",
        flush=True,
    )
    try:
        services.watch()
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        services.close()


def _listen(host: str, port: int) -> Any:
    """A bound socket, before anything slow is done; DependencyError when the port is taken."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        return listening
    except (OSError, UnicodeError) as error:
        reason = "主机名解析不了"
        if isinstance(error, OSError) and not isinstance(error, socket.gaierror):
            reason = explain_os(error)
        raise DependencyError(
            f"{host}:{port} 用不了({reason});请用 --host、--port 换一个"
        ) from error


def check(arguments: argparse.Namespace) -> None:
    """The corpus proved."""
    folder = Path(arguments.corpus) if arguments.corpus else None
    if folder is not None and not (folder / "vocabulary").is_dir():
        raise InputError(f"{folder} 不是语料目录:应含 vocabulary、policies、products 三个子目录")
    services = open_services(arguments)
    day = _day(arguments) or services.today()
    try:
        if folder is not None:
            print(checking.report(load_catalogue(folder), day))
        else:
            print(checking.report(services.shipped, day, services.taken_in()))
    finally:
        services.close()


def demo(arguments: argparse.Namespace) -> None:
    """What `make run` prints first."""
    path = EXAMPLES / "manufacturer.json"
    raw, services = _profile(str(path)), open_services(arguments)
    need = "设备要智能化改造,想贷款,也想知道有哪些补贴"
    body = schemas.MatchesBody(profile=raw, need=need, on=arguments.on)
    answer = calls.matches(services, body)
    print(f"示例企业 examples/{path.name}    需求:{need}\n")
    print(terminal.matches(answer, services.catalogue.vocabulary, str(raw["name"])))
    print("\n■ 结论的依据(前三项)")
    for match in answer.matches[:3]:
        print(terminal.backing(match))
    question = "买了先用后转保险,县里补多少?"
    asked = schemas.ChatBody(message=question, profile=raw, on=arguments.on)
    print(f"\n■ 问:{question}")
    try:
        print(terminal.answer(calls.chat(services, asked)))
    finally:
        services.close()


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int | None]] = {
    "search": search,
    "match": match,
    "ask": ask,
    "standards": standards,
    "brief": brief,
    "serve": serve,
    "check": check,
    "eval": evaluation.evaluate,
    "demo": demo,
    "ingest": library_commands.ingest,
    "remove": library_commands.remove,
    "review": review_commands.review,
    "template": library_commands.template,
}
