"""The province of the two accounts: the committee told of, and fourteen like it nobody chose."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.test import Client
from django.urls import reverse
from time_machine import travel

from tests.cast import PROVINCE, Cast, december
from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.ids import uuid7
from vungmanh.core.text import NBSP
from vungmanh.core.vocabulary import MembershipStatus, Post, ReportState, Role, Sector, UnitKind
from vungmanh.evaluation.actions.cycles import open_cycle
from vungmanh.evaluation.actions.deciding import Paper, notify
from vungmanh.evaluation.actions.dossiers import open_opinions, propose, rate_self, verify
from vungmanh.evaluation.models import Cycle, Dossier, YearGrade
from vungmanh.meetings.actions.obligations import generate_obligations
from vungmanh.meetings.actions.reports import record_reports
from vungmanh.org.actions.register import load_register
from vungmanh.strengthening.actions.choosing import run_selection, submit_selection
from vungmanh.strengthening.actions.deciding import decide_under_cap
from vungmanh.strengthening.actions.deciding_selection import decide_and_open
from vungmanh.strengthening.actions.flags import reply_to_flag
from vungmanh.strengthening.actions.programmes import (
    ProgrammeText,
    TargetText,
    approve_programme,
    draft_programme,
    set_targets,
    submit_programme,
)
from vungmanh.strengthening.choosing import Asked
from vungmanh.strengthening.models import Flag, Programme, SupportFile

LIKE = tuple(f"Đảng bộ xã Thử {n}" for n in range(1, 15))
#: Meetings of twelve that each of them held: low years are followed by better ones, untouched.
LIKE_BEFORE = (6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 12)
LIKE_AFTER = (8, 7, 9, 9, 8, 10, 9, 10, 11, 10, 12, 12, 11, 12)
Span = tuple[str, dt.date, dt.date | None]


def at(year: int, month: int, day: int) -> dt.datetime:
    """Nine in the morning in Vietnam."""
    return dt.datetime(year, month, day, 2, tzinfo=dt.UTC)


class Told(Cast):
    """A province of communes with their cells, and the hands of its committee."""

    def __init__(
        self, name: str, cells: Iterable[str], secretaries: list[Span], *, first: dt.date,
        last: dt.date,
    ) -> None:  # fmt: skip
        super().__init__()
        self.name, self.own = name, tuple(cells)
        self.below = {name: self.own, **{one: (f"Chi bộ {one[9:]}",) for one in LIKE}}
        self._register(secretaries, first)
        generate_obligations(first=first, last=last, by=None, at=at(first.year, 1, 1))
        self.people: dict[tuple[Role, str], User] = {}

    def _register(self, secretaries: list[Span], first: dt.date) -> None:
        versions, parents, posts = [], [], []

        def unit(name: str, kind: UnitKind, sector: Sector, above: str | None) -> None:
            self.units[name] = uuid7()
            versions.append(
                (self[name], first, None, name, kind, sector, "Vùng Mẫu", "", above == PROVINCE)
            )
            if above:
                parents.append((self[name], self[above], first, None))
            spans = secretaries if name == self.name else [("Bí thư Thử", first, None)]
            posts.extend((self[name], Post.SECRETARY, *span) for span in spans)

        unit(PROVINCE, UnitKind.DANG_BO_TINH, Sector.COMMITTEE, None)
        for commune, cells in self.below.items():
            unit(commune, UnitKind.DANG_BO_XA, Sector.COMMUNE, PROVINCE)
            for cell in cells:
                unit(cell, UnitKind.CHI_BO, Sector.VILLAGE, commune)
        ids, official = list(self.units.values()), MembershipStatus.OFFICIAL
        counts = [(one, official, first, None, 12) for one in ids]
        admitted = [(one, dt.date(first.year, 5, 1), 1) for one in ids]
        tables = {
            "units": {"unit": ids, "is_simulated": [True] * len(ids)},
            "unit_versions": columns(
                versions, "unit valid_from valid_to name kind sector area official_code"
                " is_organisation",
            ),
            "unit_parents": columns(parents, "unit parent valid_from valid_to"),
            "membership_counts": columns(counts, "unit status valid_from valid_to count"),
            "admissions": columns(admitted, "unit month count"),
            "appointments": columns(posts, "unit post holder_name valid_from valid_to"),
        }  # fmt: skip
        load_register(tables=tables, by=None, at=at(first.year, 1, 1))

    def report(self, year: int, own: Iterable[int], like: Iterable[int]) -> None:
        """The reports of a year: of the cells told of, and of each of the like."""
        for cell, held in zip(self.own, own, strict=True):
            self.hold(cell, year, held=held)
        for commune, held in zip(LIKE, like, strict=True):
            self.hold(self.below[commune][0], year, held=held)

    def report_month(self, month: dt.date) -> None:
        """Every cell met in that month."""
        held = {"month": month, "state": ReportState.HELD}
        cells = [cell for some in self.below.values() for cell in some]
        record_reports(
            reports=[{"unit": self[one], **held} for one in cells], source=None, by=None,
            at=at(month.year, month.month, 28),
        )  # fmt: skip

    # --- who acts ---

    def who(self, role: Role, unit: str, when: dt.datetime) -> Viewer:
        key = role, unit
        if key not in self.people:
            self.people[key] = self.user(f"{role.value}.{self[unit].hex}", role, unit)
        return viewer_for(self.people[key], on=when.date(), role=role)

    def desk(self, when: dt.datetime) -> Viewer:
        return self.who(Role.PROVINCIAL_ANALYST, PROVINCE, when)

    def board(self, when: dt.datetime) -> Viewer:
        return self.who(Role.STANDING_COMMITTEE, PROVINCE, when)

    # --- from the programme to the file ---

    def programme(self, first_year: int, when: dt.datetime) -> Programme:
        """A programme of five years, drafted by the desk and approved by the board."""
        said = ProgrammeText(
            title="Nâng cao chất lượng tổ chức cơ sở đảng", first_year=first_year,
            last_year=first_year + 4, weaknesses="Nhiều chi bộ thôn không họp đủ kỳ.",
            levels={UnitKind.DANG_BO_TINH: 1}, measures=["attach_overseer", "rotate_secretary"],
        )  # fmt: skip
        made = draft_programme(unit_id=self[PROVINCE], said=said, by=self.desk(when), at=when)
        target = TargetText(
            text="Mọi chi bộ họp đủ kỳ", aim_value=Decimal(100), indicator="hop-du-ky",
            due_on=dt.date(first_year + 4, 12, 31),
        )  # fmt: skip
        this = {"programme_id": made.pk, "at": when}
        set_targets(targets=[target], revision=made.revision, by=self.desk(when), **this)
        submit_programme(by=self.desk(when), **this)
        return approve_programme(
            number="453-QĐ/TU", decided_on=when.date(), by=self.board(when), **this
        )

    def answered(self, when: dt.datetime) -> list[str]:
        """The committee told of explains every reason held against it; what they are."""
        office = self.who(Role.COMMITTEE_OFFICE, self.name, when)
        flags = list(Flag.objects.filter(unit_id=self[self.name], is_answered=False))
        for flag in flags:
            reply_to_flag(
                flag_id=flag.pk, text="Đúng như số liệu, xin được giúp.", by=office, at=when
            )
        return sorted(flag.reason for flag in flags)

    def chosen(self, programme: Programme, year: int, when: dt.datetime) -> SupportFile:
        """Chosen by the rule among all: whoever was weak longest comes first. Its file."""
        made = run_selection(
            programme_id=programme.pk, unit_id=self[PROVINCE], year=year, asked=Asked(1),
            month=december(year - 1), by=self.desk(when), at=when,
        )  # fmt: skip
        submit_selection(selection_id=made.pk, by=self.desk(when), at=when)
        decide_and_open(
            selection_id=made.pk, number=f"12-QĐ/TU-{year}", decided_on=when.date(),
            by=self.board(when), at=when,
        )  # fmt: skip
        return SupportFile.objects.get(choice__selection=made)

    # --- the rating of the year ---

    def rated(self, year: int, grades: dict[str, str], when: dt.datetime) -> None:
        """The rating of the year: every dossier named goes through every hand to its decision."""
        desk = self.desk(when)
        cycle = open_cycle(unit_id=self[PROVINCE], year=year, by=desk, at=when)
        for unit, grade in grades.items():
            self._proposed(cycle, unit, grade, when)
        for unit, grade in grades.items():
            dossier = Dossier.objects.get(cycle=cycle, unit_id=self[unit], subject="organisation")
            decide_under_cap(
                dossier_id=dossier.pk, grade=grade, by=desk, at=when,
                paper=Paper("88-QĐ/TU", when.date(), when.date()),
                override_reason="Các chi bộ đã xếp loại xong trên giấy.",
            )  # fmt: skip
            notify(dossier_id=dossier.pk, by=desk, at=when)

    def _proposed(self, cycle: Cycle, unit: str, grade: str, when: dt.datetime) -> None:
        dossier = Dossier.objects.get(cycle=cycle, unit_id=self[unit], subject="organisation")
        this = {"dossier_id": dossier.pk, "at": when}
        rate_self(grade=grade, by=self.who(Role.COMMITTEE_OFFICE, unit, when), **this)
        open_opinions(by=self.desk(when), **this)
        verify(by=self.desk(when), **this)
        propose(grade=grade, by=self.desk(when), **this)

    # --- what its reader sees ---

    def grades(self) -> dict[int, str]:
        """The yearly grades of the unit told of, by year."""
        found = YearGrade.objects.filter(unit_id=self[self.name])
        return dict(found.order_by("year").values_list("year", "grade"))

    def page(self, file: SupportFile, when: dt.datetime, reader: Viewer | None = None) -> str:
        """The page of the file as its reader sees it (the province's desk, unless another is
        named), with the part it fetches after itself."""
        client = Client()
        client.force_login((reader or self.desk(when)).user)
        with travel(when, tick=False):
            whole = words_of(client.get(reverse("support_file", args=[file.pk])))
            beside = words_of(client.get(reverse("support_beside", args=[file.pk])))
        return f"{whole} {beside}"


def columns(rows: list[tuple], names: str) -> dict[str, list]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names.split())}


def words_of(response) -> str:
    assert response.status_code == 200
    page = response.content.decode().split("<main", 1)[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace(NBSP, " ")


def ids_of(cast: Cast, names: Iterable[str]) -> list[UUID]:
    return [cast[name] for name in names]
