"""What is to be rearranged: found by the rules of a day, and what a person does with it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
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
from vungmanh.core.errors import InputError
from vungmanh.core.text import date_vi, fold, number_vi, sort_key
from vungmanh.core.vocabulary import ReformState
from vungmanh.org.actions.arranging import (
    draft_arrangement,
    finding_of,
    lay_aside,
    step_of,
    take_up_again,
)
from vungmanh.org.arranging import JOINT, Found, arrangements, found_below
from vungmanh.org.models import Reform
from vungmanh.org.queries import versions_visible, visible_unit
from vungmanh.org.reform.queries import DRAFT, VIEW, reforms_visible
from vungmanh.web.access import answering, needs
from vungmanh.web.arranging.forms import AsideForm, DraftForm
from vungmanh.web.arranging.words import ORDER, advice_of, label_of
from vungmanh.web.members.forms import tried
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks.asking import uuid_of

ON_A_PAGE = 30
ASIDE = "de-lai"


@require_safe
@needs(VIEW, ahead=True)
def arrangements_page(request: ViewerRequest) -> HttpResponse:
    """Everything found as of a day, by kind; filtered by committee, kind and words."""
    viewer, on = request.viewer, _day(request)
    above, kind = uuid_of(request.GET.get("don-vi")), request.GET.get("viec", "")
    if above is not None:
        visible_unit(viewer, above, on)
    aside, words = request.GET.get("xem", "") == ASIDE, request.GET.get("q", "")[:200]
    every = arrangements(viewer, on)
    inside = every if above is None else found_below(every, above, on)
    found = [one for one in inside if (one.dismissal is not None) == aside]
    page = Paginator(_shown(found, kind, words), ON_A_PAGE).get_page(request.GET.get("trang"))
    seen = _linked(request, page.object_list, on)
    context = {
        "finding": _finding(found, on, aside=aside),
        "rows": [_row(one, seen) for one in page.object_list],
        "page": page,
        "kinds": _kinds(found),
        "kind": kind,
        "committees": [("", _("Mọi đảng bộ")), *_committees(request, every, on)],
        "above": str(above or ""),
        "states": [("", _("Cần xem")), (ASIDE, _("Đã để lại"))],
        "state": ASIDE if aside else "",
        "words": words,
        "day": on,
        "is_today": on == viewer.on,
    }
    return render(request, "arranging/arrangements.html", context)


def _shown(found: Sequence[Found], kind: str, words: str) -> list[Found]:
    """Those of a kind whose names hold every word, by kind and name."""
    wanted = fold(words).split()
    shown = [
        one for one in found
        if kind in ("", one.code) and all(word in one.searched for word in wanted)
    ]  # fmt: skip
    return sorted(shown, key=lambda one: (ORDER[one.code], sort_key(_title(one)), one.key))


def _kinds(found: Sequence[Found]) -> list[tuple[str, str]]:
    tally = sorted(Counter(one.code for one in found).items(), key=lambda pair: ORDER[pair[0]])
    return [
        ("", _("Mọi loại")),
        *((code, f"{label_of(code)} ({number_vi(number)})") for code, number in tally),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(VIEW, ahead=True)
def arrangement(request: ViewerRequest, finding_key: str) -> HttpResponse:
    """One finding of today: why, by which rule, and the draft or the laying aside."""
    viewer, act = request.viewer, request.POST.get("act", "")
    found = finding_of(viewer, finding_key, viewer.on)
    step = step_of(found)
    draft = aside = None
    if can(viewer, DRAFT) and found.dismissal is None:
        targets = [(one, found.names[one]) for one in (step.to if step else ())]
        if step is not None:
            draft = DraftForm(request.POST if act == "draft" else None, step=step, targets=targets)
        aside = AsideForm(request.POST if act == "aside" else None) if found.committee else None
    if request.method == "POST":
        answer = _acted(request, found, {"draft": draft, "aside": aside}.get(act))
        if answer is not None:
            return answer
    with answering(request, ahead=True):
        seen, drafts = _linked(request, [found], viewer.on), _drafts(request, found)
        if request.method != "POST" and any(one.state == ReformState.DRAFT for one in drafts):
            draft = None  # it is drafted already: the page leads there
        context = {
            "one": _row(found, seen),
            "figures": found.arrangement.finding.figures,
            "draft": draft,
            "aside": aside,
            "drafts": drafts,
            "is_advice": step is None,
            "advice": advice_of(found.code),
            "may_draft": can(viewer, DRAFT),
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "arranging/arrangement.html", context, status=status)


def _acted(request: ViewerRequest, found: Found, form: forms.Form | None) -> HttpResponse | None:
    """Where to go once it is done; None where the form says what is wrong."""
    told: dict[str, Any] = {"key": found.key, "by": request.viewer, "at": timezone.now()}
    if request.POST.get("act") == "again":
        take_up_again(**told)
        messages.success(request, _("Đã đưa lại vào danh sách cần xem."))
        return redirect("arrangement", found.key)
    if form is None:
        raise InputError(_("Không rõ việc cần làm. Tải lại trang rồi bấm lại."))
    made: list[Reform] = []
    if isinstance(form, DraftForm):
        if form.is_valid() and tried(
            form, lambda: made.append(draft_arrangement(choice=form.choice(), **told))
        ):
            messages.success(request, _("Đã lập dự thảo. Xem hệ quả rồi mới thực hiện."))
            return redirect("reform", made[0].pk)
        return None
    if form.is_valid() and tried(form, lambda: lay_aside(**form.cleaned_data, **told)):
        messages.success(request, _("Đã để lại. Việc này ở mục “Đã để lại”, mở lại được."))
        return redirect("arrangements")
    return None


def _day(request: ViewerRequest) -> dt.date:
    try:
        return dt.date.fromisoformat(request.GET.get("ngay", ""))
    except ValueError:
        return request.viewer.on


def _finding(found: Sequence[Found], on: dt.date, *, aside: bool) -> str:
    number = sum(1 for one in found if one.committee is not None)
    if not number and any(one.code == "sizes" for one in found):
        return _("Ngày %s chưa có quy định về quy mô tổ chức trong Căn cứ.") % date_vi(on)
    words = {"n": number_vi(number), "day": date_vi(on)}
    if aside:
        return _("%(n)s việc sắp xếp đã để lại có lý do.") % words
    if not number:
        return _("Ngày %(day)s không thấy tổ chức nào cần sắp xếp lại.") % words
    return _("Ngày %(day)s có %(n)s việc sắp xếp nên xem.") % words


def _title(one: Found) -> str:
    """What it is about: the places, else the organisations."""
    about = (*one.arrangement.places, *one.arrangement.units)
    first = one.arrangement.places or one.arrangement.units
    named = about if one.code == JOINT else first
    return "; ".join(one.names[i] for i in named if i in one.names)


def _row(one: Found, linked: set[str]) -> dict[str, Any]:
    told = one.arrangement
    units = told.units if told.places and one.code != JOINT else ()
    about = told.units if one.code == JOINT or not told.places else ()
    return {
        "one": one,
        "label": label_of(one.code),
        "title": _title(one) or label_of(one.code),
        "text": told.finding.text,
        "citation": told.finding.citation,
        "committee": one.names.get(str(one.committee), ""),
        "scattered": [(one.names.get(unit, ""), unit if unit in linked else "") for unit in units],
        "about": [(one.names.get(unit, ""), unit if unit in linked else "") for unit in about],
        "places": [(one.names.get(place, ""), place) for place in told.places],
    }


def _linked(request: ViewerRequest, found: Sequence[Found], on: dt.date) -> set[str]:
    """Units on the page that the viewer may open."""
    ids = {UUID(unit) for one in found for unit in one.arrangement.units}
    rows = versions_visible(request.viewer, on).filter(unit_id__in=ids).order_by()
    return {str(unit) for unit in rows.values_list("unit_id", flat=True)}


def _committees(
    request: ViewerRequest, found: Sequence[Found], on: dt.date
) -> list[tuple[str, str]]:
    """The committees of what was found, in Vietnamese order."""
    ids = {one.committee for one in found if one.committee}
    rows = versions_visible(request.viewer, on).filter(unit_id__in=ids)
    return [(str(one.unit_id), one.name) for one in rows]


def _drafts(request: ViewerRequest, found: Found) -> list[Reform]:
    """Drafts made of this finding, not yet carried out."""
    same = reforms_visible(request.viewer).filter(arranging__key=found.key)
    return list(same.exclude(state=ReformState.COMMITTED))
