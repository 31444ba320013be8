"""Forms of choosing whom to strengthen. What was typed becomes values; the actions decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.errors import InputError
from vungmanh.core.periods import month_label, month_slug, parse_month
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import Sector
from vungmanh.rulebook.values.programmes import GreyZone
from vungmanh.strengthening.actions.choosing_hand import (
    MOST_PLACES,
    Grounds,
    over_plan_words,
    sentence,
)
from vungmanh.strengthening.choosing import Asked
from vungmanh.strengthening.models.selections import REASON, TEXT

#: Kinds of organisation of which at least so many may be asked for.
KINDS = tuple(one for one in Sector if one is not Sector.COMMITTEE)
IN, OUT = "dua-vao", "dua-ra"
YES, NO = "chap-nhan", "khong"


class SelectionForm(forms.Form):
    """What a committee asks of one choosing, beside the rule in force."""

    year = forms.TypedChoiceField(
        label=gettext_lazy("Năm củng cố"),
        coerce=int,
        help_text=gettext_lazy("Một năm trong các năm của đề án."),
    )
    month = forms.TypedChoiceField(
        label=gettext_lazy("Dựa vào kết quả nhận diện"),
        coerce=parse_month,
        help_text=gettext_lazy("Tháng đã tính; bảng lựa chọn giữ lại đúng số của tháng ấy."),
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("Số nơi chọn được"),
        min_value=1,
        max_value=MOST_PLACES,
        help_text=gettext_lazy("Sức làm được trong năm, không phải chỉ tiêu phải đủ."),
    )
    overseen_cells = forms.IntegerField(
        label=gettext_lazy("Số chi bộ có người phụ trách"),
        required=False,
        min_value=0,
        help_text=gettext_lazy(
            "Cả thảy bao nhiêu chi bộ cử được người phụ trách. Để trống: không giới hạn."
        ),
    )
    grey = forms.ChoiceField(
        label=gettext_lazy("Vùng sát ngưỡng"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Những nơi ở hai bên ngưỡng mà số liệu chưa phân biệt được. Bốc thăm thì công bằng và "
            "về sau so được; theo thứ tự thì thứ tự ấy có thể do ngẫu nhiên."
        ),
    )

    over_plan = forms.CharField(
        label=gettext_lazy("Vì sao chọn nhiều hơn số đề án dự kiến"),
        required=False,
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Chỉ ghi khi số nơi vượt số của đề án; lý do giữ cùng danh sách."),
    )
    redraw = forms.CharField(
        label=gettext_lazy("Vì sao bốc thăm lại"),
        required=False,
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Lập lại danh sách vẫn dùng số gốc đã bốc. Chỉ ghi khi phải bốc lại từ số gốc mới."
        ),
    )

    def __init__(
        self, data: Any = None, *, years: Sequence[int], months: Sequence[dt.date],
        grey: GreyZone, planned: int | None = None,
    ) -> None:  # fmt: skip
        known = {"grey": grey.value, "capacity": planned}
        super().__init__(data, initial=known, label_suffix="")
        self.planned = planned
        if planned:
            said = _("Đề án dự kiến cấp này chọn %(n)s nơi một năm.") % {"n": number_vi(planned)}
            self.fields["capacity"].help_text = f"{said} {self.fields['capacity'].help_text}"
        self.fields["year"].choices = [(str(year), str(year)) for year in years]  # type: ignore[attr-defined]
        self.fields["month"].choices = [  # type: ignore[attr-defined]
            (month_slug(month), month_label(month)) for month in months
        ]
        self.fields["grey"].choices = [(one.value, _(one.label)) for one in GreyZone]  # type: ignore[attr-defined]
        for kind in KINDS:
            self.fields[f"least_{kind.value}"] = forms.IntegerField(
                label=_(kind.label), required=False, min_value=0, max_value=MOST_PLACES
            )

    def clean(self) -> None:
        """What the choosing would refuse one by one is told at once."""
        clean, planned = self.cleaned_data, self.planned
        over = planned is not None and (clean.get("capacity") or 0) > planned
        if over and planned and not clean.get("over_plan", "").strip():
            self.add_error("over_plan", over_plan_words(planned))
        for field, counts in (("over_plan", over), ("redraw", True)):
            if counts and clean.get(field, "").strip():
                _check_sentence(self, field)

    @property
    def head(self) -> list[forms.BoundField]:
        names = ("year", "month", "capacity", "overseen_cells", "grey", "over_plan", "redraw")
        return [self[name] for name in names]

    @property
    def least(self) -> list[forms.BoundField]:
        return [self[f"least_{kind.value}"] for kind in KINDS]

    def grounds(self) -> Grounds:
        return Grounds(self.cleaned_data["over_plan"], self.cleaned_data["redraw"])

    def asked(self) -> Asked:
        clean = self.cleaned_data
        least = {kind.value: clean[f"least_{kind.value}"] for kind in KINDS}
        return Asked(
            capacity=clean["capacity"],
            overseen_cells=clean["overseen_cells"],
            least_of_kind={kind: count for kind, count in least.items() if count},
            grey=GreyZone(clean["grey"]),
        )


def _said(label: Any, help_text: Any = "", *, longest: int = REASON) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=help_text,
    )


def _check_sentence(form: forms.Form, field: str, longest: int = REASON) -> None:
    """Put what is wrong with a reason at its field, beside every other error."""
    try:
        sentence(form.cleaned_data[field], field, longest)
    except InputError as error:
        form.add_error(field, error.message)


class Worded(forms.Form):
    """A form whose words are looked at together with its other fields."""

    worded = "reason"
    longest = REASON

    def clean(self) -> None:
        if self.worded in self.cleaned_data:
            _check_sentence(self, self.worded, self.longest)


class ReasonForm(Worded):
    """Why a selection is taken back."""

    reason = _said(gettext_lazy("Lý do"), gettext_lazy("Danh sách vẫn đọc được, kèm lý do này."))


class ReturnForm(Worded):
    """Why a selection goes back to who put it forward."""

    reason = _said(
        gettext_lazy("Lý do trả lại"),
        gettext_lazy("Người trình đọc nguyên văn ở đầu danh sách: chỗ nào, phải làm gì tiếp."),
    )


class OverrideForm(Worded):
    """Taking one unit in or leaving it out against the rule."""

    way = forms.ChoiceField(label=gettext_lazy("Quyết định khác tiêu chí"))
    reason = _said(
        gettext_lazy("Lý do"),
        gettext_lazy("Ghi cùng tên người quyết định, giữ mãi và in vào tờ trình."),
    )

    def __init__(self, data: Any = None, *, is_in: bool) -> None:
        super().__init__(data, label_suffix="")
        way = (OUT, _("Đưa ra khỏi danh sách")) if is_in else (IN, _("Đưa vào danh sách"))
        # The one thing that changes the list: chosen already, and still read before the reason.
        self.fields["way"] = forms.ChoiceField(
            label=self.fields["way"].label, choices=[way], initial=way[0],
            widget=forms.RadioSelect,
        )  # fmt: skip


class AppealForm(Worded):
    """What a unit says against being chosen, or left out."""

    worded, longest = "text", TEXT

    text = _said(
        gettext_lazy("Kiến nghị"),
        gettext_lazy("Nêu chỗ số liệu chưa đúng hoặc việc đã tự khắc phục, kèm văn bản."),
        longest=TEXT,
    )


class AnswerForm(Worded):
    """The answer to an appeal."""

    worded, longest = "answer", TEXT

    granted = forms.ChoiceField(label=gettext_lazy("Trả lời"), widget=forms.RadioSelect)
    answer = _said(
        gettext_lazy("Vì sao"), gettext_lazy("Đơn vị đọc được nguyên văn."), longest=TEXT
    )

    def __init__(self, data: Any = None, *, was_chosen: bool) -> None:
        super().__init__(data, label_suffix="")
        self.fields["granted"].choices = (
            [  # type: ignore[attr-defined]
                (YES, _("Chấp nhận: đưa đơn vị ra khỏi danh sách, khép hồ sơ củng cố")),
                (NO, _("Không chấp nhận: giữ việc chọn")),
            ]
            if was_chosen
            else [
                (YES, _("Chấp nhận: đưa đơn vị vào danh sách, lập hồ sơ củng cố")),
                (NO, _("Không chấp nhận: giữ việc không chọn")),
            ]
        )
