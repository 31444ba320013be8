"""Addresses of Đi cơ sở."""

from __future__ import annotations

from django.urls import path

from vungmanh.web.programmes import papers
from vungmanh.web.visits import acts, plan, views

urlpatterns = [
    path("", views.visits, name="visits"),
    path("ke-hoach/", plan.visit_plan, name="visit_plan"),
    path("don-vi/<uuid:unit_id>/", views.unit_visits, name="unit_visits"),
    path("ghi/<uuid:unit_id>/", acts.visit_new, name="visit_new"),
    path("<uuid:visit_id>/", views.visit, name="visit"),
    path("<uuid:visit_id>/sua/", acts.visit_change, name="visit_change"),
    path("<uuid:visit_id>/rut/", acts.visit_withdraw, name="visit_withdraw"),
    path("<uuid:visit_id>/viec/", acts.visit_task, name="visit_task"),
    path("<uuid:visit_id>/bien-ban/", papers.visit_minutes, name="visit_minutes"),
    path(
        "<uuid:visit_id>/bien-ban/van-ban.docx",
        papers.visit_minutes_docx,
        name="visit_minutes_docx",
    ),
    path(
        "<uuid:visit_id>/bien-ban/lay-so/", papers.visit_minutes_number, name="visit_minutes_number"
    ),
]
