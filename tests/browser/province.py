"""The small simulated province on a live server, a fresh copy for every journey.

Loaded once a run into a database of its own, by the first worker that needs it; each journey gets
a copy by CREATE DATABASE … TEMPLATE, so that it may import, undo and break what it likes.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Page
from psycopg import sql
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from vungmanh.access.models import RoleGrant, User
from vungmanh.access.viewer import viewer_for
from vungmanh.analysis.simulate import PROVINCE, SMALL, Province, simulate_province
from vungmanh.analysis.simulate.sheets import committee_sheets
from vungmanh.config.demo import PASSWORD, SEED, load_demonstration
from vungmanh.core.periods import add_months, last_day
from vungmanh.org.models import UnitVersion
from vungmanh.org.queries import path_above, units_visible
from vungmanh.outputs.workbooks.write import SheetRow, write_filled_workbook

TAKES_PICTURES = os.environ.get("VUNGMANH_PICTURES") == "1"
PICTURES = Path(__file__).resolve().parents[2] / "docs/pictures"
TALLEST = 1400  # of a picture, in pixels: more is not looked at
#: Journeys walk through a small province in which an organisation is weak and the next month
#: changes that. Pictures show the demonstration itself, which takes a minute to load.
SIZE, PROVINCE_SEED = (PROVINCE, SEED) if TAKES_PICTURES else (SMALL, 7)


@dataclass(frozen=True)
class Town:
    """The province under the browser: where it is served, and what it was made from."""

    url: str
    simulated: Province

    def sign_in(self, page: Page, username: str) -> None:
        """By the form, as everybody does."""
        page.goto(f"{self.url}/tai-khoan-cua-toi/login/")
        page.get_by_label("Tên đăng nhập").fill(username)
        page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        page.wait_for_url(lambda url: "login" not in url)

    @property
    def next_month(self) -> dt.date:
        return add_months(self.simulated.last_month, 1)

    def next_workbooks(self, folder: Path) -> dict[str, Path]:
        """Next month's workbook of every committee, as it came back filled in, by its name."""
        paths = {}
        for sheet in committee_sheets(self.simulated, self.next_month):
            rows = [
                SheetRow(line.unit, line.name, line.organisation, line.values)
                for line in sheet.lines
            ]
            paths[sheet.committee] = folder / f"{sheet.committee}.xlsx"
            write_filled_workbook(paths[sheet.committee], sheet.committee, self.next_month, rows)
        return paths

    def unit_of(self, username: str) -> UnitVersion:
        """The unit an account looks from, as it is called now."""
        grant = RoleGrant.objects.filter(user__username=username).order_by("id")[0]
        return UnitVersion.objects.get(unit_id=grant.unit_id, valid__contains=self.today)

    def names_outside(self, username: str) -> set[str]:
        """The names of all that an account may not see, as things stand today."""
        viewer = viewer_for(User.objects.get(username=username), on=self.today)
        versions = UnitVersion.objects.filter(valid__contains=self.today)
        seen = versions.filter(unit_id__in=units_visible(viewer, self.today))
        above = path_above(seen[0].unit_id, self.today)  # shown as the way down, never opened
        return (
            set(versions.values_list("name", flat=True))
            - set(seen.values_list("name", flat=True))
            - {version.name for version in above}
        )

    @property
    def today(self) -> dt.date:
        return last_day(self.simulated.last_month)


@pytest.fixture(scope="session")
def province_template(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[str, Province]]:
    """Name of the database that journeys are copied from, and its province."""
    simulated = simulate_province(PROVINCE_SEED, size=SIZE)
    shared = os.environ.get("VUNGMANH_TESTS_TEMPLATE")  # on a server that ends with the run
    if shared:
        with django_db_blocker.unblock():
            _load_once(f"{shared}_tinh", shared)
        yield f"{shared}_tinh", simulated
        return
    name = f"{connection.settings_dict['NAME']}_tinh"
    with django_db_blocker.unblock(), _fresh_database(name), _looking_at(name):
        _load()
        yield name, simulated


def _load() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    load_demonstration(lambda words: None, size=SIZE, seed=PROVINCE_SEED)
    connection.close()  # nobody may look at a database while it is copied


def _load_once(name: str, migrated: str) -> None:
    """Leave the province under its name, by whichever worker comes first; the others wait."""
    half = f"{name}_half"
    known = "SELECT 1 FROM pg_database WHERE datname = %s"
    with psycopg.connect(os.environ["VUNGMANH_DATABASE_URL"], dbname="postgres") as admin:
        admin.autocommit = True
        admin.execute("SELECT pg_advisory_lock(2)")  # until the connection closes
        if admin.execute(known, [name]).fetchone() is not None:
            return
        with _fresh_database(half, migrated):
            with _looking_at(half):
                _load()
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            admin.execute(rename.format(sql.Identifier(half), sql.Identifier(name)))


@pytest.fixture
def town(
    province_template: tuple[str, Province], django_db_blocker: DjangoDbBlocker
) -> Iterator[Town]:
    """A copy of the province with a server on it."""
    template, simulated = province_template
    name = f"{template}_{os.environ.get('PYTEST_XDIST_WORKER', 'nay')}"  # of this worker alone
    with django_db_blocker.unblock(), _fresh_database(name, template), _looking_at(name):
        server = LiveServer("localhost")
        yield Town(server.url, simulated)
        server.stop()


@contextmanager
def _fresh_database(name: str, template: str = "template1") -> Iterator[None]:
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    url = os.environ["VUNGMANH_DATABASE_URL"]
    with psycopg.connect(url, dbname="postgres", autocommit=True) as admin:
        admin.execute(drop)
        admin.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield
        finally:
            admin.execute(drop)


@contextmanager
def _looking_at(name: str) -> Iterator[None]:
    """Django on another database meanwhile, in every thread that connects from now on."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def picture(page: Page, name: str) -> None:
    """A picture for README and manual, when they are asked for (VUNGMANH_PICTURES=1)."""
    if not TAKES_PICTURES:
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.mouse.move(0, 0)
    page.evaluate("document.fonts.ready")
    tall = page.evaluate("document.documentElement.scrollHeight")
    width = page.viewport_size["width"]  # type: ignore[index]
    clip = {"x": 0, "y": 0, "width": width, "height": min(tall, TALLEST)}
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True, clip=clip)  # type: ignore[arg-type]
