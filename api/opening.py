"""What every command begins with, and how it shows progress and its answer."""

import argparse
import sys

from pydantic import BaseModel, ValidationError

from api import calls
from api.services import Services
from api.settings import Settings
from knowledge_base import DependencyError


def open_services(arguments: argparse.Namespace) -> Services:
    """Services for one command, with the settings its arguments change."""
    changed = {
        name: getattr(arguments, name)
        for name in ("data_dir", "host", "port")
        if getattr(arguments, name, None) is not None
    }
    try:
        settings = Settings(**changed)
    except ValidationError as error:
        names = "、".join(f"HUIQI_{str(f['loc'][0]).upper()}" for f in error.errors())
        raise DependencyError(f"设置的值不对:{names}(或同名的命令行参数)") from error
    return Services(settings, progress=progress)


def progress(stage: str, done: int, total: int) -> None:
    """One line on stderr that fills up; only the ends where nobody watches."""
    watched = sys.stderr.isatty()
    if not watched and done not in (0, total):
        return
    filled = 30 * done // max(total, 1)
    bar = "█" * filled + "░" * (30 - filled)
    end = "\n" if done >= total or not watched else ""
    print(
        f"\r{stage} {bar} {done}/{total}" if watched else f"{stage} {done}/{total}",
        end=end,
        file=sys.stderr,
        flush=True,
    )


def show(arguments: argparse.Namespace, answer: BaseModel, text: str) -> None:
    """Print an answer as text, or with --json exactly as HTTP gives it."""
    print(calls.to_json(answer) if arguments.json else text)
