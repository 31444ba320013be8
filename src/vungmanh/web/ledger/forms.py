"""Forms of the ledger: excusing and postponing with a document, and taking it back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.periods import add_months, month_label, month_slug, parse_month
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import ObligationKind, Relief, ReliefCause
from vungmanh.meetings.actions.excuses import Wish
from vungmanh.web.people.forms import ReasonForm

BACK, AHEAD = 24, 12  # months to choose from, before and after the one looked at

_MEANS = {
    Relief.EXCUSED: gettext_lazy("không phải làm kỳ ấy nữa"),
    Relief.POSTPONED: gettext_lazy("vẫn phải làm, được làm bù đến tháng đã hẹn"),
}


class ExcuseForm(forms.Form):
    """What is granted, for which months, by which document."""

    relief = forms.ChoiceField(label=gettext_lazy("Miễn hay hoãn"), widget=forms.RadioSelect)
    duty = forms.ChoiceField(label=gettext_lazy("Việc được miễn, hoãn"))
    first_month = forms.ChoiceField(label=gettext_lazy("Từ tháng"))
    last_month = forms.ChoiceField(label=gettext_lazy("Đến hết tháng"))
    until = forms.ChoiceField(
        label=gettext_lazy("Nếu hoãn: làm bù chậm nhất trong tháng"),
        required=False,
        help_text=gettext_lazy("Họp bù trong hạn này thì tính cho đúng kỳ của nó."),
    )
    cause = forms.ChoiceField(label=gettext_lazy("Vì lẽ gì"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Nói rõ một câu"),
        max_length=300,
        help_text=gettext_lazy("Ví dụ: ngập đường, chia cắt thôn từ ngày 9/9."),
    )
    document = forms.CharField(
        label=gettext_lazy("Số, ngày văn bản của cấp trên"),
        max_length=200,
        help_text=gettext_lazy("Không có văn bản thì không miễn, không hoãn."),
    )
    granted_on = forms.DateField(
        label=gettext_lazy("Ngày văn bản"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )

    def __init__(self, data: Any = None, *, month: dt.date) -> None:
        super().__init__(data, initial={"first_month": month_slug(month)})
        months = [add_months(month, n) for n in range(AHEAD, -BACK - 1, -1)]
        slugs = [(month_slug(one), month_label(one)) for one in months]
        choices = {
            "relief": [(one.value, f"{_(one.label)}: {_MEANS[one]}") for one in Relief],
            "duty": [(one.value, _(one.label)) for one in ObligationKind],
            "first_month": slugs,
            "last_month": [("", _("Chọn tháng")), *slugs],
            "until": [("", _("Không hoãn")), *slugs[::-1]],
            "cause": [(one.value, _(one.label)) for one in ReliefCause],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]

    def wish(self) -> Wish:
        """What was asked for, once the form is valid."""
        told = self.cleaned_data
        return Wish(
            duty=ObligationKind(told["duty"]),
            first_month=parse_month(told["first_month"]),
            last_month=parse_month(told["last_month"]),
            relief=Relief(told["relief"]),
            until=parse_month(told["until"]) if told["until"] else None,
            cause=ReliefCause(told["cause"]),
            reason=told["reason"],
            document=told["document"],
            granted_on=told["granted_on"],
        )


class WithdrawForm(ReasonForm):
    """Why, and for whom: one unit or all that the decision was for."""

    whole = forms.ChoiceField(
        label=gettext_lazy("Rút lại cho ai"), widget=forms.RadioSelect, required=False
    )

    field_order = ["whole", "reason"]

    def __init__(self, data: Any = None, *, name: str, units: int) -> None:
        super().__init__(data)
        every = _("Cả %(n)s đơn vị của cùng văn bản, cùng lần ghi") % {"n": number_vi(units)}
        self.fields["whole"].choices = [  # type: ignore[attr-defined]
            ("", _("Chỉ %(unit)s") % {"unit": name}),
            ("1", every),
        ]
        if units < 2:
            del self.fields["whole"]


class ReopenForm(ReasonForm):
    """Which settled month is opened again, and why."""

    month = forms.ChoiceField(label=gettext_lazy("Tháng đã chốt"))

    field_order = ["month", "reason"]

    def __init__(self, data: Any = None, *, months: list[dt.date]) -> None:
        super().__init__(data)
        self.fields["month"].choices = [  # type: ignore[attr-defined]
            (month_slug(month), month_label(month)) for month in months
        ]


__all__ = ["ExcuseForm", "ReasonForm", "ReopenForm", "WithdrawForm"]
