"""Forms of statistics: what was typed becomes values; the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.aggregate_words import VALUES
from vungmanh.core.people_words import Aggregate, MembershipEnd
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.actions.people import GONE
from vungmanh.org.aggregates import Reported
from vungmanh.org.memberships import STAY
from vungmanh.web.tasks.forms import day


class PublishForm(forms.Form):
    """With which document a statistic was reported."""

    document = forms.CharField(
        label=gettext_lazy("Số, ngày văn bản báo cáo"),
        max_length=200,
        help_text=gettext_lazy(
            "Ghi khi đã gửi báo cáo. Bảng được giữ nguyên như lúc này để đối chiếu về sau."
        ),
    )


class LossForm(forms.Form):
    """Members that a cell lost, told by number."""

    way = forms.ChoiceField(label=gettext_lazy("Vì sao"))
    status = forms.ChoiceField(label=gettext_lazy("Diện"))
    count = forms.IntegerField(label=gettext_lazy("Số người"), min_value=1, initial=1)
    on = day(
        gettext_lazy("Từ ngày"), help_text=gettext_lazy("Ngày đầu tiên không còn tính ở chi bộ.")
    )
    document = forms.CharField(label=gettext_lazy("Căn cứ: số, ngày văn bản"), max_length=200)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        standing = [one for one in MembershipStatus if one is not STAY]
        self.fields["way"].choices = [(one.value, _(one.label)) for one in GONE]  # type: ignore[attr-defined]
        self.fields["status"].choices = [(one.value, _(one.label)) for one in standing]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        said = self.cleaned_data
        return said | {
            "way": MembershipEnd(said["way"]), "status": MembershipStatus(said["status"]),
        }  # fmt: skip


class AggregatesForm(forms.Form):
    """Every dimension with its values. Blank is not reported, nought is none."""

    def __init__(
        self, data: Any = None, *, known: Reported, proposed: dict[str, int] | None = None
    ) -> None:
        super().__init__(data, label_suffix="")
        for dimension, values in VALUES.items():
            for value in values:
                hint = (proposed or {}).get(value) if dimension is Aggregate.AGE else None
                self.fields[f"{dimension}-{value}"] = forms.IntegerField(
                    label=_(value.label),
                    min_value=0,
                    required=False,
                    initial=known.get(dimension, {}).get(value),
                    help_text="" if hint is None else _("Theo danh sách tên: %s") % number_vi(hint),
                    widget=forms.NumberInput({"inputmode": "numeric"}),
                )

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of each dimension under its name."""
        return [
            (_(dimension.label), [self[f"{dimension}-{value}"] for value in values])
            for dimension, values in VALUES.items()
        ]

    def counts(self) -> Reported:
        """Every dimension; one left blank is not known, also where it was reported before."""
        found: Reported = {dimension: {} for dimension in VALUES}
        for dimension, values in VALUES.items():
            for value in values:
                number = self.cleaned_data.get(f"{dimension}-{value}")
                if number is not None:
                    found[dimension][value.value] = number
        return found
