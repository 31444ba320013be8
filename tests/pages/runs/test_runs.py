"""*Lần tính*: every run with its hashes, on demand, and computed anew to the byte."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import QUAN_MAU, Cast
from tests.pages.strengthening.story import AN_MAU, main_of
from vungmanh.access.models import Event
from vungmanh.core.vocabulary import Role
from vungmanh.strengthening.models import Assessment, AssessmentRun, InputSnapshot

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]
RUNS = "/so-lieu/lan-tinh/"
DECEMBER = dt.date(2017, 12, 1)


def run() -> AssessmentRun:
    return AssessmentRun.objects.get(month=DECEMBER)


def compared(client: Client) -> str:
    return main_of(client.post(RUNS, {"act": "recompute", "run": run().pk}))


def test_every_run_is_listed_with_its_hashes(sign_in: SignIn, cast: Cast) -> None:
    page = main_of(sign_in(Role.PROVINCIAL_ANALYST).get(RUNS))
    assert "3 kỳ đã tính; kỳ mới nhất là tháng 12/2018" in page
    assert run().input_hash[:16] in page
    assert run().result_hash[:16] in page


def test_a_run_computed_anew_is_the_same_to_the_byte(sign_in: SignIn, cast: Cast) -> None:
    assert "Khớp: tính lại từ bản chụp" in compared(sign_in(Role.PROVINCIAL_ANALYST))


def test_a_falsified_row_is_named(sign_in: SignIn, cast: Cast) -> None:
    Assessment.objects.filter(run=run(), unit_id=cast[AN_MAU]).update(held=12)
    page = compared(sign_in(Role.PROVINCIAL_ANALYST))
    assert "Có 1 đơn vị khác với kết quả tính lại." in page
    assert AN_MAU in page


def test_a_falsified_snapshot_is_told(sign_in: SignIn, cast: Cast) -> None:
    InputSnapshot.objects.filter(pk=run().snapshot_id).update(content=b"x")
    assert "không còn đúng mã" in compared(sign_in(Role.PROVINCIAL_ANALYST))


def test_months_are_assessed_one_by_one_with_progress(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    old = run().pk
    client.post(RUNS, {"act": "make", "tu": "2018-01", "den": "2017-12"})  # either way round
    assert "Xong 0 trong 2 kỳ; kỳ tiếp theo là tháng 12/2017." in main_of(client.get(RUNS))
    client.post(RUNS, {"act": "continue"})
    assert "Xong 1 trong 2 kỳ; kỳ tiếp theo là tháng 1/2018." in main_of(client.get(RUNS))
    page = main_of(client.post(RUNS, {"act": "continue"}, follow=True))
    assert "kỳ tiếp theo" not in page
    assert run().pk != old
    assert AssessmentRun.objects.filter(month=dt.date(2018, 1, 1)).exists()
    made = Event.objects.filter(verb="assessment.made", by__isnull=False)
    assert made.count() == 2


def test_work_under_way_can_be_stopped(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    client.post(RUNS, {"act": "make", "tu": "2017-12", "den": "2018-03"})
    client.post(RUNS, {"act": "stop"})
    client.post(RUNS, {"act": "continue"})
    assert AssessmentRun.objects.count() == 3
    assert "kỳ tiếp theo" not in main_of(client.get(RUNS))


def test_an_address_alone_starts_nothing(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    client.get(f"{RUNS}?act=make&tu=2017-12&den=2018-03")
    assert "data-vungmanh-continue" not in main_of(client.get(RUNS))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"tu": "x", "den": "2017-12"}, 'role="alert"'),
        ({"tu": "2010-01", "den": "2017-12"}, "Mỗi lần tính nhiều nhất 36 kỳ."),
    ],
)
def test_months_that_cannot_be_assessed_are_told(
    sign_in: SignIn, cast: Cast, asked: dict[str, str], told: str
) -> None:
    response = sign_in(Role.PROVINCIAL_ANALYST).post(RUNS, {"act": "make", **asked})
    assert response.status_code == 422
    assert told in main_of(response)


def test_a_month_before_all_data_ends_the_work_with_a_sentence(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    client.post(RUNS, {"act": "make", "tu": "2015-01", "den": "2015-02"})
    page = client.post(RUNS, {"act": "continue"}, follow=True).content.decode()
    assert "Chưa có số liệu đến hết tháng 1/2015" in page
    assert "kỳ tiếp theo" not in page


def test_only_who_sees_the_whole_province_assesses(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST, QUAN_MAU)  # an analyst of one branch
    assert "Tính ngay" not in main_of(client.get(RUNS))
    for act in ("make", "recompute"):
        asked = {"act": act, "tu": "2017-12", "den": "2017-12", "run": run().pk}
        response = client.post(RUNS, asked)
        assert response.status_code == 403
        assert AN_MAU not in response.content.decode()


@pytest.mark.parametrize("role", [Role.COMMITTEE_OFFICE, Role.CELL_SECRETARY, Role.ADMINISTRATOR])
def test_runs_are_the_analysts_alone(sign_in: SignIn, cast: Cast, role: Role) -> None:
    unit = AN_MAU if role is Role.CELL_SECRETARY else QUAN_MAU
    assert sign_in(role, unit).get(RUNS).status_code == 403
