"""The rating of a year by everybody who has a part in it; what each page must say on the way.

Most acts go over HTTP as the pages send them (`rating_hand`); one of every kind is done in the
browser by the test itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from tests.browser.rating_clock import Clock
from tests.browser.rating_hand import LEADS, Board, Hand, answered
from tests.browser.rating_place import (
    AGENCIES,
    COMMUNES,
    DISTRICT,
    ENTERPRISES,
    QUAN_MAU,
    SCHOOLS,
    STATIONS,
    VILLAGES,
    Place,
)
from tests.cast import PROVINCE
from vungmanh.access.models import User
from vungmanh.core.vocabulary import Role

BEST, GOOD, FAIR = "xuat_sac", "tot", "hoan_thanh"
NAMES = {
    BEST: "Hoàn thành xuất sắc nhiệm vụ",
    GOOD: "Hoàn thành tốt nhiệm vụ",
    FAIR: "Hoàn thành nhiệm vụ",
}
LESS = "Sản phẩm nêu trong bản tự chấm chưa có kết quả đo được."
#: Who is proposed the best grade, with the points of its own sheet.
WISHED = {
    **dict(zip(SCHOOLS, ("97", "96", "95", "94", "93"), strict=False)),
    **dict(zip(AGENCIES, ("96", "92", "92"), strict=False)),
    **dict(zip(ENTERPRISES, ("95", "94"), strict=False)),
    STATIONS[0]: "91",
    QUAN_MAU: "90",
    **{cell: points for cells in VILLAGES.values()
       for cell, points in zip(cells, ("95", "90"), strict=False)},
}  # fmt: skip
TOO_HIGH = SCHOOLS[7]  # rates itself best, is proposed good
COMPLAINING, APPEALING, REOPENED, RETURNED = (
    AGENCIES[13],
    ENTERPRISES[11],
    ENTERPRISES[5],
    SCHOOLS[6],
)


def own_grade(unit: str) -> str:
    if unit in WISHED or unit == TOO_HIGH:
        return BEST
    return FAIR if unit in {COMPLAINING, APPEALING} else GOOD


def proposed(unit: str) -> str:
    return GOOD if unit == TOO_HIGH else own_grade(unit)


@dataclass
class Story:
    """The place, the day, two windows, and the cycles opened so far by who opened them."""

    place: Place
    clock: Clock
    url: str
    desk: Page
    phone: Page
    sign_in: Callable[[Page, Any], None]
    cycles: dict[str, Board] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    sheets: dict[str, dict[str, str]] = field(default_factory=dict)

    def office(self, of: str = DISTRICT) -> User:
        if of in COMMUNES:
            return self.place.speaker(of)
        if of not in self.people:
            role = Role.PROVINCIAL_ANALYST if of == PROVINCE else Role.COMMITTEE_OFFICE
            self.people[of] = self.place.user(f"cap.{len(self.people)}", role, of)
        return self.people[of]

    def at(self, page: Page, user: User, address: str) -> Page:
        """A window of that person on an address."""
        self.sign_in(page, user)
        page.goto(f"{self.url}{address}")
        return page

    def dossier(self, unit: str, of: str = DISTRICT) -> str:
        return self.cycles[of].units[unit]

    def opened(self, of: str, cycle: str) -> Board:
        """Keep a cycle that was opened."""
        self.cycles[of] = Hand(self.office(of)).board(cycle)
        return self.cycles[of]


def open_cycle(story: Story, of: str, year: int) -> Board:
    """Open the cycle of a year with the days that the page offers."""
    hand = Hand(story.office(of))
    days = hand.values("/xep-loai/mo/", nam=str(year))
    return story.opened(of, hand.send("/xep-loai/mo/", {**days, "year": str(year)}))


def rate_self(story: Story, unit: str, of: str, *, collective: bool = False) -> None:
    """Write the sheet of the unit, or of the collective that leads it, and hand it in. Where a
    sheet has points, each adds up by itself: one less for every next of its kind."""
    hand, board = Hand(story.place.speaker(unit)), story.cycles[of]
    dossier = (board.collectives if collective else board.units)[unit]
    grade = GOOD if collective else own_grade(unit)
    kind = f"{of}, {LEADS if collective else unit in COMMUNES}"
    if kind not in story.sheets:
        story.sheets[kind] = hand.sheet(dossier)
    asked = story.sheets[kind]
    level, share = {BEST: ("xuat_sac", 1.0), GOOD: ("tot", 0.85), FAIR: ("trung_binh", 0.6)}[grade]
    less = int(unit.rsplit(" ", 1)[1]) - 1 if unit in WISHED and unit not in COMMUNES else 0
    hand.send(dossier, answered(asked, level, share, less))
    points = "" if any(asked.values()) else "80" if collective else WISHED.get(unit, "80")
    hand.act(dossier, "rate_self", grade=grade, points=points)


def open_opinions(story: Story, of: str) -> None:
    hand, cycle = Hand(story.office(of)), story.cycles[of].cycle
    hand.many(cycle, "open_opinions", hand.listed(cycle, "open_opinions"))


def hear(story: Story, of: str, body: str) -> None:
    """The word of one body on everything it has not spoken of, typed from its minutes."""
    hand, board = Hand(story.office(of)), story.cycles[of]
    own = {board.units[unit]: unit for unit in board.units}
    left = hand.listed(board.cycle, "give_opinion", body)
    grades = {one: proposed(own[one]) if one in own else GOOD for one in left}
    apart = {one: LESS for one in left if own.get(one) == TOO_HIGH}
    hand.many(board.cycle, "give_opinion", grades, body, apart)


def verify_all(story: Story, of: str) -> None:
    hand, cycle = Hand(story.office(of)), story.cycles[of].cycle
    hand.many(cycle, "verify", hand.listed(cycle, "verify"))


def propose_all(story: Story, of: str) -> None:
    hand, board = Hand(story.office(of)), story.cycles[of]
    own = {board.units[unit]: unit for unit in board.units}
    left = hand.listed(board.cycle, "propose")
    grades = {one: proposed(own[one]) if one in own else GOOD for one in left}
    apart = {one: LESS for one in left if own.get(one) == TOO_HIGH}
    hand.many(board.cycle, "propose", grades, reasons=apart)


def decide_all(story: Story, of: str, document: str, day: str) -> None:
    """Both steps of deciding a whole cycle, then telling it."""
    hand, cycle = Hand(story.office(of)), story.cycles[of].cycle
    said = {"document": document, "document_date": day}
    confirm = hand.answer(f"{cycle}quyet-dinh/", said)
    hand.send(f"{cycle}quyet-dinh/", {**said, "mark": hand.hidden(confirm, "mark")})
    hand.send(f"{cycle}dieu-hanh/", {"act": "notify"})
