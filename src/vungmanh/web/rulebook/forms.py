"""Forms of the province's own rules: the document they are adopted with, and why they end."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vungmanh.org.actions.own_rules import Paper
from vungmanh.web.people.forms import ReasonForm

_DAY = {
    "widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    "input_formats": ["%Y-%m-%d", "%d/%m/%Y"],
}


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, help_text=help_text, required=required, **_DAY)  # type: ignore[arg-type]


class PaperForm(forms.Form):
    """Which document, and from when. Nothing is filled in beforehand."""

    issuer = forms.CharField(
        label=_("Nơi ban hành"), max_length=200, help_text=_("Ví dụ: Ban Thường vụ Tỉnh ủy.")
    )
    type = forms.CharField(
        label=_("Loại văn bản"), max_length=60, help_text=_("Ví dụ: Quyết định, Hướng dẫn.")
    )
    number = forms.CharField(label=_("Số văn bản"), max_length=60)
    issued_on = _day(_("Ngày văn bản"))
    valid_from = _day(
        _("Hiệu lực từ ngày"), _("Các kỳ kết thúc từ ngày này trở đi được xét theo quy định mới.")
    )
    valid_to = _day(_("Hết hiệu lực từ ngày"), _("Để trống nếu chưa định."), required=False)
    note = forms.CharField(
        label=_("Ghi chú"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def paper(self) -> Paper:
        names = (
            "issuer", "type", "number", "issued_on", "valid_from", "valid_to", "note"
        )  # fmt: skip
        return Paper(**{name: self.cleaned_data[name] for name in names})


class EndRuleForm(ReasonForm):
    """The first day on which the rule does not hold any more, and why."""

    valid_to = _day(_("Hết hiệu lực từ ngày"), _("Ngày đầu tiên không còn áp dụng."))
    field_order = ["valid_to", "reason"]


class AcceptForm(PaperForm):
    """A sheet of which the checker has something to say is adopted with a reason."""

    because = forms.CharField(
        label=_("Vì sao vẫn dùng khi còn điều cần lưu ý"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SheetForm(forms.Form):
    """A scoring sheet as text. `seen` tells which state was edited."""

    title = forms.CharField(label=_("Tên bảng điểm"), max_length=200)
    text = forms.CharField(
        label=_("Nội dung"),
        max_length=60_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 32, "spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("Mỗi dòng một mục, thụt vào như mẫu. Bên cạnh là kết quả kiểm tra."),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def clean_seen(self) -> dt.datetime:
        try:
            return dt.datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            raise forms.ValidationError(_("Tải lại trang rồi sửa tiếp.")) from None
