"""The form of an inspection: who, when, by which document, and twelve months as rows.

What a row says was reported is shown beside it; nothing of what was seen is ever pre-filled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.periods import month_label, month_slug, parse_month
from vungmanh.core.vocabulary import InspectionKind, ReportedThen, Verdict
from vungmanh.meetings.actions.inspections import FIELDS, InspectionWish, Seen
from vungmanh.meetings.inspections import MonthToInspect
from vungmanh.meetings.models import Inspection
from vungmanh.meetings.models.inspections import BASIS, BODY, DOCUMENT, NUMBER


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        **more,
    )


@dataclass(frozen=True)
class Row:
    """One month of the form: what was reported, and the fields for what was seen."""

    month: dt.date
    reported: ReportedThen
    words: str
    verified: BoundField
    basis: BoundField


class InspectionForm(forms.Form):
    """One inspection. Months that are left blank were not looked at."""

    kind = forms.ChoiceField(label=gettext_lazy("Hình thức"), widget=forms.RadioSelect)
    body = forms.CharField(
        label=gettext_lazy("Ai kiểm tra, giám sát"),
        max_length=BODY,
        help_text=gettext_lazy("Ví dụ: Ủy ban Kiểm tra Đảng ủy xã."),
    )
    document = forms.CharField(
        label=gettext_lazy("Số, ngày kế hoạch hoặc quyết định"), max_length=DOCUMENT
    )
    on = _day(gettext_lazy("Ngày kiểm tra"))
    first_month = forms.ChoiceField(label=gettext_lazy("Xem từ tháng"))
    last_month = forms.ChoiceField(label=gettext_lazy("Đến hết tháng"))
    basis = forms.CharField(
        label=gettext_lazy("Dựa vào đâu, chung cho các tháng"),
        max_length=BASIS,
        required=False,
        help_text=gettext_lazy(
            "Ví dụ: sổ biên bản, hỏi ba đảng viên. Tháng nào khác thì ghi ở dòng của tháng ấy."
            " Không ghi nhận xét về từng người."
        ),
    )
    conclusion_number = forms.CharField(
        label=gettext_lazy("Số kết luận, nếu đã có"), max_length=NUMBER, required=False
    )
    conclusion_on = _day(gettext_lazy("Ngày kết luận"), required=False)
    conclusion_issuer = forms.CharField(
        label=gettext_lazy("Nơi ban hành kết luận"), max_length=BODY, required=False
    )
    reason = forms.CharField(label=gettext_lazy("Vì sao sửa"), max_length=BASIS)

    def __init__(
        self, data: Any = None, *, months: list[MonthToInspect], known: Inspection | None = None
    ) -> None:
        super().__init__(data, initial=_initial(months, known))
        self.months = months
        if known is None:
            del self.fields["reason"]
        slugs = [(month_slug(one.month), month_label(one.month)) for one in months]
        choices = {
            "kind": [(one.value, _(one.label)) for one in InspectionKind],
            "first_month": slugs,
            "last_month": slugs,
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]
        for one in months:
            self._add_month(one)

    def _add_month(self, one: MonthToInspect) -> None:
        slug, label = month_slug(one.month), month_label(one.month)
        self.fields[f"month-{slug}"] = forms.ChoiceField(
            label=_("Kiểm tra thấy, %(month)s") % {"month": label},
            choices=[("", _("Không xem")), *[(v.value, _(v.label)) for v in Verdict]],
            required=False,
        )
        self.fields[f"basis-{slug}"] = forms.CharField(
            label=_("Dựa vào đâu, %(month)s") % {"month": label}, max_length=BASIS, required=False
        )

    @property
    def head(self) -> list[BoundField]:
        """The fields above the months."""
        return [self[name] for name in ("kind", "body", "document", "on",
                                        "first_month", "last_month", "basis")]  # fmt: skip

    @property
    def foot(self) -> list[BoundField]:
        """The fields below the months."""
        names = ["conclusion_number", "conclusion_on", "conclusion_issuer"]
        return [self[name] for name in [*names, *(["reason"] if "reason" in self.fields else [])]]

    @property
    def rows(self) -> list[Row]:
        return [self._row(one) for one in self.months]

    def _row(self, one: MonthToInspect) -> Row:
        slug = month_slug(one.month)
        words = _(one.reported.label) if one.is_due else _("Không phải họp")
        return Row(one.month, one.reported, words, self[f"month-{slug}"], self[f"basis-{slug}"])

    def wish(self) -> InspectionWish:
        """What was recorded, once the form is valid."""
        told = self.cleaned_data
        return InspectionWish(
            kind=InspectionKind(told["kind"]),
            body=told["body"],
            on=told["on"],
            first_month=parse_month(told["first_month"]),
            last_month=parse_month(told["last_month"]),
            document=told["document"],
            conclusion_number=told["conclusion_number"],
            conclusion_on=told["conclusion_on"],
            conclusion_issuer=told["conclusion_issuer"],
            months=dict(self._seen(told)),
        )

    def _seen(self, told: dict[str, Any]) -> Iterable[tuple[dt.date, Seen]]:
        for one in self.months:
            slug = month_slug(one.month)
            if verdict := told[f"month-{slug}"]:
                yield one.month, Seen(Verdict(verdict), told[f"basis-{slug}"] or told["basis"])


def _initial(months: list[MonthToInspect], known: Inspection | None) -> dict[str, Any]:
    """The months looked at; of a record that is corrected, what it says."""
    ends = months[0].month, months[-1].month
    if known is None:
        return {"first_month": month_slug(ends[0]), "last_month": month_slug(ends[1])}
    said = {name: getattr(known, name) for name in FIELDS}
    said |= {name: month_slug(said[name]) for name in ("first_month", "last_month")}
    for row in known.months.all():
        slug = month_slug(row.month)
        said |= {f"month-{slug}": row.verified, f"basis-{slug}": row.basis}
    return said
