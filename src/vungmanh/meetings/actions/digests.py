"""Making the digests of a day, and what a person does with one: seen, or no more for a while."""

from __future__ import annotations

import datetime as dt

from django.core.mail import send_mail
from django.db import transaction

from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import InputError
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.digest import waiting_for
from vungmanh.meetings.models import Digest, DigestMute

LONGEST_MUTE = 90  # days
KEPT = 60  # days a digest is kept


def make_digests(*, day: dt.date, at: dt.datetime) -> int:
    """One digest for each person and role of a day; made again it changes nothing. Returns how
    many were made."""
    Digest.objects.filter(day__lt=day - dt.timedelta(days=KEPT)).delete()
    made = 0
    people = User.objects.filter(is_active=True, grants__valid__contains=day).distinct()
    for user in people.order_by("pk").iterator():
        for hat in viewer_for(user, on=day).hats:
            if hat.role is not Role.ADMINISTRATOR:
                made += _make(viewer_for(user, on=day, hat=hat.code), hat.code, day, at)
    record("digests.made", by=None, at=at, subject="digests", data={"made": made})
    return made


def _make(viewer: Viewer, hat: str, day: dt.date, at: dt.datetime) -> int:
    items = [one.as_json() for one in waiting_for(viewer, day)]
    _digest, is_new = Digest.objects.get_or_create(
        user=viewer.user, hat=hat, day=day, defaults={"items": items, "made_at": at}
    )
    return int(is_new)


def mail_digests(*, day: dt.date, at: dt.datetime, subject: str, body: str, sender: str) -> int:
    """One letter a person at most, to those with an address, something waiting and no mute.

    The letter holds no names and no counts: it only says that something waits. Returns how many.
    """
    muted = DigestMute.objects.filter(until__gt=day).values("user_id")
    waiting = Digest.objects.filter(day=day).exclude(items=[]).exclude(user_id__in=muted)
    sent = set(waiting.exclude(mailed_at=None).values_list("user_id", flat=True))
    letters = 0
    for one in waiting.filter(mailed_at=None).exclude(user__email="").select_related("user"):
        if one.user_id in sent:
            continue
        sent.add(one.user_id)
        letters += send_mail(subject, body, sender, [one.user.email])
        Digest.objects.filter(pk=one.pk).update(mailed_at=at)
    return letters


@transaction.atomic
def see_digest(*, by: Viewer, day: dt.date, at: dt.datetime) -> None:
    """Put the digest of today away; tomorrow's comes."""
    if by.hat is not None:
        own = Digest.objects.filter(user=by.user, hat=by.hat.code, day=day, seen_at=None)
        own.update(seen_at=at)


@transaction.atomic
def mute_digests(*, until: dt.date, by: Viewer, at: dt.datetime) -> None:
    """No digest before `until`. Raises InputError for a day that is past or too far."""
    day = by.on
    if not day < until <= day + dt.timedelta(days=LONGEST_MUTE):
        raise InputError(
            f"Chọn một ngày sau hôm nay, không quá {LONGEST_MUTE} ngày.",
            field="until",
            code="bad-day",
        )
    DigestMute.objects.update_or_create(user=by.user, defaults={"until": until})
    record(
        "digest.muted",
        by=by.user,
        at=at,
        subject=f"user:{by.user.pk}",
        data={"until": until.isoformat()},
    )
