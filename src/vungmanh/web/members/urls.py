"""Addresses of Đảng viên."""

from __future__ import annotations

from django.urls import path

from vungmanh.web.members import (
    admission_views,
    count_views,
    duplicate_views,
    exchange_views,
    person_acts,
    transfer_views,
    views,
)

urlpatterns = [
    path("", views.members, name="members"),
    path("don-vi/<uuid:unit_id>/", views.unit_members, name="unit_members"),
    path("don-vi/<uuid:unit_id>/so/", count_views.unit_counts, name="unit_counts"),
    path("nguoi/<uuid:person_id>/", views.member_person, name="member_person"),
    path("nguoi/<uuid:person_id>/mien/", person_acts.member_exempt, name="member_exempt"),
    path("ra-soat/", views.member_lists, name="member_lists"),
    path("trung/", duplicate_views.duplicates, name="duplicates"),
    path("trung/<uuid:first_id>/<uuid:second_id>/", duplicate_views.duplicate, name="duplicate"),
    path("trao-doi/", exchange_views.exchange, name="exchange"),
    path("trao-doi/xuat/", exchange_views.member_export, name="member_export"),
    path("trao-doi/<uuid:list_id>/", exchange_views.exchange_list, name="exchange_list"),
    path("ket-nap/", admission_views.admissions, name="admissions"),
    path("ket-nap/moi/<uuid:unit_id>/", admission_views.admission_new, name="admission_new"),
    path("ket-nap/<uuid:admission_id>/", admission_views.admission, name="admission"),
    path("chuyen-sinh-hoat/", transfer_views.transfers, name="transfers"),
    path("chuyen-sinh-hoat/noi-den/", transfer_views.transfer_cells, name="transfer_cells"),
    path("chuyen-sinh-hoat/moi/<uuid:unit_id>/", transfer_views.transfer_new, name="transfer_new"),
    path("chuyen-sinh-hoat/<uuid:transfer_id>/", transfer_views.transfer, name="transfer"),
]
