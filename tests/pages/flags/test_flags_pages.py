"""Giải trình in the browser's eyes: the list, one flag, whose turn it is, and nobody else's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from tests.cast import AT, LANG_THU, QUAN_MAU, Cast
from tests.pages.strengthening.story import AN_MAU, DOI_MAU, KHUOI_THU, assess_years, main_of, words
from vungmanh.access.viewer import viewer_for
from vungmanh.core.vocabulary import FlagFate, Role
from vungmanh.strengthening.actions.flags import conclude_flag, reply_to_flag
from vungmanh.strengthening.models import Flag

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
SAID = "Sáu kỳ cuối năm bí thư đi học, phó bí thư chưa được giao chủ trì."


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """The story told to the end of 2017: the flags of that year stand."""
    from vungmanh.strengthening.actions.assess import withdraw_assessments

    withdraw_assessments(months=[dt.date(2018, 12, 1)], by=None, at=AT)
    assess_years(2017)
    return cast


def flag_of(cast: Cast, unit: str, reason: str = "meetings_held") -> Flag:
    return Flag.objects.get(unit_id=cast[unit], reason=reason)


def test_a_secretary_answers_from_the_page_of_the_cell(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.CELL_SECRETARY, AN_MAU)
    flag = flag_of(cast, AN_MAU)
    unit = main_of(client.get(f"/to-chuc/{cast[AN_MAU]}/?ky=2017-12"))
    assert f"/giai-trinh/{flag.pk}/" in unit
    page = main_of(client.get(f"/giai-trinh/{flag.pk}/"))
    assert "Gửi giải trình" in page
    assert "Ghi kết luận" not in page
    sent = client.post(f"/giai-trinh/{flag.pk}/", {"act": "reply", "text": SAID, "document": ""})
    assert sent.status_code == 302
    assert SAID in main_of(client.get(f"/giai-trinh/{flag.pk}/"))


def test_an_office_sees_whose_turn_it_is_and_concludes(sign_in: SignIn, cast: Cast) -> None:
    flag = flag_of(cast, AN_MAU)
    Flag.objects.update(reply_by=localdate())
    client = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    assert "Đơn vị còn hạn giải trình" in main_of(client.get(f"/giai-trinh/{flag.pk}/"))
    secretary = viewer_for(cast.user("bithu", Role.CELL_SECRETARY, AN_MAU), on=localdate())
    reply_to_flag(flag_id=flag.pk, text=SAID, by=secretary, at=AT)
    assert "1 lý do đã có giải trình, chờ kết luận" in words(main_of(client.get("/giai-trinh/")))
    done = client.post(
        f"/giai-trinh/{flag.pk}/", {"act": "conclude", "fate": "explained", "note": "Có giấy."}
    )
    assert done.status_code == 302
    page = words(main_of(client.get(f"/giai-trinh/{flag.pk}/")))
    assert "Có giải trình, chấp nhận : Có giấy." in page.replace("chấp nhận:", "chấp nhận :")
    assert "Mở lại" in page


def test_nothing_is_chosen_for_the_one_who_concludes(sign_in: SignIn, cast: Cast) -> None:
    flag = flag_of(cast, AN_MAU)
    Flag.objects.filter(pk=flag.pk).update(reply_by=localdate() - dt.timedelta(days=1))
    client = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    assert "checked" not in main_of(client.get(f"/giai-trinh/{flag.pk}/"))
    empty = client.post(f"/giai-trinh/{flag.pk}/", {"act": "conclude", "note": "Đúng."})
    assert empty.status_code == 422
    assert flag_of(cast, AN_MAU).fate == ""


def test_a_concluded_flag_is_reopened_with_a_reason(sign_in: SignIn, cast: Cast) -> None:
    flag = flag_of(cast, AN_MAU)
    analyst = viewer_for(cast.user("chuyenvien", Role.PROVINCIAL_ANALYST), on=localdate())
    later = AT + dt.timedelta(days=90)
    conclude_flag(flag_id=flag.pk, fate=FlagFate.CONFIRMED, note="Đúng sổ.", by=analyst, at=later)
    client = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    refused = client.post(f"/giai-trinh/{flag.pk}/mo-lai/", {"reason": ""})
    assert refused.status_code == 422
    assert client.post(f"/giai-trinh/{flag.pk}/mo-lai/", {"reason": "Nhầm sổ."}).status_code == 302
    assert flag_of(cast, AN_MAU).fate == ""


@pytest.mark.parametrize("unit", [DOI_MAU, KHUOI_THU])
def test_a_neighbour_finds_no_flag(sign_in: SignIn, cast: Cast, unit: str) -> None:
    client = sign_in(Role.CELL_SECRETARY, unit)
    address = f"/giai-trinh/{flag_of(cast, AN_MAU).pk}/"
    assert client.get(address).status_code == 404
    assert client.post(address, {"act": "reply", "text": SAID}).status_code == 404
    assert "Ăn Mẫu" not in main_of(client.get("/giai-trinh/?gd=waiting"))


def test_an_office_elsewhere_finds_no_flag(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.COMMITTEE_OFFICE, LANG_THU)
    address = f"/giai-trinh/{flag_of(cast, AN_MAU).pk}/"
    assert client.get(address).status_code == 404
    assert client.post(f"{address}mo-lai/", {"reason": "Nhầm."}).status_code == 404


def test_an_overseer_has_no_part_in_the_answer(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.OVERSEER, AN_MAU)
    assert client.get("/giai-trinh/").status_code == 403
    assert "/giai-trinh/" not in main_of(client.get(f"/to-chuc/{cast[AN_MAU]}/?ky=2017-12"))


def test_without_flags_the_list_says_so(sign_in: SignIn, cast: Cast) -> None:
    Flag.objects.all().delete()
    page = words(main_of(sign_in(Role.PROVINCIAL_ANALYST).get("/giai-trinh/")))
    assert "Chưa có lý do nào được nêu trong phạm vi của đồng chí." in page


def test_the_list_asks_as_often_for_one_flag_as_for_all(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    client.get("/giai-trinh/?gd=waiting")
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/giai-trinh/?gd=waiting")
        counts.append(len(asked))
        keep = Flag.objects.order_by("pk").values_list("pk", flat=True)[:1]
        Flag.objects.exclude(pk__in=list(keep)).delete()
    assert counts[0] == counts[1]
