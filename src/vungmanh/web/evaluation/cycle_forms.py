"""Forms of the acts on a whole cycle. Nothing is filled in beforehand but what stands now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import DossierSubject, UnitKind
from vungmanh.evaluation.actions.cycles import addable_units
from vungmanh.evaluation.actions.deciding import LONGEST_DOCUMENT, Paper
from vungmanh.evaluation.actions.hand import LONGEST_REASON
from vungmanh.evaluation.models import Cycle, Dossier
from vungmanh.evaluation.models.dossiers import UNDECIDED
from vungmanh.evaluation.procedure import rules_of_year
from vungmanh.outputs.gradings.issuing import NEW, decision_numbers
from vungmanh.web.tasks.forms import day

OUT, IN = "ngoai", "trong"  # left out of the cap, counted in it


def numbered_field(numbers: Iterable[tuple[str, str]]) -> forms.ChoiceField:
    """Typed, taken from the register, or one of the numbers the cycle has there."""
    choices = [
        ("", _("Số gõ ở ô dưới, hoặc chưa có số")),
        (NEW, _("Lấy số kế tiếp trong sổ văn bản đi")),
        *numbers,
    ]
    return forms.ChoiceField(label=_("Lấy số ở đâu"), required=False, choices=choices)


def numbers_of(cycle: Cycle) -> list[tuple[str, str]]:
    """The decisions of the cycle that are in the register."""
    return [
        (str(one.pk), _("Dùng số %(document)s ngày %(day)s") % {
            "document": one.document, "day": date_vi(one.on)})
        for one in decision_numbers(cycle)
    ]  # fmt: skip


class DecideAllForm(forms.Form):
    """The document of a decision about many, and why it goes before the levels below."""

    numbered = forms.ChoiceField(label=gettext_lazy("Lấy số ở đâu"), required=False)
    document = forms.CharField(
        label=gettext_lazy("Số, ký hiệu văn bản"),
        required=False,
        max_length=LONGEST_DOCUMENT,
        help_text=gettext_lazy("Ví dụ 15-QĐ/ĐU. Chưa có số thì để trống."),
    )
    document_date = day(gettext_lazy("Ngày văn bản"), required=False)
    override_reason = forms.CharField(
        label=gettext_lazy("Lý do quyết định trước thứ tự"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("Chỉ ghi khi cấp dưới, chính quyền hoặc đoàn thể chưa có kết quả."),
    )

    def __init__(self, numbers: Iterable[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.fields["numbered"] = numbered_field(numbers)

    def clean_document_date(self) -> dt.date | None:
        """Told before anything is confirmed."""
        said: dt.date | None = self.cleaned_data["document_date"]
        if said is not None and said > timezone.localdate():
            raise forms.ValidationError(_("Ngày của văn bản ở sau hôm nay. Ghi lại ngày."))
        return said

    def paper(self) -> Paper:
        return Paper(self.cleaned_data["document"], self.cleaned_data["document_date"])

    def override(self) -> str:
        return str(self.cleaned_data.get("override_reason", ""))


class _ReasonForm(forms.Form):
    """One choice and why. Its name sets it apart from the other forms of the page."""

    name = ""
    chosen = forms.ChoiceField(label=gettext_lazy("Hồ sơ"))
    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Một câu là đủ; giữ cùng hồ sơ."),
    )

    def __init__(self, options: Iterable[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data, prefix=self.name, label_suffix="")
        self.options = list(options)
        choices = [("", _("Chưa chọn")), *self.options]
        self.fields["chosen"] = forms.ChoiceField(
            label=self.fields["chosen"].label, choices=choices
        )


class AddForm(_ReasonForm):
    """A unit that has no dossier yet, or whose dossier was taken out."""

    name = "add"

    def which(self) -> tuple[UUID, DossierSubject]:
        unit, subject = self.cleaned_data["chosen"].split(":")
        return UUID(unit), DossierSubject(subject)


class RemoveForm(_ReasonForm):
    """A dossier that does not belong in the cycle."""

    name = "remove"


class ProtectForm(_ReasonForm):
    """A dossier counted otherwise within the cap."""

    name = "protect"

    def which(self) -> tuple[UUID, bool]:
        dossier, way = self.cleaned_data["chosen"].split(":")
        return UUID(dossier), way == OUT


def addable(cycle: Cycle) -> list[tuple[str, str]]:
    """What stands directly below the committee in the rating year and is not in the cycle."""
    below = addable_units(cycle, timezone.localdate())
    there = cycle.dossiers.filter(removed_at=None).values_list("unit_id", "subject")
    known = {(unit, str(subject)) for unit, subject in there}
    rules = rules_of_year(cycle.year, cycle.on)
    subjects = set(rules.procedure.subjects)
    return [
        (f"{one.unit_id}:{subject.value}", f"{one.name}: {_(subject.label)}")
        for one in below
        for subject in DossierSubject
        if subject in subjects | set(rules.subjects_of(UnitKind(one.kind)))
        and (one.unit_id, subject.value) not in known
    ]


def undecided(dossiers: Iterable[Dossier]) -> list[tuple[str, str]]:
    """The dossiers that may still be taken out."""
    return [(str(one.pk), name_of(one)) for one in dossiers if _is_open(one) and not one.grade]


def countable(dossiers: Iterable[Dossier]) -> list[tuple[str, str]]:
    """Each dossier with the way in which it is not counted now."""
    return [
        (f"{one.pk}:{IN if one.protected else OUT}", f"{name_of(one)}: {_other_way(one)}")
        for one in dossiers
        if _is_open(one)
    ]


def name_of(dossier: Dossier) -> str:
    if dossier.subject == DossierSubject.LEADERSHIP:
        return _("%(name)s, tập thể lãnh đạo") % {"name": dossier.name}
    return dossier.name


def _is_open(dossier: Dossier) -> bool:
    return dossier.state in UNDECIDED


def _other_way(dossier: Dossier) -> str:
    return _("tính lại vào tỷ lệ") if dossier.protected else _("để ngoài tỷ lệ")
