"""What runs inside the jail: a program of its own, started afresh for each file by `jail.py`.

    python -I -S -B cell.py CONFIGURATION < content > answer

It bounds itself, loads the named reader, confines itself, and only then looks at the content.
The answer is one JSON object: {"readings": […]}, {"error": 中文}, {"limit": name} or {"fault": …}.
Packages are entered without running their doors, which would load faiss and numpy for nothing.
"""

import ctypes
import importlib
import json
import os
import resource
import signal
import sys
import types
from typing import Any

_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000
_DIE_WITH_PARENT = 1
_CAPABILITY_VERSION = 0x20080522
# What an audit hook sees before it happens; "open" is looked at apart, for writing.
_REFUSED_EVENTS = ("socket.", "subprocess.", "pty.", "ftplib.", "urllib.", "webbrowser.")
_REFUSED_CALLS = frozenset(
    {
        *("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system"),
        *("os.kill", "os.killpg", "os.link", "os.symlink", "os.mkdir", "os.mkfifo", "os.rmdir"),
        *("os.remove", "os.unlink", "os.rename", "os.truncate", "os.chmod", "os.chown"),
    }
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main() -> None:
    """Reads one file under the configuration given as the only argument, and exits."""
    configuration = json.loads(sys.argv[1])
    _bound(configuration)
    sys.path[:] = configuration["path"]
    sys.dont_write_bytecode = True
    for name, folder in configuration["packages"].items():
        package = types.ModuleType(name)
        package.__path__ = [folder]
        sys.modules[name] = package
    if not configuration["arrays"]:
        sys.modules["numpy"] = None  # type: ignore[assignment]
    module, _, function = configuration["reader"].partition(":")
    read = getattr(importlib.import_module(module), function)
    wire = importlib.import_module("knowledge_base.readers.wire")
    limits = importlib.import_module("knowledge_base.readers.limits").Limits(
        **configuration["limits"]
    )
    refusal: type[Exception] = importlib.import_module("knowledge_base.errors").DocumentError
    _confine(configuration["filter"])
    answer = _answer(
        lambda content: wire.plain(read(content, configuration["suffix"], limits)), refusal
    )
    _write(json.dumps(answer).encode())


def _answer(read: Any, refusal: type[Exception]) -> dict[str, object]:
    """The reader's answer or why there is none; a fault of the reader comes with its traceback."""
    try:
        with os.fdopen(0, "rb") as given:
            content = given.read()
        return {"readings": read(content)}
    except refusal as error:
        return {"error": str(error)}
    except MemoryError:
        return {"limit": "memory"}
    except RecursionError:
        return {"limit": "depth"}
    except Exception:  # whatever a reader's bug raises must reach the log of the caller
        import traceback

        return {"fault": traceback.format_exc(limit=-6)[-4000:]}


def _bound(configuration: dict[str, Any]) -> None:
    limits = configuration["bounds"]
    for kind, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, limits["files"]),
        (resource.RLIMIT_AS, limits["memory"]),
    ):
        resource.setrlimit(kind, (value, value))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu"], limits["cpu"] + 1))
    # Without the filter there is still this bound (root is exempt from it); recognition of
    # pictures needs threads, which count as processes here.
    if not configuration["arrays"]:
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    sys.setrecursionlimit(1000)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != configuration["parent"]:
            os._exit(1)


def _confine(filtered: bool) -> None:
    """No network, no process, no writing: namespace, capabilities, filter, then the audit hook."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        if libc.unshare(_NEW_NETWORK) != 0:
            libc.unshare(_NEW_USER | _NEW_NETWORK)
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
        libc.capset(header, (ctypes.c_uint32 * 6)())
        if filtered:
            importlib.import_module("knowledge_base.readers.seccomp").confine()
    sys.addaudithook(_hook)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        path, _, flags = arguments
        if isinstance(path, (str, bytes)) and isinstance(flags, int) and flags & _WRITES:
            raise PermissionError("no writing while a file is read")
    elif event.startswith(_REFUSED_EVENTS) or event in _REFUSED_CALLS:
        raise PermissionError(f"{event} is refused while a file is read")


def _write(answer: bytes) -> None:
    view = memoryview(answer)
    while view:
        view = view[os.write(1, view) :]
    os._exit(0)


if __name__ == "__main__":
    main()
