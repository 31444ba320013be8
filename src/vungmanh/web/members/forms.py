"""Forms of members: what was typed becomes values; the actions decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.errors import Conflict, InputError, NotNow, RuleBroken
from vungmanh.core.people_words import AdmissionStepKind, StallReason, TransferKind
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.actions.transfers import GOING
from vungmanh.org.names import UnitName
from vungmanh.org.personal import FIELDS
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.tasks.forms import day

EXEMPT, BACK = "mien", "tro-lai"
OUT, IN = "di", "den"


def tried(form: forms.Form, action: Callable[[], Any]) -> bool:
    """Whether it was done; what refused it stands on the form, with its citation."""
    try:
        action()
    except (InputError, NotNow, RuleBroken, Conflict) as told:
        field = told.field if isinstance(told, InputError) else ""
        text = told.message
        if isinstance(told, RuleBroken):
            text = _("%(text)s Căn cứ: %(citation)s") % {"text": text, "citation": told.citation}
        form.add_error(field if field in form.fields else None, text)
        return False
    return True


class RevealForm(forms.Form):
    """Which masked field, and what for."""

    field = forms.ChoiceField(label=gettext_lazy("Mục muốn xem"))
    purpose = forms.CharField(
        label=gettext_lazy("Xem để làm gì"),
        max_length=300,
        help_text=gettext_lazy("Nhật ký giữ ai xem, xem mục nào, để làm gì."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        labels = [(name, _(one.label)) for name, one in FIELDS.items() if one.revealed_by]
        self.fields["field"].choices = labels  # type: ignore[attr-defined]


class CountsForm(forms.Form):
    """How many members of each standing a cell counts from a day on."""

    from_day = day(gettext_lazy("Tính từ ngày"))
    document = forms.CharField(label=gettext_lazy("Căn cứ: số, ngày văn bản"), max_length=200)

    def __init__(self, data: Any = None, *, known: dict[MembershipStatus, int]) -> None:
        super().__init__(data)
        for status in MembershipStatus:
            self.fields[status.value] = forms.IntegerField(
                label=_(status.label), min_value=0, initial=known.get(status, 0)
            )

    def counts(self) -> dict[MembershipStatus, int]:
        return {status: self.cleaned_data[status.value] for status in MembershipStatus}


class TargetForm(forms.Form):
    """How many a unit means to admit in a year."""

    year = forms.IntegerField(label=gettext_lazy("Năm"), min_value=1945, max_value=2100)
    count = forms.IntegerField(label=gettext_lazy("Chỉ tiêu kết nạp"), min_value=0)


class BeginForm(forms.Form):
    """Somebody on the way: by name where names are on, else by an alias."""

    who = forms.CharField(
        label=gettext_lazy("Người được xem xét"),
        max_length=120,
        help_text=gettext_lazy(
            "Nơi ghi theo tên thì ghi họ tên; nơi ghi theo số thì đặt bí danh, như “Quần chúng 1”."
        ),
    )
    born_on = day(
        gettext_lazy("Ngày sinh"),
        required=False,
        help_text=gettext_lazy("Tuổi là điều kiện khi chi bộ xét; thôi xem xét thì xóa."),
    )
    begun_on = day(gettext_lazy("Bắt đầu giúp đỡ, làm hồ sơ từ"))


class StepForm(forms.Form):
    """The step that comes now. `allowed_by` and `why` let an exception stand where a rule knows
    one."""

    done_on = day(gettext_lazy("Ngày làm"))
    born_on = day(
        gettext_lazy("Ngày sinh"),
        required=False,
        help_text=gettext_lazy("Tuổi là điều kiện khi chi bộ xét; thôi xem xét thì xóa."),
    )
    document = forms.CharField(
        label=gettext_lazy("Số, ngày văn bản"), max_length=200, required=False
    )
    official_from = day(
        gettext_lazy("Chính thức từ ngày"),
        required=False,
        help_text=gettext_lazy("Để trống thì tính theo quy định."),
    )
    allowed_by = forms.CharField(
        label=gettext_lazy("Ngoại lệ: ai cho phép, văn bản nào"), max_length=300, required=False
    )
    why = forms.CharField(label=gettext_lazy("Lý do ngoại lệ"), max_length=300, required=False)

    def __init__(
        self, data: Any = None, *, step: AdmissionStepKind | None, knows_age: bool
    ) -> None:
        super().__init__(data)
        if knows_age or step is not AdmissionStepKind.CELL_RESOLUTION:
            del self.fields["born_on"]
        if step is not AdmissionStepKind.OFFICIAL_DECISION:
            del self.fields["official_from"]
        if step is not AdmissionStepKind.CELL_RESOLUTION:  # when age is looked at
            del self.fields["allowed_by"], self.fields["why"]

    def values(self) -> dict[str, Any]:
        """What is told of the step, once the form is valid."""
        told = self.cleaned_data
        asked = {"allowed_by": told.get("allowed_by", ""), "reason": told.get("why", "")}
        codes = ("age",) if any(asked.values()) else ()
        return {
            "done_on": told["done_on"],
            "document": told["document"],
            "official_from": told.get("official_from"),
            "born_on": told.get("born_on"),
            "exceptions": [{"code": code, **asked} for code in codes],
        }


class ExtendForm(forms.Form):
    """A probation made longer by a decision."""

    months = forms.IntegerField(
        label=gettext_lazy("Kéo dài thêm mấy tháng"), min_value=1, max_value=24
    )
    done_on = day(gettext_lazy("Ngày quyết định kéo dài"))
    document = forms.CharField(label=gettext_lazy("Số, ngày quyết định"), max_length=200)
    allowed_by = forms.CharField(
        label=gettext_lazy("Ngoại lệ: ai cho phép, văn bản nào"), max_length=300, required=False
    )
    why = forms.CharField(label=gettext_lazy("Lý do ngoại lệ"), max_length=300, required=False)

    def values(self) -> dict[str, Any]:
        """What is told of the decision, once the form is valid."""
        told = self.cleaned_data
        asked = {"allowed_by": told["allowed_by"], "reason": told["why"]}
        return {
            "months": told["months"],
            "done_on": told["done_on"],
            "document": told["document"],
            "exceptions": [{"code": "extension", **asked}] if any(asked.values()) else [],
        }


class ExemptForm(forms.Form):
    """An exemption from-to, or the end of one."""

    act = forms.ChoiceField(label=gettext_lazy("Ghi việc gì"), widget=forms.RadioSelect)
    from_day = day(gettext_lazy("Từ ngày"))
    until = day(
        gettext_lazy("Miễn đến ngày"),
        required=False,
        help_text=gettext_lazy("Ngày cuối được miễn; qua ngày này thì nhắc ở mục Cần xem lại."),
    )
    by_age = forms.BooleanField(
        label=gettext_lazy("Miễn vì tuổi cao, sức khỏe, không ghi ngày hết"), required=False
    )
    document = forms.CharField(label=gettext_lazy("Số, ngày văn bản"), max_length=200)

    def __init__(self, data: Any = None, *, is_exempt: bool, initial: dict[str, Any]) -> None:
        super().__init__(data, initial={"act": BACK if is_exempt else EXEMPT, **initial})
        acts = [(EXEMPT, _("Miễn sinh hoạt"))]
        if is_exempt:
            acts = [(BACK, _("Trở lại sinh hoạt")), (EXEMPT, _("Miễn tiếp, quyết định mới"))]
        self.fields["act"].choices = acts  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if told.get("act") == EXEMPT and not (told.get("until") or told.get("by_age")):
            self.add_error("until", _("Ghi miễn đến ngày nào, hoặc đánh dấu miễn vì tuổi."))
        return told

    def values(self) -> dict[str, Any]:
        """What is asked of `set_standing`, once the form is valid."""
        told = self.cleaned_data
        exempt = told["act"] == EXEMPT
        return {
            "status": MembershipStatus.EXEMPT if exempt else MembershipStatus.OFFICIAL,
            "from_day": told["from_day"],
            "until": told["until"] if exempt and not told["by_age"] else None,
            "by_age": exempt and told["by_age"],
            "document": told["document"],
        }


class StallForm(forms.Form):
    """Why it does not move; nothing chosen: it moves again."""

    why = forms.ChoiceField(label=gettext_lazy("Vì sao chậm"), required=False)
    note = forms.CharField(label=gettext_lazy("Nói rõ thêm"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        none = ("", _("Không chậm"))
        self.fields["why"].choices = [  # type: ignore[attr-defined]
            none,
            *((one.value, _(one.label)) for one in StallReason),
        ]


class StopForm(ReasonForm):
    """It goes no further."""

    on = day(gettext_lazy("Thôi xem xét từ ngày"))
    field_order = ["on", "reason"]


class SendForm(forms.Form):
    """Who goes where, for how long, by which paper; or who comes from outside the province."""

    way = forms.ChoiceField(
        label=gettext_lazy("Đi hay đến"), widget=forms.RadioSelect, required=False, initial=OUT
    )
    kind = forms.ChoiceField(label=gettext_lazy("Chuyển thế nào"))
    who = forms.ChoiceField(label=gettext_lazy("Ai chuyển"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("Diện"))
    count = forms.IntegerField(label=gettext_lazy("Số người cùng đi"), min_value=1, initial=1)
    to_unit = forms.ChoiceField(
        label=gettext_lazy("Chi bộ nơi đến, trong đảng bộ này"), required=False
    )
    unit_words = forms.CharField(
        label=gettext_lazy("Hoặc tìm chi bộ ở nơi khác trong tỉnh"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "Gõ tên chi bộ, tên xã hoặc mã tổ chức, không cần dấu, rồi chọn trong danh sách."
        ),
    )
    elsewhere = forms.CharField(
        label=gettext_lazy("Hoặc nơi ở ngoài tỉnh"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Chuyển đi: nơi đến. Chuyển đến: nơi người ấy từ đó sang."),
    )
    decided_on = day(gettext_lazy("Ngày giấy giới thiệu"))
    document = forms.CharField(label=gettext_lazy("Số giấy giới thiệu"), max_length=200)
    until = day(gettext_lazy("Tạm thời đến ngày"), required=False)
    is_study = forms.BooleanField(label=gettext_lazy("Đi học"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        people: list[tuple[str, str]],
        cells: list[tuple[str, str]],
        find: Callable[[str], list[UnitName]],
    ) -> None:
        super().__init__(data)
        # The list below follows the typing; without scripts it comes with the answer.
        self.fields["unit_words"].widget.attrs.update(
            {
                "autocomplete": "off",
                "hx-get": reverse("transfer_cells"),
                "hx-trigger": "input changed delay:250ms",
                "hx-target": "#unit-choices",
                "hx-sync": "this:replace",
            }
        )
        self.units = find(str((data or {}).get("unit_words", ""))[:200])
        self.chosen: str = (data or {}).get("unit", "")
        self._choose(
            "way", [(OUT, _("Chuyển đi từ chi bộ này")), (IN, _("Chuyển đến từ ngoài tỉnh"))]
        )
        kinds = (TransferKind.OFFICIAL, TransferKind.TEMPORARY)
        self._choose("kind", [(one.value, _(one.label)) for one in kinds])
        self._choose("status", [(one.value, _(one.label)) for one in GOING])
        self._choose("to_unit", [("", "–"), *cells])
        if people:
            self._choose("who", [("", _("Ghi theo số người")), *people])
        else:
            del self.fields["who"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One place: a cell of the list or found by its name, or one outside the province."""
        told = super().clean() or {}
        if told.get("way") == IN:
            return told
        if told.get("to_unit") or not told.get("unit_words", "").strip():
            if not told.get("to_unit") and not told.get("elsewhere", "").strip():
                text = _("Chọn chi bộ nơi đến, hoặc ghi nơi đến ở ngoài tỉnh.")
                self.add_error("to_unit", text)
            return told
        found = self._found()
        if found is None:
            text = (
                _("Chọn một chi bộ trong danh sách bên dưới.")
                if self.units
                else _("Không có chi bộ nào tên như vậy. Gõ ít chữ hơn, hoặc chỉ gõ tên riêng.")
            )
            self.add_error("unit_words", text)
            return told
        return told | {"to_unit": str(found.unit_id)}

    def _found(self) -> UnitName | None:
        """What was chosen of those found; a list of one needs no choosing."""
        if len(self.units) == 1:
            return self.units[0]
        return next((one for one in self.units if str(one.unit_id) == self.chosen), None)

    def values(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        return told | {
            "kind": TransferKind(told["kind"]),
            "status": MembershipStatus(told["status"]),
        }


class AcceptForm(forms.Form):
    """From which day the receiving unit counts them."""

    on = day(gettext_lazy("Tiếp nhận từ ngày"))


class ReturnForm(forms.Form):
    """Back home from a stay."""

    decided_on = day(gettext_lazy("Ngày giấy giới thiệu trở về"))
    document = forms.CharField(label=gettext_lazy("Số giấy giới thiệu"), max_length=200)
