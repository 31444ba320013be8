"""Sổ văn bản đi: what a unit has issued, numbers to take, to enter and to cancel, its terms."""

from __future__ import annotations

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
from vungmanh.core.errors import NotFound
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import UnitKind
from vungmanh.org.models import UnitVersion
from vungmanh.org.queries import visible_unit
from vungmanh.outputs.models import PaperNumber
from vungmanh.outputs.papers.heads import bodies_of, mark_of
from vungmanh.outputs.papers.numbers import (
    cancel_number,
    change_signer,
    enter_number,
    take_number,
)
from vungmanh.outputs.papers.register import VIEW, Wanted, number_visible, register_of
from vungmanh.outputs.papers.terms import NUMBER, set_term, terms_of
from vungmanh.rulebook.values.papers import PaperType
from vungmanh.web.access import answering, needs
from vungmanh.web.papers.forms import (
    CancelForm,
    NewNumberForm,
    SignerForm,
    TermForm,
    done,
    signer_initial,
)
from vungmanh.web.requests import ViewerRequest

ON_A_PAGE = 50
NUMBERED = [kind for kind in PaperType if kind is not PaperType.FORM]


@require_safe
@needs(VIEW)
def papers(request: ViewerRequest) -> HttpResponse:
    """The register of one's own unit."""
    if request.viewer.unit_id is None:
        raise NotFound("Đồng chí chưa giữ vai trò ở tổ chức nào.", code="no-unit")
    return _register(request, request.viewer.unit_id)


@require_safe
@needs(VIEW)
def paper_register(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """The register of a unit in sight."""
    return _register(request, unit_id)


def _register(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    viewer = request.viewer
    version = visible_unit(viewer, unit_id, viewer.on)
    every = register_of(viewer, unit_id)
    terms = sorted(set(every.order_by().values_list("term", flat=True)), reverse=True)
    years = sorted({day.year for day in every.dates("on", "year")}, reverse=True)
    asked = {name: request.GET.get(name, "")[:100] for name in ("q", "loai", "nk", "nam")}
    wanted = Wanted(
        type=asked["loai"] if asked["loai"] in {kind.value for kind in NUMBERED} else "",
        term=asked["nk"] if asked["nk"] in terms else "",
        year=next((one for one in years if str(one) == asked["nam"]), None),
        text=asked["q"],
    )
    page = Paginator(register_of(viewer, unit_id, wanted), ON_A_PAGE).get_page(
        request.GET.get("trang")
    )
    context: dict[str, Any] = {
        "version": version,
        "page": page,
        "asked": asked,
        "is_filtered": wanted != Wanted(),
        "finding": _finding(version, page.paginator.count, wanted),
        "kinds": [("", _("Mọi loại")), *((kind.value, _(kind.label)) for kind in NUMBERED)],
        "terms": [("", _("Mọi nhiệm kỳ")), *((one, one) for one in terms)],
        "years": [("", _("Mọi năm")), *((str(one), str(one)) for one in years)],
        "may_number": can(viewer, NUMBER),
    }
    return render(request, "papers/register.html", context)


def _finding(version: UnitVersion, count: int, wanted: Wanted) -> str:
    said = {"name": version.name, "n": number_vi(count)}
    if wanted != Wanted():
        return _("%(n)s văn bản đi của %(name)s khớp với điều đang tìm.") % said
    if not count:
        return _("%(name)s chưa có văn bản nào trong sổ.") % said
    return _("%(name)s có %(n)s văn bản đi trong sổ.") % said


@require_http_methods(["GET", "HEAD", "POST"])
@needs(NUMBER)
def paper_number_new(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """Take the next number for a paper written elsewhere, or enter one it already has."""
    viewer, now = request.viewer, timezone.now()
    version = visible_unit(viewer, unit_id, viewer.on)
    bodies = bodies_of(UnitKind(version.kind))
    form = NewNumberForm(bodies, request.POST or None, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        wish, number = form.wish(mark_of(unit_id)), form.cleaned_data["number"]
        who = {"unit_id": unit_id, "wish": wish, "by": viewer, "at": now}
        made = done(
            form,
            lambda: enter_number(number=number, **who) if number else take_number(**who),
        )
        if made is not None:
            messages.success(request, _("Đã ghi vào sổ: %s.") % made.document)
            return redirect("paper_number", made.pk)
    with answering(request):
        context = {"form": form, "version": version}
        return render(request, "papers/number_new.html", context, status=_status(request))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(VIEW)
def paper_number(request: ViewerRequest, number_id: UUID) -> HttpResponse:
    """One paper of the register: its day and signer; a signer to change, a number to cancel."""
    viewer, now = request.viewer, timezone.now()
    one = number_visible(viewer, number_id)
    act = request.POST.get("act", "")
    signer = SignerForm(request.POST if act == "signer" else None, initial=signer_initial(one))
    cancel = CancelForm(request.POST if act == "cancel" else None)
    who = {"number_id": one.pk, "by": viewer, "at": now}
    told = ""
    if act == "signer" and signer.is_valid():
        changed = done(signer, lambda: change_signer(signer=signer.signer(), **who))
        told = _("Đã đổi người ký.") if changed else ""
    elif act == "cancel" and cancel.is_valid():
        why = cancel.cleaned_data["reason"]
        gone = done(cancel, lambda: cancel_number(reason=why, **who))
        told = _("Đã hủy số; số này còn trong sổ và không cấp lại.") if gone else ""
    if told:
        messages.success(request, told)
        return redirect("paper_number", one.pk)
    with answering(request):
        version = _version_of(one)
        context = {
            "one": one,
            "version": version,
            "finding": _said(one),
            "signer": signer,
            "cancel": cancel,
            "act": act,
            "may_change": can(viewer, NUMBER) and one.cancelled_at is None,
        }
        return render(request, "papers/number.html", context, status=_status(request))


def _version_of(one: PaperNumber) -> UnitVersion | None:
    """As the unit was called on the day of the paper, or last."""
    versions = UnitVersion.objects.filter(unit_id=one.unit_id)
    return versions.filter(valid__contains=one.on).first() or versions.order_by("valid").last()


def _said(one: PaperNumber) -> str:
    name = one.document or _(one.get_type_display())
    if one.cancelled_at is not None:
        return _("%s: số đã hủy.") % name
    return f"{name}: {one.about}."


@require_http_methods(["GET", "HEAD", "POST"])
@needs(NUMBER)
def paper_terms(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """From which day numbers count in which term, and the day of a congress to record."""
    viewer, now = request.viewer, timezone.now()
    today = timezone.localdate(now)
    version = visible_unit(viewer, unit_id, viewer.on)
    form = TermForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if done(form, lambda: set_term(unit_id=unit_id, by=viewer, at=now, **said)):
            messages.success(request, _("Đã ghi nhiệm kỳ."))
            return redirect("paper_terms", unit_id)
    with answering(request):
        terms = terms_of(unit_id, on=today)
        current = next((one for one in reversed(terms) if one.began_on <= today), None)
        context = {
            "form": form,
            "version": version,
            "terms": terms[::-1],
            "current": current,
            "finding": _term_now(current),
        }
        return render(request, "papers/terms.html", context, status=_status(request))


def _term_now(current: Any) -> str:
    if current is None:
        return _("Chưa biết hôm nay thuộc nhiệm kỳ nào.")
    return _("Hôm nay số văn bản đếm theo nhiệm kỳ %s.") % current.name


def _status(request: ViewerRequest) -> int:
    return 422 if request.method == "POST" else 200
