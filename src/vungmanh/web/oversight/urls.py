"""Addresses of Phân công phụ trách."""

from __future__ import annotations

from django.urls import path

from vungmanh.web.oversight import acts, views

urlpatterns = [
    path("", views.oversight, name="oversight"),
    path("moi/", acts.oversight_new, name="oversight_new"),
    path("<uuid:plan_id>/", views.oversight_plan, name="oversight_plan"),
    path("<uuid:plan_id>/dong/<int:line_id>/", acts.oversight_line, name="oversight_line"),
    path("<uuid:plan_id>/viec/<slug:doing>/", acts.oversight_act, name="oversight_act"),
]
