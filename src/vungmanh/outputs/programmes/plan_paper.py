"""The plan that carries a programme out: what is wrong, aims, who chooses, measures, gates."""

from __future__ import annotations

from vungmanh.core.errors import NotNow
from vungmanh.core.periods import month_label
from vungmanh.core.programme_words import GateKind, ProgrammeState
from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import UnitKind
from vungmanh.outputs.papers.document import Paper, Table
from vungmanh.outputs.papers.kinds.reports import Plan, plan
from vungmanh.outputs.papers.kinds.sections import Section
from vungmanh.outputs.papers.kinds.sender import Closing, Sender
from vungmanh.outputs.programmes.issuing import Issuable, of_document
from vungmanh.outputs.programmes.report import named_programme
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.papers import PaperBody, PaperType
from vungmanh.rulebook.values.programmes import MeasureCatalogue
from vungmanh.strengthening.models import Programme, ProgrammeTarget


def plan_of(programme: Programme) -> Issuable:
    """The plan of an approved programme. Raises NotNow before that."""
    state = ProgrammeState(programme.state)
    if state not in (ProgrammeState.RUNNING, ProgrammeState.CLOSED) or not programme.decided_on:
        raise NotNow(
            f"Đề án {state.label.lower()} nên chưa có kế hoạch thực hiện. Duyệt đề án trước.",
            code="programme-state",
        )
    about = f"thực hiện {named_programme(programme.title)}"

    def make(sender: Sender, closing: Closing) -> Paper:
        sections = (
            Section("Hạn chế phải khắc phục", points=_lines(programme.weaknesses)),
            Section("Chỉ tiêu", tables=_targets(programme)),
            Section("Lựa chọn nơi cần củng cố", points=_levels(programme)),
            Section("Biện pháp", points=_measures(programme)),
            Section("Mốc báo cáo", tables=_gates(programme)),
            Section("Tổ chức thực hiện"),
        )
        document = of_document("Quyết định", programme.number, programme.decided_on)
        opening = f"Thực hiện {document}; giai đoạn {programme.first_year}–{programme.last_year}."
        return plan(Plan(sender, closing, about, sections, (opening,)))

    return Issuable(
        programme.unit_id, PaperType.PLAN, PaperBody.COMMITTEE, about,
        f"programme_plan:{programme.pk}", programme.decided_on, make,
        ("Cấp ủy trực thuộc,", "Lưu."),
    )  # fmt: skip


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _targets(programme: Programme) -> tuple[Table, ...]:
    rows = tuple(
        (str(one.number), one.text, _base(one), _aim(one), date_vi(one.due_on))
        for one in programme.targets.all()
    )
    heads = ("TT", "Chỉ tiêu", "Khi bắt đầu", "Phải đạt", "Hạn")
    return (Table("", heads, rows, (7, 43, 18, 16, 16)),) if rows else ()


def _base(one: ProgrammeTarget) -> str:
    if one.base_value is None:
        return "–"
    said = number_vi(one.base_value)
    return f"{said} ({month_label(one.base_month)})" if one.base_month else said


def _aim(one: ProgrammeTarget) -> str:
    return f"{number_vi(one.aim_value)} {'trở lên' if one.is_rise else 'trở xuống'}"


def _levels(programme: Programme) -> tuple[str, ...]:
    return tuple(
        f"{UnitKind(one['kind']).label}: mỗi nơi mỗi năm chọn {number_vi(one['a_year'])} tổ chức"
        for one in programme.levels
        if one["a_year"]
    )


def _measures(programme: Programme) -> tuple[str, ...]:
    """In the words of the day the programme was decided, with how well each is known to help."""
    assert programme.decided_on is not None
    catalogue = load_rulebook().on(programme.decided_on).of(MeasureCatalogue)
    found = (catalogue.measure(code) for code in programme.measures)
    return tuple(f"{one.text} ({one.tier.label.lower()})" for one in found if one)


def _gates(programme: Programme) -> tuple[Table, ...]:
    rows = tuple(
        (
            GateKind(one.kind).label,
            date_vi(one.due_on),
            ", ".join(UnitKind(level).label for level in one.levels),
            one.asks,
        )
        for one in programme.gates.all()
    )
    heads = ("Mốc", "Hạn", "Cấp báo cáo", "Nội dung")
    return (Table("", heads, rows, (18, 16, 26, 40), (1,)),) if rows else ()
