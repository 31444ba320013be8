"""Who may do what: one literal table, two voices.

`check_can` raises with the reason, `can` answers yes or no. How *far* a role sees is not decided
here but by the reach of its grants (`org.queries.units_visible`). What is not listed is refused.
"""

from __future__ import annotations

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotAllowed
from vungmanh.core.vocabulary import Role

ANALYST = Role.PROVINCIAL_ANALYST
OFFICE = Role.COMMITTEE_OFFICE
OVERSEER = Role.OVERSEER
BOARD = Role.STANDING_COMMITTEE
SECRETARY = Role.CELL_SECRETARY
ADMIN = Role.ADMINISTRATOR

PERMISSIONS: dict[str, frozenset[Role]] = {
    "org.unit.list": frozenset({ANALYST, OFFICE, BOARD, OVERSEER, SECRETARY}),
    "org.unit.view": frozenset({ANALYST, OFFICE, BOARD, OVERSEER, SECRETARY}),
    "org.reform.view": frozenset({ANALYST, OFFICE}),
    "org.reform.draft": frozenset({ANALYST, OFFICE}),
    "org.reform.commit": frozenset({ANALYST}),
    "org.finding.list": frozenset({ANALYST, OFFICE, ADMIN}),
    "org.finding.accept": frozenset({ANALYST, OFFICE, ADMIN}),
    "org.finding.refresh": frozenset({ANALYST, ADMIN}),
    "strengthening.overview.view": frozenset({ANALYST, OFFICE, BOARD, OVERSEER}),
    "strengthening.assessment.list": frozenset({ANALYST, OFFICE, BOARD, OVERSEER}),
    "strengthening.assessment.export": frozenset({ANALYST, OFFICE, BOARD, OVERSEER}),
    "strengthening.run.list": frozenset({ANALYST}),
    "strengthening.run.make": frozenset({ANALYST}),
    "strengthening.figure.view": frozenset({ANALYST, OFFICE, BOARD, OVERSEER, SECRETARY}),
    "strengthening.flag.list": frozenset({ANALYST, OFFICE, SECRETARY}),
    "strengthening.flag.reply": frozenset({OFFICE, SECRETARY}),
    "strengthening.flag.conclude": frozenset({ANALYST, OFFICE}),
    "meetings.ledger.view": frozenset({ANALYST, OFFICE, BOARD, OVERSEER, SECRETARY}),
    "meetings.ledger.reopen": frozenset({ANALYST}),
    "meetings.excuse.grant": frozenset({ANALYST, OFFICE}),
    "meetings.report.import": frozenset({ANALYST, OFFICE}),
    "meetings.report.undo": frozenset({ANALYST, OFFICE}),
    "meetings.meeting.view": frozenset({ANALYST, OFFICE, BOARD, OVERSEER, SECRETARY}),
    "meetings.meeting.write": frozenset({OFFICE, SECRETARY}),
    "meetings.meeting.confirm": frozenset({OFFICE}),
    "meetings.meeting.seal": frozenset({OFFICE}),
    "meetings.meeting.score": frozenset({OFFICE, OVERSEER, SECRETARY}),
    "meetings.roll.manage": frozenset({OFFICE}),
    "meetings.task.view": frozenset({ANALYST, OFFICE, BOARD, OVERSEER, SECRETARY}),
    "meetings.task.give": frozenset({ANALYST, OFFICE, SECRETARY}),
    "meetings.task.report": frozenset({ANALYST, OFFICE, SECRETARY}),
    "meetings.inspection.view": frozenset({ANALYST, OFFICE, BOARD, OVERSEER, SECRETARY}),
    "meetings.inspection.record": frozenset({ANALYST, OFFICE}),
    "meetings.excuse.ask": frozenset({OFFICE, SECRETARY}),
    "meetings.phone.use": frozenset({OVERSEER, SECRETARY}),
    "meetings.phone.settle": frozenset({OFFICE}),
    "meetings.text.view": frozenset({ANALYST, OFFICE, SECRETARY}),
    "meetings.text.answer": frozenset({OFFICE, SECRETARY}),
    "meetings.text.review": frozenset({ANALYST, OFFICE}),
    "evaluation.cycle.view": frozenset({ANALYST, OFFICE, BOARD, OVERSEER, SECRETARY}),
    "evaluation.cycle.open": frozenset({ANALYST, OFFICE}),
    "evaluation.dossier.rate": frozenset({OFFICE, SECRETARY}),
    "evaluation.dossier.opinion": frozenset({ANALYST, OFFICE, OVERSEER}),
    "evaluation.dossier.verify": frozenset({ANALYST, OFFICE}),
    "evaluation.dossier.propose": frozenset({ANALYST, OFFICE}),
    "evaluation.dossier.decide": frozenset({ANALYST, OFFICE}),
    "evaluation.dossier.complain": frozenset({OFFICE, SECRETARY}),
    "evaluation.moderation.view": frozenset({ANALYST, OFFICE, BOARD}),
    "evaluation.sheet.complete": frozenset({ANALYST}),
    "strengthening.programme.view": frozenset({ANALYST, OFFICE, BOARD, OVERSEER}),
    "strengthening.programme.draft": frozenset({ANALYST, OFFICE}),
    "strengthening.programme.approve": frozenset({BOARD}),
    "strengthening.programme.report": frozenset({ANALYST, OFFICE}),
    "strengthening.selection.view": frozenset({ANALYST, OFFICE, BOARD}),
    "strengthening.selection.run": frozenset({ANALYST, OFFICE}),
    "strengthening.selection.decide": frozenset({BOARD}),
    "strengthening.selection.appeal": frozenset({OFFICE, SECRETARY}),
    "strengthening.file.view": frozenset({ANALYST, OFFICE, BOARD, OVERSEER, SECRETARY}),
    "strengthening.file.work": frozenset({ANALYST, OFFICE}),
    "strengthening.file.approve": frozenset({BOARD}),
    "strengthening.file.answer": frozenset({OFFICE, SECRETARY}),
    "strengthening.oversight.view": frozenset({ANALYST, OFFICE, BOARD, OVERSEER}),
    "strengthening.oversight.read": frozenset({ANALYST, OFFICE, BOARD}),
    "strengthening.oversight.plan": frozenset({ANALYST, OFFICE}),
    "strengthening.oversight.approve": frozenset({BOARD}),
    "meetings.visit.view": frozenset({ANALYST, OFFICE, BOARD, OVERSEER, SECRETARY}),
    "meetings.visit.record": frozenset({OFFICE, OVERSEER}),
    "org.person.view": frozenset({OFFICE, SECRETARY}),
    "org.person.reveal": frozenset({OFFICE}),
    "org.person.keep": frozenset({OFFICE, SECRETARY}),
    "org.person.merge": frozenset({OFFICE}),
    "org.person.erase": frozenset({OFFICE}),
    "org.member.view": frozenset({ANALYST, OFFICE, BOARD, OVERSEER, SECRETARY}),
    "org.member.count": frozenset({ANALYST, OFFICE}),
    "org.member.exchange": frozenset({OFFICE}),
    "org.admission.view": frozenset({ANALYST, OFFICE, BOARD, SECRETARY}),
    "org.admission.work": frozenset({OFFICE, SECRETARY}),
    "org.admission.decide": frozenset({OFFICE}),
    "org.transfer.view": frozenset({ANALYST, OFFICE, SECRETARY}),
    "org.transfer.send": frozenset({OFFICE}),
    "org.transfer.accept": frozenset({OFFICE}),
    "org.aggregate.view": frozenset({ANALYST, OFFICE, BOARD}),
    "org.aggregate.report": frozenset({ANALYST, OFFICE}),
    "cadre.post.view": frozenset({ANALYST, OFFICE, BOARD, OVERSEER, SECRETARY}),
    "cadre.post.record": frozenset({ANALYST, OFFICE}),
    "cadre.post.check": frozenset({ANALYST, OFFICE, BOARD}),
    "cadre.rotation.view": frozenset({ANALYST, OFFICE, BOARD}),
    "cadre.rotation.record": frozenset({ANALYST, OFFICE}),
    "cadre.training.view": frozenset({ANALYST, OFFICE, BOARD, OVERSEER, SECRETARY}),
    "cadre.training.plan": frozenset({ANALYST, OFFICE}),
    "cadre.training.record": frozenset({ANALYST, OFFICE}),
    "outputs.paper.view": frozenset({ANALYST, OFFICE, SECRETARY}),
    "outputs.paper.number": frozenset({ANALYST, OFFICE, SECRETARY}),
    "outputs.form.fill": frozenset({ANALYST, OFFICE}),
    "outputs.report.view": frozenset({ANALYST, OFFICE}),
    "rulebook.threshold.explore": frozenset({ANALYST}),
    "rulebook.rule.adopt": frozenset({ANALYST}),
    "rulebook.rule.view": frozenset({ANALYST, OFFICE, BOARD, OVERSEER, SECRETARY, ADMIN}),
    "access.delegation.give": frozenset({ANALYST, OFFICE, BOARD, OVERSEER, SECRETARY}),
    "access.account.manage": frozenset({ADMIN}),
}


def can(viewer: Viewer | None, permission: str) -> bool:
    """Whether the viewer's role carries `permission`. Raises KeyError for an unknown name."""
    allowed = PERMISSIONS[permission]
    return viewer is not None and viewer.role in allowed


def check_can(viewer: Viewer | None, permission: str) -> None:
    """Raise `NotAllowed` unless the viewer's role carries `permission`."""
    if not can(viewer, permission):
        raise NotAllowed(
            "Vai trò của đồng chí không làm được việc này. Nếu cần, hỏi người quản trị của đơn vị.",
        )
