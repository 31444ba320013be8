"""Forms of the roll: names on and off for a committee, one member of a cell."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.people_words import MembershipEnd
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.actions.people import WAYS
from vungmanh.web.people.forms import ReasonForm


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, help_text=help_text, required=required, input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Ngày này không có trong lịch; ghi lại.")},
    )  # fmt: skip


class SwitchForm(forms.Form):
    """By which document names are switched on, and from which day."""

    document = forms.CharField(
        label=gettext_lazy("Số, ngày văn bản của cấp ủy"), max_length=200,
        help_text=gettext_lazy("Không có văn bản thì ghi theo số, không ghi tên."),
    )  # fmt: skip
    from_day = _day(gettext_lazy("Từ ngày"))


class OffForm(ReasonForm):
    """Why names are switched off, and whether those kept are erased."""

    erase = forms.BooleanField(
        label=gettext_lazy("Xóa luôn các tên đã ghi; số liệu các buổi họp giữ nguyên"),
        required=False,
    )


class MemberForm(forms.Form):
    """Somebody on the list: a name and a standing, from a day on. Nothing else is asked."""

    name = forms.CharField(
        label=gettext_lazy("Họ tên"), max_length=120,
        help_text=gettext_lazy("Chỉ họ tên để điểm danh; không ghi số thẻ, ngày sinh."),
    )  # fmt: skip
    status = forms.ChoiceField(label=gettext_lazy("Diện"))
    from_day = _day(gettext_lazy("Từ ngày"))

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        labels = [(one.value, _(one.label)) for one in MembershipStatus]
        self.fields["status"].choices = labels  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What was asked for, once the form is valid."""
        told = dict(self.cleaned_data)
        return told | {"status": MembershipStatus(told["status"])}


class ChangeForm(MemberForm):
    """Another name or standing; of an exemption the day on which it ends."""

    until = _day(
        gettext_lazy("Miễn sinh hoạt đến ngày"),
        gettext_lazy("Chỉ ghi khi diện là được miễn; hết hạn thì nhắc ở mục Cần xem lại."),
        required=False,
    )
    document = forms.CharField(
        label=gettext_lazy("Số, ngày quyết định (đình chỉ sinh hoạt)"),
        max_length=200,
        required=False,
    )

    def values(self) -> dict[str, Any]:
        told = super().values()
        exempt = told["status"] is MembershipStatus.EXEMPT
        return told | {"until": told["until"] if exempt else None}


class EndForm(ReasonForm):
    """From which day somebody is off the list, in which way, and why."""

    on = _day(gettext_lazy("Không còn trong danh sách từ ngày"))
    way = forms.ChoiceField(
        label=gettext_lazy("Vì sao không còn"),
        help_text=gettext_lazy("Chuyển đi nơi khác thì ghi ở mục Chuyển sinh hoạt."),
    )
    document = forms.CharField(
        label=gettext_lazy("Số, ngày quyết định (xóa tên, khai trừ)"),
        max_length=200,
        required=False,
    )
    field_order = ["on", "way", "document", "reason"]

    def __init__(self, data: Any = None, *, today: dt.date) -> None:
        super().__init__(data, initial={"on": today})
        only_list = _("Chỉ sửa danh sách, số đảng viên giữ nguyên")
        # Nothing is chosen beforehand: a death left as a correction of the list stays counted.
        self.fields["way"].choices = [  # type: ignore[attr-defined]
            ("", _("Chọn lý do")),
            *((one.value, only_list if one is MembershipEnd.OTHER else _(one.label))
              for one in WAYS),
        ]  # fmt: skip

    def values(self) -> dict[str, Any]:
        """What was asked for, once the form is valid."""
        return dict(self.cleaned_data) | {"way": MembershipEnd(self.cleaned_data["way"])}
