"""Each object tells who did what to it, when, for whom and why; a person can be forgotten."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import AT, Cast, make_cast
from tests.health.repository import ROOT
from vungmanh.access.actions.accounts import deactivate
from vungmanh.access.actions.erasure import erase_personal
from vungmanh.access.ledger import record
from vungmanh.access.models import Event
from vungmanh.access.viewer import viewer_for
from vungmanh.core.errors import NotNow
from vungmanh.core.vocabulary import Role
from vungmanh.web.journal.present import SHOWN, entries_of
from vungmanh.web.journal.words import WORDS

WHY = "Nghỉ việc từ tháng này."


def test_every_verb_of_the_ledger_has_words() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    said = set(re.findall(r'"([a-z_]+\.[a-z_]+)",\s*(?:by|flag)', sources))
    assert said, "no verb found: has the ledger another door now?"
    assert said - set(WORDS) == set()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_an_act_is_told_with_name_day_and_reason(cast: Cast) -> None:
    by = viewer_for(cast.user("quantri", Role.ADMINISTRATOR), on=timezone.localdate())
    gone = cast.user("cuoi", Role.CELL_SECRETARY, "Chi bộ thôn Nà Mẫu")
    deactivate(user_id=gone.pk, reason=WHY, by=by, at=AT)
    [entry, *_rest] = entries_of(f"user:{gone.pk}")
    assert (entry.who, entry.what, entry.why, entry.at) == ("quantri", "khóa tài khoản", WHY, AT)


def test_an_act_in_a_borrowed_role_says_for_whom(cast: Cast) -> None:
    owner, deputy = cast.user("chu", None), cast.user("pho", None)
    deputy.acting_for = owner
    record("unit.looked_at", by=deputy, at=AT, subject="unit:1")
    [entry] = entries_of("unit:1")
    assert (entry.who, entry.for_whom) == ("pho", "chu")


def test_the_history_shows_the_latest_and_asks_twice_at_most(
    cast: Cast, django_assert_num_queries: object
) -> None:
    for _round in range(SHOWN + 5):
        record("unit.looked_at", by=None, at=AT, subject="unit:2")
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(entries_of("unit:2")) == SHOWN


def test_a_person_is_forgotten_and_the_act_is_not(cast: Cast) -> None:
    by = viewer_for(cast.user("quantri", Role.ADMINISTRATOR), on=timezone.localdate())
    gone = cast.user("cuoi", Role.CELL_SECRETARY, "Chi bộ thôn Nà Mẫu")
    with pytest.raises(NotNow, match="Khóa tài khoản trước"):
        erase_personal(user_id=gone.pk, reason="Theo đơn.", by=by, at=AT)
    deactivate(user_id=gone.pk, reason=WHY, by=by, at=AT)
    before = Event.objects.count()
    assert erase_personal(user_id=gone.pk, reason="Theo đơn của người ấy.", by=by, at=AT) >= 1
    assert Event.objects.count() == before + 1
    told = entries_of(f"user:{gone.pk}")
    assert [entry.what for entry in told] == ["xóa phần cá nhân trong nhật ký", "khóa tài khoản"]
    assert told[1].why == ""


def test_an_administrator_finds_the_history_on_the_account(client: Client, cast: Cast) -> None:
    admin = cast.user("quantri", Role.ADMINISTRATOR)
    gone = cast.user("cuoi", Role.CELL_SECRETARY, "Chi bộ thôn Nà Mẫu")
    by = viewer_for(admin, on=timezone.localdate())
    deactivate(user_id=gone.pk, reason=WHY, by=by, at=AT)
    client.force_login(admin)
    page = client.get(f"/tai-khoan/{gone.pk}/").content.decode()
    assert WHY in page
    done = client.post(f"/tai-khoan/{gone.pk}/xoa-phan-ca-nhan/", {"reason": "Theo đơn đã nhận."})
    assert done.status_code == 302
    assert WHY not in client.get(f"/tai-khoan/{gone.pk}/").content.decode()


def test_why_a_role_ended_is_not_read_on_the_page_of_the_unit(cast: Cast) -> None:
    record("role.ended", by=None, at=AT, subject="unit:3", personal={"reason": "Đang bị xem xét."})
    [entry] = entries_of("unit:3")
    assert (entry.what, entry.why) == ("thôi vai trò", "")
