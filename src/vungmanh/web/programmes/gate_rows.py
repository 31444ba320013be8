"""The gates of a draft as lines of a form."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.programme_words import GateKind
from vungmanh.core.vocabulary import UnitKind
from vungmanh.strengthening.actions.programme_gates import ASKS, LEVELS, MOST_GATES, GateText
from vungmanh.strengthening.models import ProgrammeGate
from vungmanh.web.programmes.forms import uncut
from vungmanh.web.tasks.forms import day

MORE = 2


class GateRow(forms.Form):
    """One gate. A row without a day and without words is left out."""

    kind = forms.ChoiceField(label=gettext_lazy("Mốc"))
    due_on = day(gettext_lazy("Hạn"), required=False)
    asks = forms.CharField(
        label=gettext_lazy("Phải báo cáo gì"),
        required=False,
        max_length=ASKS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    levels = forms.MultipleChoiceField(
        label=gettext_lazy("Cấp phải báo cáo"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, there: Collection[UnitKind] = (), **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        uncut(self)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind.value, _(kind.label)) for kind in GateKind
        ]
        self.fields["levels"].choices = [  # type: ignore[attr-defined]
            (kind.value, _(kind.label)) for kind in LEVELS if not there or kind in there
        ]

    @property
    def says(self) -> bool:
        return bool(self.cleaned_data.get("due_on") or self.cleaned_data.get("asks"))

    def clean(self) -> dict[str, Any]:
        clean: dict[str, Any] = super().clean() or {}
        if clean.get("asks") and not clean.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("Mốc phải có hạn. Bỏ mốc thì xóa cả hạn và nội dung."))
        return clean

    def said(self) -> GateText:
        clean = self.cleaned_data
        return GateText(
            kind=GateKind(clean["kind"]),
            due_on=clean["due_on"],
            levels=[UnitKind(one) for one in clean["levels"]],
            asks=clean["asks"],
        )


GateRows = forms.formset_factory(GateRow, extra=0, max_num=MOST_GATES)


def rows_of(gates: Iterable[ProgrammeGate], there: Collection[UnitKind]) -> Any:
    """The gates as they stand, with empty rows to go on; `there` are the kinds that may report."""
    kept = [
        {"kind": one.kind, "due_on": one.due_on, "asks": one.asks, "levels": one.levels}
        for one in gates
    ]
    initial = kept + [{"kind": GateKind.YEARLY}] * MORE
    return GateRows(initial=initial, form_kwargs={"there": there})


def gates_of(rows: Any) -> list[tuple[int, GateText]]:
    """The rows that say something, each with its place on the page."""
    return [(place, row.said()) for place, row in enumerate(rows) if row.says]
