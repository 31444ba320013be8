"""Forms of programmes. What was typed becomes values; the actions decide."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.errors import InputError
from vungmanh.core.periods import parse_month
from vungmanh.core.vocabulary import UnitKind
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import MeasureCatalogue
from vungmanh.strengthening.actions.choosing_hand import LONGEST_NUMBER
from vungmanh.strengthening.actions.gate_reports import LONGEST_DOCUMENT
from vungmanh.strengthening.actions.programmes import ProgrammeText, TargetText
from vungmanh.strengthening.figures.catalogue import figures
from vungmanh.strengthening.models import Programme, ProgrammeTarget
from vungmanh.strengthening.models.programmes import LINE, TEXT, TITLE
from vungmanh.strengthening.programme_figures import is_by_hand
from vungmanh.web.tasks.forms import day

#: The kinds of committee that may choose, from the province down.
CHOOSERS = (
    UnitKind.DANG_BO_TINH,
    UnitKind.DANG_BO_HUYEN,
    UnitKind.DANG_BO_CAP_TREN,
    UnitKind.DANG_BO_XA,
    UnitKind.DANG_BO_CO_SO,
)
FIRST_ROWS, MORE_ROWS, MOST_ROWS = 3, 2, 40
_MONTH = re.compile(r"(\d{1,2})\s*/\s*(\d{4})")
RISE, FALL = "tang", "giam"


def uncut(form: forms.Form) -> None:
    """Let the browser take what is too long, so that it is refused in words and never cut short."""
    for field in form.fields.values():
        field.widget.attrs.pop("maxlength", None)


class ProgrammeForm(forms.Form):
    """What a programme says, but for its targets."""

    title = forms.CharField(
        label=gettext_lazy("Tên đề án"),
        max_length=TITLE,
        help_text=gettext_lazy("Ví dụ: Củng cố tổ chức cơ sở đảng yếu, giai đoạn 2026–2030."),
    )
    first_year = forms.IntegerField(label=gettext_lazy("Năm đầu"), min_value=2010, max_value=2100)
    last_year = forms.IntegerField(
        label=gettext_lazy("Năm cuối"),
        min_value=2010,
        max_value=2100,
        help_text=gettext_lazy("Mốc báo cáo được đặt theo các năm này khi lập đề án."),
    )
    weaknesses = forms.CharField(
        label=gettext_lazy("Hạn chế phải nói thẳng"),
        required=False,
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "Mỗi dòng một hạn chế, kèm con số và nơi có con số ấy. Không ghi tên người."
        ),
    )
    measures = forms.MultipleChoiceField(
        label=gettext_lazy("Biện pháp của đề án"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Biện pháp cho từng nơi do hồ sơ của nơi ấy ghi, theo nguyên nhân."),
    )

    def __init__(
        self, data: Any = None, *, known: Programme | None = None, on: dt.date,
        there: Collection[UnitKind] = (),
    ) -> None:  # fmt: skip
        """`there`: the kinds of committee that stand; those already said stay beside them."""
        super().__init__(data, initial=_initial(known) if known else None, label_suffix="")
        uncut(self)
        said = {one["kind"] for one in known.levels} if known else set()
        self.kinds = [kind for kind in CHOOSERS if not there or kind in there or kind.value in said]
        catalogue = load_rulebook().on(on).of(MeasureCatalogue)
        self.fields["measures"].choices = [  # type: ignore[attr-defined]
            (one.code, f"{_(one.text)} ({_(one.tier.label).lower()})") for one in catalogue.measures
        ]
        for kind in self.kinds:
            self.fields[f"level_{kind.value}"] = forms.IntegerField(
                label=_(kind.label), required=False, min_value=0, max_value=500
            )

    @property
    def head(self) -> list[forms.BoundField]:
        return [self[name] for name in ("title", "first_year", "last_year", "weaknesses")]

    @property
    def levels(self) -> list[forms.BoundField]:
        return [self[f"level_{kind.value}"] for kind in self.kinds]

    def said(self) -> ProgrammeText:
        clean = self.cleaned_data
        return ProgrammeText(
            title=clean["title"],
            first_year=clean["first_year"],
            last_year=clean["last_year"],
            weaknesses=clean["weaknesses"],
            levels={kind: clean[f"level_{kind.value}"] or 0 for kind in self.kinds},
            measures=clean["measures"],
        )


def _initial(known: Programme) -> dict[str, Any]:
    levels = {f"level_{one['kind']}": one["a_year"] for one in known.levels}
    names = ("title", "first_year", "last_year", "weaknesses", "measures")
    return {**{name: getattr(known, name) for name in names}, **levels}


class TargetRow(forms.Form):
    """One target. A row without words is left out."""

    text = forms.CharField(label=gettext_lazy("Phải đạt gì"), required=False, max_length=LINE)
    indicator = forms.ChoiceField(label=gettext_lazy("Đo bằng số liệu"), required=False)
    way = forms.ChoiceField(label=gettext_lazy("Tốt hơn là"))
    aim_value = forms.DecimalField(
        label=gettext_lazy("Phải đạt"), required=False, max_digits=12, decimal_places=3
    )
    due_on = day(gettext_lazy("Hạn"), required=False)
    base_value = forms.DecimalField(
        label=gettext_lazy("Khi bắt đầu"), required=False, max_digits=12, decimal_places=3
    )
    base_month = forms.CharField(
        label=gettext_lazy("Tháng của số bắt đầu"),
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"placeholder": "12/2025"}),
        help_text=gettext_lazy("Máy đo được tháng ấy thì lấy số của máy."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        uncut(self)
        self.fields["indicator"].choices = _indicators()  # type: ignore[attr-defined]
        self.fields["way"].choices = [  # type: ignore[attr-defined]
            (RISE, _("tăng lên")),
            (FALL, _("giảm xuống")),
        ]

    def clean_base_month(self) -> dt.date | None:
        said = self.cleaned_data["base_month"]
        if not said:
            return None
        typed = _MONTH.fullmatch(said.strip())
        try:
            return parse_month(f"{typed[2]}-{int(typed[1]):02d}" if typed else said)
        except InputError as error:
            raise forms.ValidationError(_("Ghi tháng và năm, ví dụ 12/2025.")) from error

    def clean(self) -> dict[str, Any]:
        clean: dict[str, Any] = super().clean() or {}
        if clean.get("text"):
            for name in ("aim_value", "due_on"):
                if clean.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Chỉ tiêu phải có mức đạt và hạn."))
        return clean

    def said(self) -> TargetText:
        clean = self.cleaned_data
        return TargetText(
            text=clean["text"],
            aim_value=clean["aim_value"],
            due_on=clean["due_on"],
            indicator=clean["indicator"],
            is_rise=clean["way"] == RISE,
            base_value=clean["base_value"],
            base_month=clean["base_month"],
        )


def _indicators() -> list[tuple[str, Any]]:
    """The figures, those that the records give for a whole apart from those told by hand."""
    measured, by_hand = [], []
    for one in figures():
        part = by_hand if is_by_hand(one.code) else measured
        part.append((one.code, f"{one.title} ({one.unit})"))
    return [
        ("", _("Không có số liệu: đo bằng tay, nhập giá trị kèm nguồn")),
        (_("Máy đo từ bản ghi cho cả phạm vi"), measured),
        (_("Chỉ có cho từng nơi: đo bằng tay, nhập giá trị kèm nguồn"), by_hand),
    ]


TargetRows = forms.formset_factory(TargetRow, extra=0, max_num=MOST_ROWS)


def _plain(value: Decimal | None) -> str:
    """A number as one types it: 90, never 9E+1 nor 90.000."""
    if value is None:
        return ""
    said = f"{value:f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def rows_of(targets: Iterable[ProgrammeTarget]) -> Any:
    """The targets as they stand, with empty rows to go on."""
    kept = [
        {
            "text": one.text,
            "indicator": one.indicator,
            "way": RISE if one.is_rise else FALL,
            "aim_value": _plain(one.aim_value),
            "due_on": one.due_on,
            "base_value": _plain(one.base_value),
            "base_month": f"{one.base_month:%m/%Y}" if one.base_month else "",
        }
        for one in targets
    ]
    return TargetRows(initial=kept + [{}] * (MORE_ROWS if kept else FIRST_ROWS))


def more_rows(posted: Any) -> Any:
    """What was typed, with more empty rows."""
    asked = posted.copy()
    total = asked.get("form-TOTAL_FORMS", "")
    count = int(total) if total.isdecimal() else FIRST_ROWS
    asked["form-TOTAL_FORMS"] = str(min(count + MORE_ROWS, MOST_ROWS))
    return TargetRows(asked)


def targets_of(rows: Any) -> list[tuple[int, TargetText]]:
    """The rows that say something, each with its place on the page."""
    return [
        (place, row.said())
        for place, row in enumerate(rows)
        if row.cleaned_data.get("text") and not row.errors
    ]


# --- acts ---------------------------------------------------------------------------------------


class ApproveForm(forms.Form):
    """The document that approves a programme or decides a selection."""

    number = forms.CharField(
        label=gettext_lazy("Số, ký hiệu quyết định"),
        max_length=LONGEST_NUMBER,
        help_text=gettext_lazy("Ví dụ 453-QĐ/TU."),
    )
    decided_on = day(gettext_lazy("Ngày quyết định"))


class ReasonForm(forms.Form):
    """Why, in words."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Nói rõ chỗ nào, phải làm gì tiếp."),
    )


class CloseForm(forms.Form):
    """The day on which a programme is summed up, and why so where something is still open."""

    closed_on = day(gettext_lazy("Ngày tổng kết"))
    reason = forms.CharField(
        label=gettext_lazy("Lý do tổng kết khi còn việc chưa xong"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Chỉ ghi khi còn lần chọn chưa quyết định hoặc thiếu báo cáo."),
    )


class ValueForm(forms.Form):
    """What a target stands at, told by hand."""

    value = forms.DecimalField(label=gettext_lazy("Giá trị"), max_digits=12, decimal_places=3)
    on = day(gettext_lazy("Ngày của giá trị"))
    source = forms.CharField(
        label=gettext_lazy("Nguồn"),
        max_length=LINE,
        help_text=gettext_lazy("Văn bản có con số, ví dụ 31-BC/VPTU. Không ghi tên người."),
    )


class GateReportForm(forms.Form):
    """What a committee reports; the figures are added by the program."""

    text = forms.CharField(
        label=gettext_lazy("Nội dung báo cáo"),
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Theo yêu cầu của mốc. Số liệu do máy ghi kèm, không phải gõ."),
    )
    document = forms.CharField(
        label=gettext_lazy("Số, ký hiệu báo cáo"),
        required=False,
        max_length=LONGEST_DOCUMENT,
        help_text=gettext_lazy("Ví dụ 12-BC/ĐU. Chưa có số thì để trống."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Vì sao báo cáo lại"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Bản sau thay bản trước; lý do giữ trong lịch sử."),
    )

    def __init__(self, data: Any = None, *, again: bool, initial: Any = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        uncut(self)
        if not again:
            del self.fields["reason"]
