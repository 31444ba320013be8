"""Ủy quyền: the roles somebody lends to another for a time, and those they borrow."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from vungmanh.access.actions.delegation import GIVE, delegate, end_delegation
from vungmanh.access.models import RoleGrant
from vungmanh.access.queries import delegations_of, own_grants
from vungmanh.core.errors import Conflict, InputError
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import Role
from vungmanh.org.names import names_of_roles
from vungmanh.web.access import needs
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.requests import ViewerRequest


class DelegationForm(ReasonForm):
    """Which role, to whom, from when to when, and why."""

    grant_id = forms.TypedChoiceField(label=gettext_lazy("Vai trò"), coerce=int)
    username = forms.CharField(
        label=gettext_lazy("Tên đăng nhập của người được ủy quyền"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
        help_text=gettext_lazy("Hỏi người ấy; danh sách tài khoản không hiện ở đây."),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("Từ ngày"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )
    last_day = forms.DateField(
        label=gettext_lazy("Đến hết ngày"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )

    field_order = ["grant_id", "username", "starts_on", "last_day", "reason"]

    def __init__(self, data: Any = None, *, grants: list[tuple[int, str]], today: dt.date) -> None:
        super().__init__(data, initial={"starts_on": today})
        self.fields["grant_id"].choices = grants  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Lent:
    """One delegation as the page shows it."""

    pk: int
    role: str
    unit: str
    person: str
    is_given: bool
    dates: str
    state: str
    may_end: bool


@require_http_methods(["GET", "HEAD", "POST"])
@needs(GIVE)
def delegations(request: ViewerRequest) -> HttpResponse:
    """What one lent and borrowed, and the form to lend."""
    viewer, now = request.viewer, timezone.now()
    today = timezone.localdate(now)
    own = list(own_grants(viewer, today))
    lent = list(delegations_of(viewer))
    names = names_of_roles(viewer, today)
    choices = [(one.pk, f"{_(Role(one.role).label)}, {names.get(one.unit_id, '')}") for one in own]
    form = DelegationForm(request.POST or None, grants=choices, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            delegate(**form.cleaned_data, by=viewer, at=now)
        except InputError as error:
            form.add_error(error.field, error.message)
        except Conflict as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Đã ủy quyền. Người ấy đổi vai ở góc trên màn hình."))
            return redirect("delegations")
    rows = [_row(request, one, names.get(one.unit_id, ""), today) for one in lent]
    context = {
        "form": form if choices else None,
        "rows": rows,
        "running": sum(row.state == "running" for row in rows),
    }
    return render(
        request, "delegation/delegations.html", context, status=422 if form.is_bound else 200
    )


@require_POST
@needs(GIVE)
def delegation_end(request: ViewerRequest, lent_id: int) -> HttpResponse:
    """Take back what one lent, or give back what one borrowed, at once."""
    end_delegation(grant_id=lent_id, by=request.viewer, at=timezone.now())
    messages.success(request, _("Đã thôi ủy quyền từ hôm nay."))
    return redirect("delegations")


def _row(request: ViewerRequest, one: RoleGrant, unit: str, today: dt.date) -> Lent:
    is_given = one.on_behalf_of_id == request.viewer.user.pk
    last = one.valid.upper - dt.timedelta(days=1)
    state = "over" if one.valid.upper <= today else "running"
    if one.valid.lower > today:
        state = "to_come"
    return Lent(
        pk=one.pk,
        role=_(Role(one.role).label),
        unit=unit,
        person=str(one.user if is_given else one.on_behalf_of),
        is_given=is_given,
        dates=_("%(first)s đến hết %(last)s")
        % {"first": date_vi(one.valid.lower), "last": date_vi(last)},
        state=state,
        may_end=state != "over",
    )
