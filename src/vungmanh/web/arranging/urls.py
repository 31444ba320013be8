"""Addresses of Tìm việc sắp xếp, below those of Sắp xếp tổ chức."""

from __future__ import annotations

from django.urls import path

from vungmanh.web.arranging import place_views, reform_views, views

urlpatterns = [
    path("tim/", views.arrangements_page, name="arrangements"),
    path("tim/<slug:finding_key>/", views.arrangement, name="arrangement"),
    path("noi/", place_views.places, name="places"),
    path("noi/moi/", place_views.place_new, name="place_new"),
    path("noi/<uuid:place_id>/", place_views.place, name="place"),
    path("<uuid:reform_id>/giay/", reform_views.reform_papers, name="reform_papers"),
    path("<uuid:reform_id>/nguoi/", reform_views.reform_people, name="reform_people"),
]
