"""Addresses of Đi cơ sở."""

from __future__ import annotations

from django.urls import path

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
]
