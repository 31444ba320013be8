"""Addresses of Thống kê đảng viên."""

from __future__ import annotations

from django.urls import path

from vungmanh.web.statistics import aggregate_views, views

urlpatterns = [
    path("", views.member_statistics, name="member_statistics"),
    path("tai/", views.member_statistics_file, name="member_statistics_file"),
    path("da-bao-cao/<uuid:statistic_id>/", views.statistic_reported, name="statistic_reported"),
    path(
        "da-bao-cao/<uuid:statistic_id>/tai/",
        views.statistic_reported_file,
        name="statistic_reported_file",
    ),
    path("co-cau/", aggregate_views.aggregates, name="aggregates"),
    path("co-cau/<uuid:unit_id>/", aggregate_views.aggregate_report, name="aggregate_report"),
    path("giam/<uuid:unit_id>/", aggregate_views.member_losses, name="member_losses"),
]
