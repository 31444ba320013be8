"""The demonstration's own records: how the meetings of one commune would have been written down.

The simulated province reports every month; here the last months of the commune where the
demonstration has its story are recorded the way people would do it, through the same acts: tasks,
minutes, confirmations, points of both sides, a resolution sent down. What the records say is what
was reported, so that no figure moves but for minutes that repeat one another. All words are
invented.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

import numpy as np
from django.utils.timezone import localdate

from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.analysis.simulate.randomness import stream
from vungmanh.core.errors import NotNow
from vungmanh.core.periods import add_months, last_day, month_label
from vungmanh.core.vocabulary import (
    FiledVia,
    MembershipStatus,
    ObligationKind,
    Reach,
    ReportState,
    ResolutionKind,
    Role,
    UnitKind,
)
from vungmanh.meetings.actions.lookalikes import compare_new_texts
from vungmanh.meetings.actions.meeting import (
    announce_meeting,
    confirm_meeting,
    file_meeting,
    plan_meeting,
    seal_meeting,
    write_meeting,
)
from vungmanh.meetings.actions.resolutions import adopt_resolution, receive, send_down
from vungmanh.meetings.actions.roll import add_member, switch_names_on
from vungmanh.meetings.actions.scoring import give_score
from vungmanh.meetings.actions.tasks import close_task, give_task
from vungmanh.meetings.models import MeetingReport, Receipt, Task
from vungmanh.meetings.reads import expected_at
from vungmanh.meetings.sheets import sheet_for_phone
from vungmanh.meetings.wishes import ResolutionWish, TaskWish
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.org.queries import members_of

MONTHS = 3  # how many are recorded
ON_PAPER = 2  # of the cells, how many bring a paper to the office
CELLS = 8
OVERSEEN = 3
REPEATING = {5: 2, 6: 1}  # of the cells, those whose last minutes are the same
REGULAR = ObligationKind.REGULAR
EVENING = dt.time(14)  # UTC: nine in the evening

_WORK = (
    "Sửa đoạn mương đầu thôn", "Vận động hộ nghèo vào tổ vay vốn", "Phát quang đường ngõ xóm trên",
    "Rà soát hộ dùng nước chưa hợp vệ sinh", "Lập danh sách quần chúng ưu tú", "Thu đảng phí quý",
    "Họp tổ liên gia về trật tự", "Trồng cây ven suối", "Đóng góp sửa nhà văn hóa",
    "Thăm đảng viên ốm đau", "Nhắc các hộ nhốt gia súc", "Kiểm tra bể nước chung",
)  # fmt: skip
_OUTPUT = ("danh sách có chữ ký", "ảnh chụp trước và sau", "biên bản bàn giao", "sổ thu đã cộng")
_SAID = (
    "Đồng chí phụ trách báo cáo việc tháng trước, còn vướng ở khâu vật tư.",
    "Chi bộ bàn cách chia ngày công, nhà neo người góp bằng tiền.",
    "Hai đảng viên đề nghị mời cán bộ khuyến nông về hướng dẫn.",
    "Có ý kiến đường liên thôn xuống cấp sau mưa, đề nghị đưa vào kế hoạch quý.",
    "Đảng viên trẻ nhận giúp các cụ làm giấy tờ trên mạng.",
    "Nhắc nhở một đồng chí hai tháng nộp đảng phí chậm.",
    "Chi ủy thông báo thời sự, hướng dẫn của đảng ủy xã về vụ đông.",
    "Bàn việc giới thiệu quần chúng đi học lớp nhận thức về Đảng.",
    "Góp ý bí thư giao việc cần ghi rõ ngày xong.",
    "Kiểm điểm việc giữ vệ sinh khu chợ, giao chi hội phụ nữ nhắc các hàng.",
    "Đề nghị đảng ủy xem lại lịch tiếp dân trùng phiên chợ.",
    "Thống nhất họp dân trước rằm để bàn quỹ hội.",
)
#: Written down twice by one cell and once by its neighbour: something to look at.
_REPEATED = (
    "Đồng chí phó bí thư nêu ba hộ ven suối chưa dời chuồng trâu, đề nghị góp tre và công dựng lán "
    "mới trên gò; mười một hộ nhận góp mỗi hộ hai cây, riêng hai cụ cao tuổi góp bữa cơm trưa. "
    "Đảng viên làm ở trạm bơm báo van số hai rò từ phiên chợ trước, xin thay gioăng, canh nước "
    "theo phiên đêm cho ruộng cuối mương."
)
_CLOSED = (
    "Thống nhất các việc nêu trên, đồng chí được giao báo cáo ở kỳ sau.",
    "Kết luận: làm xong việc còn lại trong tháng, ai chậm thì báo trước ngày họp.",
)


@dataclass(frozen=True)
class _Place:
    """One cell, who writes for it, and by which way."""

    unit_id: UUID
    writer: User
    via: FiledVia


def write_demo_records(
    *, commune: UUID, last_month: dt.date, people: dict[str, User], goes_on: bool = True
) -> None:
    """Record the last months of the commune's cells. `people`: the accounts by username.

    Unless the province `goes_on` as it is, nothing is planned beyond the last month.
    """
    day = last_day(last_month)
    cells = _cells_of(commune, day, first=people["bithu"])
    places = list(_places(cells, people, day))
    office = people["vanphong"]
    _name_the_members(commune, cells[0], office, last_month)
    for place in places:
        _tasks_as_reported(place, last_month)
    for back in range(MONTHS - 1, -1, -1):
        month = add_months(last_month, -back)
        for order, place in enumerate(places):
            waits = back == 0 and order in (1, 2)  # one never looks at an empty queue
            _record(place, month, repeats=back < REPEATING.get(order, 0))
            if order < OVERSEEN:
                _score_from_both_sides(place, month, people["phutrach"])
            if not waits:
                _settle(place, month, office, seals=back > 1)
    compare_new_texts(by=None, at=_at(add_months(last_month, 1).replace(day=10)))
    if goes_on:
        _prepare_next(places[0], add_months(last_month, 1))
    _send_down(commune, cells, people, last_month)


def _cells_of(commune: UUID, day: dt.date, *, first: User) -> list[UUID]:
    """Cells of the commune, the one with the demonstration's secretary first."""
    own = first.grants.get(role=Role.CELL_SECRETARY).unit_id
    below = UnitClosure.objects.filter(ancestor_id=commune, depth=1, valid__contains=day)
    cells = UnitVersion.objects.filter(
        unit_id__in=below.values("descendant_id"), kind=UnitKind.CHI_BO, valid__contains=day
    ).order_by("name_key")
    others = [one for one in cells.values_list("unit_id", flat=True) if one != own]
    overseen = list(
        User.objects.get(username="phutrach")
        .grants.exclude(unit_id=own)
        .values_list("unit_id", flat=True)
    )
    rest = [one for one in others if one not in overseen]
    return [own, *overseen, *rest][:CELLS]


def _places(cells: list[UUID], people: dict[str, User], day: dt.date) -> Iterator[_Place]:
    yield _Place(cells[0], people["bithu"], FiledVia.PHONE)
    for number, unit_id in enumerate(cells[1:], start=2):
        if number > len(cells) - ON_PAPER:
            yield _Place(unit_id, people["vanphong"], FiledVia.PAPER)
            continue
        name = f"bithu.{number}"
        user = User(username=name, display_name=f"Bí thư Thử {number}")
        user.set_unusable_password()
        user.save()
        grant_role(
            user=user, role=Role.CELL_SECRETARY, unit_id=unit_id, reach=Reach.UNIT,
            valid_from=dt.date(2014, 1, 1), by=None, at=_at(day),
        )  # fmt: skip
        yield _Place(unit_id, user, FiledVia.WEB)


def _dice(purpose: str, unit_id: UUID, month: dt.date) -> np.random.Generator:
    return stream(0, f"{purpose}:{unit_id}:{month:%Y-%m}")


def _at(day: dt.date, days: int = 0) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=days), EVENING, tzinfo=dt.UTC)


def _as(user: User, at: dt.datetime) -> Viewer:
    return viewer_for(user, on=localdate(at))


def _name_the_members(commune: UUID, cell: UUID, office: User, last_month: dt.date) -> None:
    """One cell works with names, in a commune that has switched them on."""
    since = add_months(last_month, -MONTHS)
    at = _at(since)
    by = _as(office, at)
    switch_names_on(
        unit_id=commune, from_day=since, document="Thông báo số 12-TB/ĐU (giả định)", by=by, at=at
    )
    numbers = count(1)
    for status, members in members_of(cell, since).items():
        if status in (MembershipStatus.TEMPORARY_OUT, MembershipStatus.SUSPENDED):
            continue
        for _ in range(members):
            add_member(
                unit_id=cell, name=f"Đảng viên Thử {next(numbers):02d}", status=status,
                from_day=since, by=by, at=at,
            )  # fmt: skip


def _reports(unit_id: UUID, first: dt.date, last: dt.date) -> list[MeetingReport]:
    found = MeetingReport.objects.filter(unit_id=unit_id, kind=REGULAR, month__range=(first, last))
    return list(found.order_by("month"))


def _tasks_as_reported(place: _Place, last_month: dt.date) -> None:
    """As many tasks due and done in time each month as the report of the month said."""
    first = add_months(last_month, 1 - MONTHS)
    for report in _reports(place.unit_id, first, last_month):
        dice = _dice("demo-tasks", place.unit_id, report.month)
        for number in range(report.tasks_due or 0):
            given, due = add_months(report.month, -1), report.month.replace(day=20 + number % 8)
            task = give_task(
                unit_id=place.unit_id,
                wish=TaskWish(
                    title=_WORK[int(dice.integers(len(_WORK)))],
                    owner=("Phó bí thư", "Chi ủy viên", "Trưởng thôn")[number % 3],
                    due_on=due,
                    output=_OUTPUT[number % len(_OUTPUT)],
                    given_on=given,
                ),
                by=_as(place.writer, _at(given)),
                at=_at(given),
                via=place.via,
            )
            in_time = number < (report.tasks_on_time or 0)
            if in_time:
                day = due - dt.timedelta(days=3)
                close_task(
                    task_id=task.pk, proof="Đã xong, có " + task.output, done_on=day,
                    by=_as(place.writer, _at(day)), at=_at(day), via=place.via,
                )  # fmt: skip


def _record(place: _Place, month: dt.date, *, repeats: bool) -> None:
    """The month as it was reported, written down and filed. Silent months stay silent, and one that
    was reported without saying how many came stays a report."""
    for report in _reports(place.unit_id, month, month):
        if report.state == ReportState.HELD and report.present is None:
            continue
        at = _filed_at(report)
        by = _as(place.writer, at)
        facts = _facts(place, report)
        if repeats and facts["outcome"] == ReportState.HELD:
            facts["discussion"] = _REPEATED
        meeting = write_meeting(
            unit_id=place.unit_id, kind=REGULAR, month=month, set=facts, was={}, by=by, at=at,
            via=place.via,
        )  # fmt: skip
        file_meeting(meeting_id=meeting.pk, by=by, at=at, via=place.via)


def _filed_at(report: MeetingReport) -> dt.datetime:
    return _at(report.filed_on or last_day(report.month))


def _settle(place: _Place, month: dt.date, office: User, *, seals: bool) -> None:
    for report in _reports(place.unit_id, month, month):
        if report.source is None:
            continue  # not filed here
        at = _filed_at(report) + dt.timedelta(days=3)
        by = _as(office, at)
        confirm_meeting(meeting_id=report.source, by=by, at=at)
        if seals:
            seal_meeting(meeting_id=report.source, by=by, at=at)


def _facts(place: _Place, report: MeetingReport) -> dict[str, Any]:
    if report.state == ReportState.NOT_HELD:
        return {"outcome": "not_held", "not_held_reason": "Bí thư đi vắng, chưa phân công chủ trì."}
    dice = _dice("demo-minutes", place.unit_id, report.month)
    picked = dice.choice(len(_SAID), size=5, replace=False)
    held_on = report.held_on or report.month.replace(day=5)
    expected = expected_at(place.unit_id, held_on)
    minutes = report.duration_minutes or 90
    present = report.present
    if present is not None and expected is not None:
        present = min(present, expected)
    facts: dict[str, Any] = {
        "outcome": "held",
        "held_on": held_on.isoformat(),
        "starts": "19:00",
        "ends": f"{19 + minutes // 60:02d}:{minutes % 60:02d}",
        "place": "Nhà văn hóa thôn",
        "chair": "Bí thư chi bộ",
        "clerk": "Phó bí thư",
        "present": present,
        "unexcused": report.unexcused,
        "superior_present": True,
        "criticism_minutes": 15,
        "discussion": " ".join(_SAID[number] for number in picked),
        "conclusion": _CLOSED[int(dice.integers(len(_CLOSED)))],
    }
    if present is not None:
        facts |= {
            "speakers": max(1, present * 3 // 5),
            "vote_for": present,
            "vote_against": 0,
        }
        if expected is not None:
            facts["excused"] = max(expected - present - (report.unexcused or 0), 0)
    return facts


def _score_from_both_sides(place: _Place, month: dt.date, overseer: User) -> None:
    """Both sides score what was held, the superior a little lower, neither seeing the other."""
    for report in _reports(place.unit_id, month, month):
        if report.state != ReportState.HELD or report.source is None:
            continue
        try:
            sheet = sheet_for_phone(place.unit_id, REGULAR, month)
        except NotNow:  # no sheet was in force in that month
            continue
        at = _filed_at(report) + dt.timedelta(days=1)
        dice = _dice("demo-points", place.unit_id, month)
        for scorer, user, least in (("self", place.writer, 0.9), ("superior", overseer, 0.7)):
            points = {
                one["code"]: _points(one, float(dice.uniform(least, 1.0)))
                for one in sheet["criteria"]
                if one["typed"]
            }
            give_score(
                meeting_id=report.source, scorer=scorer, sheet=sheet["id"], scores=points,
                by=_as(user, at), at=at,
            )  # fmt: skip


def _points(criterion: dict[str, Any], share: float) -> str:
    """About that share of the most, as the sheet lets one give it."""
    most = float(criterion["max"])
    bands = criterion.get("bands")
    if bands:
        allowed = [one["points"] if isinstance(one, dict) else one for one in bands]
        return str(min(allowed, key=lambda one: abs(float(one) - most * share)))
    return str(round(most * share))


def _prepare_next(place: _Place, month: dt.date) -> None:
    """The month to come is prepared and announced: the phone and the notice have something."""
    at = _at(month)
    by = _as(place.writer, at)
    said = {
        "planned_on": month.replace(day=5).isoformat(),
        "planned_at": "19:00",
        "place": "Nhà văn hóa thôn",
        "items": ["Kết quả việc tháng trước", "Chuẩn bị kiểm điểm cuối năm"],
    }
    meeting = plan_meeting(
        unit_id=place.unit_id, kind=REGULAR, month=month, set=said, was={}, by=by, at=at
    )
    announce_meeting(meeting_id=meeting.pk, by=by, at=at)


def _send_down(
    commune: UUID, cells: list[UUID], people: dict[str, User], last_month: dt.date
) -> None:
    """A plan of the province on its way: some communes have it, some of their cells too."""
    at = _at(last_month)
    analyst, office = _as(people["chuyenvien"], at), _as(people["vanphong"], at)
    root = analyst.unit_id
    assert root is not None
    plan = adopt_resolution(
        unit_id=root,
        wish=ResolutionWish(
            kind=ResolutionKind.PLAN,
            number="45-KH/TU (giả định)",
            title="Nâng chất lượng sinh hoạt chi bộ quý IV",
            adopted_on=last_month,
            text="Mỗi chi bộ tự soát sáu tháng gần nhất, chọn một việc yếu nhất để sửa và báo kết "
            "quả với đảng ủy.",
        ),
        tasks=[
            TaskWish(
                title=f"Soát sinh hoạt sáu tháng đến {month_label(last_month)}, chọn việc để sửa",
                owner="Bí thư chi bộ",
                due_on=last_day(add_months(last_month, 1)),
                output="một trang kết quả tự soát",
                given_on=last_month,
            )
        ],
        by=analyst,
        at=at,
    )
    tasks = list(Task.objects.filter(resolution=plan).values_list("pk", flat=True))
    day = last_day(last_month)
    communes = UnitVersion.objects.filter(kind=UnitKind.DANG_BO_XA, valid__contains=day)
    send_down(
        resolution_id=plan.pk, from_unit=root, task_ids=tasks, at_once=False, by=analyst, at=at,
        unit_ids=list(communes.values_list("unit_id", flat=True)),
    )  # fmt: skip
    receive(receipt_id=Receipt.objects.get(resolution=plan, unit_id=commune).pk, by=office, at=at)
    own = list(
        Task.objects.filter(unit_id=commune, origin_id__in=tasks).values_list("pk", flat=True)
    )
    send_down(
        resolution_id=plan.pk, from_unit=commune, unit_ids=cells, task_ids=list(own), at_once=False,
        by=office, at=at,
    )  # fmt: skip
    receipt = Receipt.objects.get(resolution=plan, unit_id=cells[0])
    receive(receipt_id=receipt.pk, by=_as(people["bithu"], at), at=at)
