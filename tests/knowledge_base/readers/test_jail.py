"""The jail with readers that misbehave, run for real."""

import logging
import os
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge_base.errors import DocumentError
from knowledge_base.readers.jail import run_jailed
from knowledge_base.readers.limits import LIMITS

LINUX = sys.platform == "linux"
QUICK = replace(LIMITS, seconds=30.0, cpu_seconds=1, memory_bytes=256 << 20, result_bytes=1 << 20)


def jailed(reader, content=b"", limits=QUICK, **how):
    return run_jailed(f"hostile_readers:{reader}", content, "文件.txt", limits, **how)


def refusal(reader, limits=QUICK, **how):
    with pytest.raises(DocumentError) as caught:
        jailed(reader, limits=limits, **how)
    return str(caught.value)


def children():
    tasks = Path("/proc/self/task").glob("*/children")
    return {pid for task in tasks for pid in task.read_text().split()} if LINUX else set()


@pytest.fixture(autouse=True)
def no_child_is_left():
    before = children()
    yield
    assert children() <= before


def test_what_the_reader_gives_comes_back_unchanged():
    (reading,) = jailed("echo", "一、总则\n“引号”𠮷".encode())
    assert reading.text == "一、总则\n“引号”𠮷"


def test_content_larger_than_a_pipe_comes_back_whole():
    text = "政策" * 400_000
    (reading,) = jailed("echo", text.encode(), LIMITS)
    assert reading.text == text


def test_a_loop_ends_at_the_limit_of_processor_time():
    assert refusal("loop_for_ever") == (
        "文件.txt:读取耗用的处理器时间超过 1 秒的上限,已停止;请拆成较小的文件后再试"
    )


def test_a_sleeper_ends_at_the_limit_of_wall_time():
    message = refusal("sleep_for_ever", replace(QUICK, seconds=0.6))
    assert message.startswith("文件.txt:读取超过 0.6 秒的时限")


def test_an_eater_of_memory_ends_at_the_limit_of_memory():
    assert refusal("eat_memory") == (
        "文件.txt:读取所需内存超过 256 MB 的上限,已停止;请拆成较小的文件后再试"
    )


def test_an_endless_answer_ends_at_the_limit_of_the_answer():
    assert refusal("answer_too_much").startswith("文件.txt:读出的内容超过 1 MB 的上限")


@pytest.mark.parametrize(
    "reader", ["answer_nonsense", "answer_nested", "crash", "fail", "exhaust_files"]
)
def test_a_broken_reader_is_a_document_error_with_advice(reader):
    assert refusal(reader).startswith("文件.txt:无法读取,文件可能已损坏")


def test_the_cause_of_a_fault_stands_in_the_debug_log_and_not_in_the_message(caplog):
    with caplog.at_level(logging.DEBUG, "knowledge_base.readers.jail"):
        assert "ZeroDivisionError" not in refusal("fail")
    assert "ZeroDivisionError: a bug in the reader" in caplog.text


@pytest.mark.parametrize("reader", ["lie_about_spans", "answer_surrogates"])
def test_an_answer_that_contradicts_itself_is_not_believed(reader):
    assert "读取结果前后不符" in refusal(reader)


def test_endless_recursion_is_named_as_depth():
    assert "嵌套层级过深" in refusal("recurse")


def outcomes(reader, target, **how):
    (reading,) = jailed(reader, str(target).encode(), **how)
    return dict(line.split(": ", 1) for line in reading.text.splitlines())


@pytest.mark.skipif(not LINUX, reason="the system-call filter is Linux's")
@pytest.mark.parametrize(("reader", "attempts"), [("report_python", 7), ("report_native", 6)])
def test_no_network_no_process_no_change_on_disk_even_from_native_code(reader, attempts, tmp_path):
    told = outcomes(reader, tmp_path / "written")
    assert list(told.values()) == ["refused"] * attempts
    assert not (tmp_path / "written").exists()


def test_where_there_is_no_filter_an_audit_hook_refuses_python_code(tmp_path):
    told = outcomes("report_python", tmp_path / "written", filtered=False)
    assert list(told.values()) == ["refused"] * 7
    assert not (tmp_path / "written").exists()


def test_a_reader_inherits_no_environment_no_open_file_and_no_heavy_library():
    told = outcomes("report_surroundings", "")
    assert told == {"environment": "[]", "heavy": "[]", "descriptors": "[]"}


def test_recognition_may_use_threads_and_others_need_none():
    (reading,) = jailed("thread", recognises=True)
    assert reading.text == "线程"


def test_many_threads_may_read_at_once():
    texts: list[str] = []

    def work(number):
        (reading,) = jailed("echo", str(number).encode(), LIMITS)
        texts.append(reading.text)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(texts) == [str(number) for number in range(8)]


def test_the_caller_keeps_no_open_file(tmp_path):
    def opened():
        return len(os.listdir("/proc/self/fd")) if LINUX else 0

    jailed("echo", b"x")
    before = opened()
    for _ in range(3):
        jailed("echo", b"x")
        refusal("fail")
    assert opened() == before
