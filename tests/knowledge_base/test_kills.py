"""A process killed in the middle of anything leaves a whole index: 0 torn, 0 lost, 0 stale."""

import multiprocessing
import os
import random
import signal
import time
from pathlib import Path

import pytest

from knowledge_base.generations import open_current
from tests.knowledge_base import killing

PROVE = bool(os.environ.get("HUIQI_PROVE"))
KILLS = 200 if PROVE else 12
BEFORE: killing.State = {1: "", 2: "", 3: "", 9: ""}
CHANGES: dict[str, killing.State] = {
    "added": {**BEFORE, 4: ""},
    "changed": {**BEFORE, 2: "改甲。"},
    "taken out": {1: "", 3: "", 9: ""},
}


@pytest.fixture(scope="module")
def victims() -> multiprocessing.context.ForkServerContext:
    """Processes that start in milliseconds, as a server beside this one has loaded everything."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.knowledge_base.killing"])
    return context


def held(folder: Path) -> dict[str, str]:
    """Versions of the documents of the generation a reader would open now, unhealed."""
    catalogue, embedder = killing.parts()
    from knowledge_base import KnowledgeBase
    from knowledge_base.vectors import FaissStore

    published = open_current(folder / "index")
    knowledge = KnowledgeBase(folder / "index", catalogue, embedder, FaissStore(), published)
    return {id: document.version for id, document in knowledge.catalogue.documents.items()}


def versions(state: killing.State) -> dict[str, str]:
    return {id: document.version for id, document in killing.documents(state).items()}


@pytest.mark.parametrize("change", CHANGES)
def test_a_kill_at_every_step_of_a_sync_leaves_the_old_or_the_new(
    tmp_path: Path, victims: multiprocessing.context.ForkServerContext, change: str
) -> None:
    after = CHANGES[change]
    seen = []
    for step in range(1, 400):
        folder = tmp_path / str(step)
        killing.opened(folder, BEFORE)
        victim = victims.Process(target=killing.die_at, args=(folder, step, BEFORE, after))
        victim.start()
        victim.join(60)
        found = held(folder)
        assert found in (versions(BEFORE), versions(after)), step
        seen.append(found == versions(after))
        # Whoever opens it next brings it to what is wanted, whatever the dead one left lying.
        healed = killing.opened(folder, after)
        assert dict(healed.catalogue.documents) == killing.documents(after)
        assert not list((folder / "index").glob("*.building"))
        if victim.exitcode == 0:
            break
        assert victim.exitcode == -signal.SIGKILL
    assert seen == sorted(seen), "the change was visible and then it was not"
    assert not seen[0]
    assert seen[-1]
    assert len(seen) > 20


def test_kills_at_random_moments_tear_nothing_lose_nothing_and_leave_nothing_stale(
    tmp_path: Path, victims: multiprocessing.context.ForkServerContext
) -> None:
    draw = random.Random(11)
    advanced = 0
    for kill in range(KILLS):
        victim = victims.Process(target=killing.change_for_ever, args=(tmp_path, kill))
        victim.start()
        time.sleep(draw.uniform(0.05, 0.6))
        os.kill(victim.pid or 0, signal.SIGKILL)
        victim.join(60)
        wanted = killing.read_state(tmp_path / "wanted.json")
        acknowledged = killing.read_state(tmp_path / "acknowledged.json")
        if not (tmp_path / "acknowledged.json").exists():
            continue
        advanced += 1
        assert held(tmp_path) in (versions(wanted), versions(acknowledged)), kill
        healed = killing.opened(tmp_path, wanted)
        assert dict(healed.catalogue.documents) == killing.documents(wanted), kill
        for id in killing.documents(acknowledged).keys() - killing.documents(wanted).keys():
            assert all(e.document.id != id for e in healed.retrieve("支持企业补助", k=50)), kill
        killing.write_state(tmp_path / "acknowledged.json", wanted)
    assert advanced > KILLS // 2
