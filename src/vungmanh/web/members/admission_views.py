"""The way into the Party: the board with its clocks, and one admission step by step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.people_words import AdmissionState, AdmissionStepKind, StallReason
from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import CELL_KINDS, UnitKind
from vungmanh.meetings.actions.roll import MANAGE, erase_member
from vungmanh.org.actions.admissions import (
    DECIDE,
    DECISIONS,
    WORK,
    begin_admission,
    drop_admission,
    record_step,
    stall_admission,
    stop_admission,
    take_back_step,
)
from vungmanh.org.admission_targets import targets_visible
from vungmanh.org.admissions import (
    OPEN,
    admission_visible,
    admissions_visible,
    case_of,
    clocks_of_admission,
    conditions_of,
    extension_of,
    may_be_dropped,
    next_step,
    on_the_way,
    standing_steps,
)
from vungmanh.org.models import Admission
from vungmanh.org.personal import FIELDS
from vungmanh.org.queries import held_unit, units_held
from vungmanh.web.access import answering, needs
from vungmanh.web.members.forms import (
    BeginForm,
    ExtendForm,
    StallForm,
    StepForm,
    StopForm,
    tried,
)
from vungmanh.web.members.present import by_name, unit_names
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.requests import ViewerRequest

VIEW = "org.admission.view"
ON_A_PAGE = 40


def who_of(viewer: Viewer, one: Admission, named: Collection[UUID]) -> str:
    """A name for those who may read it where names are on (`named`), else when the dossier was
    begun; an alias for everybody."""
    if one.person is None:
        return one.alias
    name = FIELDS["name"].shown_to(viewer, one.person.name) if one.unit_id in named else ""
    return name or _("Hồ sơ lập %(day)s") % {"day": date_vi(one.begun_on)}


@require_safe
@needs(VIEW)
def admissions(request: ViewerRequest) -> HttpResponse:
    """Everybody on the way in the cells in sight, those behind a term first."""
    viewer, on = request.viewer, request.viewer.on
    rows = on_the_way(admissions_visible(viewer, on).filter(state__in=OPEN), on)
    behind = sum(row.is_behind for row in rows)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("trang"))
    units = {row.admission.unit_id for row in page.object_list}
    names, named = unit_names(units), by_name(viewer, units)
    stalled = Counter(row.admission.get_stall_display() for row in rows if row.admission.stall)
    context = {
        "targets": targets_visible(viewer, on, on.year),
        "year": on.year,
        "stalled": [(_(label), number) for label, number in stalled.most_common()],
        "finding": _("%(n)s người đang được xem xét hoặc dự bị; %(late)s hồ sơ quá hạn.") % {
            "n": number_vi(len(rows)), "late": number_vi(behind),
        },
        "page": page,
        "rows": [
            (row, who_of(viewer, row.admission, named), names.get(row.admission.unit_id, ""))
            for row in page.object_list
        ],
    }  # fmt: skip
    return render(request, "members/admissions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(WORK)
def admission_new(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """A cell begins to help somebody."""
    viewer = request.viewer
    version = held_unit(viewer, unit_id, viewer.on)
    form = BeginForm(request.POST or None)
    made: list[Admission] = []
    if request.method == "POST" and form.is_valid() and tried(
        form,
        lambda: made.append(
            begin_admission(unit_id=unit_id, by=viewer, at=timezone.now(), **form.cleaned_data)
        ),
    ):  # fmt: skip
        messages.success(request, _("Đã lập hồ sơ. Ghi từng bước khi làm xong."))
        return redirect("admission", made[0].pk)
    with answering(request):
        context = {
            "version": version,
            "form": form,
            "is_cell": UnitKind(version.kind) in CELL_KINDS,
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "members/admission_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(VIEW)
def admission(request: ViewerRequest, admission_id: UUID) -> HttpResponse:
    """One admission: its steps, its clocks, what the rules say, and what may be done now."""
    viewer = request.viewer
    one = admission_visible(viewer, admission_id, viewer.on)
    act = request.POST.get("act", "")
    sent = {
        name: request.POST if act == name else None
        for name in ("step", "extend", "stall", "stop", "back", "drop", "erase")
    }
    step, knows_age = next_step(one), case_of(one).born_on is not None
    stalled = {"why": one.stall, "note": one.stall_note}
    given: dict[str, forms.Form] = {
        "step": StepForm(sent["step"], step=step, knows_age=knows_age),
        "extend": ExtendForm(sent["extend"]),
        "stall": StallForm(sent["stall"], initial=stalled),
        "stop": StopForm(sent["stop"]),
        "back": ReasonForm(sent["back"]),
        "drop": ReasonForm(sent["drop"]),
        "erase": ReasonForm(sent["erase"]),
    }
    form = given.get(act)
    if form is not None and form.is_valid() and tried(form, _act(request, one, act, form)):
        messages.success(request, _("Đã rút.") if act == "back" else _("Đã ghi."))
        return redirect("admissions") if act == "drop" else redirect("admission", admission_id)
    with answering(request):
        context = _admission_context(viewer, one) | {"forms": given, "act": act}
        status = 422 if request.method == "POST" else 200
        return render(request, "members/admission.html", context, status=status)


def _act(request: ViewerRequest, one: Admission, act: str, form: forms.Form) -> Callable[[], Any]:
    sent = request.POST.get("revision", "")
    revision = int(sent) if sent.isascii() and sent.isdecimal() else one.revision
    told: dict[str, Any] = {
        "admission_id": one.pk, "by": request.viewer, "at": timezone.now(), "revision": revision,
    }  # fmt: skip
    # Sent again once the way has ended: the action says so.
    step = next_step(one) or AdmissionStepKind.OFFICIAL_DECISION
    if isinstance(form, StepForm):
        return lambda: record_step(step=step, **form.values(), **told)
    if isinstance(form, ExtendForm):
        return lambda: record_step(step=AdmissionStepKind.EXTENDED, **form.values(), **told)
    said = form.cleaned_data
    if act == "stall":
        why = StallReason(said["why"]) if said["why"] else None
        return lambda: stall_admission(why=why, note=said["note"], **told)
    if act == "erase":
        person = one.person_id or one.pk  # nobody is kept of an alias: not found
        return lambda: erase_member(member=person, by=told["by"], at=told["at"], **said)
    done: dict[str, Callable[..., Any]] = {
        "stop": stop_admission, "drop": drop_admission, "back": take_back_step,
    }  # fmt: skip
    return lambda: done[act](**said, **told)


def _has_a_name_to_erase(one: Admission) -> bool:
    """Of somebody who is not considered any more and never was a member: members are erased from
    their list."""
    person = one.person
    return (
        one.state == AdmissionState.STOPPED
        and person is not None
        and person.erased_at is None
        and not person.memberships.exists()
    )


def _admission_context(viewer: Viewer, one: Admission) -> dict[str, Any]:
    step, on = next_step(one), viewer.on
    held = units_held(viewer, on).filter(descendant_id=one.unit_id).exists()
    who = who_of(viewer, one, by_name(viewer, [one.unit_id]))
    needed = DECIDE if step in DECISIONS else WORK
    return {
        "one": one,
        "who": who,
        "unit": unit_names([one.unit_id]).get(one.unit_id, ""),
        "state": _(one.get_state_display()),
        "stall": _(one.get_stall_display()) if one.stall else "",
        "step": step,
        "steps": standing_steps(one),
        "taken_back": one.steps.exclude(undone_at=None),
        "clocks": clocks_of_admission(one, on),
        "conditions": conditions_of(one, on),
        "may_step": held and step is not None and can(viewer, needed),
        "may_work": held and can(viewer, WORK),
        "may_drop": held and can(viewer, WORK) and may_be_dropped(one),
        "may_erase": held and can(viewer, MANAGE) and _has_a_name_to_erase(one),
        "extension": extension_of(one) if held and can(viewer, DECIDE) else None,
        "may_stop": held and step is not None and can(viewer, DECIDE),
    }
