"""Forms of choosing whom to strengthen. What was typed becomes values; the actions decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.periods import month_label, month_slug, parse_month
from vungmanh.core.vocabulary import Sector
from vungmanh.rulebook.values.programmes import GreyZone
from vungmanh.strengthening.actions.choosing_hand import MOST_PLACES, Grounds
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
        self, data: Any = None, *, years: Sequence[int], months: Sequence[dt.date], grey: GreyZone
    ) -> None:
        super().__init__(data, initial={"grey": grey.value}, label_suffix="")
        self.fields["year"].choices = [(str(year), str(year)) for year in years]  # type: ignore[attr-defined]
        self.fields["month"].choices = [  # type: ignore[attr-defined]
            (month_slug(month), month_label(month)) for month in months
        ]
        self.fields["grey"].choices = [(one.value, _(one.label)) for one in GreyZone]  # type: ignore[attr-defined]
        for kind in KINDS:
            self.fields[f"least_{kind.value}"] = forms.IntegerField(
                label=_(kind.label), required=False, min_value=0, max_value=MOST_PLACES
            )

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


class ReasonForm(forms.Form):
    """Why a selection is taken back."""

    reason = _said(gettext_lazy("Lý do"), gettext_lazy("Danh sách vẫn đọc được, kèm lý do này."))


class OverrideForm(forms.Form):
    """Taking one unit in or leaving it out against the rule."""

    way = forms.ChoiceField(label=gettext_lazy("Quyết định khác tiêu chí"))
    reason = _said(
        gettext_lazy("Lý do"),
        gettext_lazy("Ghi cùng tên người quyết định, giữ mãi và in vào tờ trình."),
    )

    def __init__(self, data: Any = None, *, is_in: bool) -> None:
        super().__init__(data, label_suffix="")
        ways = [(OUT, _("Đưa ra khỏi danh sách")), (IN, _("Đưa vào danh sách"))]
        self.fields["way"] = forms.ChoiceField(
            label=self.fields["way"].label, choices=ways if is_in else ways[::-1],
            widget=forms.RadioSelect,
        )  # fmt: skip


class AppealForm(forms.Form):
    """What a unit says against being chosen, or left out."""

    text = _said(
        gettext_lazy("Kiến nghị"),
        gettext_lazy("Nêu chỗ số liệu chưa đúng hoặc việc đã tự khắc phục, kèm văn bản."),
        longest=TEXT,
    )


class AnswerForm(forms.Form):
    """The answer to an appeal."""

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
