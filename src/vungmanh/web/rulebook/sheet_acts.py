"""What both editors of sheets do with a form: rows added or dropped, and saving."""

from __future__ import annotations

import re
from typing import Protocol, TypeVar

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from vungmanh.core.errors import Conflict, InputError, NotNow
from vungmanh.org.actions.own_rules import revise_rule
from vungmanh.org.models import OwnRule
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.rulebook.forms import SheetForm

_ACT = re.compile(r"(add|drop)-(\d{1,3})(?:-(\d{1,3}))?")


class _Rows(Protocol):
    def without(self: R, group: int, criterion: int | None = None) -> R: ...

    def with_group(self: R) -> R: ...

    def with_criterion(self: R, group: int) -> R: ...


R = TypeVar("R", bound=_Rows)


def changed(rows: R, act: str) -> R:
    """A row added or dropped: add-0 a group, add-2 a criterion of group 2, drop-2, drop-2-3."""
    found = _ACT.fullmatch(act)
    if found is None:
        return rows
    group, criterion = int(found[2]), int(found[3]) if found[3] else None
    if found[1] == "drop":
        return rows.without(group, criterion)
    return rows.with_criterion(group) if group else rows.with_group()


def is_saved(request: ViewerRequest, draft: OwnRule, form: SheetForm) -> bool:
    """Whether the draft was kept; a refusal is put into the form."""
    try:
        revise_rule(own_rule_id=draft.pk, by=request.viewer, at=timezone.now(), **form.cleaned_data)
    except (InputError, Conflict, NotNow) as refused:
        form.add_error(None, refused.message)
        return False
    messages.success(request, _("Đã lưu bản nháp."))
    return True
