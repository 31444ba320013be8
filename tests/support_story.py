"""A programme that runs in the small province, with Quan Mẫu chosen for 2026, for tests."""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import pytest

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, december, make_cast
from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.programme_words import ProgrammeState
from vungmanh.core.vocabulary import Role
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.actions.choosing import (
    decide_selection,
    run_selection,
    submit_selection,
)
from vungmanh.strengthening.actions.diagnosis import second_opinion
from vungmanh.strengthening.actions.files import open_files
from vungmanh.strengthening.choosing import Asked
from vungmanh.strengthening.models import FileCause, Flag, Programme, Selection, SupportFile

TODAY = AT.date()
LATER = AT + dt.timedelta(days=1)


@dataclass
class Support:
    """The province, its programme, and who acts: `desk` asks, `board` approves."""

    cast: Cast
    programme: Programme
    desk: Viewer
    board: Viewer

    def who(self, role: Role, unit: str, name: str = "") -> Viewer:
        """Somebody else with a role."""
        username = name or f"{role.value}.{self.cast[unit].hex}"
        return viewer_for(self.cast.user(username, role, unit), on=TODAY)

    def choose(self, year: int = 2026) -> Selection:
        """Run, put forward and decide: Quan Mẫu is the one that was weak twice."""
        made = run_selection(
            programme_id=self.programme.pk, unit_id=self.cast[PROVINCE], year=year,
            month=december(2018), asked=Asked(3), by=self.desk, at=AT,
        )  # fmt: skip
        submit_selection(selection_id=made.pk, by=self.desk, at=AT)
        return decide_selection(
            selection_id=made.pk, number="12-QĐ/TU", decided_on=TODAY, by=self.board, at=AT
        )

    def file(self) -> SupportFile:
        """The file of Quan Mẫu."""
        (file,) = open_files(selection=self.choose(), by=self.board, at=AT)
        return file

    def look_at(self, cause: FileCause) -> None:
        """A second pair of eyes agrees, as a diagnosis asks for."""
        user = User.objects.filter(username="nguoi.xem.lai").first()
        second = (
            viewer_for(user, on=TODAY)
            if user
            else self.who(Role.PROVINCIAL_ANALYST, PROVINCE, "nguoi.xem.lai")
        )
        second_opinion(
            cause_id=cause.pk, agrees=True, text="Đã đọc biên bản, đúng như nêu.", by=second, at=AT
        )

    def unit(self, name: str) -> UUID:
        return self.cast[name]


def make_support() -> Support:
    """Quan Mẫu fails in 2016 to 2018, Láng Thử in 2018 alone; everybody has answered."""
    cast = make_cast()
    bad = {QUAN_MAU: (2016, 2017, 2018), LANG_THU: (2018,), SCHOOL: ()}
    for year in (2016, 2017, 2018):
        for top, years in bad.items():
            for cell in CELLS.get(top, (top,)):
                cast.hold(cell, year, held=4 if year in years else 12)
    assess_months(months=[december(year) for year in (2016, 2017, 2018)], by=None, at=AT)
    Flag.objects.update(is_answered=True)
    programme = Programme.objects.create(
        unit_id=cast[PROVINCE], title="Đề án thử", title_fold="de an thu", number="453-QĐ/TU",
        decided_on=TODAY, first_year=2026, last_year=2030, state=ProgrammeState.RUNNING,
    )  # fmt: skip
    desk = viewer_for(cast.user("ban.to.chuc", Role.PROVINCIAL_ANALYST, PROVINCE), on=TODAY)
    board = viewer_for(cast.user("thuong.vu", Role.STANDING_COMMITTEE, PROVINCE), on=TODAY)
    return Support(cast, programme, desk, board)


@pytest.fixture(scope="module")
def support_told(told_for_a_file: None) -> Support:
    """Three years assessed take as long as five tests: they are assessed once for a file."""
    return make_support()


@pytest.fixture
def story(support_told: Support, db: None) -> Support:
    return copy.deepcopy(support_told)
