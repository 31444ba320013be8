"""Forms of the review of records that look alike."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.vocabulary import LikenessOutcome, LikenessRule
from vungmanh.meetings.set_aside import RULES
from vungmanh.web.people.forms import ReasonForm

_MEANS = {
    LikenessOutcome.SAME_EVENT: gettext_lazy("hai biên bản của một buổi họp chung, một việc chung"),
    LikenessOutcome.LAWFUL_REUSE: gettext_lazy("việc chưa xong nên ghi lại, hoặc trích đúng chỗ"),
    LikenessOutcome.TEMPLATE: gettext_lazy("câu chữ của mẫu hoặc của văn bản cấp trên"),
    LikenessOutcome.NEEDS_TALK: gettext_lazy(
        "đã hỏi hoặc cần hỏi bí thư; tháng ấy tính là chưa rõ"
    ),
    LikenessOutcome.FALSE_ALARM: gettext_lazy("hai biên bản thật ra không giống nhau"),
}
_SETS_ASIDE = gettext_lazy("đã hỏi hoặc cần hỏi bí thư; tháng ấy tính là chưa rõ")
#: Nothing is compared with another where a record has nothing of its own.
_OF_PAIRS = {LikenessOutcome.SAME_EVENT}


class OutcomeForm(forms.Form):
    """What a person says a likeness is. Nothing is chosen beforehand."""

    outcome = forms.ChoiceField(label=gettext_lazy("Đây là"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("Vì sao"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Một hai câu: đã hỏi ai, thấy gì. Tên đồng chí đứng bên cạnh."),
    )

    def __init__(self, rule: str, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        left_out = _OF_PAIRS if rule == LikenessRule.EMPTY else set()
        means = dict(_MEANS)
        if rule in RULES:
            means[LikenessOutcome.NEEDS_TALK] = _SETS_ASIDE
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            (one.value, f"{_(one.label)}: {words}")
            for one, words in means.items()
            if one not in left_out
        ]


class AnswerForm(forms.Form):
    """What the cell says to it."""

    answer = forms.CharField(
        label=gettext_lazy("Chi bộ trả lời"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Ví dụ: hai chi bộ họp chung; việc chưa xong nên ghi lại."),
    )


__all__ = ["AnswerForm", "OutcomeForm", "ReasonForm"]
