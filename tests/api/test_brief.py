"""The Word brief opens, has its sections, and quotes nothing that is not in the corpus."""

import re
from pathlib import Path

import pytest
from docx import Document

from api.cli import main
from api.services import Services

ROOT = Path(__file__).parents[2]
SECTIONS = [
    "一、企业概况",
    "二、条件已符合",
    "三、问清后可判定",
    "四、建议提问",
    "五、需带材料",
    "六、差距与提示",
    "七、引用清单",
]


def test_the_brief_opens_with_its_sections_and_verbatim_quotes(
    services: Services, data_dir: Path, tmp_path: Path
) -> None:
    at = ["--data-dir", str(data_dir), "--on", "2026-11-22"]
    every = "".join(document.text for document in services.catalogue.documents.values())
    shown = set[str]()
    for example in sorted((ROOT / "examples").glob("*.json")):
        path = tmp_path / f"{example.stem}.docx"
        assert main(["brief", str(example), "-o", str(path), *at]) == 0
        opened = Document(str(path))
        said = [paragraph.text for paragraph in opened.paragraphs]
        for section in SECTIONS:
            assert any(line.startswith(section) for line in said), section
        quotes = [m[1] for line in said if (m := re.match(r"^\[\d+\] .*?:“(.*)”$", line, re.S))]
        assert quotes
        assert all(quote in every for quote in quotes)
        used = {int(n) for line in said for n in re.findall(r" \[(\d+)\]", line)}
        assert used == set(range(1, len(quotes) + 1))
        assert opened.core_properties.title.startswith("走访提纲")
        assert opened.core_properties.language == "zh-CN"
        for line in said:
            if "(示例," in line and "条件相符(示例)" in line:
                shown.add(example.stem)
            assert not ("(示例," in line and "可申报" in line)
        section = opened.sections[0]
        assert round(section.page_width.cm, 1) == 21.0
        assert "走访提纲" in section.header.paragraphs[0].text
    assert shown


def test_a_folder_that_is_not_there_leaves_nothing_behind(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    example = str(ROOT / "examples" / "manufacturer.json")
    target = tmp_path / "no" / "x.docx"
    assert main(["brief", example, "-o", str(target), "--data-dir", str(data_dir)]) == 1
    said = capsys.readouterr().err
    assert "没有目录" in said
    assert "directory" not in said
    assert list(tmp_path.iterdir()) == []
