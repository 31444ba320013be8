"""Papers of a selection: what is put before the standing committee, and what it decides."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.access.wall import lowered
from vungmanh.core.errors import NotNow
from vungmanh.core.periods import last_day, month_label
from vungmanh.core.programme_words import ChoiceWay, SelectionState
from vungmanh.core.text import date_vi, number_vi
from vungmanh.outputs.papers.document import Paper, Table
from vungmanh.outputs.papers.issuing import Signer
from vungmanh.outputs.papers.kinds.proposing import (
    Decision,
    SubmissionPaper,
    decision,
    submission,
)
from vungmanh.outputs.papers.kinds.sender import Closing, Sender
from vungmanh.outputs.programmes.asked import names_on
from vungmanh.outputs.programmes.issuing import Issuable, of_document
from vungmanh.outputs.programmes.report import named_programme
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.book import Rule
from vungmanh.rulebook.values.papers import PaperBody, PaperType
from vungmanh.rulebook.values.programmes import SelectionRule
from vungmanh.strengthening.models import Selection, SelectionOverride
from vungmanh.strengthening.selection_reads import inputs_of, last_words

_WIDTHS = (7, 45, 26, 22)
_STANDING = "Ban Thường vụ"


def submission_of(one: Selection) -> Issuable:
    """What is proposed to the standing committee. Raises NotNow for a draft, or one taken back."""
    _check(one, SelectionState.SUBMITTED, SelectionState.DECIDED)

    def make(sender: Sender, closing: Closing) -> Paper:
        return submission(
            SubmissionPaper(
                sender,
                closing,
                _about(one),
                f"{_STANDING} {sender.issuer}",
                _grounds(one),
                _course(one),
                (f"Chọn các nơi trong danh sách để tập trung củng cố năm {one.year}.",
                 "Nơi được chọn được báo cho biết lý do và có quyền kiến nghị."),
                (_proposed(one),),
            )
        )  # fmt: skip

    closing = Closing((Signer("Người trình"),), ("Như trên,", "Lưu hồ sơ."))
    day = localdate(one.submitted_at or one.made_at)
    return Issuable(
        one.unit_id, PaperType.SUBMISSION, PaperBody.COMMITTEE, _about(one),
        f"selection:{one.pk}:submission", day, make, closing=closing,
    )  # fmt: skip


def decision_of(one: Selection) -> Issuable:
    """The decision with its list. Raises NotNow for what is not decided."""
    _check(one, SelectionState.DECIDED)
    assert one.decided_on is not None

    def make(sender: Sender, closing: Closing) -> Paper:
        listed = _chosen(one)
        whom = f"{_STANDING} {sender.issuer}"
        articles = (
            (f"Chọn {number_vi(len(listed.rows))} tổ chức đảng để tập trung củng cố năm "
             f"{one.year}, theo danh sách kèm theo.",),
            (f"Cơ quan giúp việc của {sender.issuer} lập hồ sơ củng cố từng nơi, cùng nơi ấy tìm "
             "nguyên nhân, lập kế hoạch có người làm và thời hạn; điều kiện ra khỏi diện là điều "
             "kiện đã ghi trong hồ sơ vào ngày quyết định.",
             "Nơi được chọn có quyền kiến nghị; được trả lời bằng văn bản."),
            (f"Các tổ chức đảng có tên trong danh sách và cơ quan giúp việc của {whom} thi hành "
             "quyết định này.",),
        )  # fmt: skip
        return decision(
            Decision(sender, closing, _about(one), whom, _grounds(one), articles, listed)
        )

    return Issuable(
        one.unit_id, PaperType.DECISION, PaperBody.STANDING_COMMITTEE, _about(one),
        f"selection:{one.pk}:decision", one.decided_on, make, ("Như Điều 3,", "Lưu hồ sơ."),
    )  # fmt: skip


def _check(one: Selection, *states: SelectionState) -> None:
    state = SelectionState(one.state)
    if state in states:
        return
    remedy = {
        SelectionState.DRAFT: "Trình danh sách trước, rồi lấy tờ trình.",
        SelectionState.SUBMITTED: "Thường vụ cấp ủy quyết định trước, rồi lấy quyết định.",
        SelectionState.WITHDRAWN: "Lập danh sách mới cho năm này.",
    }[state]
    raise NotNow(
        f"Lần lựa chọn {state.label.lower()} nên chưa có văn bản này. {remedy}",
        code="selection-state",
    )


def _about(one: Selection) -> str:
    return f"về việc chọn tổ chức đảng để tập trung củng cố năm {one.year}"


def _grounds(one: Selection) -> tuple[str, ...]:
    programme = one.programme
    title = named_programme(programme.title)
    found = [of_document(f"Căn cứ {title} ban hành theo Quyết định", programme.number,
                         programme.decided_on)]  # fmt: skip
    if rule := _rule(one):
        found.append(f"Căn cứ {rule.document.name} ({rule.title.lower()}; {rule.caution})")
    return tuple(found)


def _rule(one: Selection) -> Rule | None:
    """The rule it was made by, where this installation still has it."""
    wanted = one.rules.get(SelectionRule.key)
    return next((rule for rule in load_rulebook().rules if rule.id == wanted), None)


def _course(one: Selection) -> tuple[str, ...]:
    """How the list came about: from which month, of how many, with how many places, by lots."""
    table = one.result["table"]
    with lowered():  # what it rests on stands behind the wall; of it only what was asked is told
        asked = inputs_of(one).asked
    said = [
        f"Danh sách lập từ kết quả nhận diện {month_label(one.month)}; đã xét "
        f"{number_vi(len(table))} nơi, có {number_vi(asked['capacity'])} chỗ. Máy xếp theo tiêu "
        "chí; tập thể quyết định. Nơi chưa báo cáo không bị coi là không họp.",
    ]
    if one.result["lots"]:
        said.append(
            f"Trong vùng sát ngưỡng có {number_vi(len(one.result['lots']))} nơi, phân định bằng "
            f"bốc thăm, số gốc {one.seed}: ai cũng rút lại được và ra đúng kết quả này."
        )
    return tuple(said)


def _proposed(one: Selection) -> Table:
    """The list as the rule gave it, then what was decided otherwise, with the reason."""
    units = [UUID(row["unit"]) for row in one.result["table"]]
    names, said = names_on(units, last_day(one.month)), last_words(one)
    by_unit = {UUID(row["unit"]): row for row in one.result["table"]}
    chosen = [UUID(unit) for unit in one.result["chosen"]]
    more = [unit for unit, word in said.items() if word.is_in and unit not in chosen]
    rows = tuple(
        (str(n), names.get(unit, ""), _facts(by_unit.get(unit)), _note(said.get(unit)))
        for n, unit in enumerate([*chosen, *more], start=1)
    )
    return Table("Danh sách đề nghị", ("TT", "Tổ chức đảng", "Số liệu", "Ghi chú"), rows, _WIDTHS)


def _facts(row: Mapping[str, int] | None) -> str:
    if row is None:
        return ""
    return (
        f"{number_vi(row['heavy'])} lý do nặng; yếu {number_vi(row['bad_periods'])} lần liền; "
        f"{number_vi(row['size'])} đảng viên"
    )


def _note(said: SelectionOverride | None) -> str:
    if said is None:
        return ""
    return f"{'đưa vào' if said.is_in else 'đưa ra'} khác tiêu chí: {said.reason}"


def _chosen(one: Selection) -> Table:
    """Everybody who was chosen that day; what was taken back later is told beside it."""
    choices = list(one.choices.order_by("position", "pk"))
    names = names_on((each.unit_id for each in choices), one.decided_on or last_day(one.month))
    rows = tuple(
        (
            str(n),
            names.get(each.unit_id, ""),
            ChoiceWay(each.way).label,
            f"rút ngày {date_vi(localdate(each.withdrawn_at))} sau kiến nghị"
            if each.withdrawn_at
            else each.reason,
        )
        for n, each in enumerate(choices, start=1)
    )
    return Table("Danh sách", ("TT", "Tổ chức đảng", "Cách chọn", "Ghi chú"), rows, _WIDTHS)
