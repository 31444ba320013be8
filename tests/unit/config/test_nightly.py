"""When the data are checked by themselves, and what `vungmanh check` says of them."""

from __future__ import annotations

import datetime as dt
import threading
from zoneinfo import ZoneInfo

import pytest
from django.db import Error

from vungmanh.config import nightly
from vungmanh.config.commands import check
from vungmanh.config.nightly import AFTER_START, next_check
from vungmanh.core.ids import uuid7
from vungmanh.org.models import IntegrityFinding, IntegrityRun, Unit

HERE = ZoneInfo("Asia/Ho_Chi_Minh")


def at(day: int, hour: int) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, tzinfo=HERE)


def test_a_machine_that_was_off_at_night_catches_up() -> None:
    assert next_check(None, at(3, 9)) == at(3, 9) + AFTER_START
    assert next_check(at(1, 2), at(3, 9)) == at(3, 9) + AFTER_START


def test_otherwise_the_data_are_checked_at_two_in_the_night() -> None:
    assert next_check(at(3, 2), at(3, 9)) == at(4, 2)
    assert next_check(at(3, 9), at(4, 1)) == at(4, 2)
    assert next_check(at(3, 2), at(3, 2)) == at(4, 2)


@pytest.mark.django_db
def test_the_nightly_check_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.db.connection.close", lambda: None)
    unit = Unit.objects.create()
    nightly.check_now()
    assert IntegrityRun.objects.count() == 1
    assert IntegrityFinding.objects.get(code="unit-without-name").subject == str(unit.pk)


@pytest.mark.django_db
def test_a_check_that_fails_is_logged_and_the_pages_go_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_values: object) -> None:
        raise Error("gone")

    monkeypatch.setattr("django.db.connection.close", lambda: None)
    monkeypatch.setattr("vungmanh.org.actions.findings.run_checks", broken)
    nightly.check_now()
    assert "nightly check" in caplog.text


def test_the_thread_ends_with_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly, "_last_check", lambda: None)
    with nightly.checking_every_night():
        assert any(thread.name == "nightly" for thread in threading.enumerate())
    assert not any(thread.name == "nightly" for thread in threading.enumerate())


@pytest.mark.django_db
def test_the_command_names_what_is_severe_until_somebody_accepts_it() -> None:
    assert check.data_is_sound() == []
    Unit.objects.create(id=uuid7())
    [sentence] = check.data_is_sound()
    assert sentence.startswith("Nghiêm trọng: Tổ chức không có tên ở ngày nào (1). ")
    IntegrityFinding.objects.update(accepted_at=dt.datetime.now(dt.UTC), accepted_reason="Đã xem.")
    assert check.data_is_sound() == []
    assert check.findings_of(*check.LESSER) == []
