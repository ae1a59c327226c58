"""The command line: the same calls as HTTP, Chinese help, one clear line per error.

Exit status 0 done, 1 wrong input, 2 wrong usage, 3 something huiqi rests on is down. Everything heavy is imported
when a command needs it, so that `huiqi --help` answers at once.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

from api import evaluation
from api.columns import pad

DONE, WRONG_INPUT, WRONG_USAGE, DOWN, INTERRUPTED = 0, 1, 2, 3, 130


_HELP_COLUMN = 30


class _Format(argparse.HelpFormatter):
    """Chinese help whose second column lines up: a Chinese character takes two columns."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: Any = None) -> None:
        # A sub-command's usage is begun with the empty prefix.
        super().add_usage(usage, actions, groups, "用法: " if prefix is None else prefix)

    def _format_action(self, action: argparse.Action) -> str:
        below = list(self._iter_indented_subactions(action))
        if below:
            return "".join(map(self._format_action, below))
        room = _HELP_COLUMN - self._current_indent
        head = " " * self._current_indent + pad(self._format_action_invocation(action), room)
        return f"{head}{action.help}\n"

    def _format_action_invocation(self, action: argparse.Action) -> str:
        named = ", ".join(action.option_strings)
        if action.option_strings and action.nargs == 0:
            return named
        return f"{named} {action.metavar or action.dest}".strip()


class _Parser(argparse.ArgumentParser):
    """Says everything in Chinese."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=_Format, add_help=False, **options)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示本说明")

    def error(self, message: str) -> NoReturn:
        for english, chinese in _USAGE.items():
            message = message.replace(english, chinese)
        self.print_usage(sys.stderr)
        self.exit(WRONG_USAGE, f"用法有误:{message}\n")


_USAGE = {
    "the following arguments are required": "缺少参数",
    "unrecognized arguments": "不认识的参数",
    "ignored explicit argument": "不能带值",
    "argument ": "参数 ",
    "expected one argument": "后面要跟一个值",
    "invalid choice": "没有这个选择",
    "choose from": "可选",
    "invalid int value": "应为整数",
    "expected at least one argument": "后面至少要跟一个值",
    "ambiguous option": "简写对得上不止一个选项",
    " could match ": " 可能是 ",
}


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        arguments = _parser().parse_args(argv)
        status = _run(arguments)
        sys.stdout.flush()
        return status
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else DONE
    except KeyboardInterrupt:
        print("\n已中断", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has gone; nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _run(arguments: argparse.Namespace) -> int:
    """Run a command and turn what it raises on purpose into a line and a status."""
    from pydantic import ValidationError

    from api import commands
    from knowledge_base import CorpusError, DependencyError, HuiqiError, ProfileError

    def complain(lines: list[str], status: int) -> int:
        for line in lines:
            print(f"错误:{line}", file=sys.stderr)
        return status

    try:
        return commands.COMMANDS[arguments.command](arguments) or DONE
    except (ProfileError, CorpusError) as error:
        return complain(error.faults, WRONG_INPUT)
    except DependencyError as error:
        return complain([str(error)], DOWN)
    except HuiqiError as error:
        return complain([str(error)], WRONG_INPUT)
    except ValidationError as error:
        from api.errors import explain_validation

        return complain(explain_validation(error.errors()).split(";"), WRONG_INPUT)
    except BrokenPipeError:
        raise
    except Exception as error:
        return _unforeseen(error)


def _unforeseen(error: Exception) -> int:
    """A database or disk that fails, or a fault of ours: one line; the cause goes to the log."""
    from sqlalchemy.exc import SQLAlchemyError

    from api.labels import explain_os
    from api.store import explain_database

    logging.getLogger("huiqi.api").debug("command failed", exc_info=error)
    if isinstance(error, SQLAlchemyError):
        said = f"数据库不可用:{explain_database(error)};请检查数据目录与磁盘"
    elif isinstance(error, OSError):
        place = f"{error.filename}:" if error.filename else ""
        said = f"没能完成:{place}{explain_os(error)};请检查数据目录与磁盘"
    else:
        reason = str(error).splitlines()[0] if str(error) else "没有说明"
        said = f"系统内部出错({type(error).__name__}:{reason}),请把这一行告诉我们"
    print(f"错误:{said}", file=sys.stderr)
    return DOWN


def _port(written: str) -> int:
    """A port as written after --port; out of range is wrong usage."""
    if not written.isdecimal() or int(written) > 65535:
        raise argparse.ArgumentTypeError(f"端口应为 0 到 65535 的整数,现为“{written[:20]}”")
    return int(written)


def _parser() -> _Parser:
    parser = _Parser(
        prog="huiqi",
        description="惠企:把企业与政策、贷款、保险、补贴、人才产品逐条比对,附条款原文。",
        epilog="某个命令的参数见 huiqi <命令> --help",
    )
    commands = parser.add_subparsers(title="命令", metavar="<命令>", required=True, dest="command")
    add = partial(_add, commands)
    _add_asking(add)
    _add_library(add)
    _add_review(add)
    _add_running(add)
    return parser


def _add(commands: Any, name: str, help: str, *, day: bool = True, output: bool = True) -> _Parser:
    command: _Parser = commands.add_parser(name, help=help, description=help)
    command.add_argument("--data-dir", metavar="目录", help="数据目录,默认 ./data")
    if day:
        command.add_argument("--on", metavar="日期", help="按哪一天判断,如 2026-11-22;默认今天")
    if output:
        command.add_argument(
            "--json", action="store_true", help="输出 JSON,有同名 HTTP 接口的与其相同"
        )
    return command


def _add_asking(add: Callable[..., _Parser]) -> None:
    search = add("search", "检索条款")
    search.add_argument("text", metavar="内容", help="要查的内容")
    search.add_argument("-k", type=int, default=10, metavar="条数", help="最多几条,默认 10")
    search.add_argument("--region", metavar="代码", help="只看这个地区和上级地区的,如 330326")
    match = add("match", "把一家企业与全部产品、措施比对")
    match.add_argument("profile", metavar="企业.json", help="企业画像文件,示例见 examples/")
    match.add_argument("--need", default="", metavar="需求", help="想解决什么,只影响排序")
    match.add_argument("--limit", type=int, metavar="项数", help="最多几项")
    ask = add("ask", "问一个问题")
    ask.add_argument("text", metavar="问题", help="要问的话")
    ask.add_argument("--profile", metavar="企业.json", help="企业画像文件")
    standards = add("standards", "企业规模与国家标准自评")
    standards.add_argument("profile", metavar="企业.json", help="企业画像文件")
    brief = add("brief", "写一份两页的走访提纲(Word)", output=False)
    brief.add_argument("profile", metavar="企业.json", help="企业画像文件")
    brief.add_argument("-o", "--output", required=True, metavar="文件.docx", help="输出文件")
    brief.add_argument("--need", default="", metavar="需求", help="企业的需求")


def _add_library(add: Callable[..., _Parser]) -> None:
    ingest = add("ingest", "收录文件:政策网页、TXT、Word、PDF、扫描件、产品清单 Excel", day=False)
    ingest.add_argument("paths", nargs="+", metavar="文件或目录", help="目录连同其下全部文件")
    ingest.add_argument("--region", metavar="代码", help="发布地区的六位代码,不填则从文中判断")
    ingest.add_argument(
        "--layer", metavar="类别", help="policy|external_rule|product_sheet|illustration"
    )
    ingest.add_argument("--tenant", metavar="租户", help="只供这个租户检索,不进公开语料")
    ingest.add_argument("--source-url", metavar="网址", help="原文网址,随引用显示")
    remove = add("remove", "移出收录的文件,索引里不留任何痕迹", day=False, output=False)
    remove.add_argument("ids", nargs="*", metavar="编号", help="文件编号")
    remove.add_argument(
        "--lost",
        action="store_true",
        help="数据库丢失或换新后,移出索引里有、数据库里没有的全部文件",
    )
    template = add("template", "写一份空白的产品清单模板(Excel)", day=False, output=False)
    template.add_argument("-o", "--output", required=True, metavar="文件.xlsx", help="输出文件")


def _add_review(add: Callable[..., _Parser]) -> None:
    review = add("review", "审核从文件里起草的措施和产品", day=False, output=False)
    review.add_argument("id", nargs="?", metavar="草稿", help="看这一份;不填则列出待审的")
    review.add_argument("--approve", action="store_true", help="通过")
    review.add_argument("--reject", action="store_true", help="退回")
    review.add_argument("--by", metavar="姓名", help="审核人,必填并记录")
    review.add_argument("--criteria", metavar="c1,c2", help="已核对无误的条件,默认全部")
    review.add_argument(
        "--dismiss", metavar="u1,u2", help="看过原文、确认不是申请人条件的“词表之外”各条"
    )
    review.add_argument(
        "--complete", action="store_true", help="声明条件已齐全,符合全部条件的企业才会显示“可申报”"
    )
    review.add_argument(
        "--reality",
        default="official",
        metavar="真实性",
        help="official|reported|illustrative,默认 official",
    )
    for name, told in (
        ("valid-from", "有效期起"),
        ("valid-to", "有效期止"),
        ("apply-from", "申报期起"),
        ("apply-to", "申报期止"),
    ):
        review.add_argument(f"--{name}", metavar="日期", help=f"从原文读出的{told}")
    review.add_argument("--standing", action="store_true", help="常年受理")
    review.add_argument("--note", metavar="说明", help="审核意见")
    review.add_argument("--all", action="store_true", help="列出全部,不只待审的")
    review.add_argument("--sources", action="store_true", help="列出收录的文件")
    review.add_argument("--proposals", action="store_true", help="列出词表之外的条件")


def _add_running(add: Callable[..., _Parser]) -> None:
    serve = add("serve", "启动网页与接口", day=False, output=False)
    serve.add_argument("--host", metavar="地址", help="监听地址,默认 127.0.0.1")
    serve.add_argument(
        "--port", type=_port, metavar="端口", help="监听端口,默认 HUIQI_PORT 或 8000"
    )
    check = add(
        "check", "校验语料:引文逐字、产品单有效、链接可达、哪些已到期或将到期", output=False
    )
    check.add_argument("--corpus", metavar="目录", help="校验另一个语料目录")
    evaluation.add_options(add("eval", "评测检索质量与速度,与常见的其他检索方法对照", day=False))
    add("demo", "演示:一家示例企业的匹配结果和一个有依据的回答", output=False)


if __name__ == "__main__":
    sys.exit(main())
