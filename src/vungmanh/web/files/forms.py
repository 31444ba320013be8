"""The forms of a file. What was typed becomes values; the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.programme_words import ReviewEnd, ReviewKind
from vungmanh.strengthening.actions.cause_links import MOST_LINKS
from vungmanh.strengthening.actions.measures import LONGEST_OWNER
from vungmanh.strengthening.models.files import LINE, REASON, TEXT
from vungmanh.web.tasks.forms import day

Choices = list[tuple[str, str]]


def _text(label: Any, longest: int, help_text: Any = "", *, required: bool = True) -> Any:
    return forms.CharField(
        label=label, max_length=longest, required=required, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class NoForm(forms.Form):
    """An act that asks for nothing."""


class SureForm(forms.Form):
    """An act that decides: read first, then decided."""

    sure = forms.BooleanField(
        label=gettext_lazy("Đã đọc nội dung trình ở trang này và đồng ý"),
        error_messages={"required": gettext_lazy("Đánh dấu là đã đọc rồi mới duyệt.")},
    )


class ReasonForm(forms.Form):
    """An act with its reason."""

    reason = _text(gettext_lazy("Lý do"), REASON)


class AnswerForm(forms.Form):
    """What the unit itself says."""

    text = _text(
        gettext_lazy("Ý kiến của đơn vị"),
        REASON,
        gettext_lazy("Việc nào đúng, việc nào chưa đúng, cần cấp trên giúp gì. Không ghi tên ai."),
    )


class CauseForm(forms.Form):
    """One cause with its evidence and the records that show it."""

    cause = forms.ChoiceField(
        label=gettext_lazy("Nguyên nhân"),
        help_text=gettext_lazy("Chọn trong danh mục; một hồ sơ ghi được nhiều nguyên nhân."),
    )
    evidence = _text(
        gettext_lazy("Bằng chứng"),
        TEXT,
        gettext_lazy(
            "Việc cụ thể, có ngày, có số đếm. Không ghi nhận xét về từng người. Mất đoàn kết thì "
            "để trống ô này, chỉ ghi văn bản kết luận."
        ),
        required=False,
    )
    links = forms.MultipleChoiceField(
        label=gettext_lazy("Bản ghi chứng tỏ"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    document = forms.CharField(
        label=gettext_lazy("Số, ngày văn bản, nếu có"), max_length=200, required=False
    )

    def __init__(self, data: Any, *, causes: Choices, records: Choices) -> None:
        super().__init__(data, label_suffix="")
        self.fields["cause"].choices = [("", _("Chưa chọn")), *causes]  # type: ignore[attr-defined]
        if records:
            self.fields["links"].choices = records  # type: ignore[attr-defined]
            self.fields["links"].help_text = _("Nhiều nhất %s.") % MOST_LINKS
        else:
            del self.fields["links"]


class MeasureForm(forms.Form):
    """One measure: what, against which causes, who, from when until when, to what end."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Biện pháp"),
        help_text=gettext_lazy("Trong ngoặc là bản ghi sẽ chứng tỏ đã làm."),
    )
    causes = forms.MultipleChoiceField(
        label=gettext_lazy("Giải quyết nguyên nhân nào"), widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label=gettext_lazy("Làm cụ thể thế nào"), max_length=LINE, required=False
    )
    owner_known = forms.ChoiceField(
        label=gettext_lazy("Ai làm"),
        required=False,
        help_text=gettext_lazy("Chức danh của đơn vị, hoặc người đang giữ vai trò ở đây."),
    )
    owner = forms.CharField(
        label=gettext_lazy("Nơi khác làm"),
        max_length=LONGEST_OWNER,
        required=False,
        help_text=gettext_lazy("Chỉ ghi khi ô trên không có, ví dụ Ban Tổ chức Đảng ủy xã."),
    )
    starts_on = day(gettext_lazy("Bắt đầu"))
    due_on = day(gettext_lazy("Hạn xong"))
    output = forms.CharField(
        label=gettext_lazy("Kết quả phải có"),
        max_length=LINE,
        help_text=gettext_lazy("Đếm được, ví dụ: mỗi chi bộ một người phụ trách, họp đủ 12 kỳ."),
    )

    def __init__(self, data: Any, *, kinds: Choices, causes: Choices, owners: Choices) -> None:
        super().__init__(data, label_suffix="")
        known = self.fields["owner_known"]
        known.choices = [("", _("Chưa chọn")), *owners]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("Chưa chọn")), *kinds]  # type: ignore[attr-defined]
        self.fields["causes"].choices = causes  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    """To which committee, and why."""

    unit_id = forms.ChoiceField(
        label=gettext_lazy("Chuyển cho"),
        help_text=gettext_lazy("Cấp ủy đứng trên đơn vị này; nơi nhận đồng ý thì mới chuyển."),
    )
    reason = _text(gettext_lazy("Lý do"), REASON)

    def __init__(self, data: Any, *, units: Choices) -> None:
        super().__init__(data, label_suffix="")
        self.fields["unit_id"].choices = [("", _("Chưa chọn")), *units]  # type: ignore[attr-defined]


class ReviewForm(forms.Form):
    """What a review found; a slow mover's is by a named person."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kiểm điểm"),
        choices=[(one.value, gettext_lazy(one.label)) for one in ReviewKind],
        widget=forms.RadioSelect,
    )
    conclusion = forms.ChoiceField(
        label=gettext_lazy("Kết luận"),
        choices=[(one.value, gettext_lazy(one.label)) for one in ReviewEnd],
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Kết luận không tự đổi gì; ra khỏi diện, đổi kế hoạch là việc trình riêng."
        ),
    )
    reviewer = forms.ChoiceField(
        label=gettext_lazy("Người kiểm điểm"),
        required=False,
        help_text=gettext_lazy(
            "Nơi chuyển biến chậm phải có người cụ thể. Để trống thì lấy người đã cử."
        ),
    )
    text = _text(
        gettext_lazy("Kết quả kiểm điểm"),
        REASON,
        gettext_lazy("Việc đã chuyển, việc chưa chuyển, làm gì tiếp. Không nhận xét từng người."),
    )

    def __init__(self, data: Any, *, reviewers: Choices) -> None:
        super().__init__(data, label_suffix="")
        self.fields["reviewer"].choices = [("", _("Chưa chọn")), *reviewers]  # type: ignore[attr-defined]


class NameReviewerForm(forms.Form):
    """Who reviews, why, and until when."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kiểm điểm"),
        choices=[(one.value, gettext_lazy(one.label)) for one in ReviewKind],
        widget=forms.RadioSelect,
    )
    reviewer = forms.ChoiceField(
        label=gettext_lazy("Người kiểm điểm"),
        help_text=gettext_lazy(
            "Người đang làm việc ở nơi theo dõi hoặc cấp quyết định, không phải người chịu trách "
            "nhiệm một biện pháp của hồ sơ."
        ),
    )
    due_on = day(
        gettext_lazy("Hạn kiểm điểm"), required=False,
        help_text=gettext_lazy("Để trống thì theo số ngày của quy định."),
    )  # fmt: skip

    def __init__(self, data: Any, *, reviewers: Choices) -> None:
        super().__init__(data, label_suffix="")
        self.fields["reviewer"].choices = [("", _("Chưa chọn")), *reviewers]  # type: ignore[attr-defined]


class LineageForm(forms.Form):
    """What is proposed for the file of a unit that has ended: one of its heirs, or its end."""

    fate = forms.ChoiceField(label=gettext_lazy("Đề nghị"), widget=forms.RadioSelect)
    reason = _text(gettext_lazy("Lý do"), REASON)

    def __init__(self, data: Any, *, fates: Choices) -> None:
        super().__init__(data, label_suffix="")
        self.fields["fate"].choices = fates  # type: ignore[attr-defined]
        if fates:
            self.fields["fate"].initial = fates[0][0]


class VerifyForm(forms.Form):
    """Which visit saw it on site."""

    visit_id = forms.ChoiceField(
        label=gettext_lazy("Lần đến cơ sở nào đã thấy"),
        help_text=gettext_lazy(
            "Chỉ có lần đến dự họp ở đơn vị này hoặc chi bộ của đơn vị, từ một năm trước ngày vào "
            "diện."
        ),
    )

    def __init__(self, data: Any, *, visits: Choices) -> None:
        super().__init__(data, label_suffix="")
        self.fields["visit_id"].choices = [("", _("Chưa chọn")), *visits]  # type: ignore[attr-defined]


class SecondForm(forms.Form):
    """What another than who named the cause thinks of it."""

    agrees = forms.ChoiceField(
        label=gettext_lazy("Nguyên nhân này"),
        choices=[("yes", gettext_lazy("Đúng")), ("no", gettext_lazy("Chưa đúng"))],
        widget=forms.RadioSelect,
    )
    text = _text(
        gettext_lazy("Vì sao"), TEXT, gettext_lazy("Người ghi nguyên nhân không tự cho ý kiến.")
    )


class FinishForm(forms.Form):
    """The record that shows that a measure was carried out."""

    proof = forms.ChoiceField(label=gettext_lazy("Căn cứ đã làm"))
    text = _text(gettext_lazy("Ghi thêm"), 600, required=False)

    def __init__(self, data: Any, *, proofs: Choices) -> None:
        super().__init__(data, label_suffix="")
        self.fields["proof"].choices = [("", _("Chưa chọn")), *proofs]  # type: ignore[attr-defined]
