"""Posts at risk across units, the posts of one unit, one appointment. Lists go by units."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.access.permissions import can
from vungmanh.cadre.actions.appointments import RECORD
from vungmanh.cadre.concerns import concerns_of, concerns_visible
from vungmanh.cadre.posts import (
    appointment_visible,
    held_besides,
    history_of_posts,
    posts_of_unit,
)
from vungmanh.cadre.rotations import rotations_visible, tied_to_rotations
from vungmanh.cadre.terms import terms_of
from vungmanh.core.errors import NotFound
from vungmanh.core.people_words import PostConcern
from vungmanh.core.vocabulary import Post
from vungmanh.org.models import Appointment
from vungmanh.org.queries import visible_unit
from vungmanh.strengthening.rotations import replacement_of
from vungmanh.web.access import needs
from vungmanh.web.cadre import present
from vungmanh.web.phone.queue_words import unit_names
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks.asking import uuid_of

VIEW = "cadre.post.view"
ON_A_PAGE = 50
MONTHS = (3, 6, 12)
_MONTH = 30.5


@require_safe
@needs(VIEW)
def concerns(request: ViewerRequest) -> HttpResponse:
    """Units in sight whose posts ask to be looked at, by kind and by what is due soon."""
    viewer, today = request.viewer, timezone.localdate()
    asked = request.GET.get("thang", "6")
    months = int(asked) if asked in {str(one) for one in MONTHS} else 6
    kind = request.GET.get("viec", "")
    above = uuid_of(request.GET.get("don-vi"))
    if above is not None:
        visible_unit(viewer, above, today)
    chosen = {PostConcern(kind)} if kind in set(PostConcern) else set()
    found = concerns_visible(
        viewer, today, within=dt.timedelta(days=round(months * _MONTH)), kinds=chosen, above=above
    )
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "finding": present.finding_of_concerns(found),
        "rows": [(one.version, present.concern_rows(one.facts)) for one in page.object_list],
        "page": page,
        "kinds": [("", _("Mọi việc")), *((one.value, _(one.label)) for one in PostConcern)],
        "kind": kind,
        "months": [(str(one), _("%s tháng tới") % one) for one in MONTHS],
        "month": str(months),
        "above": above,
        "above_name": unit_names({above}).get(above, "") if above else "",
        "sees_rotations": can(viewer, "cadre.rotation.view"),
        "today": today,
    }
    return render(request, "cadre/concerns.html", context)


@require_safe
@needs(VIEW, ahead=True)
def unit_posts(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """The posts of one unit: holders, vacancies, terms, what is at risk, everybody before."""
    viewer, today = request.viewer, timezone.localdate()
    version = visible_unit(viewer, unit_id, today)
    lines = posts_of_unit(viewer, unit_id, today)
    everybody = history_of_posts(viewer, unit_id, today)
    tied = tied_to_rotations(unit_id)
    context = {
        "version": version,
        "finding": present.finding_of_unit(version.name, lines, today),
        "lines": [present.post_row(one, today, tied) for one in lines],
        "today": today,
        "concerns": present.concern_rows(
            concerns_of(unit_id, today, within=dt.timedelta(days=183))
        ),
        "terms": [present.term_row(one, today) for one in terms_of(unit_id)],
        "history": [present.holder_row(one, today, tied) for one in everybody],
        "may_record": can(viewer, RECORD),
        "may_check": can(viewer, "cadre.post.check"),
        "may_rotate": can(viewer, "cadre.rotation.record"),
    }
    return render(request, "cadre/unit.html", context)


@require_safe
@needs(VIEW, ahead=True)
def appointment(request: ViewerRequest, appointment_id: int) -> HttpResponse:
    """One appointment: its facts; of a secretary also what came before and what lay open."""
    viewer, today = request.viewer, timezone.localdate()
    row = seen(request, appointment_id)
    tied = rotations_visible(viewer, today).exclude(state="cancelled")
    rotation = tied.filter(appointment_id=row.pk).first() if _sees_rotations(request) else None
    context = {
        "row": row,
        "shown": present.holder_row(row, today, tied_to_rotations(row.unit_id)),
        "post": _(Post(row.post).label),
        "name": unit_names({row.unit_id}).get(row.unit_id, ""),
        "rotation": rotation,
        "besides": _besides(request, row),
        "may_record": can(viewer, RECORD),
        "taken_over": None,
    }
    if row.post == Post.SECRETARY and row.way != "acting" and row.valid.lower <= today:
        told = replacement_of(row, today)
        context["taken_over"] = present.replacement(told, today) if told.before else None
    return render(request, "cadre/appointment.html", context)


def seen(request: ViewerRequest, appointment_id: int) -> Appointment:
    """An appointment in sight. Raises NotFound alike for absent and hidden."""
    row = appointment_visible(request.viewer, appointment_id, timezone.localdate())
    if row is None:
        raise NotFound(
            "Không tìm thấy lần giữ chức này trong phạm vi của đồng chí.", code="no-appointment"
        )
    return row


def _besides(request: ViewerRequest, row: Appointment) -> list[tuple[Appointment, str, str]]:
    """Posts held at once, with their names; who has left holds nothing besides."""
    today = timezone.localdate()
    found = held_besides(request.viewer, row, today) if row.valid.upper is None else []
    names = unit_names({one.unit_id for one in found})
    return [(one, _(Post(one.post).label), names.get(one.unit_id, "")) for one in found]


def _sees_rotations(request: ViewerRequest) -> bool:
    return can(request.viewer, "cadre.rotation.view")
