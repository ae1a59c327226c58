"""Readers that misbehave, each in one way, to be run in the real jail."""

import ctypes
import os
import socket
import subprocess
import sys
import threading
import time


def echo(content, suffix, limits):
    from knowledge_base.readers.reading import Reading

    return (Reading("text", content.decode()),)


def loop_for_ever(content, suffix, limits):
    while True:
        pass


def sleep_for_ever(content, suffix, limits):
    time.sleep(3600)


def eat_memory(content, suffix, limits):
    held = []
    while True:
        held.append(bytearray(8 << 20))


def answer_too_much(content, suffix, limits):
    block = b"x" * (1 << 16)
    while True:
        os.write(1, block)


def answer_nonsense(content, suffix, limits):
    os.write(1, b"not json at all")
    os._exit(0)


def answer_nested(content, suffix, limits):
    os.write(1, b"[" * 200_000)
    os._exit(0)


def lie_about_spans(content, suffix, limits):
    from knowledge_base.readers.reading import Reading, Row

    return (Reading("text", "短", rows=(Row(1, 0, 900, ((0, 900),)),)),)


def answer_surrogates(content, suffix, limits):
    from knowledge_base.readers.reading import Reading

    return (Reading("text", "坏\ud800字"),)


def crash(content, suffix, limits):
    ctypes.string_at(0)


def fail(content, suffix, limits):
    raise ZeroDivisionError("a bug in the reader")


def recurse(content, suffix, limits):
    return recurse(content, suffix, limits)


def report_python(content, suffix, limits):
    """What each forbidden thing came to when asked for in Python, as lines of `name: outcome`."""
    scratch = content.decode()
    return _told(
        {
            "socket": lambda: socket.socket(),
            "connect": lambda: socket.create_connection(("127.0.0.1", 9), 1),
            "fork": os.fork,
            "spawn": lambda: subprocess.run(["/bin/true"], check=False),
            "write": lambda: os.open(scratch, os.O_WRONLY | os.O_CREAT),
            "remove": lambda: os.remove(__file__),
            "signal": lambda: os.kill(os.getppid(), 0),
        }
    )


def report_native(content, suffix, limits):
    """The same, asked for past Python, as a library that was taken over would."""
    libc = ctypes.CDLL(None, use_errno=True)
    scratch = content.decode()
    return _told(
        {
            "socket": lambda: _native(libc.socket(2, 1, 0)),
            "fork": lambda: _native(libc.fork()),
            "open": lambda: _native(libc.open(scratch.encode(), 0o101, 0o600)),
            "kill": lambda: _native(libc.kill(os.getppid(), 0)),
            "exec": lambda: _native(libc.execv(b"/bin/true", None)),
            "unlink": lambda: _native(libc.unlink(__file__.encode())),
        }
    )


def report_surroundings(content, suffix, limits):
    """Names in the environment, heavy libraries loaded, and files open beside the three."""
    from knowledge_base.readers.reading import Reading

    heavy = {"numpy", "faiss", "openpyxl", "pdfplumber", "lxml"}
    lines = [
        f"environment: {sorted(os.environ.keys() - {'LC_CTYPE'})}",
        f"heavy: {sorted(name for name in heavy if sys.modules.get(name) is not None)}",
        f"descriptors: {[fd for fd in range(3, 64) if _is_open(fd)]}",
    ]
    return (Reading("text", "\n".join(lines)),)


def _told(attempts):
    from knowledge_base.readers.reading import Reading

    lines = []
    for name, attempt in attempts.items():
        try:
            attempt()
            lines.append(f"{name}: done")
        except OSError:
            lines.append(f"{name}: refused")
    return (Reading("text", "\n".join(lines)),)


def thread(content, suffix, limits):
    from knowledge_base.readers.reading import Reading

    said = []
    worker = threading.Thread(target=lambda: said.append("线程"))
    worker.start()
    worker.join()
    return (Reading("text", said[0]),)


def exhaust_files(content, suffix, limits):
    held = []
    while True:
        held.append(os.open("/dev/null", os.O_RDONLY))


def _native(outcome):
    if outcome < 0:
        raise OSError(ctypes.get_errno(), "refused")


def _is_open(fd):
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True
