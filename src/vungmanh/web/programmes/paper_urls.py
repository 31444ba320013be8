"""Addresses of the papers of programmes, under /cung-co/."""

from __future__ import annotations

from django.urls import path

from vungmanh.web.programmes import papers, papers_report

urlpatterns = [
    path("<uuid:programme_id>/bao-cao/", papers_report.programme_report, name="programme_report"),
    path(
        "<uuid:programme_id>/bao-cao/ban-ghi/",
        papers_report.programme_records,
        name="programme_records",
    ),
    path(
        "<uuid:programme_id>/bao-cao/bao-cao.docx",
        papers_report.programme_report_docx,
        name="programme_report_docx",
    ),
    path(
        "<uuid:programme_id>/bao-cao/lay-so/",
        papers_report.programme_report_number,
        name="programme_report_number",
    ),
    path("<uuid:programme_id>/ke-hoach/", papers.programme_plan, name="programme_plan"),
    path(
        "<uuid:programme_id>/ke-hoach/van-ban.docx",
        papers.programme_plan_docx,
        name="programme_plan_docx",
    ),
    path(
        "<uuid:programme_id>/ke-hoach/lay-so/",
        papers.programme_plan_number,
        name="programme_plan_number",
    ),
    path(
        "lua-chon/<uuid:selection_id>/van-ban/<slug:paper>/",
        papers.selection_paper,
        name="selection_paper",
    ),
    path(
        "lua-chon/<uuid:selection_id>/van-ban/<slug:paper>/van-ban.docx",
        papers.selection_paper_docx,
        name="selection_paper_docx",
    ),
    path(
        "lua-chon/<uuid:selection_id>/van-ban/<slug:paper>/lay-so/",
        papers.selection_paper_number,
        name="selection_paper_number",
    ),
    path("phu-trach/<uuid:plan_id>/quyet-dinh/", papers.oversight_paper, name="oversight_paper"),
    path(
        "phu-trach/<uuid:plan_id>/quyet-dinh/van-ban.docx",
        papers.oversight_paper_docx,
        name="oversight_paper_docx",
    ),
    path(
        "phu-trach/<uuid:plan_id>/quyet-dinh/lay-so/",
        papers.oversight_paper_number,
        name="oversight_paper_number",
    ),
]
