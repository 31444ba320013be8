"""The frame round every page: places of the loop, tools, whose eyes, which month, search.

Which place a role gets follows the permission of the page behind it, so that the navigation never
offers what would be refused. A place becomes a link as soon as its address exists.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from vungmanh.access.permissions import PERMISSIONS
from vungmanh.access.viewer import Hat, Viewer
from vungmanh.core.periods import month_label, month_slug
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import Role
from vungmanh.org.models import Unit
from vungmanh.org.queries import own_version
from vungmanh.rulebook import load_rulebook
from vungmanh.web.arranging.words import PAGES as ARRANGING_PAGES
from vungmanh.web.requests import ViewerRequest

SECRETARY = frozenset({Role.CELL_SECRETARY})
#: Places that are still to be built are announced to those who will work there.
ANALYSTS = frozenset({Role.PROVINCIAL_ANALYST, Role.COMMITTEE_OFFICE})
SEARCHERS = PERMISSIONS["org.unit.list"] - SECRETARY
LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English"}


@dataclass(frozen=True)
class Place:
    """Somewhere to go: a url name, who goes there, and the url names of the pages inside it."""

    name: str
    label: Any  # lazily translated
    roles: frozenset[Role]
    inside: tuple[str, ...] = ()
    in_bar: bool = False
    takes_unit: bool = False  # the address needs the viewer's own unit


LOOP = (
    Place("overview", _("Tổng quan"), PERMISSIONS["strengthening.overview.view"], in_bar=True),
    Place("units", _("Tổ chức"), PERMISSIONS["org.unit.list"] - SECRETARY, ("unit",), in_bar=True),
    Place(
        "meetings",
        _("Sinh hoạt"),
        PERMISSIONS["meetings.meeting.view"],
        ("meeting", "meeting_score", "roll", "roll_member", "names_switches"),
        in_bar=True,
    ),
    Place(
        "spotting",
        _("Nhận diện"),
        PERMISSIONS["strengthening.assessment.list"],
        ("funnel", "compare"),
        in_bar=True,
    ),
    Place(
        "strengthening",
        _("Củng cố"),
        PERMISSIONS["strengthening.programme.view"],
        (
            "programme",
            "programme_new",
            "programme_edit",
            "programme_act",
            "programme_gate",
            "measure_effects",
            "selections",
            "selection_new",
            "selection",
            "selection_act",
            "selection_override",
            "appeal_answer",
        ),
    ),
    Place(
        "evaluation",
        _("Xếp loại năm"),
        PERMISSIONS["evaluation.cycle.view"],
        ("cycle", "cycle_new", "cycle_quota", "dossier"),
    ),
)
OWN_CELL = Place("unit", _("Chi bộ của tôi"), SECRETARY, in_bar=True, takes_unit=True)
TOOLS = (
    Place("phone", _("Trên điện thoại"), PERMISSIONS["meetings.phone.use"], in_bar=True),
    Place(
        "accounts",
        _("Tài khoản và quyền"),
        PERMISSIONS["access.account.manage"],
        ("account", "account_new", "account_role", "account_lock", "account_factor", "grant_end"),
        in_bar=True,
    ),
    Place(
        "import",
        _("Nhập"),
        PERMISSIONS["meetings.report.import"],
        ("import_batch", "import_template", "handbook", "handbook_batch"),
        in_bar=True,
    ),
    Place(
        "phone_queue",
        _("Gửi từ điện thoại"),
        PERMISSIONS["meetings.phone.settle"],
        ("phone_item", "phone_import", "phone_revoke"),
    ),
    Place("flags", _("Giải trình"), PERMISSIONS["strengthening.flag.list"], ("flag",), in_bar=True),
    Place(
        "tasks",
        _("Việc"),
        PERMISSIONS["meetings.task.view"],
        (
            "task",
            "task_give",
            "task_attachments",
            "resolutions",
            "resolution",
            "resolution_new",
            "resolution_send",
        ),
        in_bar=True,
    ),
    Place(
        "support_files",
        _("Hồ sơ củng cố"),
        PERMISSIONS["strengthening.file.view"],
        ("support_file", "support_beside", "support_cause", "support_measure"),
    ),
    Place(
        "oversight",
        _("Phân công phụ trách"),
        PERMISSIONS["strengthening.oversight.view"],
        ("oversight_new", "oversight_plan", "oversight_line", "oversight_act"),
    ),
    Place(
        "ledger",
        _("Sổ nghĩa vụ"),
        PERMISSIONS["meetings.ledger.view"],
        (
            "unit_ledger",
            "excuses",
            "excuse_new",
            "excuse_withdraw",
            "excuse_requests",
            "excuse_request",
            "excuse_ask",
            "ledger_reopen",
        ),
    ),
    Place("rater_agreement", _("Đối chiếu điểm"), PERMISSIONS["meetings.meeting.view"]),
    Place(
        "lookalikes",
        _("Biên bản giống nhau"),
        PERMISSIONS["meetings.text.view"],
        ("lookalike",),
    ),
    Place(
        "visits",
        _("Đi cơ sở"),
        PERMISSIONS["meetings.visit.view"],
        (
            "visit",
            "visit_new",
            "visit_change",
            "visit_withdraw",
            "visit_task",
            "visit_plan",
            "unit_visits",
        ),
    ),
    Place(
        "inspections",
        _("Kiểm tra, giám sát"),
        PERMISSIONS["meetings.inspection.view"],
        (
            "inspection",
            "inspection_attachments",
            "inspection_choose",
            "inspection_new",
            "inspection_correct",
            "inspection_withdraw",
        ),
    ),
    Place("findings", _("Kiểm tra số liệu"), PERMISSIONS["org.finding.list"]),
    Place(
        "reforms",
        _("Sắp xếp tổ chức"),
        PERMISSIONS["org.reform.view"],
        ("reform", "reform_new", "reform_decision", "unit_act", *ARRANGING_PAGES),
    ),
    Place(
        "papers",
        _("Sổ văn bản đi"),
        PERMISSIONS["outputs.paper.view"],
        ("paper_register", "paper_number", "paper_number_new", "paper_terms"),
    ),
    Place(
        "cadre",
        _("Chức danh, nhiệm kỳ"),
        PERMISSIONS["cadre.post.view"],
        (
            "unit_posts",
            "post_record",
            "replacing",
            "hand_over",
            "appointment",
            "post_end",
            "post_back",
            "term_new",
            "term_papers",
            "term_back",
            "rotations",
            "rotation",
            "rotation_new",
            "rotation_end",
            "rotation_back",
            "eligibility",
        ),
    ),
    Place(
        "members",
        _("Cán bộ, đảng viên"),
        PERMISSIONS["org.member.view"],
        (
            "unit_members",
            "unit_counts",
            "member_person",
            "member_exempt",
            "member_lists",
            "duplicates",
            "duplicate",
            "exchange",
            "exchange_list",
            "member_export",
            "admissions",
            "admission",
            "admission_new",
            "transfers",
            "transfer",
            "transfer_new",
        ),
    ),
    Place(
        "member_statistics",
        _("Thống kê đảng viên"),
        PERMISSIONS["org.aggregate.view"],
        ("statistic_reported", "aggregates", "aggregate_report", "member_losses"),
    ),
    Place(
        "training",
        _("Bồi dưỡng"),
        PERMISSIONS["cadre.training.view"],
        (
            "training_plan",
            "training_new",
            "training_rename",
            "training_approve",
            "training_reopen",
            "training_back",
            "training_courses",
            "training_course",
            "training_course_new",
            "training_course_edit",
            "training_course_drop",
            "training_course_back",
            "training_session_new",
            "training_session",
            "training_session_edit",
            "training_session_back",
            "training_members",
            "training_due",
            "unit_training",
        ),
    ),
    Place("reports", _("Báo cáo"), PERMISSIONS["outputs.report.view"], ("report", "report_number")),
    Place(
        "supplied_forms",
        _("Mẫu biểu Excel"),
        PERMISSIONS["outputs.form.fill"],
        ("supplied_form",),
    ),
    Place(
        "rulebook",
        _("Căn cứ"),
        PERMISSIONS["rulebook.rule.view"],
        (
            "rule",
            "rule_compare",
            "coverage",
            "threshold_explorer",
            "threshold_adopt",
            "own_rules",
            "own_rule",
            "sheets",
            "sheet",
            "sheet_edit",
            "sheet_adopt",
        ),
    ),
    Place("figures", _("Số liệu"), PERMISSIONS["strengthening.figure.view"], ("figure", "runs")),
)
BAR_PLACES = 4  # beside "Thêm": five targets of 72 px on the narrowest phone


@dataclass(frozen=True)
class Link:
    """A place as it is drawn. `href` is empty while there is nothing behind it."""

    label: str
    href: str
    is_current: bool
    step: int = 0
    in_bar: bool = False


@dataclass(frozen=True)
class Choice:
    """One of several: a language, a role, a month."""

    code: str
    label: str
    is_current: bool


@dataclass(frozen=True)
class Period:
    """The month that structure and figures end with, and the months to choose from by year."""

    label: str
    groups: tuple[tuple[str, tuple[Choice, ...]], ...]
    keep: tuple[tuple[str, str], ...]  # other parameters of the address, kept when choosing


@dataclass(frozen=True)
class Frame:
    """What base.html is drawn from."""

    is_signed_in: bool = False
    is_simulated: bool = False
    places: tuple[Link, ...] = ()
    tools: tuple[Link, ...] = ()
    bar: tuple[Link, ...] = ()
    user_name: str = ""
    unit_name: str = ""
    role_label: str = ""
    roles: tuple[Choice, ...] = ()
    languages: tuple[Choice, ...] = ()
    period: Period | None = None
    search_url: str = ""
    delegation_url: str = ""
    rulebook_label: str = ""


def frame(request: HttpRequest) -> dict[str, Frame]:
    """The context processor. Without a viewer the page is bare: sign-in, or an early error."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None:
        return {"frame": Frame(is_simulated=has_simulated_units(), languages=_languages())}
    return {"frame": _frame(cast(ViewerRequest, request), viewer)}


def _frame(request: ViewerRequest, viewer: Viewer) -> Frame:
    here = getattr(request.resolver_match, "url_name", None) or ""
    places = _links(((n, place) for n, place in enumerate(LOOP, start=1)), viewer, here)
    places += _links([(0, OWN_CELL)], viewer, here)
    tools = _links(((0, place) for place in TOOLS), viewer, here)
    unit_name, is_simulated = _own_unit(viewer, request.as_of)
    return Frame(
        is_signed_in=True,
        is_simulated=is_simulated,
        places=places,
        tools=tools,
        bar=tuple(link for link in places + tools if link.in_bar and link.href)[:BAR_PLACES],
        user_name=str(viewer.user),
        unit_name=unit_name,
        role_label=hat_label(viewer.hat),
        roles=_roles(viewer),
        languages=_languages(),
        period=_period(request),
        delegation_url=_address("delegations")
        if viewer.role in PERMISSIONS["access.delegation.give"]
        else "",
        search_url=_address("search") if viewer.role in SEARCHERS else "",
        rulebook_label=_rulebook_label(load_rulebook().version, request.as_of),
    )


def _links(places: Iterable[tuple[int, Place]], viewer: Viewer, here: str) -> tuple[Link, ...]:
    """The places of the viewer's role, each with its step in the loop (0: none)."""
    return tuple(
        Link(
            str(place.label),
            _address(place.name, viewer.unit_id if place.takes_unit else None),
            here == place.name or here in place.inside,
            step,
            place.in_bar,
        )
        for step, place in places
        if viewer.role in place.roles
    )


def _address(name: str, unit_id: UUID | None = None) -> str:
    """The address of a place; empty while the page behind it does not exist."""
    try:
        return reverse(name, args=[unit_id] if unit_id else None)
    except NoReverseMatch:
        return ""


def _own_unit(viewer: Viewer, as_of: dt.date) -> tuple[str, bool]:
    """Name of the unit the role is held in, and whether what is seen from there is simulated.

    A unit may be younger than the month looked at; then it is named as it is called today. An
    administrator sees no unit at all.
    """
    for day in (as_of, timezone.localdate()):
        version = own_version(viewer, day)
        if version is not None:
            return version.name, version.unit.is_simulated
    return gettext("Toàn hệ thống"), has_simulated_units()


def has_simulated_units() -> bool:
    """Whether this installation holds simulated data at all: what a page without a unit says."""
    return Unit.objects.filter(is_simulated=True).exists()


def _roles(viewer: Viewer) -> tuple[Choice, ...]:
    """The roles to change between; none to choose from when there is only one."""
    if len(viewer.hats) < 2:
        return ()
    return tuple(Choice(hat.code, hat_label(hat), hat == viewer.hat) for hat in viewer.hats)


def hat_label(hat: Hat | None) -> str:
    """A role as one reads it, with whose it is when it was lent."""
    if hat is None:
        return ""
    if hat.on_behalf_of is None:
        return gettext(hat.role.label)
    return gettext("%(role)s, thay %(name)s") % {
        "role": gettext(hat.role.label), "name": hat.on_behalf_of,
    }  # fmt: skip


def _languages() -> tuple[Choice, ...]:
    """Each language in its own words, so that whoever needs it can read it."""
    current = get_language()
    return tuple(
        Choice(code, LANGUAGE_NAMES[code], code == current) for code, _ in settings.LANGUAGES
    )


def _period(request: ViewerRequest) -> Period | None:
    """The months to choose from by year, the latest first; the other filters of the page stay."""
    if not request.period_options:
        return None
    current = month_slug(request.period)
    options = sorted(request.period_options, reverse=True)
    groups = tuple(
        (year, tuple(Choice(slug, label, slug == current) for slug, label in months))
        for year, months in groupby(options, key=lambda option: option[0][:4])
    )
    kept = [
        (name, value)
        for name, values in request.GET.lists()
        for value in values
        if name not in {"ky", "trang"}
    ]
    return Period(month_label(request.period), groups, tuple(kept))


@lru_cache(maxsize=64)
def _rulebook_label(version: str, as_of: dt.date) -> str:
    """The newest document among the rules of that day: what readers call "the rules in force".

    Kept by the version of the rules now loaded: the province may adopt another of its own.
    """
    dates = [rule.document.date for rule in load_rulebook().on(as_of).rules if rule.document.date]
    return date_vi(max(dates)) if dates else ""
