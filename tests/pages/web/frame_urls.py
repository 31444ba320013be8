"""Pages that need nothing but the frame: what the tests of the frame are pointed at."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import include, path
from django.views.i18n import set_language

from vungmanh.access.permissions import check_can
from vungmanh.core.errors import Conflict, InputError, NotFound, RuleBroken
from vungmanh.web.access import needs
from vungmanh.web.frame import views

PAGE = """{% extends "base.html" %}
{% block title %}Trang thử{% endblock %}{% block finding %}Trang thử.{% endblock %}"""


@needs("rulebook.rule.view")
def page(request: HttpRequest, unit_id: object = None) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(PAGE).render({}, request))


def missing(request: HttpRequest) -> HttpResponse:
    raise NotFound("Không tìm thấy tổ chức này.", code="unit-not-found")


def refused(request: HttpRequest) -> HttpResponse:
    check_can(request.viewer, "access.account.manage")  # type: ignore[attr-defined]
    return render(request, "gallery.html")


def broken_rule(request: HttpRequest) -> HttpResponse:
    raise RuleBroken("Chưa đủ ba đảng viên.", rule_id="Q294-D20", citation="Điều 20, Q294")


def overtaken(request: HttpRequest) -> HttpResponse:
    raise Conflict("Người khác vừa sửa. Tải lại trang.")


def unreadable(request: HttpRequest) -> HttpResponse:
    raise InputError("Không đọc được tháng.")


def fault(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def suggestions(request: HttpRequest) -> HttpResponse:
    found = [
        {"name": "Chi bộ thôn Nà Mẫu", "place": "Đảng bộ xã Quan Mẫu", "url": "/?chon=1"},
        {"name": "Chi bộ thôn Đồi Mẫu", "place": "Đảng bộ xã Quan Mẫu", "url": "/?chon=2"},
    ]
    return render(request, "components/suggestions.html", {"suggestions": found, "query": "mau"})


def detail(request: HttpRequest) -> HttpResponse:
    return HttpResponse('<tr class="detail"><td colspan="5">Các tháng</td></tr>')


urlpatterns = [
    path("", page, name="home"),
    path("tong-quan/", page, name="overview"),
    path("to-chuc/", page, name="units"),
    path("to-chuc/<uuid:unit_id>/", page, name="unit"),
    path("nhan-dien/", page, name="spotting"),
    path("can-cu/", page, name="rulebook"),
    path("tai-khoan/", page, name="accounts"),
    path("tim/", suggestions, name="search"),
    path("mot-dong/", detail),
    path("khong-thay/", missing),
    path("khong-duoc/", refused),
    path("trai-quy-dinh/", broken_rule),
    path("cham-hon/", overtaken),
    path("khong-doc-duoc/", unreadable),
    path("loi/", fault),
    path("vai-tro/", views.act_as, name="act_as"),
    path("ngon-ngu/", set_language, name="set_language"),
    path("mau-thanh-phan/", views.gallery, name="gallery"),
    path("tai-khoan-cua-toi/", include("allauth.account.urls")),
    path("tai-khoan-cua-toi/2fa/", include("allauth.mfa.urls")),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler429 = "vungmanh.web.frame.views.too_many_requests"
handler500 = views.server_error
