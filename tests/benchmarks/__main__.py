"""`python -m tests.benchmarks`: start-up, recommend, ask and memory, printed as one table.

Figures are of this machine; a goal beside a figure is what the project aims at on two cores.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from bot import Bot, Session
from knowledge_base import Catalogue, KnowledgeBase, load_catalogue, open_embedder
from recommender import Recommender, read_profile

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"
ON = date(2026, 11, 22)
PORT = 8765


def rows(name: str) -> list[dict]:
    """Rows of a case file."""
    return [json.loads(line) for line in (CASES / name).read_text(encoding="utf8").splitlines()]


def milliseconds(work: Callable[[], object], repeat: int = 15) -> tuple[float, float]:
    """Median and 95th percentile of a piece of work, in milliseconds, after one warm-up."""
    work()
    taken = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    taken.sort()
    return statistics.median(taken), taken[int(0.95 * (len(taken) - 1))]


def synthetic(catalogue: Catalogue, count: int) -> Catalogue:
    """A catalogue of `count` offers whose conditions are drawn at random from the shipped sheets."""
    draw = random.Random(7)
    pool = [criterion for offer in catalogue.offers.values() for criterion in offer.criteria]
    models = list(catalogue.offers.values())
    offers = {}
    for number in range(count):
        model = models[number % len(models)]
        criteria = tuple(draw.sample(pool, draw.randint(5, 8)))
        offers[f"s{number}"] = replace(
            model, id=f"s{number}", criteria=criteria, relations=(), benefit=None
        )
    return replace(catalogue, offers=MappingProxyType(offers))


def start_up(data: Path) -> tuple[float, int]:
    """Seconds until a fresh server answers /readyz, and its resident memory in MiB after use."""
    command = [
        sys.executable,
        "-m",
        "api.cli",
        "serve",
        "--port",
        str(PORT),
        "--data-dir",
        str(data),
    ]
    start = time.perf_counter()
    server = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=2).read()
                break
            except OSError:
                time.sleep(0.05)
        ready = time.perf_counter() - start
        for case in rows("questions.jsonl"):
            body = json.dumps({"message": case["turns"][0], "on": ON.isoformat()}).encode()
            request = urllib.request.Request(
                f"http://127.0.0.1:{PORT}/api/v1/chat",
                body,
                {"Content-Type": "application/json"},
            )
            urllib.request.urlopen(request, timeout=10).read()
        status = Path(f"/proc/{server.pid}/status").read_text()
        resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return ready, int(resident.split()[1]) // 1024
    finally:
        server.terminate()
        server.wait(20)


def command_seconds(*arguments: str) -> float:
    """Wall seconds of one command line, median of three."""
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "api.cli", *arguments],
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main() -> None:
    """Measure and print."""
    table: list[tuple[str, str, str]] = []

    def add(what: str, measured: str, goal: str = "") -> None:
        table.append((what, measured, goal))
        print(f"{what:58}{measured:>26}   {goal}", flush=True)

    print(f"{'what':58}{'measured':>26}   goal   ({os.cpu_count()} cores)")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        cold, _ = start_up(data)
        warm, memory = start_up(data)
        add("serve: cold start (index built) to ready", f"{cold:.2f} s")
        add("serve: warm start to ready", f"{warm:.2f} s", "5 s")
        add("serve: resident memory after 30 questions", f"{memory} MiB", "400 MiB")
        add("huiqi --help", f"{command_seconds('--help'):.2f} s")
        search = ("search", "技改贷款", "--data-dir", folder)
        add("huiqi search from a cold start", f"{command_seconds(*search):.2f} s", "1.5 s")
        catalogue = load_catalogue()
        knowledge = KnowledgeBase.open(data / "index", catalogue, open_embedder(None))
        profiles = {
            row["id"]: read_profile(row["profile"], catalogue.vocabulary, ON)
            for row in rows("profiles.jsonl")
        }
        shipped = Recommender(catalogue, knowledge.closeness)
        for need in ("", "想换设备,缺钱备料"):
            figures = [
                milliseconds(lambda p=p, n=need: shipped.recommend(p, n)) for p in profiles.values()
            ]
            name = "with a need" if need else "no need"
            add(
                f"recommend, 40 offers, all explained, {name}: median, p95",
                f"{statistics.median(f[0] for f in figures):.1f}, {max(f[1] for f in figures):.1f} ms",
                "5 ms",
            )
        many = Recommender(synthetic(catalogue, 10_000))
        sample = list(profiles.values())[:4]
        for limit, name in ((40, "best 40 explained"), (None, "all explained")):
            figures = [
                milliseconds(lambda p=p, n=limit: many.recommend(p, limit=n), 5) for p in sample
            ]
            add(
                f"recommend, 10,000 synthetic offers, {name}: median, p95",
                f"{statistics.median(f[0] for f in figures):.0f}, {max(f[1] for f in figures):.0f} ms",
                "150 ms",
            )
        bot = Bot(knowledge, shipped)
        raw = {row["id"]: row["profile"] for row in rows("profiles.jsonl")}
        taken = []
        for case in rows("questions.jsonl"):
            session = Session.new(raw.get(case["profile"]))
            taken.append(
                milliseconds(lambda s=session, m=case["turns"][0]: bot.reply(s, m, ON), 5)[0]
            )
        taken.sort()
        add(
            "ask, 30 questions: median, p95",
            f"{statistics.median(taken):.1f}, {taken[int(0.95 * (len(taken) - 1))]:.1f} ms",
            "30 ms median",
        )


if __name__ == "__main__":
    main()
