"""Whoever acts on programmes without a browser, and in one: the same addresses and forms."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.browser.rating_clock import Clock
from tests.browser.rating_hand import Hand
from tests.browser.support_place import Place
from vungmanh.access.models import User

FILES, FLAGS = "/cung-co/ho-so/", "/giai-trinh/"
TICK = "on"  # of a box that stands alone
_FILE = re.compile(r'<th scope="row"><a href="(/cung-co/ho-so/[0-9a-f-]{36}/)">([^<]+)</a>')
_FLAG = re.compile(r'<th scope="row"><a href="(/giai-trinh/[0-9a-f-]{36}/)">([^<]+)</a>')
_PART = re.compile(
    r'href="(/cung-co/ho-so/[0-9a-f-]{36}/(?:nguyen-nhan|bien-phap)/[0-9a-f-]{36}/)"'
)
_FIGURE = re.compile(r'<a href="([^"]+)" data-figure>([^<]+)</a>')
_ROWS = re.compile(r"([\d.]+) bản ghi, cộng lại ([\d.,]*\d)")
WHY = "Sáu trong mười hai kỳ không họp, báo cáo của hai năm liền đều ghi như vậy."


class Desk(Hand):
    """Somebody signed in over HTTP, on the pages of programmes."""

    def files(self, **asked: str) -> dict[str, str]:
        """The address of each file that the list shows, by the name of its unit."""
        found = _FILE.findall(self.markup(FILES, **asked))
        return {html.unescape(name): address for address, name in found}

    def do(self, address: str, act: str, *, status: int = 302, **said: Any) -> str:
        """One act of the page of a file, or of a part of it."""
        return self.send(address, {"act": act, **said}, status=status)

    def part(self, file: str, kind: str) -> str:
        """The page of the one cause (`nguyen-nhan`) or measure (`bien-phap`) of a file."""
        (found,) = {one for one in _PART.findall(self.markup(file)) if kind in one}
        return found

    def explain(self, unit: str, text: str) -> int:
        """Answer every reason held against the own unit; how many there were."""
        rows = _FLAG.findall(self.markup(FLAGS, gd="waiting"))
        found = [flag for flag, name in rows if html.unescape(name) == unit]
        for flag in found:
            self.do(flag, "reply", text=text)
        return len(found)

    def visit(self, unit: object, on: dt.date, found: str) -> str:
        """Record a visit of one's own."""
        said = {"key": str(uuid4()), "was": "", "on": on.isoformat(), "attended": "co",
                "by_plan": "co", "found": found, "agreed": "", "put_right": ""}  # fmt: skip
        return self.send(f"/di-co-so/ghi/{unit}/", said)

    def figures(self, report: str) -> list[tuple[str, str]]:
        """Every figure of a report: the address behind it, and what it says."""
        found = _FIGURE.findall(self.markup(report))
        return [(html.unescape(address), html.unescape(text)) for address, text in found]

    def counted(self, address: str, shown: str) -> str | None:
        """What the records of a figure add up to, each of them listed; None where there is none."""
        page = self.markup(address)
        assert shown in html.unescape(page), (address, shown)
        told = _ROWS.search(page)
        if told is None:
            return None
        listed, number = page.count("<tr data-record>"), 1
        while listed < int(told[1].replace(".", "")):
            number += 1
            listed += self.markup(f"{address}&trang={number}").count("<tr data-record>")
        assert listed == int(told[1].replace(".", "")), address
        return told[2]


@dataclass
class Story:
    """The place, the day, two windows, and what was made so far."""

    place: Place
    clock: Clock
    url: str
    desk: Page
    phone: Page
    sign_in: Callable[[Page, Any], None]
    programme: str = ""
    files: dict[str, str] = field(default_factory=dict)

    def at(self, user: User, address: str) -> Page:
        """The window of the desk, of that person, on an address."""
        self.sign_in(self.desk, user)
        self.desk.goto(f"{self.url}{address}")
        self.desk.wait_for_load_state()
        return self.desk

    @property
    def analyst(self) -> Desk:
        return Desk(self.place.analyst)

    @property
    def second(self) -> Desk:
        return Desk(self.place.second)

    @property
    def board(self) -> Desk:
        return Desk(self.place.board_user)

    def here(self) -> str:
        """The address that the window of the desk is on."""
        return self.desk.url.removeprefix(self.url).partition("#")[0]

    @property
    def today(self) -> dt.date:
        return timezone.localdate()


def fill(place: Page | Locator, **said: str | list[str]) -> None:
    """Fill in the fields of these names, whatever they are; what may be ticked, by its value."""
    for name, value in said.items():
        boxes = place.locator(f'[name="{name}"]')
        kind = boxes.first.evaluate("one => one.tagName === 'SELECT' ? 'select' : one.type")
        if kind == "select":
            boxes.select_option(value)
        elif kind in ("radio", "checkbox"):
            for one in [value] if isinstance(value, str) else value:
                (boxes if one == TICK else place.locator(f'[name="{name}"][value="{one}"]')).check()
        else:
            boxes.fill(str(value))


def press(page: Page, button: str, told: str) -> None:
    """Press a button and read what is told then."""
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".notice.success").filter(has_text=told)).to_be_visible()


def follow(page: Page, link: str, leads_to: str) -> None:
    """Follow a link of the page, as far as the page that it leads to."""
    page.locator("main").get_by_role("link", name=link, exact=True).first.click()
    expect(page).to_have_url(re.compile(leads_to))
    page.wait_for_load_state()


def do(page: Page, act: str, told: str, **said: str | list[str]) -> None:
    """One act of the page of a file: open its form, fill it in, send it, read what is told."""
    here = page.locator(f'form:has(input[name="act"][value="{act}"])')
    fold = page.locator("details", has=here)
    if fold.count() and fold.get_attribute("open") is None:
        fold.locator("summary").click()
    fill(here, **said)
    here.get_by_role("button").click()
    expect(page.locator(".notice.success").filter(has_text=told)).to_be_visible()
