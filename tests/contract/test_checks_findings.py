"""What checks find is kept: seen once, closed when mended, accepted by name with a reason."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.cast import AT, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, make_cast
from tests.contract.test_checks import DAY, NA_MAU, end, no_members, one_secretary_for_two
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import Role, Severity
from vungmanh.org.actions.findings import accept_finding, reopen_finding, run_checks
from vungmanh.org.checks import asking
from vungmanh.org.findings import counts_by_severity, findings_visible, latest_run
from vungmanh.org.models import Appointment, IntegrityFinding, MembershipCount

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    for number, appointment in enumerate(Appointment.objects.order_by("pk")):
        appointment.holder_name = f"Bí thư Thử {number}"
        appointment.save()
    return cast


def look(at: dt.datetime = AT) -> None:
    run_checks(as_of=DAY, by=None, at=at)


def viewer(cast: Cast, role: Role, unit: str = PROVINCE) -> Viewer:
    return viewer_for(cast.user(f"{role}-{uuid7()}", role, unit), on=DAY)


def of(cast: Cast, code: str, name: str) -> IntegrityFinding:
    return IntegrityFinding.objects.filter(code=code, unit_id=cast[name]).latest("first_seen")


def seen(who: Viewer | None) -> set[str]:
    return {finding.code for finding in findings_visible(who, DAY)}


def test_a_finding_keeps_the_day_it_was_first_seen(cast: Cast) -> None:
    no_members(cast)
    look()
    look(LATER)
    finding = of(cast, "cell-without-members", NA_MAU)
    assert (finding.first_seen, finding.last_seen) == (AT, LATER)
    assert IntegrityFinding.objects.filter(code="cell-without-members").count() == 1


def test_what_is_mended_is_closed_and_what_comes_again_is_new(cast: Cast) -> None:
    kept = list(MembershipCount.objects.filter(unit_id=cast[NA_MAU]))
    no_members(cast)
    look()
    MembershipCount.objects.bulk_create(kept)
    look(LATER)
    assert of(cast, "cell-without-members", NA_MAU).resolved_at == LATER
    no_members(cast)
    look(LATER + dt.timedelta(days=1))
    assert IntegrityFinding.objects.filter(code="cell-without-members").count() == 2
    assert of(cast, "cell-without-members", NA_MAU).resolved_at is None


def test_an_accepted_finding_stays_accepted_until_taken_up_again(cast: Cast) -> None:
    one_secretary_for_two(cast)
    look()
    office = viewer(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    finding = of(cast, "secretary-of-two", NA_MAU)
    accept_finding(finding_id=finding.pk, reason="Hai người trùng họ tên.", by=office, at=AT)
    look(LATER)
    finding.refresh_from_db()
    assert finding.accepted_reason == "Hai người trùng họ tên."
    assert counts_by_severity(findings_visible(office, DAY))[Severity.NOTE] == 1
    with pytest.raises(NotNow):
        accept_finding(finding_id=finding.pk, reason="Lần nữa, vẫn thế.", by=office, at=AT)
    reopen_finding(finding_id=finding.pk, by=office, at=LATER)
    assert counts_by_severity(findings_visible(office, DAY))[Severity.NOTE] == 2
    with pytest.raises(NotNow):
        reopen_finding(finding_id=finding.pk, by=office, at=LATER)
    told = Event.objects.filter(subject=f"finding:{finding.pk}").values_list("verb", flat=True)
    assert list(told) == ["finding.accepted", "finding.reopened"]


def test_nothing_is_accepted_without_a_reason(cast: Cast) -> None:
    no_members(cast)
    look()
    office = viewer(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    finding = of(cast, "cell-without-members", NA_MAU)
    with pytest.raises(InputError) as refused:
        accept_finding(finding_id=finding.pk, reason=" đã ", by=office, at=AT)
    assert refused.value.field == "reason"


def test_an_office_sees_and_accepts_only_what_is_of_its_units(cast: Cast) -> None:
    no_members(cast)
    look()
    finding = of(cast, "cell-without-members", NA_MAU)
    stranger = viewer(cast, Role.COMMITTEE_OFFICE, LANG_THU)
    assert "cell-without-members" not in seen(stranger)
    with pytest.raises(NotFound):
        accept_finding(finding_id=finding.pk, reason="Không phải của tôi.", by=stranger, at=AT)
    overseer = viewer(cast, Role.OVERSEER, NA_MAU)
    with pytest.raises(NotAllowed):
        accept_finding(finding_id=finding.pk, reason="Tôi phụ trách đấy.", by=overseer, at=AT)


def test_findings_of_an_ended_unit_are_seen_by_whom_it_belonged_to(cast: Cast) -> None:
    end(cast, NA_MAU, dt.date(2019, 1, 1))
    look()
    finding = of(cast, "members-lost-at-end", NA_MAU)
    assert finding.lived_until == dt.date(2018, 12, 31)
    assert "members-lost-at-end" in seen(viewer(cast, Role.COMMITTEE_OFFICE, QUAN_MAU))
    assert "members-lost-at-end" not in seen(viewer(cast, Role.COMMITTEE_OFFICE, LANG_THU))


def test_an_administrator_sees_what_is_an_administrators_to_mend(cast: Cast) -> None:
    cast.user("khongvai", None)
    no_members(cast)
    end(cast, SCHOOL, dt.date(2019, 1, 1))
    look()
    assert seen(viewer(cast, Role.ADMINISTRATOR)) == {"account-without-role"}
    assert "account-without-role" not in seen(viewer(cast, Role.PROVINCIAL_ANALYST))
    assert seen(None) == set()


def test_more_than_is_kept_is_counted_and_nothing_is_closed_by_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_secretary_for_two(cast)
    look()
    monkeypatch.setattr(asking, "MOST", 1)
    look(LATER)
    run = latest_run()
    assert run is not None
    assert run.found["secretary-of-two"] == 2
    still = IntegrityFinding.objects.filter(code="secretary-of-two", resolved_at=None)
    assert still.count() == 2


def test_a_run_is_written_into_the_ledger(cast: Cast) -> None:
    look()
    run = latest_run()
    assert run is not None
    assert Event.objects.get(subject=f"findings:{run.pk}").data["found"] == run.found
