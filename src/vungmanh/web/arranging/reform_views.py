"""Beside a reform: the finding it answers with the transfers to be made, and who goes where."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.access.permissions import can, check_can
from vungmanh.core.errors import InputError, NotFound
from vungmanh.core.people_words import TransferKind, TransferState
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import MembershipStatus, ReformState
from vungmanh.org.actions.reform_people import NAMES, allot_people
from vungmanh.org.actions.transfers import SEND, TransferWish, send_transfer
from vungmanh.org.models import ArrangingDraft, MemberTransfer, Person, PlaceUnit, Reform
from vungmanh.org.named import given_name_key, units_with_names
from vungmanh.org.personal import FIELDS
from vungmanh.org.places import names_of_units
from vungmanh.org.queries import units_held
from vungmanh.org.reform.load import load_structure
from vungmanh.org.reform.queries import VIEW, reform_visible
from vungmanh.org.reform.steps import Create, End, Merge, Part, Split, Step, steps_from_json
from vungmanh.org.reform.structure import Structure
from vungmanh.web.access import answering, needs
from vungmanh.web.arranging.forms import PaperForm
from vungmanh.web.arranging.words import label_of
from vungmanh.web.members.forms import tried
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks.asking import uuid_of

EndingStep = Merge | Split | End


@require_http_methods(["GET", "HEAD", "POST"])
@needs(VIEW, ahead=True)
def reform_papers(request: ViewerRequest, reform_id: UUID) -> HttpResponse:
    """Why the draft was made, and the transfers that bring members to what it founds."""
    reform = reform_visible(request.viewer, reform_id)
    draft = ArrangingDraft.objects.filter(reform=reform).first()
    if draft is None:
        raise NotFound(_("Việc sắp xếp này không lập từ danh sách cần sắp xếp."))
    founded = _founded(reform, draft)
    form, unit = None, uuid_of(request.POST.get("unit"))
    if request.method == "POST":
        form = PaperForm(request.POST)
        if founded is None or str(unit) not in {one["unit"] for one in draft.sources}:
            raise InputError(_("Thực hiện việc sắp xếp trước, rồi mới giới thiệu đảng viên."))
        if form.is_valid() and tried(form, lambda: _send(request, form, unit, founded)):
            messages.success(request, _("Đã giới thiệu. Tổ chức mới tiếp nhận thì mới tính."))
            return redirect("reform_papers", reform.pk)
    with answering(request, ahead=True):
        context = {
            "reform": reform,
            "draft": draft,
            "label": label_of(draft.code),
            "sources": _sources(request, draft, founded, form, unit),
            "founded": founded,
            "is_done": reform.state == ReformState.COMMITTED,
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "arranging/papers.html", context, status=status)


def _founded(reform: Reform, draft: ArrangingDraft) -> UUID | None:
    """The unit that the reform founded; None until it is carried out."""
    if reform.state != ReformState.COMMITTED or not draft.ref:
        return None
    row = PlaceUnit.objects.filter(reform=reform).first()
    if row is not None:
        return row.unit_id
    created = (reform.journal or {}).get("created", [])
    return UUID(created[0]) if len(created) == 1 else None


def _send(request: ViewerRequest, form: PaperForm, unit: UUID | None, to: UUID | None) -> None:
    said = form.cleaned_data
    wish = TransferWish(
        TransferKind.OFFICIAL, said["decided_on"], said["document"], from_unit=unit, to_unit=to,
        status=MembershipStatus.OFFICIAL, count=said["count"],
    )  # fmt: skip
    send_transfer(wish=wish, by=request.viewer, at=timezone.now())


def _sources(
    request: ViewerRequest,
    draft: ArrangingDraft,
    founded: UUID | None,
    form: PaperForm | None,
    bound: UUID | None,
) -> list[dict[str, Any]]:
    """Each unit with the members to come, the papers made, and the form where one may be made."""
    viewer = request.viewer
    ids = {UUID(one["unit"]) for one in draft.sources}
    names, named = names_of_units(ids), units_with_names(ids, viewer.on)
    held = set(
        units_held(viewer, viewer.on)
        .filter(descendant_id__in=ids)
        .values_list("descendant_id", flat=True)
    )
    papers = MemberTransfer.objects.filter(to_unit=founded, from_unit__in=ids) if founded else []
    rows = []
    for one in draft.sources:
        unit = UUID(one["unit"])
        own = [paper for paper in papers if paper.from_unit_id == unit]
        going = sum(p.count for p in own if p.state in {"sent", "accepted"})
        left = max(one["count"] - going, 0)
        may = founded is not None and left > 0 and unit in held and can(viewer, SEND)
        new = PaperForm(initial={"count": left}, auto_id=f"id_{unit}_%s")
        rows.append({
            "unit": unit, "name": names.get(unit, ""), "count": one["count"], "left": left,
            "papers": [(p, _(TransferState(p.state).label)) for p in own],
            "may_send": may, "by_name": unit in named,
            "form": (form if form is not None and bound == unit else new) if may else None,
        })  # fmt: skip
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
@needs(VIEW, ahead=True)
def reform_people(request: ViewerRequest, reform_id: UUID) -> HttpResponse:
    """Where names are kept: who goes where, by name for whoever reads names, else by number.

    Of a split a person says it.
    """
    viewer = request.viewer
    reform = reform_visible(viewer, reform_id)
    if reform.state == ReformState.COMMITTED:
        told = _("Việc sắp xếp đã thực hiện: xem danh sách ở trang đảng viên của nơi nhận.")
        raise NotFound(told)
    steps = steps_from_json(reform.steps)
    structure = load_structure(steps, reform.effective_on, viewer).structure
    problem = ""
    if request.method == "POST":
        problem = _allot(request, reform, steps, structure)
        if not problem:
            messages.success(request, _("Đã ghi ai về phần nào vào dự thảo."))
            return redirect("reform", reform.pk)
    with answering(request, ahead=True):
        units = _units(request, steps, structure, reform.effective_on)
        total = sum(len(one["people"]) for one in units)
        context = {
            "reform": reform,
            "finding": _("%s người trong danh sách theo tên đi theo tổ chức.") % number_vi(total),
            "units": units,
            "sees_names": can(viewer, NAMES),
            "is_split": any(one["parts"] for one in units),
            "problem": problem,
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "arranging/people.html", context, status=status)


def _allot(
    request: ViewerRequest, reform: Reform, steps: tuple[Step, ...], structure: Structure
) -> str:
    """Write down who goes to which part; what is wrong, in words."""
    check_can(request.viewer, NAMES)
    allotted = False
    for step in steps:
        if not isinstance(step, Split) or not structure.units[step.unit].listed:
            continue
        people = {one.person for one in structure.units[step.unit].listed}
        who = {UUID(one): request.POST.get(f"p-{one}", "") for one in people}
        try:
            allot_people(
                reform_id=reform.pk, unit_id=UUID(step.unit), who=who, by=request.viewer,
                at=timezone.now(),
            )  # fmt: skip
        except InputError as error:
            return error.message
        allotted = True
    return "" if allotted else _("Dự thảo này không chia tách nơi nào ghi theo tên.")


def _units(
    request: ViewerRequest, steps: tuple[Step, ...], structure: Structure, on: dt.date
) -> list[dict[str, Any]]:
    """Units that end and have a list, in sight, with everybody on it."""
    founded = {f"#{step.ref}": step.name for step in steps if isinstance(step, Create)}
    held = {str(u) for u in units_held(request.viewer, on - dt.timedelta(days=1))}
    ending: list[tuple[str, EndingStep]] = []
    for step in steps:
        if isinstance(step, Merge):
            ending += [(source, step) for source in step.sources]
        elif isinstance(step, Split | End):
            ending.append((step.unit, step))
    people = {p for unit, _s in ending for p in _listed(structure, unit)}
    names = {
        str(one.pk): FIELDS["name"].shown_to(request.viewer, one.name) or _("Tên đã xóa")
        for one in Person.objects.filter(pk__in=people)
    }

    def called(unit: str | None) -> str:
        if unit is None:
            return _("thôi ghi trong danh sách")
        return founded.get(unit) or structure.name_of(unit)

    return [
        {
            "name": structure.name_of(unit),
            "parts": [(p.target, called(p.target)) for p in step.parts]
            if isinstance(step, Split)
            else [],
            "people": sorted(
                (
                    {"id": one, "name": names.get(one, ""), "to": _goes(request, step, one)}
                    for one in _listed(structure, unit)
                ),
                key=lambda row: given_name_key(row["name"]),
            ),
            "to": "" if isinstance(step, Split) else called(_whole(step)),
        }
        for unit, step in ending
        if unit in held and _listed(structure, unit)
    ]


def _listed(structure: Structure, unit: str) -> list[str]:
    state = structure.units.get(unit)
    return list(dict.fromkeys(one.person for one in state.listed)) if state else []


def _whole(step: EndingStep) -> str | None:
    return step.target if isinstance(step, Merge) else getattr(step, "members_to", None)


def _goes(request: ViewerRequest, step: EndingStep, person: str) -> str:
    """The part chosen for somebody: as just posted, else as the draft says."""
    if not isinstance(step, Split):
        return ""
    asked = request.POST.get(f"p-{person}")
    parts: tuple[Part, ...] = step.parts
    chosen = next((part.target for part in parts if person in part.people), "")
    return chosen if asked is None else asked
