"""Lists, admissions, transfers and targets of the demonstration, through their acts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

from vungmanh.core.people_words import AdmissionStepKind as Step
from vungmanh.core.people_words import StallReason, TransferKind
from vungmanh.core.vocabulary import MembershipStatus, Sector
from vungmanh.meetings.actions.roll import switch_names_on
from vungmanh.meetings.roll import names_on
from vungmanh.org.actions.admission_targets import set_target
from vungmanh.org.actions.admissions import (
    begin_admission,
    record_step,
    stall_admission,
    stop_admission,
)
from vungmanh.org.actions.people import enlist, set_standing
from vungmanh.org.actions.places import add_place, name_own_unit, report_members
from vungmanh.org.actions.transfers import (
    TransferWish,
    accept_transfer,
    refuse_transfer,
    send_transfer,
)
from vungmanh.org.models import Admission, Membership, MemberTransfer
from vungmanh.org.queries import members_of

if TYPE_CHECKING:
    from vungmanh.config.demo_people import Stage

OFFICIAL, EXEMPT = MembershipStatus.OFFICIAL, MembershipStatus.EXEMPT
NAMED = 3  # cells whose whole list is kept by name, besides the one of the meetings
SINCE_DAYS = 80
_AWAY = (MembershipStatus.TEMPORARY_OUT, MembershipStatus.SUSPENDED, MembershipStatus.TEMPORARY_IN)
_PAPER = "Quyết định của đảng ủy (giả định)"
#: Written down twice, once with the tone on another letter: somebody should look.
_TWICE = ("Nông Thử Hòa", "Nông Thử Hoà")

#: Of each on the way: the cell, days ago it began, steps with their days ago, why it stalls.
_ON_THE_WAY: tuple[tuple[int, int, tuple[tuple[Step, int], ...], StallReason | None], ...] = (
    (1, 460, ((Step.DOSSIER, 420),), StallReason.CELL),
    (1, 150, ((Step.DOSSIER, 60),), None),
    (2, 260, ((Step.DOSSIER, 200), (Step.CELL_RESOLUTION, 150)), StallReason.UPPER),
    (7, 260, ((Step.DOSSIER, 210), (Step.CELL_RESOLUTION, 140)), None),
    (2, 160, ((Step.DOSSIER, 70), (Step.CELL_RESOLUTION, 20)), None),
    (3, 200, ((Step.DOSSIER, 130), (Step.CELL_RESOLUTION, 70), (Step.DECISION, 10)), None),
    (4, 90, (), StallReason.COURSE),
    (5, 120, (), StallReason.AWAY),
    (6, 100, (), StallReason.VERIFYING),
    (3, 330, ((Step.DOSSIER, 290), (Step.CELL_RESOLUTION, 260), (Step.DECISION, 225),
              (Step.CEREMONY, 205)), None),
    (4, 470, ((Step.DOSSIER, 464), (Step.CELL_RESOLUTION, 458), (Step.DECISION, 450),
              (Step.CEREMONY, 440)), StallReason.CELL),
    (5, 470, ((Step.DOSSIER, 465), (Step.CELL_RESOLUTION, 460), (Step.DECISION, 450),
              (Step.CEREMONY, 440), (Step.CELL_OFFICIAL, 60), (Step.OFFICIAL_DECISION, 40)), None),
)  # fmt: skip


def tell_lists(stage: Stage) -> None:
    """Some cells by name, exemptions among them past their end, one person written down twice."""
    since, told = stage.ago(SINCE_DAYS), stage.by(stage.office, stage.today)
    if not names_on(stage.commune, since):
        switch_names_on(unit_id=stage.commune, from_day=since, document=_PAPER, **told)
    for cell in stage.cells[1 : NAMED + 1]:
        for status, number in members_of(cell, since).items():
            for _ in range(0 if status in _AWAY else number):
                enlist(unit_id=cell, name=stage.name(), status=status, from_day=since, **told)
    for cell, name in zip(stage.cells[1:3], _TWICE, strict=True):
        enlist(unit_id=cell, name=name, status=OFFICIAL, from_day=stage.ago(30), **told)
    rows = Membership.objects.filter(
        unit_id__in=stage.cells[1 : NAMED + 1], status=OFFICIAL, valid__contains=since
    ).order_by("unit_id", "person__name_fold", "pk")
    exempted: tuple[dict[str, Any], ...] = (
        {"until": stage.ago(20)}, {"until": stage.ago(5)}, {"until": stage.ago(-90)},
        {"by_age": True},
    )  # fmt: skip
    for row, more in zip(rows, exempted, strict=False):
        set_standing(
            person=row.person_id, status=EXEMPT, from_day=stage.ago(70),
            document="Nghị quyết chi bộ (giả định)", **more, **told,
        )  # fmt: skip


def tell_targets(stage: Stage) -> None:
    """What the year is to bring: in the commune and its cells, and in the communes around it."""
    year = stage.today.year
    told = stage.by(stage.office, stage.today)
    set_target(unit_id=stage.commune, year=year, count=24, **told)
    for order, cell in enumerate(stage.cells[:6]):
        set_target(unit_id=cell, year=year, count=1 + order % 2, **told)
    for order, commune in enumerate(stage.communes[:4]):
        desk = stage.by(stage.analyst, stage.today)
        set_target(unit_id=commune, year=year, count=15 + 3 * order, **desk)


def tell_admissions(stage: Stage) -> None:
    """People at every step of the way: in time, late with a reason, late without, done, stopped."""
    told = stage.by(stage.office, stage.today)
    for number, (cell, begun, steps, why) in enumerate(_ON_THE_WAY):
        one = begin_admission(
            unit_id=stage.cells[cell], who=stage.name(), begun_on=stage.ago(begun),
            born_on=dt.date(1992 + number, 3, 1 + number), **told,
        )  # fmt: skip
        for step, ago in steps:
            one = Admission.objects.get(pk=one.pk)
            record_step(
                admission_id=one.pk, step=step, done_on=stage.ago(ago), document=_PAPER,
                revision=one.revision, **told,
            )  # fmt: skip
        one = Admission.objects.get(pk=one.pk)
        if why is not None:
            stall_admission(
                admission_id=one.pk, why=why, note="", revision=one.revision, **told
            )  # fmt: skip
    other = stage.by(stage.other_office, stage.today)
    one = begin_admission(
        unit_id=stage.neighbour_cells[1], who="Quần chúng 1", begun_on=stage.ago(240),
        born_on=dt.date(2001, 4, 4), **other,
    )  # fmt: skip
    stop_admission(
        admission_id=one.pk, on=stage.ago(100), reason="Đi lao động ở nước ngoài dài hạn",
        revision=one.revision, **other,
    )  # fmt: skip


def tell_transfers(stage: Stage) -> None:
    """Waiting in time and late, accepted, returned with a reason, a stay for a while."""
    here, there = stage.cells, stage.neighbour_cells
    sent = Sent(stage)
    sent.send(here[7], there[0], 120)
    sent.send(here[8], None, 12, elsewhere="Đảng bộ một thành phố ngoài tỉnh (giả định)")
    sent.person(here[2], there[1], 25)
    taken = sent.send(here[12], there[0], 70)
    accept_transfer(transfer_id=taken.pk, on=stage.ago(50), revision=1,
                    **stage.by(stage.other_office, stage.today))  # fmt: skip
    refused = sent.send(here[13], there[1], 60)
    refuse_transfer(
        transfer_id=refused.pk, reason="Hồ sơ thiếu bản nhận xét của chi bộ", revision=1,
        **stage.by(stage.other_office, stage.today),
    )  # fmt: skip
    sent.send(there[0], here[9], 75, by_other=True)
    sent.send(there[1], here[0], 8, by_other=True)
    stay = sent.send(there[0], here[8], 40, by_other=True, kind=TransferKind.TEMPORARY,
                     until=stage.ago(-200))  # fmt: skip
    accept_transfer(transfer_id=stay.pk, on=stage.ago(35), revision=1,
                    **stage.by(stage.office, stage.today))  # fmt: skip


class Sent:
    """Sending, by counts or by name."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def send(
        self, start: UUID, end: UUID | None, ago: int, *, elsewhere: str = "",
        by_other: bool = False, kind: TransferKind = TransferKind.OFFICIAL,
        until: dt.date | None = None, person: UUID | None = None,
    ) -> MemberTransfer:  # fmt: skip
        user = self.stage.other_office if by_other else self.stage.office
        wish = TransferWish(
            kind, self.stage.ago(ago), "Giấy giới thiệu (giả định)", from_unit=start, to_unit=end,
            elsewhere=elsewhere, status=OFFICIAL, until=until, person=person,
        )  # fmt: skip
        return send_transfer(wish=wish, **self.stage.by(user, self.stage.today))

    def person(self, start: UUID, end: UUID, ago: int) -> MemberTransfer:
        rows = Membership.objects.filter(
            unit_id=start, status=OFFICIAL, valid__contains=self.stage.today
        ).filter(valid__contains=self.stage.ago(ago))
        row = rows.order_by("-person__name_fold", "pk").first()
        return self.send(start, end, ago, person=row.person_id if row else None)


def tell_places(stage: Stage) -> None:
    """A village and a cooperative without an organisation of their own, an enterprise whose three
    members are counted in other cells, and a village that has its own."""
    told, since = stage.by(stage.office, stage.today), stage.ago(400)
    on = stage.ago(30)
    village = add_place(name="Thôn Thử Mới", sector=Sector.VILLAGE, under=stage.commune,
                        began_on=since, **told)  # fmt: skip
    report_members(place_id=village.pk, unit_id=stage.cells[7], official=2, on=on, **told)
    shop = add_place(name="Công ty Thử Hồi", sector=Sector.ENTERPRISE, under=stage.commune,
                     began_on=since, **told)  # fmt: skip
    for cell in stage.cells[4:7]:
        report_members(place_id=shop.pk, unit_id=cell, official=1, on=on, **told)
    add_place(name="Hợp tác xã Thử Na", sector=Sector.ENTERPRISE, under=stage.commune,
              began_on=since, **told)  # fmt: skip
    own = add_place(name="Thôn Nà Mẫu", sector=Sector.VILLAGE, under=stage.commune,
                    began_on=since, **told)  # fmt: skip
    name_own_unit(place_id=own.pk, unit_id=stage.cells[0], **told)
