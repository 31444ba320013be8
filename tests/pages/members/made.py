"""Somebody on the way, a transfer, a person by name: for the tests of pages."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tests.cast import AT
from vungmanh.access.models import User
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.models import (
    Admission,
    Membership,
    MemberTransfer,
    NamesSwitch,
    Person,
    PublishedStatistic,
)
from vungmanh.org.statistics import digest_of
from vungmanh.org.statistics_balance import DOWNS, UPS
from vungmanh.outputs.members.models import MemberList


def moved(unit: UUID) -> dict[str, object]:
    """Parameters of addresses about members of a cell."""
    day = dt.date(2019, 12, 5)
    admission = Admission.objects.get_or_create(
        unit_id=unit, alias="Quần chúng 1", begun_on=day, state="open"
    )[0]
    transfer = MemberTransfer.objects.get_or_create(
        kind="official", status="official", from_unit_id=unit, elsewhere="Tỉnh khác",
        decided_on=day, document="GT 1", state="sent", sent_at=AT,
    )[0]  # fmt: skip
    if not NamesSwitch.objects.filter(unit_id=unit, ended_on=None).exists():
        NamesSwitch.objects.create(unit_id=unit, from_day=day, document="QĐ 1")
    person = Person.objects.get_or_create(
        name="Nông Thử Năm", name_fold="nong thu nam", external_key=f"K{unit.hex[:12]}",
        born_on=dt.date(1971, 2, 3), joined_on=dt.date(1999, 4, 5),
    )[0]  # fmt: skip
    if not Membership.objects.filter(person=person).exists():
        Membership.objects.create(person=person, unit_id=unit, status="official", valid=(day, None))
    other = Person.objects.get_or_create(name="Nong Thu Nam", name_fold="nong thu nam")[0]
    if not Membership.objects.filter(person=other).exists():
        Membership.objects.create(
            person=other, unit_id=unit, status="official", valid=(day, day.replace(day=9))
        )
    pair = {"first_id": person.pk, "second_id": other.pk}
    made = {"admission_id": admission.pk, "transfer_id": transfer.pk, "person_id": person.pk}
    return pair | made | {"statistic_id": reported(unit).pk}


def reported(unit: UUID) -> PublishedStatistic:
    """A year of a cell as it was reported: nobody came or went."""
    none = {
        **{f"opening.{one}": 0 for one in MembershipStatus},
        **{f"closing.{one}": 0 for one in MembershipStatus},
        **{f"up.{one}": 0 for one in UPS}, **{f"down.{one}": 0 for one in DOWNS},
        "opening": 9, "closing": 9, "made_official": 0, "cells": 1, "uncounted": 0,
    }  # fmt: skip
    said = {
        "unit": str(unit), "name": "Chi bộ đã báo cáo", "first": "2019-01-01", "last": "2019-12-31",
        "known_at": AT.isoformat(), "total": none, "lines": [],
    }  # fmt: skip
    return PublishedStatistic.objects.get_or_create(
        unit_id=unit, first=dt.date(2019, 1, 1), last=dt.date(2019, 12, 31),
        defaults={"known_at": AT, "at": AT, "document": "BC 1", "content": said,
                  "sha256": digest_of(said)},
    )[0]  # fmt: skip


def list_read_by(user: User) -> MemberList:
    """A list from Excel that somebody is looking at."""
    return MemberList.objects.create(
        by=user, at=AT, state="preview", from_day=dt.date(2019, 1, 1), status="official"
    )
