"""Debian's Chromium on the live server: a desk of 1280, a phone of 360, axe, and a way to sign in.

    def test_something(desk, live_server, sign_in): ...

Every page fails its test when it logs an error, breaks the content policy, or grows wider than
its window.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.province import province_template, town

__all__ = ["province_template", "town"]

# Playwright runs an event loop in this thread; Django would refuse the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
# What Chromium and htmx log of an answer that a test asked for on purpose: 4xx, 5xx, no network.
NO_FAULT = (
    "Failed to load resource",
    "Response Status Error Code",
    "htmx:afterRequest",
    "htmx:sendError",
    "htmx:sendAbort",  # overtaken by what was typed next
    "An unknown error occurred when fetching the script.",  # network cut as a worker is registered
)
QUIET, LONGEST_ANSWER = 4, 20.0  # looks at the database in a row; seconds
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser, whether its author said so or not; a browser on
    two busy cores may be late once, so a failure is tried again, once, and the summary says so."""
    for item in items:
        if "/tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def answered(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a page asked for as it was closed is answered before the database is emptied: the
    emptying would wait for the answer, and the answer for it."""
    if "live_server" in request.fixturenames:
        request.getfixturevalue("transactional_db")
    yield
    if "live_server" not in request.fixturenames:
        return
    still, since = 0, time.monotonic()
    while still < QUIET and time.monotonic() - since < LONGEST_ANSWER:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            still = 0 if cursor.fetchone()[0] else still + 1
        time.sleep(0.05)


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a window: `open_page(width=…, height=…, **context)`; closed after the test."""
    contexts, troubles = [], []

    def open_(**options: Any) -> Page:
        size = {key: options.pop(key) for key in ("width", "height")}
        context = chromium.new_context(viewport=size, locale="vi-VN", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "console",
            lambda said: troubles.append(said.text) if said.type == "error" else None,
        )
        return page

    yield open_
    for context in contexts:
        context.close()
    assert [one for one in troubles if not one.startswith(NO_FAULT)] == []


@pytest.fixture
def desk(open_page: Callable[..., Page]) -> Page:
    return open_page(**DESK)


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    return open_page(**PHONE, has_touch=True, is_mobile=True)


@pytest.fixture
def sign_in(live_server: Any) -> Callable[[Page, Any], None]:
    """Sign a user in without the form: `sign_in(page, user)`."""

    def sign_in_(page: Page, user: Any) -> None:
        client = Client()
        client.force_login(user)
        page.context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": live_server.url,
                }
            ]
        )

    return sign_in_


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """No finding of axe-core on the page as it stands, and nothing wider than the window."""

    def check(page: Page) -> None:
        page.wait_for_function("() => document.readyState === 'complete' && document.body")
        found = Axe().run(page).response["violations"]
        assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
        # A phone's own measure of its window grows with a page that is too wide.
        wide, window = page.evaluate("document.documentElement.scrollWidth"), page.viewport_size
        assert wide <= window["width"], f"{wide} px wide in a window of {window['width']}"

    return check
