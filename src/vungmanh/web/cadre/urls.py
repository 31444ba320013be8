"""Addresses of Chức danh, nhiệm kỳ, luân chuyển."""

from __future__ import annotations

from django.urls import path

from vungmanh.web.cadre import acts, eligibility, replacing, rotation_views, term_acts, views

urlpatterns = [
    path("", views.concerns, name="cadre"),
    path("don-vi/<uuid:unit_id>/", views.unit_posts, name="unit_posts"),
    path("don-vi/<uuid:unit_id>/ghi/", acts.post_record, name="post_record"),
    path("don-vi/<uuid:unit_id>/thay/", replacing.replacing, name="replacing"),
    path("don-vi/<uuid:unit_id>/nhiem-ky/", term_acts.term_new, name="term_new"),
    path("don-vi/<uuid:unit_id>/doi-chieu/", eligibility.eligibility, name="eligibility"),
    path("don-vi/<uuid:unit_id>/luan-chuyen/", rotation_views.rotation_new, name="rotation_new"),
    path("nhiem-ky/<uuid:term_id>/", term_acts.term_papers, name="term_papers"),
    path("nhiem-ky/<uuid:term_id>/rut/", term_acts.term_back, name="term_back"),
    path("chuc-danh/<int:appointment_id>/", views.appointment, name="appointment"),
    path("chuc-danh/<int:appointment_id>/ban-giao/", replacing.hand_over, name="hand_over"),
    path("chuc-danh/<int:appointment_id>/thoi/", acts.post_end, name="post_end"),
    path("chuc-danh/<int:appointment_id>/rut/", acts.post_back, name="post_back"),
    path("luan-chuyen/", rotation_views.rotations, name="rotations"),
    path("luan-chuyen/<uuid:rotation_id>/", rotation_views.rotation, name="rotation"),
    path(
        "luan-chuyen/<uuid:rotation_id>/ket-thuc/", rotation_views.rotation_end, name="rotation_end"
    ),
    path("luan-chuyen/<uuid:rotation_id>/rut/", rotation_views.rotation_back, name="rotation_back"),
]
