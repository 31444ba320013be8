"""The dossier of one organisation on paper, and the notice of what was decided of it.

Only what its reader may see: `matter` gathers it, so that no opinion is on paper while it is blind
on the page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction

from django.utils.timezone import localdate

from vungmanh.access.viewer import Viewer
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import DossierAct
from vungmanh.evaluation.models import Dossier, DossierEntry, GradeDecision
from vungmanh.outputs.gradings.issuing import RatingPaper
from vungmanh.outputs.gradings.matter import Matter, gathered
from vungmanh.outputs.gradings.sender import closing_by, printed_mark
from vungmanh.outputs.papers.document import Paper
from vungmanh.outputs.papers.kinds.dossier import (
    ConditionRow,
    CriterionGroup,
    CriterionRow,
    DossierPaper,
    OpinionRow,
    dossier_paper,
)
from vungmanh.outputs.papers.kinds.proposing import Notice, notice
from vungmanh.rulebook.grading.conditions import ConditionFinding
from vungmanh.rulebook.grading.facts import Fact
from vungmanh.rulebook.grading.points import YearLine
from vungmanh.rulebook.values.bounds import plain
from vungmanh.strengthening.year_grading import DossierFinding

A = DossierAct
#: What each level said, in the order of time; the rest of the history stays on the page.
_SAID = (
    A.RATE_SELF, A.GIVE_OPINION, A.VERIFY, A.PROPOSE, A.RETURN, A.DECIDE, A.COMPLAIN,
    A.ANSWER_COMPLAINT, A.APPEAL, A.ANSWER_APPEAL,
)  # fmt: skip
_OF_THE_UNIT = (A.RATE_SELF, A.COMPLAIN, A.APPEAL)


def paper_of_dossier(dossier: Dossier, viewer: Viewer, *, at: dt.datetime) -> Paper:
    """The dossier as this viewer may read it. The caller has made sure that it is in sight."""
    return dossier_from(gathered([dossier], viewer, at=at)[0])


def paper_of_result(dossier: Dossier, viewer: Viewer, *, at: dt.datetime) -> Paper:
    """The notice to the unit; what is not decided yet is left to the pen."""
    return notice_from(gathered([dossier], viewer, at=at, with_findings=False)[0])


def dossier_from(matter: Matter) -> Paper:
    """The paper of a dossier whose matter was gathered."""
    dossier, found, decision = matter.dossier, matter.found, matter.decision
    if found is None:
        raise ValueError("a dossier is printed with its findings")
    rule, caution = found.sheet_rule, ""
    if rule is not None:
        caution = f"Theo “{rule.title}”{printed_mark(rule)}. Mục để trống là chưa ghi."
    foot = f"Số liệu đối chiếu tính đến ngày {date_vi(matter.today)}."
    if decision is not None:
        foot += f" Số liệu giữ cùng quyết định: {decision.inputs_id[:12]}."
    return dossier_paper(
        DossierPaper(
            *matter.stamped(
                RatingPaper.DOSSIER, closing_by(matter.sender.body, matter.sender.issuer, foot=foot)
            ),
            dossier.name,
            dossier.cycle.year,
            _groups(found, matter.entries),
            tuple(_condition(one) for one in found.finding.conditions) if found.finding else (),
            _opinions(dossier, matter.entries, matter.labels),
            _outcome(matter, found),
            caution,
        )
    )


def notice_from(matter: Matter) -> Paper:
    """The notice of a dossier whose matter was gathered."""
    dossier, decision, labels = matter.dossier, matter.decision, matter.labels
    year = dossier.cycle.year
    recipients = (f"{dossier.name},", "Lưu hồ sơ.")
    closing = closing_by(matter.sender.body, matter.sender.issuer, recipients=recipients)
    lines = [
        ("Tự xếp loại", labels.get(dossier.self_grade, "")),
        ("Mức được quyết định", labels.get(decision.grade, "") if decision else ""),
        ("Quyết định", _document(decision) if decision else ""),
    ]
    if decision is not None and decision.reason:
        lines.append(("Lý do", decision.reason))
    if matter.held_back:
        lines.append(("Tỷ lệ", matter.held_back))
    return notice(
        Notice(
            *matter.stamped(RatingPaper.NOTICE, closing),
            f"kết quả đánh giá, xếp loại năm {year}",
            dossier.name,
            (f"Kết quả đánh giá, xếp loại năm {year} của {dossier.name} như sau:",),
            tuple(lines),
            remedy=(
                "Không nhất trí với kết quả, tổ chức gửi kiến nghị kèm lý do tới cấp quyết định "
                "để được xác minh lại và trả lời."
            ),
        )
    )


def _groups(found: DossierFinding, entries: Sequence[DossierEntry]) -> tuple[CriterionGroup, ...]:
    if found.sheet is None or found.points is None:
        return ()
    by = {
        code: str(entry.by or "")
        for entry in entries
        if entry.act == A.WRITE and entry.content.get("part", "answers") == "answers"
        for code in entry.content.get("changed", {})
    }
    return tuple(
        CriterionGroup(
            group.title,  # its number stands in a column of its own
            tuple(
                _criterion(line, found, by)
                for line in found.points.lines
                if line.group == group.code
            ),
        )
        for group in found.sheet.groups
    )


def _criterion(line: YearLine, found: DossierFinding, by: Mapping[str, str]) -> CriterionRow:
    facts = tuple(fact_words(found.facts[one]) for one in line.facts if one in found.facts)
    level = line.level.label if line.level else ""
    who = "" if line.is_blank else by.get(line.code, "")
    return CriterionRow(line.text, line.most, line.points, facts, who, level)


def fact_words(fact: Fact) -> str:
    """A fact in words with where it comes from. Not known is said so, and is never zero."""
    if fact.value is None:
        return f"{fact.name.label}: chưa biết"
    if isinstance(fact.value, bool):
        words = "có" if fact.value else "không"
    else:
        words = plain(fact.value) if fact.of is None else f"{plain(fact.value)}/{fact.of}"
    return f"{fact.name.label}: {words}" + (f" ({fact.source})" if fact.source else "")


def _condition(one: ConditionFinding) -> ConditionRow:
    grounds = tuple(fact_words(fact) for fact in one.facts)
    who = f"Ai trả lời: {one.by.label.lower()}"
    return ConditionRow(one.text, one.outcome_label, (*grounds, who))


def _opinions(
    dossier: Dossier, entries: Sequence[DossierEntry], labels: Mapping[str, str]
) -> tuple[OpinionRow, ...]:
    rows = []
    for one in entries:
        if one.version != dossier.version or one.act not in _SAID:
            continue
        if one.act == A.GIVE_OPINION and one.filing != dossier.filing:
            continue
        whose = dossier.name if one.act in _OF_THE_UNIT else dossier.cycle.name
        if one.act == A.ANSWER_APPEAL:
            whose = "Cấp trên"
        points = None if one.points is None else Fraction(one.points)
        rows.append(
            OpinionRow(
                one.body or whose, A(one.act).label, labels.get(one.grade, ""), points,
                one.reason, date_vi(localdate(one.at)),
            )
        )  # fmt: skip
    return tuple(rows)


def _outcome(matter: Matter, found: DossierFinding) -> tuple[tuple[str, str], ...]:
    """What the rules support stands beside what people said, never in its place."""
    dossier, decision, labels = matter.dossier, matter.decision, matter.labels
    finding = found.finding
    support = ""
    if finding is not None and finding.grade is not None:
        support = labels.get(finding.grade, finding.grade)
    elif finding is not None and finding.possible:
        support = "chưa đủ căn cứ; còn có thể là " + ", ".join(
            labels.get(one, one) for one in finding.possible
        )
    lines = [
        ("Tự xếp loại", labels.get(dossier.self_grade, "")),
        ("Mức mà tiêu chí, điều kiện đã ghi đủ căn cứ", support),
        ("Mức quyết định", labels.get(decision.grade, "") if decision else ""),
        ("Quyết định", _document(decision) if decision else ""),
    ]
    if matter.held_back:
        lines.append(("Bị giữ lại do tỷ lệ", matter.held_back))
    return tuple(lines)


def _document(decision: GradeDecision) -> str:
    day = decision.document_date
    return " ".join(
        part for part in (decision.document, f"ngày {date_vi(day)}" if day else "") if part
    )
