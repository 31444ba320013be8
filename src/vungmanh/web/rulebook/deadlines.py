"""The days of the yearly rating as a rule of the province, typed in one form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from vungmanh.core.errors import InputError
from vungmanh.core.vocabulary import DossierAct
from vungmanh.evaluation.actions.deadlines import adopt_deadlines, read_deadline
from vungmanh.evaluation.board import TIMED
from vungmanh.org.actions.own_rules import ADOPT
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.cycles import GradeDeadlines, StepDeadline
from vungmanh.web.access import needs
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.rulebook.forms import PaperForm
from vungmanh.web.rulebook.own import tried_action

NEXT = "-sau"  # ends the name of the box “next year”


class DeadlinesForm(PaperForm):
    """The last day of each step, then the document. Nothing is filled in beforehand."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        for act in TIMED:
            self.fields[act.value] = forms.CharField(
                label=_(act.label), required=False, max_length=8,
                help_text=_("Ngày/tháng, ví dụ 5/12. Bước không có hạn thì để trống."),
            )  # fmt: skip
            self.fields[f"{act.value}{NEXT}"] = forms.BooleanField(
                label=_("%s: ngày ấy thuộc năm sau năm xếp loại") % _(act.label), required=False
            )
        self.fields["valid_from"].help_text = _("Kỳ mở từ ngày này trở đi lấy hạn mới.")
        days = [name for act in TIMED for name in (act.value, f"{act.value}{NEXT}")]
        self.order_fields([*days, *PaperForm.base_fields])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        self.days: dict[DossierAct, StepDeadline] = {}
        for act in TIMED:
            try:
                found = read_deadline(
                    act, said.get(act.value, ""), next_year=bool(said.get(f"{act.value}{NEXT}"))
                )
            except InputError as error:
                self.add_error(act.value, error.message[:1].upper() + error.message[1:])
                continue
            if found is not None:
                self.days[act] = found
        return said


@require_http_methods(["GET", "HEAD", "POST"])
@needs(ADOPT)
def deadlines_adopt(request: ViewerRequest) -> HttpResponse:
    """Lay down the days of the steps with a document of the province."""
    form = DeadlinesForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        adopted = tried_action(
            form,
            lambda: adopt_deadlines(
                days=form.days, paper=form.paper(), by=request.viewer, at=timezone.now()
            ),
        )
        if adopted is not None:
            messages.success(request, _("Đã đưa hạn các bước vào dùng; kỳ đã mở giữ hạn cũ."))
            return redirect("own_rule", adopted.pk)
    view = load_rulebook().on(request.as_of)
    present = view.rule(GradeDeadlines.key) if view.has(GradeDeadlines.key) else None
    context = {"form": form, "present": present, "step": gettext_lazy("Hạn các bước xếp loại")}
    return render(request, "rulebook/deadlines.html", context, status=422 if form.errors else 200)
