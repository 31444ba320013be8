"""What a unit records beside its dossier, and the members of a whole cycle by counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.access.permissions import can
from vungmanh.core.errors import InputError, NotNow
from vungmanh.core.text import name_key, number_vi
from vungmanh.core.vocabulary import CycleState, DossierSide, OutcomeGrade, OutcomeSubject, UnitKind
from vungmanh.evaluation.actions.deciding import LONGEST_DOCUMENT
from vungmanh.evaluation.actions.hand import LONGEST_REASON
from vungmanh.evaluation.actions.outcomes import MOST, RATE, record_outcome
from vungmanh.evaluation.models import Cycle, Dossier, YearOutcome
from vungmanh.evaluation.outcomes import Counts, counts_of, outcomes_of, registered, subjects_for
from vungmanh.evaluation.procedure import rule_value
from vungmanh.evaluation.reads import VIEW, cycle_visible, dossier_visible, dossiers_visible
from vungmanh.evaluation.sides import sides_of
from vungmanh.org.models import UnitVersion
from vungmanh.rulebook.grading.quota import cap_of
from vungmanh.rulebook.values.conditions import ExcellentQuota
from vungmanh.rulebook.values.quota import QuotaMethod
from vungmanh.web.access import answering, needs
from vungmanh.web.evaluation.quota_views import SEE, check_committee
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks.forms import day

#: Committees whose cells make up one grassroots organisation: the cap on members counts in it.
_ONE_ORGANISATION = (UnitKind.DANG_BO_XA, UnitKind.DANG_BO_CO_SO)


#: As they head a column.
BRIEF = {
    OutcomeGrade.EXCELLENT: gettext_lazy("Xuất sắc"),
    OutcomeGrade.GOOD: gettext_lazy("Tốt"),
    OutcomeGrade.COMPLETED: gettext_lazy("Hoàn thành"),
    OutcomeGrade.NOT_COMPLETED: gettext_lazy("Không hoàn thành"),
    OutcomeGrade.UNRATED: gettext_lazy("Chưa xếp"),
}


class OutcomeForm(forms.Form):
    """How many had each grade. Nothing is filled in beforehand but what stands and is mended."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Ghi khi sửa số đã ghi, hoặc khi tổng khác sổ đảng viên."),
    )
    document = forms.CharField(
        label=gettext_lazy("Số, ký hiệu văn bản"), required=False, max_length=LONGEST_DOCUMENT
    )
    document_date = day(gettext_lazy("Ngày văn bản"), required=False)

    def __init__(
        self, subject: OutcomeSubject, data: Any = None, stands: Mapping[str, int] | None = None
    ) -> None:
        super().__init__(data, prefix=subject.value, label_suffix="", initial=dict(stands or {}))
        whole = _("Ghi số nguyên từ 0 đến %s.") % number_vi(MOST)
        wrong = dict.fromkeys(("invalid", "min_value", "max_value"), whole)
        for grade in OutcomeGrade:
            self.fields[grade.value] = forms.IntegerField(
                label=_(grade.label), min_value=0, max_value=MOST, required=False,
                error_messages=wrong,
            )  # fmt: skip
        self.order_fields([grade.value for grade in OutcomeGrade])

    def counts(self) -> dict[str, int | None]:
        return {grade.value: self.cleaned_data.get(grade.value) for grade in OutcomeGrade}


@dataclass(frozen=True)
class OutcomePart:
    """One subject of the page: what stands, what stood before, and the form."""

    subject: OutcomeSubject
    rows: tuple[tuple[YearOutcome, str], ...]  # the latest first
    form: OutcomeForm | None


@require_http_methods(["GET", "HEAD", "POST"])
@needs(VIEW)
def dossier_outcomes(request: ViewerRequest, dossier_id: UUID) -> HttpResponse:
    """Members by counts, government and mass organisations of one dossier's unit and year."""
    one = dossier_visible(request.viewer, dossier_id)
    asked = request.POST.get("of", "")
    subject = next((kind for kind in subjects_for(one) if kind == asked), None)
    sent = OutcomeForm(subject, request.POST) if subject else None
    if request.method == "POST" and sent and subject and _kept(request, one, subject, sent):
        messages.success(request, _("Đã ghi kết quả."))
        return redirect("dossier_outcomes", one.pk)
    with answering(request):
        parts = _parts(request, one, subject, sent)
        context = {"dossier": one, "cycle": one.cycle, "parts": parts, "finding": _finding(parts)}
        status = 422 if request.method == "POST" else 200
        return render(request, "evaluation/outcomes.html", context, status=status)


def _kept(request: ViewerRequest, one: Dossier, subject: OutcomeSubject, form: OutcomeForm) -> bool:
    if not form.is_valid():
        return False
    said = form.cleaned_data
    try:
        record_outcome(
            dossier_id=one.pk, subject=subject, counts=form.counts(), reason=said["reason"],
            document=said["document"], document_date=said["document_date"], by=request.viewer,
            at=timezone.now(),
        )  # fmt: skip
    except InputError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
    except NotNow as error:
        form.add_error(None, error.message)
    return form.is_valid()


def _parts(
    request: ViewerRequest, one: Dossier, sent_of: OutcomeSubject | None, sent: OutcomeForm | None
) -> list[OutcomePart]:
    viewer = request.viewer
    is_own = can(viewer, RATE) and DossierSide.UNIT in sides_of(viewer, one)
    may = is_own and one.removed_at is None and one.cycle.state == CycleState.OPEN
    kept = YearOutcome.objects.filter(dossier=one).select_related("by", "on_behalf")
    rows = list(kept.order_by("-number"))
    return [
        OutcomePart(
            subject,
            tuple((row, counts_words(row)) for row in rows if row.subject == subject),
            (sent if subject is sent_of and sent else _empty(subject, rows)) if may else None,
        )
        for subject in subjects_for(one)
    ]


def _empty(subject: OutcomeSubject, rows: Sequence[YearOutcome]) -> OutcomeForm:
    last = next((row for row in rows if row.subject == subject), None)
    return OutcomeForm(subject, stands=last.counts if last else None)


def counts_words(outcome: YearOutcome) -> str:
    """ "7 hoàn thành tốt nhiệm vụ; 2 hoàn thành nhiệm vụ": grades without anybody are left out."""
    return "; ".join(
        f"{number_vi(number)} {_(grade.label)[:1].lower()}{_(grade.label)[1:]}"
        for grade, number in counts_of(outcome).by_grade.items()
        if number
    )


def _finding(parts: Sequence[OutcomePart]) -> str:
    missing = [_(part.subject.label) for part in parts if not part.rows]
    if not parts:
        return _("Hồ sơ này không có kết quả nào phải ghi kèm.")
    if missing:
        return _("Chưa ghi: %s.") % "; ".join(missing)
    return _("Đã ghi đủ kết quả kèm hồ sơ.")


# --- a whole cycle -------------------------------------------------------------------------------


@dataclass(frozen=True)
class MembersRow:
    dossier: Dossier
    numbers: tuple[tuple[str, str], ...]  # each with the heading of its column
    total: str
    registered: str
    differs: bool


@require_safe
@needs(SEE)
def cycle_members(request: ViewerRequest, cycle_id: UUID) -> HttpResponse:
    """The members of every cell of a cycle by grade: counts only."""
    viewer = request.viewer
    one = cycle_visible(viewer, cycle_id)
    check_committee(viewer, one)
    seen = dossiers_visible(viewer).filter(cycle=one).select_related("cycle").order_by("pk")
    named = sorted(seen, key=lambda cell: name_key(cell.name))
    cells = [cell for cell in named if OutcomeSubject.MEMBERS in subjects_for(cell)]
    units = [cell.unit_id for cell in cells]
    found, known = outcomes_of(units, one.year), registered(units, one.on)
    told = {cell.pk: found.get((cell.unit_id, OutcomeSubject.MEMBERS)) for cell in cells}
    counted = [counts_of(outcome) for outcome in told.values() if outcome]
    context = {
        "cycle": one,
        "rows": [_members_row(cell, told[cell.pk], known.get(cell.unit_id)) for cell in cells],
        "grades": [str(BRIEF[grade]) for grade in OutcomeGrade],
        "finding": _members_finding(len(cells), counted, one.year),
        "cap": _cap(one, counted, len(cells)),
    }
    return render(request, "evaluation/members.html", context)


def _members_row(cell: Dossier, outcome: YearOutcome | None, known: int | None) -> MembersRow:
    counts = counts_of(outcome) if outcome else None
    return MembersRow(
        cell,
        tuple((str(BRIEF[grade]), _number(counts, grade)) for grade in OutcomeGrade),
        number_vi(counts.total) if counts else "–",
        "–" if known is None else number_vi(known),
        counts is not None and known is not None and counts.total != known,
    )


def _number(counts: Counts | None, grade: OutcomeGrade) -> str:
    return "–" if counts is None else number_vi(counts.by_grade.get(grade, 0))


def _members_finding(cells: int, counted: Sequence[Counts], year: int) -> str:
    if not cells:
        return _("Kỳ này không có chi bộ nào; đảng viên ghi ở kỳ của cấp ủy cơ sở.")
    rated = sum(one.rated for one in counted)
    good = sum(one.at_least(OutcomeGrade.GOOD) for one in counted)
    return _(
        "%(told)s trong %(cells)s chi bộ đã ghi kết quả năm %(year)s: %(good)s trong %(rated)s "
        "đảng viên được xếp loại hoàn thành tốt trở lên."
    ) % {
        "told": number_vi(len(counted)), "cells": number_vi(cells), "year": year,
        "good": number_vi(good), "rated": number_vi(rated),
    }  # fmt: skip


def _cap(cycle: Cycle, counted: Sequence[Counts], cells: int) -> str:
    """Excellent members against the cap, which counts within one grassroots organisation."""
    kind = UnitVersion.objects.filter(unit_id=cycle.unit_id, valid__contains=cycle.on)
    if kind.values_list("kind", flat=True).first() not in _ONE_ORGANISATION or not counted:
        return ""
    quota, method = (rule_value(cycle.rules, key) for key in (ExcellentQuota.key, QuotaMethod.key))
    if not isinstance(quota, ExcellentQuota) or not isinstance(method, QuotaMethod):
        return _("Năm %s chưa có quy định về tỷ lệ xuất sắc trong bộ quy định.") % cycle.year
    best = sum(one.at_least(OutcomeGrade.EXCELLENT) for one in counted)
    cap = cap_of(sum(one.at_least(OutcomeGrade.GOOD) for one in counted), quota, method.rounding)
    said = _("%(best)s đảng viên xuất sắc; %(percent)s%% của %(base)s là %(places)s.") % {
        "best": number_vi(best), "percent": cap.percent, "base": number_vi(cap.base),
        "places": number_vi(cap.places),
    }  # fmt: skip
    if best > cap.places:
        said += " " + _("Vượt %s: xem lại với từng chi bộ trước khi quyết định.") % number_vi(
            best - cap.places
        )
    if len(counted) < cells:
        said += " " + _("Còn chi bộ chưa ghi nên số này chưa đủ.")
    return said
