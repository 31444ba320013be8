"""Members of a unit as of a day: counts everywhere, names where a committee switched them on."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.people_words import MembershipEnd
from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import CELL_KINDS, UnitKind
from vungmanh.org.actions.people import KEEP, undo_last_change
from vungmanh.org.actions.personal import reveal
from vungmanh.org.admissions import admitted_and_target
from vungmanh.org.counts import counts_as_of
from vungmanh.org.member_lists import (
    cells_below,
    members_counted,
    review_lists,
    total_of,
)
from vungmanh.org.memberships import STAY
from vungmanh.org.models import Membership, MemberTransfer, UnitVersion
from vungmanh.org.named import given_name_key, names_on, units_with_names
from vungmanh.org.personal import FIELDS
from vungmanh.org.queries import units_visible, versions_visible, visible_unit
from vungmanh.web.access import answering, needs
from vungmanh.web.members.forms import RevealForm, tried
from vungmanh.web.members.present import by_branch, ends_of, unit_names
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.requests import ViewerRequest

VIEW, PERSON, REVEAL = "org.member.view", "org.person.view", "org.person.reveal"
ON_A_PAGE = 60


@require_safe
@needs(VIEW)
def members(request: ViewerRequest) -> HttpResponse:
    """The members of the viewer's own unit."""
    if request.viewer.unit_id is None:
        raise NotFound(_("Vai trò này không gắn với tổ chức nào."))
    return _overview(request, request.viewer.unit_id)


@require_safe
@needs(VIEW)
def unit_members(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """The members of one unit: today, or at the end of an earlier month looked at."""
    return _overview(request, unit_id)


def _shown(request: ViewerRequest, unit_id: UUID) -> tuple[UnitVersion, dt.date]:
    """The unit and the day to tell of: today in the latest month, so that nothing recorded since
    is missed; a unit gone by today as it stood at the end of that month. Raises NotFound."""
    viewer = request.viewer
    if request.is_latest:
        today = versions_visible(viewer, viewer.on).filter(unit_id=unit_id).first()
        if today is not None:
            return today, viewer.on
    return visible_unit(viewer, unit_id, request.as_of), request.as_of


def _overview(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    viewer = request.viewer
    version, on = _shown(request, unit_id)
    cells = cells_below(viewer, version.unit_id, on)
    ids = [cell.unit_id for cell in cells]
    counts = counts_as_of(viewer, ids, on)
    total = total_of(counts.values())
    is_cell = UnitKind(version.kind) in CELL_KINDS
    branches = [] if is_cell else by_branch(viewer, version.unit_id, on, counts)
    finding = _("%(unit)s có %(n)s đảng viên đến %(day)s.") % {
        "unit": version.name, "n": number_vi(members_counted(total)), "day": date_vi(on),
    }  # fmt: skip
    context = {
        "version": version,
        "finding": finding,
        "total": [(status, number) for status, number in total.items()],
        "year": admitted_and_target(ids, version.unit_id, on.year),
        "page": Paginator(branches, ON_A_PAGE).get_page(request.GET.get("trang")),
        "people": _people(viewer, version.unit_id, on) if is_cell else [],
        "named": is_cell and names_on(version.unit_id, on) and can(viewer, PERSON),
        "is_cell": is_cell,
        "sees_admissions": can(viewer, "org.admission.view"),
        "sees_transfers": can(viewer, "org.transfer.view"),
        "sees_duplicates": can(viewer, "org.person.merge"),
        "may_admit": is_cell and can(viewer, "org.admission.work"),
        "may_count": can(viewer, "org.member.count"),
        "may_send": is_cell and can(viewer, "org.transfer.send"),
    }
    return render(request, "members/unit.html", context)


def _people(viewer: Viewer, unit_id: UUID, on: dt.date) -> list[dict[str, Any]]:
    """The list of a cell with the fields of `org.personal.FIELDS`, as the viewer may read them."""
    if not can(viewer, PERSON) or not names_on(unit_id, on):
        return []
    rows = Membership.objects.filter(
        unit_id=unit_id, valid__contains=on, person__erased_at=None
    ).select_related("person")
    found = [
        {"id": row.person_id, "name": FIELDS["name"].shown_to(viewer, row.person.name),
         "status": _(row.get_status_display()), "since": row.valid.lower,
         "until": row.planned_until}
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (given_name_key(one["name"]), one["id"]))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(PERSON)
def member_person(request: ViewerRequest, person_id: UUID) -> HttpResponse:
    """One person: every field that is kept, masked; the office has one shown by saying why."""
    viewer = request.viewer
    may, act = can(viewer, REVEAL), request.POST.get("act", "")
    back = ReasonForm(request.POST if act == "back" else None)
    form = RevealForm(request.POST if act != "back" and request.method == "POST" else None)
    if act == "back" and back.is_valid() and tried(
        back,
        lambda: undo_last_change(
            person=person_id, by=viewer, at=timezone.now(), reason=back.cleaned_data["reason"]
        ),
    ):  # fmt: skip
        messages.success(request, _("Đã rút; danh sách và số đảng viên như trước."))
        return _after_undo(viewer, person_id)
    shown: list[str] = []
    if form.is_bound and may and form.is_valid() and tried(
        form,
        lambda: shown.append(
            reveal(person=person_id, by=viewer, at=timezone.now(), **form.cleaned_data)
        ),
    ):  # fmt: skip
        label = _(FIELDS[form.cleaned_data["field"]].label)
        value = shown[0] or _("chưa ghi")
        messages.success(request, f"{label}: {value}")
        return redirect("member_person", person_id)
    with answering(request):
        context = _person_context(request, person_id) | {
            "form": form if may else None,
            "back": back,
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "members/person.html", context, status=status)


def _after_undo(viewer: Viewer, person_id: UUID) -> HttpResponse:
    """Back to the person; to the list where taking back took them off every list."""
    stands = Membership.objects.filter(
        person=person_id, unit_id__in=units_visible(viewer, viewer.on)
    )
    return redirect("member_person", person_id) if stands.exists() else redirect("members")


def _person_context(request: ViewerRequest, person_id: UUID) -> dict[str, Any]:
    viewer, today = request.viewer, request.viewer.on
    seen = Membership.objects.filter(
        person=person_id, person__erased_at=None, unit_id__in=units_visible(viewer, today)
    )
    rows = list(seen.select_related("person").order_by("-valid"))
    here = {row.unit_id for row in rows}
    if not here & units_with_names(here, today):
        raise NotFound(_("Không tìm thấy người này trong danh sách."))
    one, fields = rows[0].person, []
    for name, field in FIELDS.items():
        value = rows[0].status if name == "status" else getattr(one, name)
        if name == "status":
            value = _standing_of(rows[0])
        fields.append((_(field.label), field.shown_to(viewer, value), _(field.why)))
    names = unit_names(here)
    stands = [row for row in rows if row.valid.upper is None]
    ended = None if stands else rows[0]
    return {
        "ended": ended
        and (_(MembershipEnd(ended.ended_by_way or MembershipEnd.OTHER).label), ended.valid.upper),
        "name": FIELDS["name"].shown_to(viewer, one.name),
        "fields": fields,
        "rows": [(names.get(row.unit_id, ""), row) for row in rows],
        "unit_id": rows[0].unit_id,
        "person_id": person_id,
        "may_excuse": can(viewer, KEEP) and any(row.status != STAY for row in stands),
    }


def _standing_of(row: Membership) -> str:
    """What somebody is; of whom no list holds any more, what they were."""
    status = _(row.get_status_display())
    return status if row.valid.upper is None else _("%s, đã thôi") % status


@require_safe
@needs(VIEW)
def member_lists(request: ViewerRequest) -> HttpResponse:
    """Where somebody should look. Nothing follows by itself."""
    viewer, on = request.viewer, request.viewer.on
    lists = review_lists(viewer, on)
    exempt, stale = lists.exempt_past, lists.stale
    names = unit_names({one.unit_id for one in exempt} | {one.admission.unit_id for one in stale})
    name = FIELDS["name"]
    told = (exempt, lists.waiting, lists.stays_past, lists.mismatches, stale)
    context = {
        "finding": _("%(n)s việc về đảng viên cần xem lại đến %(day)s.") % {
            "n": number_vi(sum(map(len, told))), "day": date_vi(on),
        },
        "lists": lists,
        "exempt": [
            (names.get(one.unit_id, ""), name.shown_to(viewer, one.person.name), one)
            for one in exempt
        ],
        "waiting": _places(viewer, [(row, row.transfer) for row in lists.waiting]),
        "stays": _places(viewer, [(one, one) for one in lists.stays_past]),
        "stale": [(names.get(one.admission.unit_id, ""), one) for one in stale],
        "sees_names": can(viewer, PERSON),
        "sees_transfers": can(viewer, "org.transfer.view"),
        "sees_admissions": can(viewer, "org.admission.view"),
    }  # fmt: skip
    return render(request, "members/lists.html", context)


def _places(viewer: Viewer, rows: list[tuple[Any, MemberTransfer]]) -> list[tuple[Any, str, str]]:
    """Each with its two places; who may not read transfers is told those in sight only."""
    moves = [move for _row, move in rows]
    if can(viewer, "org.transfer.view"):
        names = ends_of(moves)
    else:
        names = unit_names(
            {one for row in moves for one in (row.from_unit_id, row.to_unit_id) if one}
        )
    away = _("nơi khác")

    def place(unit_id: UUID | None, move: MemberTransfer) -> str:
        return names.get(unit_id, away) if unit_id else move.elsewhere

    return [
        (row, place(move.from_unit_id, move), place(move.to_unit_id, move)) for row, move in rows
    ]
