"""Forms of plans of overseers. What was typed becomes values; the actions decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.access.models import User
from vungmanh.core.errors import InputError
from vungmanh.strengthening.assigning_records import (
    CellCover,
    OverseerAsked,
    OverseerAvailable,
    PlanAsked,
    is_experienced,
)
from vungmanh.web.oversight.lines import known_of
from vungmanh.web.tasks.forms import day

Ticks = Sequence[tuple[str, str]]
MOST_NAMED = 40


class PlanForm(forms.Form):
    """What an office asks of a plan: days, cells, people with the most cells for each."""

    valid_from = day(gettext_lazy("Từ ngày"))
    last_day = day(gettext_lazy("Đến hết ngày"))
    cover = forms.ChoiceField(
        label=gettext_lazy("Chi bộ nào cần người phụ trách"), widget=forms.RadioSelect
    )
    cells = forms.MultipleChoiceField(
        label=gettext_lazy("Đánh dấu từng chi bộ"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Thêm vào phạm vi ở trên. Không thêm thì để trống."),
    )
    more = forms.CharField(
        label=gettext_lazy("Thêm người (tên đăng nhập)"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Người chưa phụ trách nơi nào; nhiều người thì cách nhau dấu phẩy."),
    )
    max_hard = forms.IntegerField(
        label=gettext_lazy("Mỗi người nhiều nhất mấy chi bộ khó"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=gettext_lazy(
            "Chi bộ khó là nơi đang được tập trung củng cố hoặc thuộc diện cần củng cố. Để trống: "
            "không giới hạn."
        ),
    )
    known = forms.CharField(
        label=gettext_lazy("Điều sổ chưa có"),
        required=False,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Mỗi dòng một điều: “tên đăng nhập; chi bộ; 12 km” là quãng đường, “tên đăng nhập; chi "
            "bộ; tránh” là nơi phải tránh, “chi bộ; tiếng Tày” là tiếng cần biết. Quãng đường đã "
            "ghi ở kế hoạch trước thì máy còn nhớ."
        ),
    )

    def __init__(
        self, data: Any = None, *, people: Sequence[OverseerAvailable], cells: Ticks,
        names: dict[UUID, str], most: int | None, first: dt.date, ticked: UUID | None = None,
    ) -> None:  # fmt: skip
        last = dt.date(first.year, 12, 31)
        initial = {
            "valid_from": first, "last_day": last if (last - first).days > 90 else
            dt.date(first.year + 1, 12, 31),
            "cover": (CellCover.NAMED if ticked else CellCover.FILES).value,
            "cells": [str(ticked)] if ticked else [],
        }  # fmt: skip
        super().__init__(data, initial=initial, label_suffix="")
        self.people, self.names, self.most, self.first = people, names, most, first
        covers = [one for one in CellCover if cells or one is not CellCover.NAMED]
        self.fields["cover"].choices = [(one.value, _(one.label)) for one in covers]  # type: ignore[attr-defined]
        self.fields["cells"].choices = list(cells)  # type: ignore[attr-defined]
        if not cells:
            del self.fields["cells"]
        for place, one in enumerate(people):
            self._add_person(place, one)

    def _add_person(self, place: int, one: OverseerAvailable) -> None:
        self.fields[f"most_{place}"] = forms.IntegerField(
            label=_("Nhiều nhất mấy chi bộ"), required=False, min_value=0, max_value=self.most,
            initial=self.most,
        )  # fmt: skip
        self.fields[f"skilled_{place}"] = forms.BooleanField(
            label=_("Có kinh nghiệm"), required=False, initial=is_experienced(one.since, self.first)
        )
        self.fields[f"speaks_{place}"] = forms.CharField(
            label=_("Biết tiếng"), required=False, max_length=80
        )

    @property
    def head(self) -> list[forms.BoundField]:
        names = ("valid_from", "last_day", "cover")
        return [self[name] for name in names]

    @property
    def rows(self) -> list[tuple[OverseerAvailable, list[forms.BoundField]]]:
        """Each person with the fields about them."""
        return [
            (one, [self[f"{name}_{place}"] for name in ("most", "skilled", "speaks")])
            for place, one in enumerate(self.people)
        ]

    @property
    def rest(self) -> list[forms.BoundField]:
        return [self[name] for name in ("more", "max_hard", "known")]

    def clean(self) -> dict[str, Any]:
        clean: dict[str, Any] = super().clean() or {}
        if self.errors:
            return clean
        try:
            clean["users"] = self._users(clean)
            clean["told"] = known_of(clean["known"], clean["users"], self.names)
        except InputError as error:
            self.add_error(error.field, error.message)
        return clean

    def _users(self, clean: dict[str, Any]) -> dict[str, UUID]:
        """Everybody who may be given a cell, by username."""
        found = {
            one.username: one.user_id
            for place, one in enumerate(self.people)
            if clean[f"most_{place}"] is not None
        }
        named = [one.strip().lower() for one in clean["more"].split(",") if one.strip()]
        users = User.objects.filter(username__in=named[:MOST_NAMED], is_active=True)
        known = dict(users.values_list("username", "pk"))
        missing = [one for one in named if one not in known]
        if missing:
            raise InputError(
                _("Không có tài khoản nào đang dùng tên “%(name)s”. Hỏi lại tên đăng nhập.")
                % {"name": missing[0]},
                field="more",
            )
        return found | known

    def asked(self) -> PlanAsked:
        clean, told = self.cleaned_data, self.cleaned_data["told"]
        users = clean["users"]
        listed = {
            one.user_id: OverseerAsked(
                one.user_id, clean[f"most_{place}"], clean[f"skilled_{place}"],
                _words(clean[f"speaks_{place}"]), told.avoids.get(one.user_id, frozenset()),
            )
            for place, one in enumerate(self.people) if one.username in users
            and clean[f"most_{place}"] is not None
        }  # fmt: skip
        named = {
            pk: OverseerAsked(pk, self.most or 1, avoids=told.avoids.get(pk, frozenset()))
            for pk in users.values()
        }
        return PlanAsked(
            valid_from=clean["valid_from"],
            valid_until=clean["last_day"] + dt.timedelta(days=1),
            overseers=tuple((named | listed).values()),
            cover=CellCover(clean["cover"]),
            cells=frozenset(UUID(one) for one in clean.get("cells", ())),
            languages=told.languages,
            ways=told.ways,
            max_hard=clean["max_hard"],
        )


def _words(text: str) -> frozenset[str]:
    """The languages of a line of words, by one spelling."""
    return frozenset(" ".join(one.split()).casefold() for one in text.split(",") if one.strip())


class LineForm(forms.Form):
    """Why a line is changed by hand."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Ghi cùng tên đồng chí và in trong kế hoạch."),
    )


class WithdrawForm(forms.Form):
    """Why a plan is taken back; of one that holds, from which day."""

    from_day = day(
        gettext_lazy("Thôi từ ngày"),
        help_text=gettext_lazy("Từ ngày ấy những người trong kế hoạch không còn phụ trách."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Lý do"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, is_approved: bool = False) -> None:
        super().__init__(data, label_suffix="")
        if not is_approved:
            del self.fields["from_day"]
