"""What stands above and below the papers of a cycle, and the words they share."""

from __future__ import annotations

import datetime as dt

from vungmanh.access.wall import lowered
from vungmanh.core.vocabulary import Evidence, UnitKind
from vungmanh.evaluation.models import Cycle
from vungmanh.org.models import UnitVersion
from vungmanh.outputs.minutes.gather import heading_of
from vungmanh.outputs.papers.heads import committee_of
from vungmanh.outputs.papers.issuing import Signer
from vungmanh.outputs.papers.kinds.sender import Closing, Sender
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.book import Rule
from vungmanh.rulebook.values.cycles import GradeDeciders
from vungmanh.rulebook.values.papers import PaperBody, SigningCapacity
from vungmanh.rulebook.values.words import DecidingBody


def sender_of(cycle: Cycle, *, on: dt.date) -> Sender:
    """The committee of the cycle as it was called then; laid out by the rules of the day `on`.

    Reads past the wall: what the committees above are called is no secret to who is rated.
    """
    with lowered():
        heading = heading_of(cycle.unit_id, cycle.on)
    issuer, mark = committee_of(heading["issuer"] or cycle.name)
    return Sender(
        superior=committee_of(heading["superior"])[0],
        issuer=issuer,
        place=heading["place"],
        mark=mark,
        body=_body(cycle),
        day=on,
        is_simulated=heading["is_simulated"],
    )


def collective_of(cycle: Cycle) -> str:
    """Who decides, as it stands in the middle of a decision."""
    issuer = committee_of(cycle.name)[0]
    return f"Ban Thường vụ {issuer}" if _body(cycle) is PaperBody.STANDING_COMMITTEE else issuer


def closing_of(cycle: Cycle, *, foot: str = "", recipients: tuple[str, ...] = ()) -> Closing:
    """Signed for the collective; the name is left to the pen."""
    issuer = committee_of(cycle.name)[0]
    return closing_by(_body(cycle), issuer, foot=foot, recipients=recipients)


def closing_by(
    body: PaperBody, issuer: str, *, foot: str = "", recipients: tuple[str, ...] = ()
) -> Closing:
    """As `closing_of`, where body and issuer are known already (`Sender`)."""
    whom = "Ban Thường vụ" if body is PaperBody.STANDING_COMMITTEE else _committee_word(issuer)
    signer = Signer("Bí thư", "", SigningCapacity.FOR_COLLECTIVE, whom)
    return Closing((signer,), recipients, foot)


def _committee_word(issuer: str) -> str:
    """ "Đảng ủy" of "Đảng ủy xã Tân Mẫu": a committee signs without the name of its place."""
    first = " ".join(issuer.split()[:2])
    return first if first.endswith(" ủy") else "Cấp ủy"


def labels_of(year: int) -> dict[str, str]:
    """The grades of the year's scale by code, the best first."""
    return {one.code: one.label for one in load_rulebook().grade_scale(year).grades}


def rule_of(cycle: Cycle, key: str) -> Rule | None:
    """The rule of this key that the cycle was opened by."""
    wanted = cycle.rules.get(key)
    return next((rule for rule in load_rulebook().rules if rule.id == wanted), None)


def printed_mark(rule: Rule) -> str:
    """What a paper says after a rule: that it is a template of ours. How sure we are of a text is
    told on the page to whoever makes the paper, and is no part of the paper."""
    return f" ({rule.caution})" if rule.evidence is Evidence.TEMPLATE else ""


def _body(cycle: Cycle) -> PaperBody:
    """The standing committee where the rule of the day says that it decides."""
    rule = rule_of(cycle, GradeDeciders.key)
    with lowered():
        version = UnitVersion.objects.filter(
            unit_id=cycle.unit_id, valid__contains=cycle.on
        ).first()
    if rule is None or version is None or not isinstance(rule.value, GradeDeciders):
        return PaperBody.COMMITTEE
    kind = UnitKind(version.kind)
    found = [one.body for one in rule.value.deciders if kind in one.under]
    stands = DecidingBody.UPPER_STANDING in found
    return PaperBody.STANDING_COMMITTEE if stands else PaperBody.COMMITTEE
