"""Who may answer for a measure: an account in sight, a post of the unit, else a body in words."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Q, QuerySet

from vungmanh.access.models import RoleGrant, User
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError
from vungmanh.core.text import fold, sort_key
from vungmanh.core.vocabulary import Post
from vungmanh.org.models import Appointment, UnitClosure, UnitVersion
from vungmanh.org.queries import units_visible
from vungmanh.strengthening.models import SupportFile

LEAST_LETTERS = 3


def owners_of(file: SupportFile, viewer: Viewer) -> list[str]:
    """Posts of the unit, then the accounts in sight that hold a role at the file's committees, at
    the unit or below it."""
    on = viewer.on
    held = Appointment.objects.filter(unit_id=file.unit_id, valid__contains=on)
    names = UnitVersion.objects.filter(unit_id=file.unit_id, valid__contains=on)
    name = names.values_list("name", flat=True).first() or ""
    posts = [
        f"{Post(post).label}, {name}" for post in sorted(set(held.values_list("post", flat=True)))
    ]
    holding = _grants(file, viewer).filter(valid__contains=on, user__is_active=True)
    people = {str(one.user) for one in holding.select_related("user")}
    return posts + sorted(people, key=sort_key)


def check_owner(owner: str, file: SupportFile, viewer: Viewer, day: dt.date) -> None:
    """Raises InputError (`owner`) for signs without words, and for somebody who left."""
    if sum(letter.isalpha() for letter in owner) < LEAST_LETTERS:
        raise InputError(
            "Ghi người, chức danh hoặc cơ quan chịu trách nhiệm, bằng chữ.", field="owner",
            code="bad-owner",
        )  # fmt: skip
    users = User.objects.filter(pk__in=_grants(file, viewer).values("user_id"))
    named = [one for one in users if fold(str(one)) == fold(owner)]
    if named and not any(_is_in_office(one.pk, day) for one in named):
        raise InputError(
            f"{owner} không còn giữ vai trò nào trong chương trình; chọn người đang làm việc.",
            field="owner", code="owner-left",
        )  # fmt: skip


def _is_in_office(user_id: UUID, day: dt.date) -> bool:
    return RoleGrant.objects.filter(
        user_id=user_id, user__is_active=True, valid__contains=day
    ).exists()


def _grants(file: SupportFile, viewer: Viewer) -> QuerySet[RoleGrant]:
    """Roles at the committees of a file, at its unit and below it, of units in sight."""
    below = UnitClosure.objects.filter(ancestor_id=file.unit_id, valid__contains=viewer.on)
    there = Q(unit_id__in=[file.handler_id, file.approver_id])
    there |= Q(unit_id__in=below.values("descendant_id"))
    return RoleGrant.objects.filter(there, unit_id__in=units_visible(viewer, viewer.on))
