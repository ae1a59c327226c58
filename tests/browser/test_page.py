"""The page in a real browser: form, matches, clause chips, chat; with and without script."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM.exists(), reason="没有 /usr/bin/chromium;apt-get install chromium"
    ),
]
QUESTION = "先用后转保险,县里补多少?"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = str(tmp_path_factory.mktemp("data"))
    command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port), "--data-dir", data]
    server = subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{base}/readyz", timeout=2).close()
            break
        except OSError:
            assert server.poll() is None, "服务没有启动"
            time.sleep(0.1)
    yield base
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--lang=zh-CN"]
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        yield opened
        opened.close()


@pytest.fixture(params=[1360, 390], ids=["desktop", "phone"])
def page(browser: Any, address: str, request: pytest.FixtureRequest) -> Iterator[Any]:
    size = {"width": request.param, "height": 860}
    context = browser.new_context(viewport=size, locale="zh-CN", base_url=address)
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("dialog", lambda dialog: troubles.append(dialog.message) or dialog.dismiss())
    opened.on(
        "request",
        lambda sent: None if sent.url.startswith((address, "data:")) else troubles.append(sent.url),
    )
    yield opened
    context.close()
    assert troubles == []


def fill(page: Any) -> None:
    page.goto("/")
    page.get_by_label("企业名称").fill("测试<img src=x onerror=alert(1)>厂")
    page.get_by_label("统一社会信用代码").fill("91330326XY9000110Y")
    page.get_by_label("主体类型").select_option("企业")
    page.get_by_label("注册地").select_option("330326")
    page.get_by_label("上年度营业收入").fill("1200~1500")
    page.get_by_label("想解决什么").fill("想贷款换设备")


def fits(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_form_matches_clause_and_question(page: Any) -> None:
    fill(page)
    assert page.locator("#uscc-live").inner_text() == "校验位正确"
    page.get_by_label("统一社会信用代码").fill("91330326XY90001100")
    assert "校验位不对" in page.locator("#uscc-live").inner_text()
    page.get_by_role("button", name="开始匹配").click()
    page.locator("#results .faults").wait_for()
    assert "校验位" in page.locator("#results .faults").inner_text()
    page.get_by_label("统一社会信用代码").fill("91330326XY9000110Y")
    page.get_by_role("button", name="开始匹配").click()
    page.locator(".found").wait_for()
    assert page.locator(".found .card").count() >= 40
    assert "<img" in page.locator(".summary h3").inner_text()
    chip = page.locator("#g-undetermined .card .chips .chip").first
    chip.locator("summary").click()
    chip.locator("mark").first.wait_for(state="visible")
    assert fits(page)
    page.get_by_label("想问的话").fill(QUESTION)
    page.get_by_role("button", name="发送").click()
    turn = page.locator(".turn").first
    turn.wait_for()
    turn.locator(".chip summary").first.click()
    assert "按保费80%予以补助" in turn.locator("mark").first.inner_text()
    assert fits(page)
    if place := os.environ.get("HUIQI_SCREENSHOTS"):
        page.screenshot(path=f"{place}/{page.viewport_size['width']}.png", full_page=True)


def test_a_question_in_the_results_leads_to_its_field(page: Any) -> None:
    page.goto("/?sample=manufacturer")
    page.get_by_role("button", name="开始匹配").click()
    link = page.locator(".questions a.ask").first
    link.wait_for()
    target = str(link.get_attribute("href"))
    link.click()
    page.locator(target).wait_for(state="visible")


def test_an_industry_is_searched_by_name(page: Any) -> None:
    page.goto("/")
    page.get_by_label("所属行业").press_sequentially("包装专用")
    page.locator("#industries option").first.wait_for(state="attached")
    options = page.locator("#industries option").evaluate_all("all => all.map(one => one.value)")
    assert "3467 包装专用设备制造" in options


def test_everything_works_without_script(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    fill(page)
    page.get_by_role("button", name="开始匹配").click()
    page.locator(".found").wait_for()
    assert page.locator(".found .card").count() >= 40
    assert page.get_by_label("统一社会信用代码").input_value() == "91330326XY9000110Y"
    chip = page.locator("#g-undetermined .card .chips .chip").first
    chip.locator("summary").click()
    chip.locator("mark").first.wait_for(state="visible")
    page.get_by_label("想问的话").fill(QUESTION)
    page.get_by_role("button", name="发送").click()
    page.wait_for_url("**/chat/*")
    page.locator(".turn .chip").first.wait_for()
    page.get_by_label("想问的话").fill("那找谁办?")
    page.get_by_role("button", name="发送").click()
    page.locator(".turn").nth(1).wait_for()
    context.close()


def test_every_input_has_a_name_to_be_read_aloud(page: Any) -> None:
    page.goto("/")
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
        .filter(one => !one.labels.length && !one.getAttribute('aria-label'))
        .map(one => one.name)"""
    )
    assert nameless == []
