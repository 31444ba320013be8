"""What a dossier's page does: for each act its form, the action behind it, what is said then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotNow, RuleBroken
from vungmanh.core.vocabulary import DossierAct
from vungmanh.evaluation.actions import complaints, deciding, dossiers
from vungmanh.evaluation.actions.deciding import Paper
from vungmanh.evaluation.models import Dossier
from vungmanh.outputs.gradings.issuing import deciding as numbered_deciding
from vungmanh.strengthening.actions.deciding import (
    answer_appeal_under_cap,
    answer_complaint_under_cap,
    decide_under_cap,
)
from vungmanh.web.evaluation.cycle_forms import numbered_field
from vungmanh.web.tasks.forms import day

A = DossierAct
Act = Callable[[Dossier, dict[str, Any], Viewer, dt.datetime], Any]


class ActForm(forms.Form):
    """The fields an act asks for, of those the acts share. Nothing is filled in beforehand."""

    body = forms.ChoiceField(
        label=gettext_lazy("Ý kiến của"),
        help_text=gettext_lazy("Mỗi nơi một ý kiến; cho rồi thì không sửa."),
    )
    grade = forms.ChoiceField(label=gettext_lazy("Mức"))
    points = forms.CharField(
        label=gettext_lazy("Tổng điểm"),
        required=False,
        max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=gettext_lazy("Ví dụ 87 hoặc 87,5. Chưa chấm thì để trống."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    numbered = forms.ChoiceField(label=gettext_lazy("Lấy số ở đâu"), required=False)
    document = forms.CharField(
        label=gettext_lazy("Số, ký hiệu văn bản"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Ví dụ 15-QĐ/ĐU. Chưa có số thì để trống."),
    )
    document_date = day(gettext_lazy("Ngày văn bản"), required=False)
    override_reason = forms.CharField(
        label=gettext_lazy("Lý do quyết định trước thứ tự"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Chỉ ghi khi cấp dưới, chính quyền hoặc đoàn thể chưa có kết quả."),
    )

    def __init__(
        self,
        does: Doing,
        grades: dict[str, str],
        bodies: Iterable[str],
        data: Any = None,
        numbers: Iterable[tuple[str, str]] = (),
    ) -> None:
        super().__init__(data, prefix=does.act.value, label_suffix="")
        for name in list(self.fields):
            if name not in does.fields:
                del self.fields[name]
        if "grade" in self.fields:
            chosen = [("", _("Chưa chọn")), *grades.items()]
            self.fields["grade"] = forms.ChoiceField(
                label=_("Mức"), choices=chosen, required=does.act is not A.VERIFY
            )
        if "body" in self.fields:
            places = [("", _("Chưa chọn")), *((one, one) for one in bodies)]
            self.fields["body"] = forms.ChoiceField(
                label=self.fields["body"].label, help_text=self.fields["body"].help_text,
                choices=places,
            )  # fmt: skip
        if "numbered" in self.fields:
            self.fields["numbered"] = numbered_field(numbers)
        if "reason" in self.fields:
            self.fields["reason"].help_text = does.reason_help
        self.order_fields(does.fields)


@dataclass(frozen=True)
class Doing:
    """One act as the page offers it."""

    act: DossierAct
    fields: tuple[str, ...]
    does: Act
    told: Any
    button: Any
    lead: Any = ""
    reason_help: Any = ""


def _with(action: Callable[..., Any], *names: str) -> Act:
    """The action called with what was typed into these fields."""

    def does(dossier: Dossier, said: dict[str, Any], by: Viewer, at: dt.datetime) -> Any:
        typed = {name: said[name] for name in names}
        return action(dossier_id=dossier.pk, by=by, at=at, **typed)

    return does


def _answer(action: Callable[..., Any]) -> Act:
    def does(dossier: Dossier, said: dict[str, Any], by: Viewer, at: dt.datetime) -> Any:
        paper = Paper(said["document"], said["document_date"])
        return action(
            dossier_id=dossier.pk, grade=said["grade"], reason=said["reason"], paper=paper,
            by=by, at=at,
        )  # fmt: skip

    return does


def _decide(dossier: Dossier, said: dict[str, Any], by: Viewer, at: dt.datetime) -> Any:
    """A decision keeps the figures it was made from, and stays within the cap."""
    return _with_number(
        dossier, said, by, at,
        lambda paper: decide_under_cap(
            dossier_id=dossier.pk, grade=said["grade"], reason=said["reason"], paper=paper,
            override_reason=said["override_reason"], by=by, at=at,
        ),
    )  # fmt: skip


def _answer_complaint(dossier: Dossier, said: dict[str, Any], by: Viewer, at: dt.datetime) -> Any:
    return _with_number(
        dossier, said, by, at,
        lambda paper: answer_complaint_under_cap(
            dossier_id=dossier.pk, grade=said["grade"], reason=said["reason"], paper=paper,
            by=by, at=at,
        ),
    )  # fmt: skip


def _with_number(
    dossier: Dossier, said: dict[str, Any], by: Viewer, at: dt.datetime,
    does: Callable[[Paper], Any],
) -> Any:  # fmt: skip
    """Decide with a number of the committee's register where one was asked for."""
    paper = Paper(said["document"], said["document_date"])
    today = localdate(at)
    return numbered_deciding(
        dossier.cycle, said["numbered"], paper, does, by=by, at=at, today=today
    )


_IF_APART = gettext_lazy("Cần ghi khi mức này khác mức trước từ một bậc; tổ chức đọc được.")
_ALWAYS = gettext_lazy("Nêu việc cụ thể, có văn bản hoặc số liệu. Một hai câu là đủ.")

DOINGS: dict[DossierAct, Doing] = {
    one.act: one
    for one in (
        Doing(
            A.RATE_SELF, ("grade", "points", "reason"),
            _with(dossiers.rate_self, "grade", "points", "reason"),
            gettext_lazy(
                "Đã nộp bản tự xếp loại. Cần sửa thì đề nghị cấp quyết định trả lại hồ sơ."
            ), gettext_lazy("Nộp bản tự xếp loại"),
            gettext_lazy(
                "Mức do tập thể tự chọn. Bảng đã ghi đủ điểm thì ô tổng để trống cũng được."
            ),
        ),
        Doing(
            A.OPEN_OPINIONS, (), _with(dossiers.open_opinions),
            gettext_lazy("Đã mở lấy ý kiến."), gettext_lazy("Mở lấy ý kiến"),
        ),
        Doing(
            A.GIVE_OPINION, ("body", "grade", "reason"),
            _with(dossiers.give_opinion, "body", "grade", "reason"),
            gettext_lazy("Đã ghi ý kiến."), gettext_lazy("Ghi ý kiến"),
            gettext_lazy("Ý kiến của nơi khác chỉ hiện khi đồng chí đã cho ý kiến."), _IF_APART,
        ),
        Doing(
            A.VERIFY, ("grade", "points", "reason"),
            _with(dossiers.verify, "grade", "points", "reason"),
            gettext_lazy("Đã thẩm định; việc lấy ý kiến đóng lại."), gettext_lazy("Thẩm định xong"),
            gettext_lazy("Thẩm định đóng việc lấy ý kiến. Chưa nêu mức thì để trống."), _IF_APART,
        ),
        Doing(
            A.PROPOSE, ("grade", "points", "reason"),
            _with(dossiers.propose, "grade", "points", "reason"),
            gettext_lazy("Đã đề xuất mức."), gettext_lazy("Đề xuất mức"), "", _IF_APART,
        ),
        Doing(
            A.RETURN, ("reason",), _with(dossiers.return_dossier, "reason"),
            gettext_lazy("Đã trả lại hồ sơ cho tổ chức sửa."), gettext_lazy("Trả lại"),
            gettext_lazy("Nộp lại là một bản mới; các nơi cho ý kiến lại từ đầu."), _ALWAYS,
        ),
        Doing(
            A.DECIDE,
            ("grade", "reason", "numbered", "document", "document_date", "override_reason"),
            _decide,
            gettext_lazy("Đã ghi quyết định, cùng số liệu và quy định đã dùng."),
            gettext_lazy("Ghi quyết định"),
            gettext_lazy("Ô mức để trống đến khi có người chọn. Khác mức đề xuất thì ghi lý do."),
            gettext_lazy("Ví dụ: được đề xuất nhưng vượt tỷ lệ của nhóm."),
        ),
        Doing(
            A.NOTIFY, (), _with(deciding.notify),
            gettext_lazy("Đã thông báo kết quả cho tổ chức."), gettext_lazy("Thông báo kết quả"),
        ),
        Doing(
            A.COMPLAIN, ("reason",), _with(complaints.complain, "reason"),
            gettext_lazy("Đã gửi kiến nghị tới cấp quyết định."), gettext_lazy("Gửi kiến nghị"),
            gettext_lazy("Cấp quyết định xác minh lại và trả lời, có lý do."), _ALWAYS,
        ),
        Doing(
            A.REVERIFY, (), _with(complaints.reverify),
            gettext_lazy("Đã bắt đầu xác minh lại."), gettext_lazy("Bắt đầu xác minh lại"),
        ),
        Doing(
            A.ANSWER_COMPLAINT, ("grade", "reason", "numbered", "document", "document_date"),
            _answer_complaint,
            gettext_lazy("Đã trả lời kiến nghị."), gettext_lazy("Trả lời kiến nghị"),
            gettext_lazy("Giữ mức cũ hay đổi mức đều ghi thành quyết định thứ hai."), _ALWAYS,
        ),
        Doing(
            A.APPEAL, ("reason",), _with(complaints.appeal, "reason"),
            gettext_lazy("Đã gửi kiến nghị lên cấp trên."), gettext_lazy("Kiến nghị lên cấp trên"),
            "", _ALWAYS,
        ),
        Doing(
            A.ANSWER_APPEAL, ("grade", "reason", "document", "document_date"),
            _answer(answer_appeal_under_cap),
            gettext_lazy("Đã trả lời kiến nghị."), gettext_lazy("Trả lời kiến nghị"),
            "", _ALWAYS,
        ),
        Doing(
            A.REOPEN, ("reason",), _with(deciding.reopen, "reason"),
            gettext_lazy("Đã mở lại hồ sơ; mức đã quyết định giữ đến khi có quyết định mới."),
            gettext_lazy("Mở lại hồ sơ"),
            gettext_lazy("Hồ sơ thành bản thứ hai, làm lại từ bước tự xếp loại."), _ALWAYS,
        ),
    )
}  # fmt: skip


def went_through(form: ActForm, action: Callable[[], Any]) -> bool:
    """Whether the action went through; its refusal stands at its field, or above the form."""
    try:
        action()
    except InputError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
    except (NotNow, Conflict, RuleBroken) as error:
        form.add_error(None, error.message)
    return not form.errors
