"""Forms of training. What was typed becomes values; the actions decide."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from vungmanh.cadre.actions.courses import CourseWish
from vungmanh.cadre.actions.sessions import SessionWish
from vungmanh.cadre.models import Course
from vungmanh.cadre.training import causes_on, obligatory_on
from vungmanh.core.people_words import CourseKind
from vungmanh.web.tasks.forms import day


def _line(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=200, help_text=help_text)


def _text_of(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=600, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class TitleForm(forms.Form):
    """What a plan is called."""

    title = _line(_("Tên kế hoạch"), _("Ví dụ: Kế hoạch bồi dưỡng, giáo dục chính trị năm 2027."))


class PlanForm(TitleForm):
    """A plan begun: its year and name."""

    year = forms.IntegerField(label=_("Năm"), min_value=2000, max_value=2100)
    field_order = ["year", "title"]


class ApproveForm(forms.Form):
    """By which document a plan was issued."""

    document = _line(_("Văn bản ban hành"), _("Số, ký hiệu; ví dụ 12-KH/ĐU."))
    signed_on = day(
        _("Ngày ban hành"), help_text=_("Không lớp nào còn trong kế hoạch được trước ngày này.")
    )


class CourseForm(forms.Form):
    """One course. The obligatory ones and the causes are those of the rules of the day."""

    kind = forms.ChoiceField(label=_("Loại"), choices=CourseKind.choices())
    title = _line(_("Tên lớp, chuyên đề"))
    code = forms.ChoiceField(
        label=_("Là lớp bắt buộc theo chức danh"), required=False,
        help_text=_("Ai giữ chức danh ấy dự lớp này thì được tính là đã học."),
    )  # fmt: skip
    cause = forms.ChoiceField(
        label=_("Trả lời nguyên nhân"), required=False,
        help_text=_("Nguyên nhân trong danh mục chẩn đoán; hồ sơ củng cố dẫn về lớp này."),
    )  # fmt: skip
    audience = _line(_("Dành cho ai"), _("Ví dụ: bí thư, phó bí thư chi bộ thôn; đảng viên mới."))
    asks = _text_of(
        _("Sau lớp, đơn vị phải khác đi ở điều gì"),
        _("Nói việc của đơn vị nhìn thấy được, ví dụ: chi bộ họp đủ kỳ, nghị quyết có việc giao."),
    )
    planned_on = day(_("Dự kiến mở ngày"))
    days = forms.DecimalField(
        label=_("Số ngày học"), min_value=0, max_digits=4, decimal_places=1, initial=1,
        localize=True, help_text=_("Nửa ngày ghi 0,5."),
    )  # fmt: skip
    materials = _text_of(
        _("Tài liệu"), _("Tên tài liệu, nơi để; chuyên đề của chi bộ thì ghi tài liệu gửi chi bộ."),
        required=False,
    )  # fmt: skip
    reason = _line(_("Lý do sửa"), _("Kế hoạch đã ban hành; bản trước vẫn giữ trong nhật ký."))
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, *, on: dt.date, is_issued: bool, course: Course | None = None
    ) -> None:
        super().__init__(data, initial=None if course is None else _facts(course))
        obligatory, cite = obligatory_on(on)
        caution = f" ({cite.caution})" if cite is not None and cite.caution else ""
        self.fields["code"].choices = [  # type: ignore[attr-defined]
            ("", _text("Không phải lớp bắt buộc")),
            *((one.code, f"{one.text}{caution}") for one in obligatory),
        ]
        self.fields["cause"].choices = [  # type: ignore[attr-defined]
            ("", _text("Không gắn với nguyên nhân nào")),
            *((one.code, one.text) for one in causes_on(on)),
        ]
        if not is_issued:
            del self.fields["reason"]
        if course is None:
            del self.fields["revision"]

    def wish(self) -> CourseWish:
        """The course, once the form is valid."""
        told = {k: v for k, v in self.cleaned_data.items() if k not in {"reason", "revision"}}
        return CourseWish(**told | {"kind": CourseKind(told["kind"])})


def _facts(one: Course) -> dict[str, Any]:
    names = ("kind", "title", "code", "cause", "audience", "asks", "planned_on", "days",
             "materials", "revision")  # fmt: skip
    return {name: getattr(one, name) for name in names}


class SessionForm(forms.Form):
    """One time a course was held."""

    began_on = day(_("Học từ ngày"))
    ended_on = day(_("Đến ngày"), help_text=_("Học một ngày thì ghi cùng ngày."))
    place = _line(_("Ở đâu"), required=False)
    note = _text_of(_("Ghi chú"), required=False)

    def wish(self) -> SessionWish:
        return SessionWish(**self.cleaned_data)
