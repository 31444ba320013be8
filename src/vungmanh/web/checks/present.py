"""Findings in the words of the page: grouped by check, each with its place and a way to mend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from vungmanh.access.viewer import Viewer
from vungmanh.core.periods import month_slug
from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import Role, Severity
from vungmanh.org.checks.catalogue import Check, checks_by_code
from vungmanh.org.findings import names_of
from vungmanh.org.models import IntegrityFinding, IntegrityRun
from vungmanh.web.people.forms import ReasonForm

ACCEPTED = "da-chap-nhan"
Tab = tuple[str, str, bool]


@dataclass(frozen=True)
class FindingRow:
    """One finding as the page shows it. `form` is there while it can be accepted."""

    finding: IntegrityFinding
    name: str
    href: str
    form: forms.Form | None


@dataclass(frozen=True)
class CheckGroup:
    """The findings of one check, with where to go to mend them ("" when that is the unit)."""

    check: Check
    rows: tuple[FindingRow, ...]
    href: str


def groups_of(
    findings: Iterable[IntegrityFinding],
    viewer: Viewer,
    *,
    form: ReasonForm | None = None,
    of: UUID | None = None,
) -> list[CheckGroup]:
    """The findings of one page by check. `form` is what came back refused for finding `of`."""
    listed = [one for one in findings if one.code in checks_by_code()]
    names = names_of(listed)
    groups = []
    for code, some in groupby(listed, key=lambda one: one.code):
        check = checks_by_code()[code]
        rows = tuple(
            FindingRow(
                one,
                names.get(one.unit_id, "") if one.unit_id else "",
                _place(one, check, viewer),
                None if one.accepted_at else (form if one.pk == of else reason_form(one.pk)),
            )
            for one in some
        )
        groups.append(CheckGroup(check, rows, _page(check)))
    return groups


def finding_of_page(counts: Mapping[Severity, int], run: IntegrityRun | None) -> str:
    """The sentence on top: what waits, and since when it is known."""
    if run is None:
        return _("Chưa kiểm tra số liệu lần nào. Máy tự kiểm tra mỗi đêm.")
    when = timezone.localtime(run.at)
    said = {
        "severe": number_vi(counts[Severity.SEVERE]),
        "warning": number_vi(counts[Severity.WARNING]),
        "note": number_vi(counts[Severity.NOTE]),
        "time": f"{when:%H:%M}",
        "day": date_vi(when.date()),
    }
    if not any(counts.values()):
        return _("Không có gì chờ xem: lần kiểm tra lúc %(time)s ngày %(day)s đều khớp.") % said
    return (
        _(
            "%(severe)s phát hiện nghiêm trọng, %(warning)s cảnh báo, %(note)s lưu ý đang chờ; "
            "kiểm tra lúc %(time)s ngày %(day)s."
        )
        % said
    )


def severity_tabs(counts: Mapping[Severity, int], accepted: int, chosen: str) -> list[Tab]:
    tabs = [
        (f"{_(one.label)} ({number_vi(counts[one])})", f"?muc={one.value}", chosen == one.value)
        for one in Severity
    ]
    words = f"{_('Đã chấp nhận')} ({number_vi(accepted)})"
    return [*tabs, (words, f"?muc={ACCEPTED}", chosen == ACCEPTED)]


def reason_form(finding_id: UUID, data: object = None) -> ReasonForm:
    """Each form of the page has names of its own, so that labels find their fields."""
    return ReasonForm(data, auto_id=f"{finding_id}-%s")  # type: ignore[arg-type]


def _place(finding: IntegrityFinding, check: Check, viewer: Viewer) -> str:
    """The page of the unit, as it last was; of the account, where the finding is about one."""
    if check.code == "account-without-role":
        return reverse("account", args=[finding.subject])
    if finding.unit_id is None or viewer.role is Role.ADMINISTRATOR:
        return ""
    address = reverse("unit", args=[finding.unit_id])
    last = finding.lived_until
    return f"{address}?ky={month_slug(last)}" if last else address


def _page(check: Check) -> str:
    return "" if check.page == "unit" else reverse(check.page)
