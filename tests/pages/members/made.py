"""Somebody on the way, a transfer, a person by name: for the tests of pages."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tests.cast import AT
from vungmanh.org.models import Admission, Membership, MemberTransfer, NamesSwitch, Person


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
    return {"admission_id": admission.pk, "transfer_id": transfer.pk, "person_id": person.pk}
