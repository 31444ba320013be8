"""What a judge of this package says: one finding per condition, with figures and its citation.

A rule whose text was read, or read about, or which the province wrote may refuse. One that rests
on general knowledge or on a template of this program warns: nobody is stopped by what we believe.
What no rule of the day says is UNKNOWN, "chưa có quy định", and never guessed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from vungmanh.core.vocabulary import Evidence, Vocabulary
from vungmanh.rulebook.book import Rule, RulebookView
from vungmanh.rulebook.values.base import Value
from vungmanh.rulebook.values.doubts import Doubtful

V = TypeVar("V", bound=Value)
Number = int | Fraction | dt.date | str | None
Figures = tuple[tuple[str, Number], ...]
#: The rulebook as it stood on a day: `load_rulebook().on`.
RulesOn = Callable[[dt.date], RulebookView]

NO_RULE = "Chưa có quy định cho ngày này trong Căn cứ"
UNSAID = "văn bản không nêu"


class JudgedState(Vocabulary):
    """How a fact stands to a rule. The first three tell of a condition, the others of an act."""

    MET = "met", "Đạt"
    NOT_MET = "not_met", "Chưa đạt"
    UNKNOWN = "unknown", "Chưa rõ"
    OK = "ok", "Đúng quy định"
    WARNING = "warning", "Cần xem lại"
    REFUSED = "refused", "Trái quy định"
    EXCEPTION_POSSIBLE = "exception_possible", "Chỉ được khi có cho phép"


#: What stops an act until a named person accepts it, or for good.
STOPPING = frozenset({JudgedState.REFUSED, JudgedState.EXCEPTION_POSSIBLE})


@dataclass(frozen=True)
class Citation:
    """Where a finding is written. `caution` is what a screen must say beside it."""

    rule_id: str
    key: str
    document: str
    citation: str
    evidence: Evidence
    caution: str

    @property
    def binds(self) -> bool:
        """Whether an act may be refused by it."""
        return self.evidence in {Evidence.READ, Evidence.SEC, Evidence.OWN}


@dataclass(frozen=True)
class PeopleFinding:
    """One condition: what was found, in a sentence that says what to do; no rule: no citation."""

    code: str
    state: JudgedState
    text: str
    figures: Figures = ()
    citation: Citation | None = None

    @property
    def stops(self) -> bool:
        return self.state in STOPPING


@dataclass(frozen=True)
class Ruling(Generic[V]):
    """The rule of a key on a day, with its value typed."""

    rule: Rule
    value: V

    def cite(self, *names: str) -> Citation:
        """The citation, with the label of the least sure of the numbers named."""
        labels = [self.rule.evidence]
        if isinstance(self.value, Doubtful):
            found = [self.value.doubt(name) for name in names]
            labels += [one.evidence for one in found if one is not None]
        evidence = max(labels, key=_SURENESS.index)
        caution = self.rule.caution if evidence is self.rule.evidence else _CAUTIONS[evidence]
        rule = self.rule
        return Citation(rule.id, rule.key, rule.document.name, rule.citation, evidence, caution)

    def state_of_breach(self, *names: str, allowed: bool = False) -> JudgedState:
        """What breaking these numbers means: refused, possible by permission, or a warning."""
        if not self.cite(*names).binds:
            return JudgedState.WARNING
        return JudgedState.EXCEPTION_POSSIBLE if allowed else JudgedState.REFUSED


_SURENESS = (Evidence.OWN, Evidence.READ, Evidence.SEC, Evidence.MEM, Evidence.TEMPLATE)
_CAUTIONS = {
    Evidence.OWN: "",
    Evidence.READ: "",
    Evidence.SEC: "cần kiểm tra",
    Evidence.MEM: "cần kiểm tra",
    Evidence.TEMPLATE: "mẫu, tỉnh chưa ban hành",
}


def ruling(view: RulebookView, kind: type[V]) -> Ruling[V] | None:
    """The rule of the day for a value class; None where none holds."""
    return Ruling(view.rule(kind.key), view.of(kind)) if view.has(kind.key) else None


def no_rule(code: str, what: str) -> PeopleFinding:
    """Nothing in the rulebook holds on the day."""
    return PeopleFinding(code, JudgedState.UNKNOWN, f"{NO_RULE}: {what}.")


def unknown(code: str, text: str, citation: Citation | None = None) -> PeopleFinding:
    """Something is missing to judge by."""
    return PeopleFinding(code, JudgedState.UNKNOWN, text, (), citation)


def stopping(
    findings: Iterable[PeopleFinding], accepted: Collection[str] = ()
) -> tuple[PeopleFinding, ...]:
    """What still stops an act once exceptions with these codes were accepted by a named person.

    A refusal cannot be accepted away: its rule knows no exception.
    """
    return tuple(
        one
        for one in findings
        if one.stops and not (one.state is JudgedState.EXCEPTION_POSSIBLE and one.code in accepted)
    )
