"""Papers of a whole cycle, for the committee that decides: summary table and decision with its
list, submission, and the blank sheet for a body that is asked.

Opinions are counted only of dossiers in which they are no longer gathered, whoever prints.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.text import name_key
from vungmanh.core.vocabulary import DossierAct, DossierState, DossierSubject
from vungmanh.evaluation.models import Cycle, Dossier, DossierEntry, GradeDecision
from vungmanh.evaluation.models.dossiers import UNDECIDED
from vungmanh.evaluation.reads import dossiers_visible
from vungmanh.outputs.gradings.issuing import RatingPaper, decided_with, heads
from vungmanh.outputs.gradings.sender import (
    closing_of,
    collective_of,
    labels_of,
    printed_mark,
    rule_of,
    sender_of,
)
from vungmanh.outputs.models import PaperNumber
from vungmanh.outputs.papers.document import DOTS, Paper, Table
from vungmanh.outputs.papers.issuing import Signer
from vungmanh.outputs.papers.kinds.opinions import (
    CycleSummary,
    OpinionSheet,
    SheetRow,
    SummaryGroup,
    SummaryRow,
    cycle_summary,
    opinion_sheet,
)
from vungmanh.outputs.papers.kinds.proposing import (
    Decision,
    SubmissionPaper,
    decision,
    submission,
)
from vungmanh.outputs.papers.kinds.sender import Closing
from vungmanh.outputs.papers.register import stamped
from vungmanh.rulebook.grading.groups import group_label
from vungmanh.rulebook.values.conditions import ExcellentQuota

_HEADS = ("TT", "Tên tổ chức đảng, tập thể", "Tự xếp loại", "Mức", "Ghi chú")
_WIDTHS = (7, 36, 20, 20, 17)
_GROUNDS = ("grade_procedure", "grade_deciders", "grade_scale", ExcellentQuota.key)


def summary_paper(cycle: Cycle, viewer: Viewer, *, on: dt.date) -> Paper:
    """The table of the cycle: what each rated itself, what bodies said, what was decided."""
    labels, dossiers = labels_of(cycle.year), _dossiers(cycle, viewer)
    said = _said(dossiers)
    groups: dict[str, list[SummaryRow]] = defaultdict(list)
    for one in dossiers:
        counted = said.get(one.pk, Counter())
        groups[group_of(one)].append(
            SummaryRow(
                one.name,
                labels.get(one.self_grade, ""),
                tuple(counted[code] for code in labels) if counted else (),
                "" if _is_undecided(one) else labels.get(one.grade, ""),
                f"bản thứ {one.version}" if one.version > 1 else "",
            )
        )
    return cycle_summary(
        CycleSummary(
            *heads(cycle, RatingPaper.SUMMARY, closing_of(cycle), on=on), cycle.year,
            tuple(labels.values()),
            tuple(SummaryGroup(name, tuple(rows)) for name, rows in sorted(groups.items())),
            max(len(cycle.bodies), 1), _reminder(cycle),
        )
    )  # fmt: skip


def sheet_paper(cycle: Cycle, viewer: Viewer, body: str, *, on: dt.date) -> Paper:
    """The blank sheet of one body, or of any with "". Raises NotFound for a body not asked."""
    if body and body not in cycle.bodies:
        raise NotFound(
            "Kỳ xếp loại này không lấy ý kiến của nơi ấy. Chọn lại ở trang của kỳ.", code="no-body"
        )
    labels = labels_of(cycle.year)
    rows = tuple(
        SheetRow(_named(one), labels.get(one.self_grade, "")) for one in _dossiers(cycle, viewer)
    )
    signed = Closing((Signer("Đại diện nơi cho ý kiến"),))
    return opinion_sheet(
        OpinionSheet(
            *heads(cycle, RatingPaper.SHEET, signed, on=on, part=body), cycle.year, body or DOTS,
            tuple(labels.values()), rows, _reminder(cycle),
        )
    )  # fmt: skip


def submission_paper(cycle: Cycle, viewer: Viewer, *, on: dt.date) -> Paper:
    """What is proposed now, put before the collective that decides."""
    dossiers = _dossiers(cycle, viewer)
    proposed = sum(bool(one.proposed_grade) for one in dossiers)
    closing = Closing((Signer("Người trình"),), ("Như trên,", "Lưu hồ sơ."))
    told = f"{proposed} trong {len(dossiers)} hồ sơ năm {cycle.year} đã có mức đề xuất."
    return submission(
        SubmissionPaper(
            *heads(cycle, RatingPaper.SUBMISSION, closing, on=on),
            f"về việc xếp loại tổ chức đảng, tập thể lãnh đạo năm {cycle.year}",
            collective_of(cycle),
            _grounds(cycle),
            (told, "Hồ sơ chưa có mức đề xuất thì cột Mức để trống."),
            ("Mức của từng tổ chức đảng, tập thể trong bảng trên.",),
            (_listed(dossiers, labels_of(cycle.year), decided=False),),
        )
    )


def decision_paper(
    cycle: Cycle, viewer: Viewer, *, on: dt.date, number_id: UUID | None = None
) -> Paper:
    """The decision with its list; a grade not decided yet is left to the pen. With several in the
    register the latest, or the one asked for, each with the dossiers that were decided by it."""
    issue = decided_with(cycle, number_id)
    dossiers = _decided_by(issue, _dossiers(cycle, viewer))
    closing = closing_of(cycle, recipients=("Như Điều 2,", "Lưu hồ sơ."))
    whom = collective_of(cycle)
    articles = (
        (f"Xếp loại năm {cycle.year} đối với {len(dossiers)} tổ chức đảng, tập thể lãnh đạo theo "
         "danh sách kèm theo.",),
        (f"Các tổ chức đảng, tập thể có tên trong danh sách và cơ quan giúp việc của {whom} thi "
         "hành quyết định này.",),
    )  # fmt: skip
    return decision(
        Decision(
            *stamped(sender_of(cycle, on=on), closing, issue),
            f"về việc xếp loại tổ chức đảng, tập thể lãnh đạo năm {cycle.year}",
            whom,
            _grounds(cycle),
            articles,
            _listed(dossiers, labels_of(cycle.year), decided=True),
        )
    )


def _decided_by(issue: PaperNumber | None, dossiers: list[Dossier]) -> list[Dossier]:
    """Those decided by this document, every version; while none is, those with a grade decided or
    proposed: nobody is rated by a paper that says no grade of it."""
    if issue is None:
        return [one for one in dossiers if one.grade or one.proposed_grade] or dossiers
    rows = GradeDecision.objects.filter(dossier__in=dossiers, document=issue.document)
    decided = set(rows.values_list("dossier_id", flat=True))
    return [one for one in dossiers if one.pk in decided] or dossiers


def _dossiers(cycle: Cycle, viewer: Viewer) -> list[Dossier]:
    found = dossiers_visible(viewer).filter(cycle=cycle).order_by("id")
    return sorted(found, key=lambda one: (group_of(one), one.subject, name_key(one.name)))


def group_of(one: Dossier) -> str:
    """The group of like kind in words, leading collectives and protected units apart."""
    name = group_label(one.group)
    if one.subject == DossierSubject.LEADERSHIP:
        name += ": tập thể lãnh đạo"
    return f"{name}, để ngoài tỷ lệ" if one.protected else name


def _is_undecided(one: Dossier) -> bool:
    """Also what was decided and is reopened: its grade stands, and is not of this list."""
    return one.state in UNDECIDED


def _said(dossiers: Sequence[Dossier]) -> Mapping[UUID, Counter[str]]:
    """How many bodies marked each grade in the current filing, where it is no longer gathered."""
    closed = {one.pk: one.filing for one in dossiers if one.state != DossierState.IN_OPINION}
    rows = DossierEntry.objects.filter(dossier__in=closed, act=DossierAct.GIVE_OPINION)
    counted: dict[UUID, Counter[str]] = defaultdict(Counter)
    for dossier_id, filing, grade in rows.values_list("dossier_id", "filing", "grade"):
        if filing == closed[dossier_id]:
            counted[dossier_id][grade] += 1
    return counted


def _named(one: Dossier) -> str:
    """Told apart from its collective where no group stands above the rows."""
    leads = one.subject == DossierSubject.LEADERSHIP
    return f"{one.name}, tập thể lãnh đạo" if leads else one.name


def _listed(dossiers: Sequence[Dossier], labels: Mapping[str, str], *, decided: bool) -> Table:
    """A heading for each group, then its organisations numbered through."""
    rows: list[tuple[str, ...]] = []
    strong: list[int] = []
    last = ""
    for number, one in enumerate(dossiers, start=1):
        if (group := group_of(one)) != last:
            strong.append(len(rows))
            rows.append(("", group, "", "", ""))
            last = group
        grade = one.grade if decided and not _is_undecided(one) else ""
        if not decided:
            grade = one.proposed_grade
        own = labels.get(one.self_grade, "")
        rows.append((str(number), one.name, own, labels.get(grade, ""), ""))
    return Table("Danh sách", _HEADS, tuple(rows), _WIDTHS, strong=tuple(strong))


def _grounds(cycle: Cycle) -> tuple[str, ...]:
    """The documents of the rules the cycle was opened by, each once."""
    found = [rule for key in _GROUNDS if (rule := rule_of(cycle, key)) is not None]
    return tuple(dict.fromkeys(f"Căn cứ {rule.document.name}" for rule in found))


def _reminder(cycle: Cycle) -> str:
    rule = rule_of(cycle, ExcellentQuota.key)
    if rule is None:
        return ""
    return f"{rule.title}.{printed_mark(rule)}"
