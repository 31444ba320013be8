"""The simulated province, for the journeys about people: whose cells, which windows, who is there.

Places are chosen by what the register says of them, never by their names: a larger province serves
as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser.province import Town
from tests.browser.rating_window import says
from vungmanh.access.models import User
from vungmanh.cadre.models import Term
from vungmanh.core.vocabulary import MembershipStatus, Post, UnitKind
from vungmanh.org.models import Appointment, Membership, MemberTransfer, UnitClosure, UnitVersion
from vungmanh.org.queries import members_of

OFFICE, ANALYST, NEIGHBOUR = "vanphong", "chuyenvien", "vanphong.canh"
PAPER = "Quyết định 15-QĐ/ĐU"


@dataclass
class Place:
    """The province, a window of a desk and one of a phone, and how a page is looked at."""

    town: Town
    desk: Page
    phone: Page
    accessible: Callable[[Page], None]
    folder: Path

    def at(self, page: Page, username: str, address: str) -> Page:
        """A window, of somebody, on an address."""
        client = Client()
        client.force_login(_user(username))
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.town.url}]
        )
        return self.on(page, address)

    def on(self, page: Page, address: str) -> Page:
        answer = page.goto(f"{self.town.url}{address}")
        assert answer is not None
        assert answer.ok, (address, answer.status)
        return page

    def here(self, page: Page) -> str:
        """The address that a window is on."""
        return page.url.removeprefix(self.town.url).partition("#")[0]

    def cells(self, username: str) -> list[UnitVersion]:
        """The cells below whoever answers for a commune, in the order of their names."""
        below = UnitClosure.objects.filter(
            ancestor_id=self.town.unit_of(username).unit_id, valid__contains=self.town.today
        )
        found = UnitVersion.objects.filter(
            unit_id__in=below.values("descendant_id"), kind=UnitKind.CHI_BO,
            valid__contains=self.town.today,
        )  # fmt: skip
        return list(found.order_by("name_key"))

    def by_count(self, username: str) -> list[UnitVersion]:
        """Those of them that are kept by count, with nobody on the move."""
        moving = set(MemberTransfer.objects.values_list("from_unit_id", flat=True))
        moving |= set(MemberTransfer.objects.values_list("to_unit_id", flat=True))
        return [
            one for one in self.cells(username)
            if one.unit_id not in moving
            and not Membership.objects.filter(unit_id=one.unit_id).exists()
        ]  # fmt: skip

    def by_name(self, username: str) -> Membership:
        """Somebody official on the list of one of them, since the list began."""
        return (
            Membership.objects.filter(
                unit_id__in=[one.unit_id for one in self.cells(username)],
                status=MembershipStatus.OFFICIAL, valid__endswith=None, person__merged_into=None,
            )
            .select_related("person")
            .order_by("-valid", "person__name_fold", "pk")
            .last()
        )  # fmt: skip

    def led_by_one(self, username: str) -> UnitVersion:
        """A cell with a secretary, no deputy, and no congress told."""
        return next(
            one for one in self.cells(username)
            if self.posts(one) == [Post.SECRETARY]
            and self.official(one) >= 9
            and not Term.objects.filter(unit_id=one.unit_id).exists()
        )  # fmt: skip

    def posts(self, cell: UnitVersion) -> list[str]:
        held = Appointment.objects.filter(unit_id=cell.unit_id, valid__contains=self.town.today)
        return sorted(held.values_list("post", flat=True))

    def secretary(self, cell: UnitVersion) -> Appointment:
        return Appointment.objects.get(
            unit_id=cell.unit_id, post=Post.SECRETARY, valid__contains=self.town.today
        )

    def official(self, cell: UnitVersion) -> int:
        return members_of(cell.unit_id, self.town.today).get(MembershipStatus.OFFICIAL, 0)


def _user(username: str) -> AbstractBaseUser:
    return User.objects.get(username=username)


def refused(page: Page, button: str, *told: str) -> None:
    """Press a button and read why not, where it was typed or above the form."""
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator('main [aria-invalid="true"], main [role="alert"]').first).to_be_visible()
    says(page, *told)


def words(page: Page, *parts: str) -> list[str]:
    """What these parts of a page say, to be held against what they say later."""
    return [page.locator(one).inner_text() for one in parts]


def row_link(page: Page, row: str, link: str) -> None:
    """Follow a link of the row that names somebody."""
    found = page.locator("main tr, main li").filter(has_text=row)
    found.get_by_role("link", name=link, exact=True).first.click()
    page.wait_for_load_state()
