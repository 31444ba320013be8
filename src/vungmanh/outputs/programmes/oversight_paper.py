"""The decision that assigns overseers to cells, with its list."""

from __future__ import annotations

from uuid import UUID

from vungmanh.core.errors import NotNow
from vungmanh.core.programme_words import PlanState
from vungmanh.core.text import date_vi, number_vi, sort_key
from vungmanh.outputs.papers.document import DOTS, Paper, Table
from vungmanh.outputs.papers.kinds.proposing import Decision, decision
from vungmanh.outputs.papers.kinds.sender import Closing, Sender
from vungmanh.outputs.programmes.asked import names_on
from vungmanh.outputs.programmes.issuing import Issuable
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.papers import PaperBody, PaperType
from vungmanh.rulebook.values.programmes import OversightAttendance
from vungmanh.strengthening.models import OversightPlan, PlannedOversight

_HEADS, _WIDTHS = ("TT", "Đơn vị", "Người phụ trách", "Ghi chú"), (7, 40, 30, 23)


def assignment_of(plan: OversightPlan) -> Issuable:
    """The decision of an approved plan. Raises NotNow before it is approved, or taken back."""
    state = PlanState(plan.state)
    if state is not PlanState.APPROVED or plan.decided_on is None:
        raise NotNow(
            f"Kế hoạch phân công {state.label.lower()} nên chưa có quyết định. Thường vụ cấp ủy "
            "duyệt kế hoạch trước.",
            code="plan-state",
        )
    about = (
        f"về việc phân công cấp ủy viên phụ trách, dự sinh hoạt chi bộ từ ngày "
        f"{date_vi(plan.valid_from)}"
    )

    def make(sender: Sender, closing: Closing) -> Paper:
        listed, unfilled = _listed(plan)
        whom = f"Ban Thường vụ {sender.issuer}"
        first = (
            f"Phân công người phụ trách, dự sinh hoạt ở {number_vi(len(listed.rows))} đơn vị, từ "
            f"ngày {date_vi(plan.valid_from)}, theo danh sách kèm theo."
        )
        more = (f"{number_vi(unfilled)} đơn vị chưa có người, để trống trong danh sách.",)
        articles = (
            (first, *(more if unfilled else ())),
            ("Người được phân công dự đủ số buổi theo định mức, ghi lại điều thấy được và điều đã "
             "thống nhất; không làm thay việc của chi bộ mình.",),
            (f"Cơ quan giúp việc của {whom}, các chi bộ và các đồng chí có tên trong danh sách thi "
             "hành quyết định này.",),
        )  # fmt: skip
        return decision(Decision(sender, closing, about, whom, _grounds(plan), articles, listed))

    return Issuable(
        plan.unit_id, PaperType.DECISION, PaperBody.STANDING_COMMITTEE, about,
        f"oversight_plan:{plan.pk}", plan.decided_on, make, ("Như Điều 3,", "Lưu hồ sơ."),
    )  # fmt: skip


def _grounds(plan: OversightPlan) -> tuple[str, ...]:
    view = load_rulebook().on(plan.valid_from)
    if not view.has(OversightAttendance.key):
        return ("Căn cứ quy chế làm việc của cấp ủy",)
    rule = view.rule(OversightAttendance.key)
    return (f"Căn cứ {rule.document.name} ({rule.title.lower()}; {rule.caution})",)


def _listed(plan: OversightPlan) -> tuple[Table, int]:
    """Every line of the plan by the name of its unit, and how many have nobody."""
    lines = list(PlannedOversight.objects.filter(plan=plan).select_related("overseer"))
    names: dict[UUID, str] = names_on((one.unit_id for one in lines), plan.valid_from)
    lines.sort(key=lambda one: (sort_key(names.get(one.unit_id, "")), one.pk))
    rows = tuple(
        (
            str(n),
            names.get(one.unit_id, ""),
            str(one.overseer) if one.overseer else DOTS,
            one.changed_reason or ("" if one.overseer else one.why),
        )
        for n, one in enumerate(lines, start=1)
    )
    return Table("Danh sách", _HEADS, rows, _WIDTHS), sum(one.overseer is None for one in lines)
