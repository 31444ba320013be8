"""Who may be named to review a file, and which reviews a file owes."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from vungmanh.access.models import RoleGrant, User
from vungmanh.access.permissions import PERMISSIONS
from vungmanh.core.programme_words import FileAct, FileState, ReviewKind
from vungmanh.core.text import sort_key
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import FileReviews
from vungmanh.strengthening.file_states import APPROVE, WORK
from vungmanh.strengthening.models import FileEntry, SupportFile
from vungmanh.strengthening.standing_in import places_now

REVIEWED = (FileState.ACTING, FileState.HOLDING)


def is_in_office(user: User, day: dt.date) -> bool:
    """Whether somebody may still sign in and holds a role on a day."""
    return user.is_active and RoleGrant.objects.filter(user=user, valid__contains=day).exists()


def reviewers_of(file: SupportFile, day: dt.date) -> list[tuple[UUID, str]]:
    """Who works or decides at the committees of the file on a day, or at those that act for them,
    by name."""
    places = {file.handler_id, file.approver_id}
    grants = RoleGrant.objects.filter(
        unit_id__in=places | set(places_now(places, day).values()),
        role__in=PERMISSIONS[WORK] | PERMISSIONS[APPROVE], valid__contains=day,
        user__is_active=True,
    ).select_related("user")  # fmt: skip
    named = {one.user_id: str(one.user) for one in grants}
    return sorted(named.items(), key=lambda one: sort_key(one[1]))


def review_due_now(day: dt.date) -> tuple[ReviewKind, dt.date] | None:
    """The review that every file owes in the month of a day, and since when; None in the others."""
    rule = load_rulebook().on(day).of(FileReviews)
    kinds = {rule.mid_year_month: ReviewKind.MID_YEAR, rule.year_end_month: ReviewKind.YEAR_END}
    kind = kinds.get(day.month)
    return (kind, day.replace(day=1)) if kind else None


def owing_review(day: dt.date) -> Q:
    """The files whose review of the middle or the end of the year is due this month, and that had
    none since the month began nor a person named for it."""
    due = review_due_now(day)
    if due is None:
        return Q(pk__in=[])
    _kind, since = due
    had: QuerySet[FileEntry] = FileEntry.objects.filter(
        file_id=OuterRef("pk"), act=FileAct.REVIEW, on__gte=since
    )
    begun = Q(entered_on__lt=since)
    return Q(state__in=REVIEWED) & begun & Q(review_due=None) & Q(~Exists(had))


def reviews_named_for(users: list[UUID]) -> Q:
    """The files that somebody was named to review and has not reviewed yet."""
    return Q(reviewer_id__in=users, state__in=REVIEWED) & ~Q(review_due=None)
