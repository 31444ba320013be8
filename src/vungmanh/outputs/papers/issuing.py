"""Who may issue what, and who may sign for whom: refused with the rule that says so."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from vungmanh.core.errors import InputError, RuleBroken
from vungmanh.outputs.papers.document import Signature
from vungmanh.outputs.papers.layout import layout_on
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.papers import (
    PaperBody,
    PaperFamily,
    PaperLimits,
    PaperType,
    SigningCapacity,
)

#: What a body may write instead of what it may not.
_INSTEAD = {
    PaperBody.CELL: "Chi bộ ra nghị quyết, kế hoạch hoặc thông báo",
    PaperBody.COMMITTEE: "Đảng ủy ra kế hoạch hoặc công văn",
    PaperBody.STANDING_COMMITTEE: "Ban thường vụ trình ban chấp hành ban hành",
    PaperBody.AGENCY: "Trình cấp ủy ban hành",
}


@dataclass(frozen=True)
class Signer:
    """Who signs: `of` is the collective (T/M, T/L) or the post of the head (K/T) signed for."""

    role: str
    name: str = ""
    capacity: SigningCapacity = SigningCapacity.OWN
    of: str = ""


def check_may_issue(body: PaperBody, kind: PaperType, *, on: dt.date) -> None:
    """Raises RuleBroken (`paper-not-allowed`) where the limits of the day forbid it.

    Before the first limits that are known nothing is refused."""
    view = load_rulebook().on(on)
    if not view.has(PaperLimits.key) or not view.of(PaperLimits).forbids(body, kind):
        return
    rule = view.rule(PaperLimits.key)
    raise RuleBroken(
        f"{body.label} không được ban hành {kind.label.lower()}. {_INSTEAD[body]}.",
        rule_id=rule.id,
        citation=rule.citation,
        code="paper-not-allowed",
    )


def signature(
    signer: Signer, *, body: PaperBody, on: dt.date, family: PaperFamily = PaperFamily.PARTY
) -> Signature:
    """The block of one who signs. Raises RuleBroken for K/T of a collective (`kt-for-collective`)
    and T/M of an agency that a head leads (`tm-for-agency`), InputError without for whom."""
    capacity = signer.capacity
    if capacity is SigningCapacity.OWN:
        return Signature(signer.role, signer.name)
    laid = layout_on(on, family)
    words, rule = laid.layout.words(capacity), laid.rule
    is_collective = body is not PaperBody.AGENCY
    if capacity is SigningCapacity.FOR_HEAD and is_collective:
        raise RuleBroken(
            f"{body.label} làm việc theo chế độ tập thể nên không ký {words}. Phó bí thư ký "
            f"{laid.layout.words(SigningCapacity.FOR_COLLECTIVE)}, dưới ghi chức vụ.",
            rule_id=rule.id,
            citation=rule.citation,
            code="kt-for-collective",
        )
    if capacity is SigningCapacity.FOR_COLLECTIVE and not is_collective:
        raise RuleBroken(
            f"Cơ quan có thủ trưởng không ký {words}. Thủ trưởng ký trực tiếp, cấp phó ký "
            f"{laid.layout.words(SigningCapacity.FOR_HEAD)}.",
            rule_id=rule.id,
            citation=rule.citation,
            code="tm-for-agency",
        )
    if not signer.of.strip():
        raise InputError(
            f"Ký {words} mà chưa ghi ký thay ai. Ghi tên tập thể hoặc chức danh người đứng đầu.",
            field="of",
            code="signed-for-nobody",
        )
    return Signature(signer.role, signer.name, f"{words} {signer.of}")
