"""A NUL character, which no database text can hold, is refused wherever it comes in."""

from __future__ import annotations

import datetime as dt
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from tests.cast import Cast, make_cast
from vungmanh.core.vocabulary import Role
from vungmanh.web.middleware import storable_text

pytestmark = pytest.mark.django_db

ACCOUNT = {"username": "moi", "full_name": "Thử Một", "role": "", "unit": ""}


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2018, 1, 1))


def sign_in(client: Client, cast: Cast, role: Role) -> None:
    client.force_login(cast.user("thu", role))


def assert_our_page(response) -> None:
    """Says what is wrong and what to do, with its code; nothing of a server that cannot read."""
    assert response.status_code == 400
    page = response.content.decode()
    assert "có một ký tự không nhìn thấy mà máy không lưu được" in page
    assert "xóa chỗ vừa dán, gõ lại rồi gửi" in page
    assert "nul-character" in page
    assert response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/tim/?q=%00", "/nhan-dien/?a%00=1", "/to-chuc/%00/", "/%00"])
def test_address_with_nul_is_refused(client: Client, cast: Cast, address: str) -> None:
    sign_in(client, cast, Role.PROVINCIAL_ANALYST)
    assert_our_page(client.get(address))


def test_search_with_nul_is_refused_inside_a_page_too(client: Client, cast: Cast) -> None:
    sign_in(client, cast, Role.PROVINCIAL_ANALYST)
    refused = client.get("/tim/?q=m%00u", headers={"HX-Request": "true"})
    assert (refused.status_code, refused.content) == (400, b"")
    assert "xóa chỗ vừa dán" in unquote(refused.headers["X-Vungmanh-Message"])


@pytest.mark.parametrize("field", ["username", "full_name", "role", "unit", "m\0i"])
def test_form_field_with_nul_is_refused(client: Client, cast: Cast, field: str) -> None:
    sign_in(client, cast, Role.ADMINISTRATOR)
    assert_our_page(client.post("/tai-khoan/mo/", ACCOUNT | {field: "a\0b"}))


def test_sign_in_with_nul_is_refused(client: Client) -> None:
    assert_our_page(client.post("/tai-khoan-cua-toi/login/", {"login": "a\0", "password": "b"}))


def test_cookie_with_nul_is_refused(client: Client) -> None:
    # Written as \\000, the way cookies carry what they otherwise may not.
    client.cookies.load('sessionid="abcdefgh\\000"')
    assert_our_page(client.get("/tong-quan/"))


def test_page_speaks_the_language_that_was_chosen(client: Client) -> None:
    refused = client.get("/?q=%00", headers={"Accept-Language": "en"})
    assert 'lang="vi"' in refused.content.decode()
    client.cookies["django_language"] = "en"
    assert 'lang="en"' in client.get("/?q=%00").content.decode()


def test_same_requests_without_nul_are_answered(client: Client, cast: Cast) -> None:
    sign_in(client, cast, Role.ADMINISTRATOR)
    assert client.post("/tai-khoan/mo/", ACCOUNT).status_code != 400
    assert client.get("/can-cu/?q=Nà%20Mẫu").status_code == 200


def test_file_may_hold_any_byte(client: Client, cast: Cast) -> None:
    sign_in(client, cast, Role.PROVINCIAL_ANALYST)
    broken = SimpleUploadedFile("thang.xlsx", b"\0\0\0")
    assert client.post("/nhap/", {"files": [broken]}).status_code != 400


def test_form_cut_off_while_sending_is_refused(rf: RequestFactory) -> None:
    class Cut:
        def read(self, _size: int = -1) -> bytes:
            raise OSError("the line was cut")

    def passed(_request: object) -> None:
        raise AssertionError("what could not be read was handed on")

    request = rf.post("/tai-khoan/mo/", ACCOUNT)
    request._stream = Cut()
    refused = storable_text(passed)(request)
    assert refused.status_code == 400
    assert "Máy chủ không đọc được yêu cầu này." in refused.content.decode()
