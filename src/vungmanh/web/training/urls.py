"""Addresses of Bồi dưỡng."""

from __future__ import annotations

from django.urls import path

from vungmanh.web.training import acts, due_views, session_views, views

urlpatterns = [
    path("", views.plans, name="training"),
    path("den-han/", due_views.training_due, name="training_due"),
    path("den-han/bang.xlsx", due_views.training_due_export, name="training_due_export"),
    path("lop/", views.courses, name="training_courses"),
    path("lop/<uuid:course_id>/", views.course, name="training_course"),
    path("lop/<uuid:course_id>/sua/", acts.course_edit, name="training_course_edit"),
    path("lop/<uuid:course_id>/khong-mo/", acts.course_drop, name="training_course_drop"),
    path("lop/<uuid:course_id>/rut/", acts.course_back, name="training_course_back"),
    path("lop/<uuid:course_id>/buoi/", session_views.session_new, name="training_session_new"),
    path("buoi/<uuid:session_id>/", session_views.session, name="training_session"),
    path("buoi/<uuid:session_id>/sua/", session_views.session_edit, name="training_session_edit"),
    path("buoi/<uuid:session_id>/nguoi/", session_views.session_members, name="training_members"),
    path("buoi/<uuid:session_id>/rut/", session_views.session_back, name="training_session_back"),
    path("don-vi/<uuid:unit_id>/", views.unit_training, name="unit_training"),
    path("don-vi/<uuid:unit_id>/lap/", acts.plan_new, name="training_new"),
    path("<uuid:training_id>/", views.plan, name="training_plan"),
    path("<uuid:training_id>/ten/", acts.plan_rename, name="training_rename"),
    path("<uuid:training_id>/ban-hanh/", acts.plan_approve, name="training_approve"),
    path("<uuid:training_id>/mo-lai/", acts.plan_reopen, name="training_reopen"),
    path("<uuid:training_id>/rut/", acts.plan_back, name="training_back"),
    path("<uuid:training_id>/lop/", acts.course_new, name="training_course_new"),
]
