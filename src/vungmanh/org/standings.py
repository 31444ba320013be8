"""Which changes of standing a list may simply say, and which come by their own way only."""

from __future__ import annotations

import datetime as dt

from vungmanh.core.errors import NotNow
from vungmanh.core.people_words import (
    AdmissionState,
    AdmissionStepKind,
    TransferKind,
    TransferState,
)
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.judging import held_to
from vungmanh.org.models import Admission, Membership, MemberTransfer, Person
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.people.admission import judge_admission
from vungmanh.rulebook.people.admission_case import AdmissionCase, probation_of

PROBATIONARY, OFFICIAL = MembershipStatus.PROBATIONARY, MembershipStatus.OFFICIAL
STAY = MembershipStatus.TEMPORARY_IN


def check_change(row: Membership, to: MembershipStatus, from_day: dt.date) -> None:
    """Raise NotNow for what a transfer or an admission must say, RuleBroken for a probation that
    ends on another day than its rule tells. A first entry may be put right in any way."""
    was = MembershipStatus(row.status)
    rows = Membership.objects.filter(person=row.person)
    is_first = from_day == row.valid.lower and not rows.filter(valid__endswith=from_day).exists()
    if _is_away(row.person):
        raise NotNow(
            "Người này đang sinh hoạt tạm thời theo giấy giới thiệu. Ghi “Trở về” ở lần chuyển ấy.",
            code="by-transfer",
        )
    on_the_way = Admission.objects.filter(person=row.person, state=AdmissionState.ADMITTED)
    if PROBATIONARY in (was, to) and on_the_way.exists() and OFFICIAL in (was, to):
        raise NotNow(
            "Người này có hồ sơ kết nạp đang làm. Ghi ở hồ sơ ấy, mục Kết nạp.", code="by-admission"
        )
    if is_first:
        return
    if STAY in (was, to):
        raise NotNow("Đi, đến sinh hoạt tạm thời thì ghi ở Chuyển sinh hoạt.", code="by-transfer")
    if was is PROBATIONARY and to is OFFICIAL and row.person.joined_on is not None:
        case = _probation_case(row.person.joined_on, from_day)
        findings = judge_admission(load_rulebook().on, case, on=from_day)
        held_to(one for one in findings if one.code.startswith("probation"))


def official_day(person: Person) -> dt.date | None:
    """The day from which the rule makes somebody official who was admitted on a known day."""
    if person.joined_on is None:
        return None
    probation = probation_of(load_rulebook().on, _probation_case(person.joined_on))
    return probation.ends_on if probation else None


def _probation_case(joined_on: dt.date, official_from: dt.date | None = None) -> AdmissionCase:
    return AdmissionCase(
        steps=((AdmissionStepKind.CEREMONY, joined_on),), official_from=official_from
    )


def _is_away(person: Person) -> bool:
    """Whether they went somewhere for a while by a transfer, and have not come back."""
    stays = MemberTransfer.objects.filter(
        person=person, kind=TransferKind.TEMPORARY, state=TransferState.ACCEPTED
    )
    back = MemberTransfer.objects.filter(origin__in=stays, state=TransferState.ACCEPTED)
    return stays.exclude(pk__in=back.values("origin")).exists()
