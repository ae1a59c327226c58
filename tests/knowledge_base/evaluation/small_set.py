"""A small BEIR folder for tests of the benchmark."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

TEXTS = {
    "a": "购置智能设备的,按设备投资额的10%给予补助。",
    "b": "对首台套装备产品给予奖励。",
    "c": "人才公寓租金减半收取。",
    "d": "科技型中小企业贷款给予贴息。",
}
ASKED = {"买智能设备补助多少": "a", "首台套有奖励吗": "b", "人才公寓租金": "c", "贷款贴息": "d"}


def write_set(
    folder: Path, asked: Mapping[str, str] = ASKED, texts: Mapping[str, str] = TEXTS
) -> None:
    """Each question of `asked` with the id of its one answer among `texts`."""
    (folder / "qrels").mkdir(parents=True)
    entries = [{"_id": id, "title": "若干措施", "text": text} for id, text in texts.items()]
    queries = [{"_id": f"q{number}", "text": text} for number, text in enumerate(asked)]
    judged = [f"q{number}\t{id}\t1\n" for number, id in enumerate(asked.values())]
    _write(folder / "corpus.jsonl", entries)
    _write(folder / "queries.jsonl", queries)
    heading = "query-id\tcorpus-id\tscore\n"
    (folder / "qrels" / "test.tsv").write_text(heading + "".join(judged), encoding="utf8")


def _write(path: Path, rows: Sequence[Any]) -> None:
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf8")
