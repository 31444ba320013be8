"""Forms of the register of papers. Nothing is filled in beforehand but the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotNow, RuleBroken
from vungmanh.outputs.models import PaperNumber
from vungmanh.outputs.papers.issuing import Signer
from vungmanh.outputs.papers.layout import LONGEST_NAME
from vungmanh.outputs.papers.numbers import LARGEST, LONGEST_REASON, LONGEST_SIGNER, Wish
from vungmanh.rulebook.values.papers import PaperBody, PaperType, SigningCapacity
from vungmanh.web.tasks.forms import day

#: What a committee writes by hand; forms are no papers of the register.
KINDS = tuple(kind for kind in PaperType if kind is not PaperType.FORM)


def done(form: forms.Form, action: Callable[[], Any]) -> Any:
    """What the action gave; None where it was refused, and the refusal stands in the form."""
    try:
        return action()
    except InputError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
    except (NotNow, NotAllowed, Conflict, RuleBroken) as error:
        form.add_error(None, error.message)
    return None


class SignerForm(forms.Form):
    """Who signs and for whom."""

    capacity = forms.ChoiceField(label=gettext_lazy("Ký thế nào"), required=False)
    of = forms.CharField(
        label=gettext_lazy("Ký thay ai"),
        required=False,
        max_length=LONGEST_SIGNER,
        help_text=gettext_lazy("Ví dụ: Ban Thường vụ. Ký trực tiếp thì để trống."),
    )
    role = forms.CharField(
        label=gettext_lazy("Chức vụ người ký"),
        required=False,
        max_length=LONGEST_SIGNER,
        help_text=gettext_lazy("Ví dụ: Phó Bí thư."),
    )
    name = forms.CharField(
        label=gettext_lazy("Họ và tên người ký"),
        required=False,
        max_length=LONGEST_SIGNER,
        help_text=gettext_lazy("Để trống thì chừa chỗ ghi tay."),
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        words = {
            SigningCapacity.OWN: _("Ký trực tiếp"),
            SigningCapacity.FOR_COLLECTIVE: _("T/M: thay mặt tập thể"),
            SigningCapacity.FOR_HEAD: _("K/T: cấp phó ký thay thủ trưởng"),
            SigningCapacity.BY_ORDER: _("T/L: thừa lệnh"),
        }
        self.fields["capacity"] = forms.ChoiceField(
            label=self.fields["capacity"].label,
            required=False,
            choices=[("", _("Theo mẫu của văn bản, tên để ký tay")),
                     *((one.value, said) for one, said in words.items())],
        )  # fmt: skip

    def signer(self) -> Signer | None:
        said = self.cleaned_data
        if not said["capacity"]:
            return None
        return Signer(said["role"], said["name"], SigningCapacity(said["capacity"]), said["of"])


def signer_initial(one: PaperNumber) -> dict[str, str]:
    """The signer as it stands, to be changed."""
    return {
        "capacity": one.capacity,
        "of": one.signed_for,
        "role": one.signer_role,
        "name": one.signer_name,
    }


class IssueForm(SignerForm):
    """Day and signer of a paper the program prints."""

    on = day(gettext_lazy("Ngày của văn bản"))
    field_order = ("on", "capacity", "of", "role", "name")

    def __init__(
        self, data: Any = None, *, today: dt.date | None = None, with_signer: bool = True
    ) -> None:
        super().__init__(data, initial={"on": today})
        if not with_signer:
            for name in ("capacity", "of", "role", "name"):
                del self.fields[name]

    def signer(self) -> Signer | None:
        return super().signer() if "capacity" in self.fields else None


class NewNumberForm(SignerForm):
    """A paper written elsewhere, numbered here; or one already numbered on paper."""

    type = forms.ChoiceField(label=gettext_lazy("Loại văn bản"))
    body = forms.ChoiceField(label=gettext_lazy("Nơi ban hành"))
    on = day(gettext_lazy("Ngày của văn bản"))
    about = forms.CharField(
        label=gettext_lazy("Trích yếu"),
        max_length=LONGEST_NAME,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Một câu, ví dụ: về việc kiện toàn chi ủy thôn Nà Mẫu."),
    )
    number = forms.IntegerField(
        label=gettext_lazy("Số đã cấp trên giấy"),
        required=False,
        min_value=1,
        max_value=LARGEST,
        help_text=gettext_lazy("Chỉ ghi khi văn bản đã có số. Để trống thì lấy số kế tiếp."),
    )
    field_order = ("type", "body", "on", "about", "number", "capacity", "of", "role", "name")

    def __init__(self, bodies: Iterable[PaperBody], data: Any = None, *, today: dt.date) -> None:
        super().__init__(data, initial={"on": today})
        kinds = [("", _("Chưa chọn")), *((one.value, _(one.label)) for one in KINDS)]
        self.fields["type"] = forms.ChoiceField(label=self.fields["type"].label, choices=kinds)
        found = [(one.value, _(one.label)) for one in bodies]
        if len(found) > 1:
            found.insert(0, ("", _("Chưa chọn")))
        self.fields["body"] = forms.ChoiceField(label=self.fields["body"].label, choices=found)
        self.order_fields(self.field_order)

    def wish(self, mark: str) -> Wish:
        said = self.cleaned_data
        return Wish(
            kind=PaperType(said["type"]), body=PaperBody(said["body"]), on=said["on"],
            about=said["about"], mark=mark, signer=self.signer(),
        )  # fmt: skip


class CancelForm(forms.Form):
    """Why a number is cancelled."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do hủy"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Ví dụ: in nhầm tên, đã lấy số khác thay."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")


class TermForm(forms.Form):
    """The day from which numbers count anew."""

    name = forms.CharField(
        label=gettext_lazy("Nhiệm kỳ"),
        max_length=13,
        help_text=gettext_lazy("Năm đầu và năm cuối, ví dụ 2025-2030."),
    )
    began_on = day(
        gettext_lazy("Ngày đại hội"),
        help_text=gettext_lazy("Từ ngày này số của từng loại văn bản đếm lại từ 1."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
