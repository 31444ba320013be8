"""Forms of the right of reply."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.vocabulary import FlagFate
from vungmanh.web.people.forms import ReasonForm

_MEANS = {
    FlagFate.CONFIRMED: gettext_lazy("số liệu đúng và lý do đúng"),
    FlagFate.EXPLAINED: gettext_lazy("số liệu đúng nhưng có hoàn cảnh, được chấp nhận"),
    FlagFate.WRONG_DATA: gettext_lazy("số liệu sai; sửa báo cáo rồi nhập lại để lý do hết"),
}


class ReplyForm(forms.Form):
    """What the unit says."""

    text = forms.CharField(
        label=gettext_lazy("Giải trình của đơn vị"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Nói việc, nói ngày. Không ghi bệnh tật hay chuyện riêng của ai quá mức cần thiết."
        ),
    )
    document = forms.CharField(
        label=gettext_lazy("Văn bản kèm theo, nếu có"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Số và ngày văn bản; bản giấy giữ ở đơn vị."),
    )


class ConclusionForm(forms.Form):
    """What the level above concludes. Nothing is chosen beforehand."""

    fate = forms.ChoiceField(label=gettext_lazy("Kết luận"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("Vì sao"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Một hai câu; đơn vị đọc được, tên đồng chí đứng bên cạnh."),
    )

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["fate"].choices = [  # type: ignore[attr-defined]
            (fate.value, f"{_(fate.label)}: {means}") for fate, means in _MEANS.items()
        ]


__all__ = ["ConclusionForm", "ReasonForm", "ReplyForm"]
