"""Forms of lists from Excel: the file, what its columns mean, what for a list in full."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.personal import FIELDS
from vungmanh.outputs.members.models import MemberColumn
from vungmanh.web.tasks.forms import day

COLUMN = "cot-"  # name of the field of a heading, by its place


class ListForm(forms.Form):
    """A file to read beside the register."""

    file = forms.FileField(
        label=gettext_lazy("Tệp danh sách đảng viên"),
        help_text=gettext_lazy(
            "Excel (.xlsx, .xls), LibreOffice (.ods) hoặc CSV, nhiều nhất 20.000 dòng. Tệp đọc"
            " xong là bỏ, không giữ lại."
        ),
    )
    from_day = day(
        gettext_lazy("Người mới có tên trong danh sách từ ngày"),
        help_text=gettext_lazy("Ngày chi bộ bắt đầu ghi theo tên, hoặc hôm nay."),
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Diện, khi tệp không ghi"),
        help_text=gettext_lazy("Chỉ dùng cho người mới mà tệp không có cột diện."),
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, today: dt.date,
        headings: list[tuple[str, str]] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, files)
        self.fields["from_day"].initial = today
        self.fields["status"].choices = [  # type: ignore[attr-defined]
            (one.value, _(one.label)) for one in MembershipStatus
        ]
        self.headings = [text for text, _column in headings or []]
        choices = [("", _("Không dùng")), *((one.value, _(one.label)) for one in MemberColumn)]
        for place, (text, column) in enumerate(headings or []):
            self.fields[f"{COLUMN}{place}"] = forms.ChoiceField(
                label=text, required=False, choices=choices, initial=column
            )

    def columns(self) -> dict[str, str]:
        """What each heading means, as the form says."""
        return {
            text: self.cleaned_data[f"{COLUMN}{place}"] for place, text in enumerate(self.headings)
        }


class FieldForm(forms.Form):
    """One field, taken or left in every row in which file and register differ."""

    field = forms.ChoiceField(label=gettext_lazy("Mục"))

    def __init__(self, data: Any = None, *, differing: dict[str, tuple[int, int]]) -> None:
        super().__init__(data)
        words = _("%(field)s: khác ở %(n)s dòng, đã nhận %(taken)s")
        self.fields["field"].choices = [  # type: ignore[attr-defined]
            (name, words % {"field": _(FIELDS[name].label), "n": number_vi(differs),
                            "taken": number_vi(taken)})
            for name, (differs, taken) in differing.items()
        ]  # fmt: skip


class PurposeForm(forms.Form):
    """What masked fields are needed in full for."""

    purpose = forms.CharField(
        label=gettext_lazy("Cần đủ các mục để làm gì"),
        max_length=300,
        help_text=gettext_lazy("Nhật ký giữ ai xem, xem của những ai, mục nào, để làm gì."),
    )
