"""What is asked when a supplied form is kept, mapped, replaced or taken out of use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.outputs.supplied.actions import LONGEST_NAME, LONGEST_TEXT
from vungmanh.outputs.supplied.catalogue import figures_for
from vungmanh.outputs.supplied.models import FormPurpose

_FILE = gettext_lazy("Tệp mẫu (.xlsx)")
_FILE_HELP = gettext_lazy("Tệp Excel đúng như nơi ban hành gửi, nặng nhất 10 MB, không macro.")


class _Form(forms.Form):
    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, label_suffix="")


def _file() -> forms.FileField:
    return forms.FileField(
        label=_FILE, help_text=_FILE_HELP, widget=forms.ClearableFileInput({"accept": ".xlsx"})
    )


class KeepForm(_Form):
    """A template and what it is about."""

    name = forms.CharField(
        label=gettext_lazy("Tên mẫu"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("Ví dụ: Biểu 02 tổng hợp xếp loại. Tên để tìm, không in vào biểu."),
    )
    purpose = forms.ChoiceField(label=gettext_lazy("Số liệu lấy từ"), choices=FormPurpose.choices())
    file = _file()


class ReplaceForm(_Form):
    """The template of another year."""

    file = _file()


class MapForm(_Form):
    """One cell and the figure that goes into it."""

    figure = forms.ChoiceField(label=gettext_lazy("Số liệu"))
    text = forms.CharField(
        label=gettext_lazy("Chữ ghi sẵn"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=gettext_lazy("Chỉ gõ khi chọn “Chữ ghi sẵn”."),
    )
    sheet = forms.ChoiceField(label=gettext_lazy("Trang"), required=False)
    cell = forms.CharField(
        label=gettext_lazy("Ô"),
        max_length=255,
        help_text=gettext_lazy(
            "Ví dụ C7, hoặc tên ô mà mẫu đặt sẵn. Danh sách thì ghi ô đầu, các dòng đi xuống."
        ),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, purpose: FormPurpose, sheets: Iterable[str], data: Any = None) -> None:
        super().__init__(data)
        figures = [(one.code, _(one.label)) for one in figures_for(purpose)]
        self.fields["figure"] = forms.ChoiceField(
            label=_("Số liệu"), choices=[("", _("Chưa chọn")), *figures]
        )
        self.fields["sheet"] = forms.ChoiceField(
            label=_("Trang"), choices=[(name, name) for name in sheets], required=False
        )
        self.order_fields(["figure", "text", "sheet", "cell"])


class RemoveForm(_Form):
    """Why a form is taken out of use."""

    reason = forms.CharField(
        label=gettext_lazy("Vì sao bỏ mẫu này"),
        max_length=300,
        help_text=gettext_lazy("Ví dụ: cấp trên đã thay mẫu khác. Mẫu đã nhận vẫn lưu lại."),
    )
