"""Forms of tasks and resolutions. What was typed becomes values; the actions decide."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import ResolutionKind
from vungmanh.meetings.models import Task
from vungmanh.meetings.models.tasks import LINE, NOTE, OWNER, TITLE
from vungmanh.meetings.wishes import NUMBER, ResolutionWish, TaskWish

ROWS, MORE_ROWS = 3, 2  # rows a new resolution begins with, and how many more at a time
_FIRST_DAY, _LAST_DAY = dt.date(1900, 1, 1), dt.date(2150, 12, 31)  # what counts on stays in range
_NO_SUCH_DAY = gettext_lazy("Ngày này không có trong lịch; ghi lại.")


def day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A day, chosen in the calendar of the browser; of no century but ours."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        validators=[
            MinValueValidator(_FIRST_DAY, _NO_SUCH_DAY),
            MaxValueValidator(_LAST_DAY, _NO_SUCH_DAY),
        ],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class TaskForm(forms.Form):
    """One task: what, who, until when, with what output."""

    title = forms.CharField(label=gettext_lazy("Việc phải làm"), max_length=TITLE)
    owner = forms.CharField(
        label=gettext_lazy("Ai làm"),
        max_length=OWNER,
        widget=forms.TextInput(attrs={"list": "chuc-danh"}),
        help_text=gettext_lazy("Một chức danh, ví dụ Phó bí thư; hoặc tên người."),
    )
    due_on = day(gettext_lazy("Hạn xong"))
    output = forms.CharField(
        label=gettext_lazy("Kết quả phải có"),
        max_length=LINE,
        help_text=gettext_lazy("Ví dụ: biên bản nghiệm thu, danh sách, hồ sơ gửi đi."),
    )

    def wish(self) -> TaskWish:
        return TaskWish(**self.cleaned_data)


class TaskRow(TaskForm):
    """The same in a row of a resolution: no help under each field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.help_text = ""


TaskRows = forms.formset_factory(TaskRow, extra=0, max_num=60)


def blank_rows(count: int = ROWS) -> forms.BaseFormSet[TaskRow]:
    """So many empty rows."""
    return TaskRows(prefix="viec", initial=[{}] * count)


def sent_rows(data: Any) -> forms.BaseFormSet[TaskRow]:
    """The rows as they were sent; a row left empty is passed over."""
    rows = TaskRows(data, prefix="viec")
    for row in rows:
        row.empty_permitted = True
    return rows


def more_rows(data: Any) -> forms.BaseFormSet[TaskRow]:
    """The rows as they were sent, nothing judged yet, and some more empty ones."""
    sent = sent_rows(data)
    said = [{name: row[name].data or "" for name in row.fields} for row in sent]
    return TaskRows(prefix="viec", initial=said + [{}] * MORE_ROWS)


def wishes_of(rows: forms.BaseFormSet[TaskRow]) -> list[tuple[int, TaskWish]]:
    """The rows that say something, each with its place; for rows that are valid."""
    return [(n, row.wish()) for n, row in enumerate(rows) if row.has_changed()]


class ResolutionForm(forms.Form):
    """A resolution, plan or guidance. The vote as n of N."""

    kind = forms.ChoiceField(label=gettext_lazy("Loại"))
    number = forms.CharField(
        label=gettext_lazy("Số, ký hiệu"),
        max_length=NUMBER,
        required=False,
        help_text=gettext_lazy("Ví dụ 05-NQ/CB. Chưa có số thì để trống."),
    )
    title = forms.CharField(
        label=gettext_lazy("Về việc gì"),
        max_length=TITLE,
        help_text=gettext_lazy("Ví dụ: Nghị quyết tháng 9; Kế hoạch kết nạp đảng viên năm 2027."),
    )
    adopted_on = day(gettext_lazy("Ngày thông qua"))
    vote_for = forms.IntegerField(
        label=gettext_lazy("Số phiếu tán thành"), required=False, min_value=0
    )
    vote_base = forms.IntegerField(
        label=gettext_lazy("Tổng số có quyền biểu quyết"),
        required=False,
        min_value=1,
        help_text=gettext_lazy(
            "Đảng viên chính thức được triệu tập, kể cả người vắng; không tính người dự bị. "
            "Văn bản không qua biểu quyết thì để trống cả hai ô."
        ),
    )
    text = forms.CharField(
        label=gettext_lazy("Nội dung chính"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Không ghi bí mật nhà nước, không ghi chuyện riêng của ai."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, _(kind.label)) for kind in ResolutionKind]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def wish(self, **more: Any) -> ResolutionWish:
        said = {name: value for name, value in self.cleaned_data.items() if value is not None}
        return ResolutionWish(**{**said, "kind": ResolutionKind(said["kind"]), **more})


class ReportForm(forms.Form):
    """How a task stands. What stood there before travels along, so that nothing is overwritten."""

    percent = forms.IntegerField(
        label=gettext_lazy("Đã làm được bao nhiêu phần trăm"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=gettext_lazy("Không đo được thì để trống."),
    )
    note = forms.CharField(
        label=gettext_lazy("Tiến độ, vướng mắc"),
        max_length=NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    owner = forms.CharField(
        label=gettext_lazy("Ai làm"),
        max_length=OWNER,
        widget=forms.TextInput(attrs={"list": "chuc-danh"}),
    )
    was_percent = forms.CharField(required=False, widget=forms.HiddenInput)
    was_note = forms.CharField(required=False, widget=forms.HiddenInput)
    was_owner = forms.CharField(required=False, widget=forms.HiddenInput)

    def said(self) -> dict[str, Any]:
        clean = self.cleaned_data
        return {"percent": clean["percent"], "note": clean["note"], "owner": clean["owner"]}

    def was(self) -> dict[str, Any]:
        percent = self.cleaned_data["was_percent"]
        return {
            "percent": int(percent) if percent.isdecimal() else None,
            "note": self.cleaned_data["was_note"],
            "owner": self.cleaned_data["was_owner"],
        }


def report_form(task: Task) -> ReportForm:
    """The form as the task stands."""
    stands = {"percent": task.percent, "note": task.note, "owner": task.owner}
    return ReportForm(initial={**stands, **{f"was_{name}": stands[name] for name in stands}})


class CloseForm(forms.Form):
    """A task is done when its output is there."""

    proof = forms.CharField(
        label=gettext_lazy("Kết quả đã có"),
        max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Nói rõ là gì, số, ngày, cất ở đâu; ảnh đính kèm bên dưới."),
    )
    done_on = day(
        gettext_lazy("Xong ngày nào"),
        required=False,
        help_text=gettext_lazy("Để trống là hôm nay. Báo muộn không bị tính là làm muộn."),
    )


class EndForm(forms.Form):
    """Why a resolution is given up or goes on."""

    reason = forms.CharField(label=gettext_lazy("Lý do"), max_length=LINE)


class SendForm(forms.Form):
    """To whom a resolution is sent, and what each of them is to do."""

    to = forms.ChoiceField(label=gettext_lazy("Gửi đến"), widget=forms.RadioSelect)
    units = forms.MultipleChoiceField(
        label=gettext_lazy("Các nơi nhận"), required=False, widget=forms.CheckboxSelectMultiple
    )
    tasks = forms.MultipleChoiceField(
        label=gettext_lazy("Mỗi nơi phải làm"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Hạn và kết quả giữ nguyên; nơi nhận ghi ai làm."),
    )
    when = forms.ChoiceField(label=gettext_lazy("Giao việc"), widget=forms.RadioSelect)

    def __init__(
        self,
        data: Any = None,
        *,
        directly: list[tuple[str, str]],
        cells: int,
        tasks: list[tuple[str, str]],
    ) -> None:
        super().__init__(data)
        choices: dict[str, list[tuple[str, Any]]] = {
            "to": [
                ("picked", _("Chỉ các nơi đánh dấu dưới đây")),
                (
                    "directly",
                    _("Tất cả %(n)s đơn vị trực thuộc") % {"n": number_vi(len(directly))},
                ),
                ("cells", _("Tất cả %(n)s chi bộ bên dưới") % {"n": number_vi(cells)}),
            ],
            "units": list(directly),
            "tasks": list(tasks),
            "when": [
                ("receipt", _("khi nơi nhận bấm “Đã nhận”")),
                ("at_once", _("ngay bây giờ")),
            ],
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]
        # What the sender gave is what it sends; whoever wants less takes the mark away.
        self.fields["tasks"].initial = [key for key, _label in tasks]
        if not tasks:
            del self.fields["tasks"], self.fields["when"]
