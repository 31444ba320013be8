"""The cycle itself: opening a year, its deadlines, who is in it, and closing it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from itertools import pairwise
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import (
    CycleState,
    DossierState,
    DossierSubject,
    Reach,
    UnitKind,
)
from vungmanh.evaluation.actions.hand import reason_of
from vungmanh.evaluation.board import TIMED
from vungmanh.evaluation.models import Cycle, Dossier
from vungmanh.evaluation.models.dossiers import UNDECIDED
from vungmanh.evaluation.procedure import YearRules, check_sheets, rules_of_year
from vungmanh.evaluation.reads import cycle_visible, dossier_visible
from vungmanh.evaluation.sides import decides
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.org.queries import units_held
from vungmanh.org.turns import beside_register

OPEN = "evaluation.cycle.open"


@transaction.atomic
def open_cycle(
    *, unit_id: UUID, year: int, by: Viewer, at: dt.datetime,
    deadlines: Mapping[str, dt.date] | None = None, protected: Collection[UUID] = (),
) -> Cycle:  # fmt: skip
    """Open the rating of a year by a committee: a dossier for every unit directly below it.

    Deadlines come from the rules of the year unless given. `protected` units are in the cycle but
    out of the quota. Raises Conflict for a second cycle, NotNow (`year-not-over`, `unit-ended`,
    `nobody-below`), InputError (`year`, `deadlines`), NotAllowed outside one's own committee.
    """
    check_can(by, OPEN)
    _check_committee(unit_id, by)
    beside_register()
    today = localdate(at)
    on = min(dt.date(year, 12, 31), today)
    rules = rules_of_year(year, on)
    _check_year(year, rules, today)
    check_sheets(rules, year)
    committee = _committee_on(unit_id, on)
    below = _directly_below(unit_id, on)
    cycle = _created(
        Cycle(
            unit_id=unit_id,
            name=committee.name,
            year=year,
            regime=rules.regime,
            on=on,
            rules=dict(rules.ids),
            rulebook=rules.rulebook,
            bodies=list(rules.bodies_for({UnitKind(one.kind) for one in below})),
            deadlines=_checked_deadlines(rules.deadlines if deadlines is None else deadlines, year),
            state=CycleState.OPEN,
            opened_at=at,
            opened_by=by.user,
        )
    )
    Dossier.objects.bulk_create(
        _dossier(cycle, version, subject, version.unit_id in protected, at)
        for version in below
        for subject in rules.subjects_of(UnitKind(version.kind))
    )
    record(
        "cycle.opened",
        by=by.user,
        at=at,
        subject=f"cycle:{cycle.pk}",
        data={"unit": str(unit_id), "year": year, "units": len(below)},
    )
    return cycle


def _check_committee(unit_id: UUID, by: Viewer) -> None:
    if unit_id in by.units_with(Reach.UNIT_AND_BELOW):
        return
    if units_held(by, by.on).filter(descendant_id=unit_id).exists():
        raise NotAllowed(
            "Kỳ xếp loại do chính cấp quyết định mở; vai trò đang dùng của đồng chí không giữ ở "
            "cấp ủy này.",
            code="other-side",
        )
    raise NotFound("Không tìm thấy tổ chức này trong phạm vi của đồng chí.", code="unit-not-found")


def _committee_on(unit_id: UUID, on: dt.date) -> UnitVersion:
    committee = UnitVersion.objects.filter(unit_id=unit_id, valid__contains=on).first()
    if committee is None:
        raise NotNow(
            f"Ngày {date_vi(on)} tổ chức này không còn (hoặc chưa có), nên năm {on.year} do cấp "
            "khác xếp loại. Xem lại năm.",
            code="unit-ended",
        )
    return committee


def _directly_below(unit_id: UUID, on: dt.date) -> list[UnitVersion]:
    links = UnitClosure.objects.filter(ancestor_id=unit_id, depth=1, valid__contains=on)
    below = list(
        UnitVersion.objects.filter(
            valid__contains=on, unit_id__in=links.order_by().values("descendant_id")
        ).order_by("name_key", "unit_id")
    )
    if not below:
        raise NotNow("Không có tổ chức trực thuộc nào để xếp loại ở đây.", code="nobody-below")
    return below


def _check_year(year: int, rules: YearRules, today: dt.date) -> None:
    opens = rules.opens_on(year)
    if today < opens:
        raise NotNow(
            f"Kỳ xếp loại năm {year} mở được từ ngày {date_vi(opens)}. Chờ đến ngày ấy.",
            code="year-not-over",
        )


def _created(cycle: Cycle) -> Cycle:
    try:
        with transaction.atomic():
            cycle.save(force_insert=True)
    except IntegrityError:
        raise Conflict(
            f"{cycle.name} đã có kỳ xếp loại năm {cycle.year}. Mở kỳ ấy ra làm tiếp.",
            code="cycle-there",
        ) from None
    return cycle


def _dossier(
    cycle: Cycle, version: UnitVersion, subject: DossierSubject, protected: bool, at: dt.datetime
) -> Dossier:
    return Dossier(
        cycle=cycle,
        unit_id=version.unit_id,
        subject=subject,
        name=version.name,
        group=version.sector,
        tier=version.kind,
        protected=protected,
        state=DossierState.WAITING,
        changed_at=at,
    )


def _checked_deadlines(said: Mapping[str, dt.date], year: int) -> dict[str, str]:
    """The deadlines as they are kept, in the rating year or the one after it. Each step comes after
    the one before it, or on its day."""
    unknown = sorted(set(said) - {act.value for act in TIMED})
    if unknown:
        raise InputError(
            f"Không có bước nào tên {', '.join(unknown)}.", field="deadlines", code="no-such-step"
        )
    known = [(act, said[act.value]) for act in TIMED if act.value in said]
    for act, day in known:
        if not year <= day.year <= year + 1:
            raise InputError(
                f"Hạn của bước “{act.label}” ({date_vi(day)}) không thuộc năm xếp loại {year} hay "
                f"năm {year + 1}. Xem lại năm.",
                field=act.value,
                code="deadline-out-of-year",
            )
    for (before, day), (after, later) in pairwise(known):
        if later < day:
            raise InputError(
                f"Hạn của bước “{after.label}” ({date_vi(later)}) sớm hơn hạn của bước "
                f"“{before.label}” ({date_vi(day)}), là bước làm trước. Sửa một trong hai ngày.",
                field=after.value,
                code="deadline-before-step",
            )
    return {act.value: day.isoformat() for act, day in known}


@transaction.atomic
def set_deadlines(
    *, cycle_id: UUID, deadlines: Mapping[str, dt.date], by: Viewer, at: dt.datetime
) -> Cycle:
    """Replace the last days of the steps. Raises InputError naming both steps and their days."""
    cycle = _locked(cycle_id, by)
    before = cycle.deadlines
    cycle.deadlines = _checked_deadlines(deadlines, cycle.year)
    if cycle.deadlines != before:
        cycle.save(update_fields=["deadlines"])
        _record(cycle, "cycle.deadlines_set", by, at, was=before, now=cycle.deadlines)
    return cycle


@transaction.atomic
def add_dossier(
    *, cycle_id: UUID, unit_id: UUID, subject: DossierSubject, reason: str, by: Viewer,
    at: dt.datetime,
) -> Dossier:  # fmt: skip
    """Put one more unit directly below the committee into the cycle, or back into it, with a
    reason; also one founded in the year after the list was taken. Raises Conflict where it is in
    the cycle, or in that of another committee in the same year."""
    cycle = _locked(cycle_id, by)
    why = reason_of(reason, needed=True)
    version = addable_units(cycle, localdate(at)).filter(unit_id=unit_id).first()
    if version is None:
        raise NotFound(
            "Trong năm xếp loại tổ chức này không trực thuộc cấp ủy của kỳ xếp loại.",
            code="unit-not-found",
        )
    known = Dossier.objects.filter(cycle=cycle, unit_id=unit_id, subject=subject).first()
    if known is not None and known.removed_at is None:
        raise Conflict(f"{known.name} đã có hồ sơ trong kỳ này.", code="dossier-there")
    elsewhere = Dossier.objects.filter(
        unit_id=unit_id, subject=subject, cycle__year=cycle.year, removed_at=None
    ).exclude(cycle=cycle)
    other = elsewhere.select_related("cycle").first()
    if other is not None:
        raise Conflict(
            f"{other.name} có hồ sơ năm {cycle.year} ở kỳ của {other.cycle.name}; mỗi năm một cấp "
            "xếp loại. Đưa hồ sơ ra khỏi kỳ ấy trước.",
            code="dossier-elsewhere",
        )
    dossier = known or _dossier(cycle, version, subject, False, at)
    dossier.removed_at, dossier.removed_reason = None, ""
    dossier.save()
    _record(cycle, "dossier.added", by, at, dossier=dossier, reason=why)
    return dossier


def addable_units(cycle: Cycle, today: dt.date) -> QuerySet[UnitVersion]:
    """What stood directly below the committee when the list was taken, or came to stand there
    later in the rating year."""
    until = max(cycle.on, min(dt.date(cycle.year, 12, 31), today))
    days = DateRange(cycle.on, until + dt.timedelta(days=1))
    links = UnitClosure.objects.filter(ancestor_id=cycle.unit_id, depth=1, valid__overlap=days)
    last = UnitVersion.objects.filter(unit_id=OuterRef("unit_id"), valid__overlap=days)
    return UnitVersion.objects.filter(
        pk=Subquery(last.order_by("valid").values("pk")[:1]),
        unit_id__in=links.order_by().values("descendant_id"),
    ).order_by("name_key", "unit_id")


@transaction.atomic
def remove_dossier(*, dossier_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> Dossier:
    """Take a dossier out of the cycle with a reason; what was said in it is kept.

    Raises NotNow for one that is decided: its grade stands.
    """
    cycle, dossier = _dossier_of(dossier_id, by)
    why = reason_of(reason, needed=True)
    if DossierState(dossier.state) not in UNDECIDED or dossier.grade:
        raise NotNow(
            "Hồ sơ đã có quyết định nên không đưa ra khỏi kỳ; muốn xếp loại lại thì mở lại hồ sơ.",
            code="already-decided",
        )
    if dossier.removed_at is not None:
        raise NotNow("Hồ sơ này đã đưa ra khỏi kỳ xếp loại.", code="dossier-removed")
    dossier.removed_at, dossier.removed_reason = at, why
    dossier.save(update_fields=["removed_at", "removed_reason"])
    _record(cycle, "dossier.removed", by, at, dossier=dossier, reason=why)
    return dossier


@transaction.atomic
def set_protected(
    *, dossier_id: UUID, protected: bool, reason: str, by: Viewer, at: dt.datetime
) -> Dossier:
    """Leave a unit out of the quota (military, police and the like), or count it again."""
    cycle, dossier = _dossier_of(dossier_id, by)
    why = reason_of(reason, needed=True)
    if DossierState(dossier.state) not in UNDECIDED:
        raise NotNow(
            "Hồ sơ đã có quyết định; tỉ lệ đã tính theo cách đếm khi ấy.", code="already-decided"
        )
    if dossier.protected != protected:
        dossier.protected = protected
        dossier.save(update_fields=["protected"])
        verb = "dossier.left_out_of_quota" if protected else "dossier.put_into_quota"
        _record(cycle, verb, by, at, dossier=dossier, reason=why)
    return dossier


@transaction.atomic
def close_cycle(*, cycle_id: UUID, by: Viewer, at: dt.datetime) -> Cycle:
    """Close a cycle in which every dossier has its decision. Reopening one opens it again."""
    cycle = _locked(cycle_id, by)
    left = cycle.dossiers.filter(state__in=UNDECIDED, removed_at=None).count()
    if left:
        raise NotNow(
            f"Còn {left} hồ sơ chưa quyết định. Quyết định xong, hoặc đưa ra khỏi kỳ có lý do, rồi "
            "mới đóng kỳ.",
            code="dossiers-open",
        )
    cycle.state, cycle.closed_at = CycleState.CLOSED, at
    cycle.save(update_fields=["state", "closed_at"])
    _record(cycle, "cycle.closed", by, at)
    return cycle


def _locked(cycle_id: UUID, by: Viewer) -> Cycle:
    check_can(by, OPEN)
    seen = cycle_visible(by, cycle_id)
    if not decides(by, seen):
        raise NotAllowed(
            "Việc này của cấp quyết định xếp loại. Vai trò đang dùng của đồng chí không giữ ở đó.",
            code="other-side",
        )
    beside_register()
    cycle = Cycle.objects.select_for_update().get(pk=cycle_id)
    if cycle.state != CycleState.OPEN:
        raise NotNow(
            "Kỳ xếp loại này đã đóng. Mở lại một hồ sơ, có lý do, thì kỳ mở theo.",
            code="cycle-closed",
        )
    return cycle


def _dossier_of(dossier_id: UUID, by: Viewer) -> tuple[Cycle, Dossier]:
    """A dossier for what the committee does with its own list, also where the unit has gone over
    to another committee since and is out of its sight."""
    check_can(by, OPEN)
    own = Dossier.objects.filter(pk=dossier_id).select_related("cycle").first()
    if own is None or not decides(by, own.cycle):
        own = dossier_visible(by, dossier_id)
    cycle = _locked(own.cycle_id, by)
    return cycle, Dossier.objects.select_for_update().get(pk=dossier_id)


def _record(
    cycle: Cycle, verb: str, by: Viewer, at: dt.datetime, *, dossier: Dossier | None = None,
    reason: str = "", **data: object,
) -> None:  # fmt: skip
    """An event of the cycle, or of one dossier in it; a reason may tell of persons."""
    unit = dossier.unit_id if dossier else cycle.unit_id
    record(
        verb,
        by=by.user,
        at=at,
        subject=f"dossier:{dossier.pk}" if dossier else f"cycle:{cycle.pk}",
        data={"unit": str(unit), "year": cycle.year, **data},
        personal={"reason": reason} if reason else {},
    )
