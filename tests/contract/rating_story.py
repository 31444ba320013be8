"""One yearly rating of the imaginary province, told step by step for the tests of dossiers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.cast import PROVINCE, QUAN_MAU, Cast
from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.vocabulary import DossierState, DossierSubject, Role
from vungmanh.evaluation.actions.complaints import (
    answer_appeal,
    answer_complaint,
    appeal,
    complain,
    reverify,
)
from vungmanh.evaluation.actions.cycles import open_cycle
from vungmanh.evaluation.actions.deciding import Paper, decide, notify, reopen
from vungmanh.evaluation.actions.dossiers import (
    give_opinion,
    open_opinions,
    propose,
    rate_self,
    return_dossier,
    verify,
    write_answers,
)
from vungmanh.evaluation.models import Cycle, Dossier

YEAR = 2019
NOW = dt.datetime(2020, 1, 3, 1, tzinfo=dt.UTC)
BEST, GOOD, DONE, POOR = "xuat_sac", "tot", "hoan_thanh", "khong_hoan_thanh"
CELL, OTHER_CELL = "Chi bộ thôn Nà Mẫu", "Chi bộ thôn Đồi Mẫu"
BODY, OTHER_BODY = "Mặt trận", "Chính quyền"
ANSWER = Paper("12-CV/TU", dt.date(2020, 1, 3))
S = DossierState


def acting(cast: Cast, role: Role, unit: str, *, name: str = "") -> Viewer:
    name = name or f"{role.value}.{cast[unit].hex}"
    user = User.objects.filter(username=name).first() or cast.user(name, role, unit)
    return viewer_for(user, on=NOW.date(), role=role)


def office(cast: Cast, unit: str = QUAN_MAU) -> Viewer:
    return acting(cast, Role.COMMITTEE_OFFICE, unit)


def analyst(cast: Cast) -> Viewer:
    return acting(cast, Role.PROVINCIAL_ANALYST, PROVINCE)


def secretary(cast: Cast, unit: str = CELL) -> Viewer:
    return acting(cast, Role.CELL_SECRETARY, unit)


def opened(cast: Cast, unit: str = QUAN_MAU, by: Viewer | None = None, **more: Any) -> Cycle:
    by = by or office(cast, unit)
    return open_cycle(unit_id=cast[unit], year=YEAR, by=by, at=NOW, **more)


def dossier_of(
    cycle: Cycle, cast: Cast, unit: str = CELL, subject: str = DossierSubject.ORGANISATION
) -> Dossier:
    return Dossier.objects.select_related("cycle").get(
        cycle=cycle, unit_id=cast[unit], subject=subject
    )


def brought_to(state: str, dossier: Dossier, below: Viewer, above: Viewer, upper: Viewer) -> None:
    """Lead a waiting dossier to a state by the shortest way."""
    this: dict[str, Any] = {"dossier_id": dossier.pk, "at": NOW}
    figures: dict[str, Any] = {"inputs": {}, "result": {}, "override_reason": "Thử."}

    def told() -> None:
        decide(grade=GOOD, by=above, **this, **figures)
        notify(by=above, **this)

    way = {
        S.SELF_RATED: lambda: rate_self(grade=GOOD, by=below, **this),
        S.IN_OPINION: lambda: open_opinions(by=above, **this),
        S.VERIFIED: lambda: verify(by=above, **this),
        S.PROPOSED: lambda: propose(grade=GOOD, by=above, **this),
        S.DECIDED: lambda: decide(grade=GOOD, by=above, **this, **figures),
        S.NOTIFIED: lambda: notify(by=above, **this),
        S.COMPLAINED: lambda: complain(reason="Chưa đúng.", by=below, **this),
        S.REVERIFYING: lambda: reverify(by=above, **this),
    }
    if state == S.WAITING:
        return
    if state == S.RETURNED:
        way[S.SELF_RATED]()
        return_dossier(reason="Thiếu.", by=above, **this)
        return
    if state == S.APPEALED:
        for step in way.values():
            step()
        answer_complaint(grade=GOOD, reason="Giữ.", by=above, **this)
        notify(by=above, **this)
        appeal(reason="Vẫn chưa đúng.", by=below, **this)
        return
    for name, step in way.items():
        step()
        if name == state:
            return


def attempt(act: str, dossier: Dossier, by: Viewer) -> object:
    """Do the act in its simplest way."""
    this: dict[str, Any] = {"dossier_id": dossier.pk, "by": by, "at": NOW}
    figures: dict[str, Any] = {"inputs": {}, "result": {}}
    said = {"grade": GOOD, "reason": "Như thế."}
    return {
        "write": lambda: write_answers(set={"1.1": 5}, was={}, **this),
        "rate_self": lambda: rate_self(grade=GOOD, **this),
        "open_opinions": lambda: open_opinions(**this),
        "give_opinion": lambda: give_opinion(body=BODY, grade=GOOD, **this),
        "verify": lambda: verify(**this),
        "propose": lambda: propose(grade=GOOD, **this),
        "return": lambda: return_dossier(reason="Thiếu.", **this),
        "decide": lambda: decide(grade=GOOD, override_reason="Thử.", **figures, **this),
        "notify": lambda: notify(**this),
        "complain": lambda: complain(reason="Chưa đúng.", **this),
        "reverify": lambda: reverify(**this),
        "answer_complaint": lambda: answer_complaint(**said, **this),
        "appeal": lambda: appeal(reason="Vẫn chưa đúng.", **this),
        "answer_appeal": lambda: answer_appeal(paper=ANSWER, **said, **this),
        "reopen": lambda: reopen(reason="Tính lại.", **this),
    }[act]()
