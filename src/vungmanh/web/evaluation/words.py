"""What stands on several pages of the yearly rating: grades, steps, whose turn it is."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from vungmanh.access.viewer import Viewer
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import DossierAct, DossierSide, DossierState, Role
from vungmanh.evaluation.board import BoardRow, deadline_of
from vungmanh.evaluation.models import Cycle
from vungmanh.evaluation.sides import decides
from vungmanh.evaluation.states import STEPS
from vungmanh.rulebook import load_rulebook

A, S = DossierAct, DossierState
#: Acts that may always be done beside the one that is due.
_ASIDE = {A.WRITE, A.RETURN, A.REOPEN, A.COMPLAIN, A.APPEAL}
#: The step whose deadline a dossier waits for in each state.
_TIMED = {
    S.WAITING: A.RATE_SELF,
    S.RETURNED: A.RATE_SELF,
    S.SELF_RATED: A.GIVE_OPINION,
    S.IN_OPINION: A.GIVE_OPINION,
    S.VERIFIED: A.PROPOSE,
    S.PROPOSED: A.DECIDE,
    S.DECIDED: A.NOTIFY,
}
#: From these states on the grade has been decided.
DECIDED = (S.DECIDED, S.NOTIFIED, S.COMPLAINED, S.REVERIFYING, S.APPEALED)


def grade_labels(year: int) -> dict[str, str]:
    """The grades of the year's scale by code, the best first."""
    return {grade.code: _(grade.label) for grade in load_rulebook().grade_scale(year).grades}


def next_act(state: DossierState) -> DossierAct | None:
    """What must be done now; None where the dossier is through."""
    return next(
        (act for act, step in STEPS.items() if state in step.sources and act not in _ASIDE), None
    )


def next_words(row: BoardRow) -> str:
    """What must be done now and by whom."""
    state = S(row.dossier.state)
    act = next_act(state)
    if act is None:
        return _("Xong")
    if act is A.GIVE_OPINION and row.asked and row.opinions >= row.asked:
        act = A.VERIFY
    return act_and_side(act)


def act_and_side(act: DossierAct) -> str:
    """ "Thẩm định (cấp quyết định)"."""
    whose = {
        DossierSide.UNIT: _("tổ chức được xếp loại"),
        DossierSide.COMMITTEE: _("cấp quyết định"),
        DossierSide.UPPER: _("cấp trên"),
    }[STEPS[act].side]
    return f"{_(act.label)} ({whose})"


def due_of(cycle: Cycle, state: DossierState) -> dt.date | None:
    """The last day for what a dossier in this state waits for."""
    act = _TIMED.get(state)
    return deadline_of(cycle, act) if act else None


def due_words(due: dt.date | None, today: dt.date) -> str:
    """ "hạn 10/12/2019, quá 4 ngày"; nothing without a deadline."""
    if due is None:
        return ""
    over = (today - due).days
    if over > 0:
        return _("hạn %(day)s, quá %(n)s ngày") % {"day": date_vi(due), "n": over}
    return _("hạn %(day)s") % {"day": date_vi(due)}


def sees_proposals(viewer: Viewer, cycle: Cycle) -> bool:
    """Whether what is proposed stands on this viewer's lists: the unit reads it when decided."""
    return decides(viewer, cycle) or viewer.role is Role.PROVINCIAL_ANALYST
