"""What a reform would do, told as tables: the same on the page and in the workbook."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from vungmanh.core.programme_words import FileState
from vungmanh.core.text import date_vi, number_vi, percent_vi
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.models import Reform
from vungmanh.org.reform.consequences import Consequences, Counter, Heir, Place
from vungmanh.org.reform.steps import REF, Step
from vungmanh.outputs.reforms.arriving import arriving_section
from vungmanh.outputs.reforms.awards import awards_section
from vungmanh.outputs.reforms.cadres import rotations_section, terms_section
from vungmanh.outputs.reforms.describe import names_for, sentence_of
from vungmanh.outputs.reforms.dry_run import DryRun
from vungmanh.outputs.reforms.sections import Cell, Row, Section, sections_workbook
from vungmanh.strengthening.lineage_of_files import open_states_of


def sections_of(run: DryRun) -> list[Section]:
    """Every kind of consequence that there is, what changes most first; none for a faulty one."""
    told = run.preview.consequences
    if told is None:
        return []
    made = (
        _counters(told), _founded(told), _ended(told), _renamed(told), _moved(told),
        _members(told), arriving_section(run.arriving), _lists(told), _posts(told),
        terms_section(told), rotations_section(told), _roles(told, run.people),
        _sight(told, run.people), _due(run), _open_work(told), _files(told), awards_section(told),
    )  # fmt: skip
    return [section for section in made if section.rows]


def consequences_workbook(reform: Reform, steps: Sequence[Step], run: DryRun) -> bytes:
    """Everything the page of the dry run tells, in sheets."""
    names = names_for(steps)
    told = _("%s bước, cùng có hiệu lực một ngày.") % number_vi(len(steps))
    every = Section(
        "cac-buoc",
        _("Các bước"),
        told,
        (_("Bước"), _("Việc")),
        tuple((Cell(n), Cell(sentence_of(step, names))) for n, step in enumerate(steps, start=1)),
    )
    warnings = run.preview.consequences.warnings if run.preview.consequences else ()
    about = [
        _("Văn bản: %s.") % reform.document,
        _("Hiệu lực từ %s.") % date_vi(reform.effective_on),
        *warnings,
    ]
    return sections_workbook(reform.title, about, [*_faults(run), *sections_of(run), every])


def _faults(run: DryRun) -> list[Section]:
    problems = run.preview.problems
    rows = tuple(
        (
            Cell(one.place),
            Cell(one.step_number),
            Cell(one.message),
            Cell(one.remedy),
            Cell(one.rule),
        )
        for one in problems
    )
    sentence = _("%s chỗ phải sửa trước khi thực hiện.") % number_vi(len(problems))
    heads = (_("Đơn vị"), _("Bước"), _("Lỗi"), _("Cách sửa"), _("Quy tắc"))
    return [Section("phai-sua", _("Phải sửa"), sentence, heads, rows)] if rows else []


def _unit(place: Place | None) -> Cell:
    """A unit by name; one that exists leads to its page."""
    if place is None:
        return Cell("")
    return Cell(place.name, "" if place.id.startswith(REF) else place.id)


def _counters(told: Consequences) -> Section:
    rows: tuple[Row, ...] = tuple(
        (Cell(_(one.label)), Cell(one.before), Cell(one.after)) for one in told.counters
    )
    if all(one.before == one.after for one in told.counters):
        rows = ()  # a new name changes no number
    cells = next((one for one in told.counters if one.key == "cells"), Counter("", "", 0, 0))
    words = {
        "before": number_vi(cells.before),
        "after": number_vi(cells.after),
        "founded": number_vi(len(told.founded)),
        "ended": number_vi(len(told.ended)),
    }
    sentence = _(
        "Chi bộ từ %(before)s thành %(after)s; lập mới %(founded)s đơn vị, kết thúc %(ended)s."
    )
    return Section(
        "so-luong",
        _("Số đơn vị trước và sau"),
        sentence % words,
        (_("Loại hình"), _("Trước"), _("Sau")),
        rows,
    )


def _founded(told: Consequences) -> Section:
    rows = tuple(
        (_unit(one.unit), Cell(_(one.kind.label)), _unit(one.parent)) for one in told.founded
    )
    return Section(
        "lap-moi",
        _("Đơn vị lập mới"),
        _("%s đơn vị lập mới.") % number_vi(len(rows)),
        (_("Đơn vị"), _("Loại hình"), _("Thuộc")),
        rows,
    )


def _ended(told: Consequences) -> Section:
    rows = tuple(
        (
            _unit(one.unit),
            Cell(_(one.kind.label)),
            Cell("; ".join(map(_heir, one.heirs)) or _("không có nơi kế tiếp")),
        )
        for one in told.ended
    )
    return Section(
        "ket-thuc",
        _("Đơn vị kết thúc"),
        _("%s đơn vị kết thúc; số liệu cũ giữ nguyên ở đơn vị cũ.") % number_vi(len(rows)),
        (_("Đơn vị"), _("Loại hình"), _("Nay thuộc")),
        rows,
    )


def _heir(heir: Heir) -> str:
    return f"{heir.unit.name} ({percent_vi(heir.share)})" if heir.share < 1 else heir.unit.name


def _renamed(told: Consequences) -> Section:
    rows = tuple(
        (_unit(one.unit), Cell(_(one.label)), Cell(one.before), Cell(one.after))
        for one in told.renamed
    )
    count = len({one.unit.id for one in told.renamed})
    return Section(
        "doi",
        _("Đơn vị đổi tên, thông tin"),
        _("%s đơn vị đổi tên hoặc thông tin.") % number_vi(count),
        (_("Đơn vị"), _("Đổi gì"), _("Trước"), _("Sau")),
        rows,
    )


def _moved(told: Consequences) -> Section:
    rows = tuple(
        (_unit(one.unit), _unit(one.before), _unit(one.after), Cell(one.below))
        for one in told.moved
    )
    return Section(
        "chuyen",
        _("Đơn vị chuyển cấp trên"),
        _("%s đơn vị chuyển sang cấp trên khác.") % number_vi(len(rows)),
        (_("Đơn vị"), _("Trước thuộc"), _("Sau thuộc"), _("Đơn vị đi theo")),
        rows,
    )


def _members(told: Consequences) -> Section:
    """Who gives and receives members, and whether all are still counted."""
    rows = tuple(
        (
            _unit(one.unit),
            Cell(_(status.label)),
            Cell(one.before.get(status, 0)),
            Cell(one.after.get(status, 0)),
        )
        for one in told.members
        for status in MembershipStatus
        if one.before.get(status, 0) != one.after.get(status, 0)
    )
    leaving = sum(told.members_leaving.values())
    words = {
        "before": number_vi(sum(told.members_before.values())),
        "after": number_vi(sum(told.members_after.values())),
        "leaving": number_vi(leaving),
    }
    sentence = (
        _("Đảng viên trước %(before)s, sau %(after)s; %(leaving)s người chưa có nơi chuyển về.")
        if leaving
        else _("Đảng viên trước %(before)s, sau %(after)s: không thừa, không thiếu ai.")
    )
    return Section(
        "dang-vien",
        _("Đảng viên trước và sau"),
        sentence % words,
        (_("Đơn vị"), _("Diện"), _("Trước"), _("Sau")),
        rows,
    )


def _lists(told: Consequences) -> Section:
    """Where names are kept: how many go on where. Who they are stands on the page of names."""
    rows = tuple(
        (_unit(one.unit), _unit(one.to) if one.to else Cell(_("thôi ghi")), Cell(one.count))
        for one in told.lists
    )
    return Section(
        "danh-sach-ten",
        _("Danh sách theo tên"),
        _("%s người trong danh sách theo tên đi theo tổ chức, cùng ngày với số đảng viên.")
        % number_vi(sum(one.count for one in told.lists)),
        (_("Đơn vị"), _("Nay ở"), _("Số người")),
        rows,
    )


def _posts(told: Consequences) -> Section:
    rows = tuple(
        (_unit(one.unit), Cell(_(one.post.label)), Cell(one.holder_name)) for one in told.posts
    )
    return Section(
        "chuc-vu",
        _("Chức vụ thôi giữ"),
        _("%s chức vụ của đơn vị kết thúc thôi giữ từ ngày hiệu lực.") % number_vi(len(rows)),
        (_("Đơn vị"), _("Chức vụ"), _("Người giữ")),
        rows,
    )


def _roles(told: Consequences, people: Mapping[str, str] | None) -> Section:
    """Roles and oversight held in what ends: where they go on, or that somebody must decide."""
    held = [
        (
            _unit(one.unit),
            _name(people, one.user),
            Cell(_(one.role.label)),
            _unit(one.successor) if one.successor else Cell(_("phải giao lại")),
        )
        for one in told.roles
    ]
    rows: tuple[Row, ...] = tuple(held)
    if people is None:
        rows = tuple((u, Cell(n), r, to) for (u, _who, r, to), n in Tally(held).items())
    undecided = sum(one.successor is None for one in told.roles)
    sentence = _(
        "%(count)s vai trò, phân công phụ trách ở đơn vị kết thúc; %(open)s phải giao lại."
    )
    who = _("Số lượng") if people is None else _("Người giữ")
    return Section(
        "vai-tro",
        _("Vai trò, phân công phụ trách"),
        sentence % {"count": number_vi(len(held)), "open": number_vi(undecided)},
        (_("Đơn vị"), who, _("Vai trò"), _("Nay ở")),
        rows,
    )


def _sight(told: Consequences, people: Mapping[str, str] | None) -> Section:
    """Who comes to see more or less; how many of each role, for whoever reads no names."""
    heads: tuple[str, ...] = (_("Vai trò"), _("Số lượng"))
    number = Tally(one.role for one in told.sight)
    rows: tuple[Row, ...] = tuple((Cell(_(role.label)), Cell(n)) for role, n in number.items())
    if people is not None:
        heads = (_("Người dùng"), _("Vai trò"), _("Đơn vị thấy thêm"), _("Đơn vị thôi thấy"))
        rows = tuple(
            (_name(people, one.user), Cell(_(one.role.label)), Cell(one.gains), Cell(one.loses))
            for one in told.sight
        )
    return Section(
        "tam-nhin",
        _("Ai thấy thêm, ai thôi thấy"),
        _("%s người có phạm vi xem thay đổi.") % number_vi(len({one.user for one in told.sight})),
        heads,
        rows,
    )


def _name(people: Mapping[str, str] | None, user: str) -> Cell:
    return Cell((people or {}).get(user, ""))


def _due(run: DryRun) -> Section:
    told = run.preview.consequences
    begins = _("phải họp từ %s") % date_vi(told.on) if told else ""
    rows = tuple(
        (_unit(one.unit), Cell(begins if one.months is None else _("thôi phải họp")),
         Cell(one.months if one.months is not None else ""))
        for one in run.due
    )  # fmt: skip
    stopping = sum(one.months or 0 for one in run.due)
    sentence = (
        _("%s kỳ đã ghi trong sổ nghĩa vụ thôi phải họp; sổ được tính lại khi thực hiện.")
        if run.ledger is None
        else _("%s kỳ thôi phải họp; sổ nghĩa vụ đã được tính lại khi thực hiện.")
    )
    return Section(
        "nghia-vu",
        _("Kỳ phải họp"),
        sentence % number_vi(stopping),
        (_("Đơn vị"), _("Nghĩa vụ"), _("Số kỳ")),
        rows,
    )


def _open_work(told: Consequences) -> Section:
    rows = tuple((_unit(one.unit), Cell(_(one.what)), Cell(one.count)) for one in told.open_work)
    return Section(
        "viec-mo",
        _("Việc đang mở"),
        _("%s việc đang mở ở đơn vị kết thúc.")
        % number_vi(sum(one.count for one in told.open_work)),
        (_("Đơn vị"), _("Việc"), _("Số lượng")),
        rows,
    )


def _files(told: Consequences) -> Section:
    """Units in focused support that end: nothing is decided here, their committee is asked."""
    states = open_states_of(
        UUID(one.unit.id) for one in told.ended if not one.unit.id.startswith(REF)
    )
    rows = []
    for one in told.ended:
        state = None if one.unit.id.startswith(REF) else states.get(UUID(one.unit.id))
        if state is None:
            continue
        heir = max(one.heirs, key=lambda heir: heir.share, default=None)
        if heir is None or state is FileState.HOLDING:
            proposal = _("kết thúc theo đơn vị")
        elif len(one.heirs) > 1:
            proposal = _("mang sang một nơi kế tiếp, chọn khi trình")
        else:
            proposal = _("mang sang %s") % heir.unit.name
        rows.append((_unit(one.unit), Cell(_(state.label)), Cell(proposal)))
    return Section(
        "ho-so-cung-co",
        _("Hồ sơ củng cố của đơn vị kết thúc"),
        _("%s hồ sơ củng cố còn mở; nơi theo dõi trình, cấp quyết định duyệt từng hồ sơ.")
        % number_vi(len(rows)),
        (_("Đơn vị"), _("Trạng thái"), _("Đề nghị")),
        tuple(rows),
    )
