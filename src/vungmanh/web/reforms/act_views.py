"""One act on one unit: a form that drafts a reform of its own, or adds to a draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.org.actions.reforms import draft_reform, revise_reform
from vungmanh.org.models import Reform, UnitVersion
from vungmanh.org.queries import path_above, units_below, visible_unit
from vungmanh.org.reform.queries import reform_visible
from vungmanh.org.reform.steps import Create, Merge, Step, steps_from_json
from vungmanh.web.access import answering, needs
from vungmanh.web.reforms import present
from vungmanh.web.reforms.acts import LABELS, heading_of
from vungmanh.web.reforms.forms import (
    ActForm,
    ChangeForm,
    CreateForm,
    DecisionForm,
    EndForm,
    MergeForm,
    MoveForm,
    UndoForm,
)
from vungmanh.web.reforms.split_form import SplitForm
from vungmanh.web.reforms.views import reform_page
from vungmanh.web.requests import ViewerRequest

FORMS: dict[str, type[ActForm]] = {
    "doi": ChangeForm,
    "chuyen": MoveForm,
    "sap-nhap": MergeForm,
    "chia-tach": SplitForm,
    "ket-thuc": EndForm,
    "lap-moi": CreateForm,
}


@needs("org.reform.draft", ahead=True)
@require_http_methods(["GET", "HEAD", "POST"])
def unit_act(request: ViewerRequest, unit_id: UUID, act: str) -> HttpResponse:
    """The form of one act; a draft opens on its consequences."""
    if act not in FORMS:
        raise NotFound(_("Không có việc này."))
    with answering(request, ahead=True):
        draft = _draft(request)
        wanted = draft.effective_on if draft else _day_of(request)
        unit, on = _unit_on(request, unit_id, wanted)
        form = _form(request, act, unit, draft, on)
        if on != wanted and form.is_bound:
            told = _("Ngày này sổ chưa có dữ liệu về đơn vị. Ghi một ngày muộn hơn.")
            form.add_error("effective_on" if "effective_on" in form.fields else None, told)
        is_valid = form.is_valid()
    if is_valid:
        try:
            reform = _added(request, form, draft) if draft else _drafted(request, form)
        except InputError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return redirect("reform", reform.pk)
    context = {
        "form": form,
        "unit": unit,
        "act": LABELS[act],
        "heading": heading_of(act),
        "draft": draft,
        "code": act,
    }
    status = 422 if form.is_bound else 200
    with answering(request, ahead=True):
        return render(request, "reforms/act.html", context, status=status)


def _unit_on(request: ViewerRequest, unit_id: UUID, wanted: dt.date) -> tuple[UnitVersion, dt.date]:
    """The unit on the day wanted, or where it did not live then on today, with that day."""
    try:
        return visible_unit(request.viewer, unit_id, wanted), wanted
    except NotFound:
        today = timezone.localdate()
        return visible_unit(request.viewer, unit_id, today), today


def _open(request: ViewerRequest, reform_id: UUID) -> Reform:
    """A reform that can still be said anew."""
    reform = reform_visible(request.viewer, reform_id)
    if not present.is_open(reform):
        raise NotNow(
            _("Việc sắp xếp đã thực hiện nên không sửa được. Hoàn tác trước, hoặc lập việc mới.")
        )
    return reform


def _draft(request: ViewerRequest) -> Reform | None:
    """The draft that the act is added to, by ?vao=."""
    asked = request.GET.get("vao", "")
    if not asked:
        return None
    try:
        draft = reform_visible(request.viewer, UUID(asked))
    except ValueError:
        raise NotFound(_("Không tìm thấy dự thảo này.")) from None
    if not present.is_open(draft):
        raise NotFound(_("Việc sắp xếp này không còn là dự thảo nên không thêm bước được."))
    return draft


def _day_of(request: ViewerRequest) -> dt.date:
    """The effective day typed, as far as it can be read; else today."""
    field = DecisionForm.base_fields["effective_on"]
    try:
        return field.clean(request.POST.get("effective_on")) or timezone.localdate()
    except ValidationError:  # the form says what is wrong with it
        return timezone.localdate()


def _form(
    request: ViewerRequest, act: str, unit: UnitVersion, draft: Reform | None, on: dt.date
) -> ActForm:
    kind = FORMS[act]
    given: dict[str, Any] = {}
    if kind in {EndForm, SplitForm}:
        given["children"] = list(units_below(request.viewer, unit.unit_id, on))
    if kind is SplitForm:
        above = path_above(unit.unit_id, on)
        given["parent_id"] = str(above[-1].unit_id) if above else ""
        given["neighbours"] = [
            one
            for one in (units_below(request.viewer, above[-1].unit_id, on) if above else ())
            if one.unit_id != unit.unit_id
        ]
    bound = type(kind.__name__, (kind,), given)  # children belong to this one form
    steps = steps_from_json(draft.steps) if draft else ()
    return bound(
        request.POST or None,
        viewer=request.viewer,
        unit=unit,
        on=on,
        new_units=present.new_units(steps),
        has_draft=draft is not None,
    )


def _drafted(request: ViewerRequest, form: ActForm) -> Reform:
    values = form.cleaned_data
    return draft_reform(
        title=form.title()[:200],
        document=values["document"],
        signed_on=values["signed_on"],
        effective_on=values["effective_on"],
        steps=tuple(form.steps(set())),
        by=request.viewer,
        at=timezone.now(),
    )


def _added(request: ViewerRequest, form: ActForm, draft: Reform) -> Reform:
    before = steps_from_json(draft.steps)
    refs = {step.ref for step in before if isinstance(step, Create)}
    messages.success(request, _("Đã thêm bước vào dự thảo."))
    return _revised(request, draft, joined([*before, *form.steps(refs)]))


def _revised(request: ViewerRequest, draft: Reform, steps: Sequence[Step]) -> Reform:
    return revise_reform(
        reform_id=draft.pk,
        title=draft.title,
        document=draft.document,
        signed_on=draft.signed_on,
        effective_on=draft.effective_on,
        steps=tuple(steps),
        by=request.viewer,
        at=timezone.now(),
    )


def joined(steps: Sequence[Step]) -> list[Step]:
    """Merges into one target become one step, where the first stood."""
    merges: dict[str, int] = {}
    result: list[Step] = []
    for step in steps:
        if isinstance(step, Merge) and step.target in merges:
            place = merges[step.target]
            first = result[place]
            assert isinstance(first, Merge)
            sources = tuple(dict.fromkeys([*first.sources, *step.sources]))
            result[place] = Merge(sources=sources, target=step.target)
            continue
        if isinstance(step, Merge):
            merges[step.target] = len(result)
        result.append(step)
    return result


@needs("org.reform.draft", ahead=True)
@require_POST
def reform_steps(request: ViewerRequest, reform_id: UUID) -> HttpResponse:
    """Take a step out of a draft, or move it up or down."""
    draft = _open(request, reform_id)
    steps = list(steps_from_json(draft.steps))
    number, act = request.POST.get("buoc", ""), request.POST.get("act", "")
    place = int(number) - 1 if number.isascii() and number.isdecimal() and len(number) < 9 else -1
    if not 0 <= place < len(steps) or act not in {"remove", "up", "down"}:
        messages.warning(request, _("Dự thảo đã đổi từ khi trang này mở. Chọn lại bước cần sửa."))
        return reform_page(request, draft, UndoForm(), status=422)
    step = steps.pop(place)
    if act != "remove":
        steps.insert(max(place + (1 if act == "down" else -1), 0), step)
    _revised(request, draft, steps)
    return redirect(f"{request.path.removesuffix('buoc/')}#cac-buoc")


@needs("org.reform.draft", ahead=True)
@require_http_methods(["GET", "HEAD", "POST"])
def reform_decision(request: ViewerRequest, reform_id: UUID) -> HttpResponse:
    """The name, document and days of a draft."""
    draft = _open(request, reform_id)
    initial = {name: getattr(draft, name) for name in DecisionForm.base_fields}
    form = DecisionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        revise_reform(
            reform_id=draft.pk,
            steps=steps_from_json(draft.steps),
            by=request.viewer,
            at=timezone.now(),
            **form.cleaned_data,
        )
        return redirect("reform", draft.pk)
    context = {"form": form, "reform": draft}
    with answering(request, ahead=True):
        status = 422 if form.is_bound else 200
        return render(request, "reforms/decision.html", context, status=status)
