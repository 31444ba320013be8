"""Rules in time: what stood on a day, where it is written, and how sure we are of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import Evidence
from vungmanh.rulebook.errors import RulebookError
from vungmanh.rulebook.scopes import (
    NATIONAL,
    PROVINCE_PREFIX,
    PROVINCE_TEMPLATE,
    Place,
    Scope,
    precedence,
    scope_of,
)
from vungmanh.rulebook.values import (
    VALUE_CLASSES,
    CycleProcedure,
    GradeDeciders,
    GradeScale,
    Value,
)
from vungmanh.rulebook.why import Why, why

if TYPE_CHECKING:
    from vungmanh.rulebook.compare import Difference

__all__ = [
    "NATIONAL",
    "PROVINCE_PREFIX",
    "PROVINCE_TEMPLATE",
    "Document",
    "Rule",
    "Rulebook",
    "RulebookView",
]

V = TypeVar("V", bound=Value)


@dataclass(frozen=True)
class Document:
    """A document is known by issuer, type, number *and date*: numbers restart each term.

    `number` is empty where the document has none (the Charter) and `date` is None only for the
    templates of this program, which are no document of any committee.
    """

    issuer: str
    type: str
    number: str
    date: date | None

    @property
    def name(self) -> str:
        """As a Vietnamese text cites it."""
        parts = [self.type]
        if self.number:
            parts.append(f"số {self.number}")
        if self.date is not None:
            parts.append(f"ngày {date_vi(self.date)}")
        return f"{' '.join(parts)} của {self.issuer}"


@dataclass(frozen=True)
class Rule:
    """One rule as it stood from `valid_from` until before `valid_to` (None: still in force)."""

    id: str
    key: str
    title: str
    document: Document
    guides: tuple[Document, ...]
    valid_from: date
    valid_to: date | None
    scope: str
    evidence: Evidence
    citation: str
    value: Value
    note: str
    replaces: tuple[str, ...]

    @property
    def caution(self) -> str:
        """What a screen must say beside the rule; empty when its text has been read.

        Empty too for a rule the province wrote itself: its label says who vouches for it.
        """
        if self.evidence in {Evidence.READ, Evidence.OWN}:
            return ""
        if self.evidence is Evidence.TEMPLATE:
            return "mẫu, tỉnh chưa ban hành"
        return "cần kiểm tra"

    @cached_property
    def whom(self) -> Scope:
        """Its scope, taken apart."""
        return scope_of(self.scope)

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class GradeProcedure:
    """How a year is rated, with who decides on one day: the two change on days of their own."""

    rule: Rule
    deciders_rule: Rule

    @property
    def procedure(self) -> CycleProcedure:
        assert isinstance(self.rule.value, CycleProcedure)
        return self.rule.value

    @property
    def deciders(self) -> GradeDeciders:
        assert isinstance(self.deciders_rule.value, GradeDeciders)
        return self.deciders_rule.value


@dataclass(frozen=True)
class Rulebook:
    """All rules, in the order of their keys and dates. `version` names exactly this content.

    `home` is the province whose own rules go before the general ones when nobody says which.
    """

    version: str
    rules: tuple[Rule, ...]
    home: str = ""

    def on(
        self, day: date, *, province: str = "", sector: str = "", unit: Sequence[str] = ()
    ) -> RulebookView:
        """The rules in force on a day for a place; the most special one wins (`scopes`).

        `unit` is the path of ids from the top down to the unit that asks.
        """
        place = Place(province or self.home, sector, tuple(unit))
        chosen: dict[str, Rule] = {}
        for rule in self.rules:
            if not rule.holds_on(day) or not rule.whom.concerns(place):
                continue
            present = chosen.get(rule.key)
            if present is None or _is_stronger(rule, present, place):
                chosen[rule.key] = rule
        return RulebookView(self, day, chosen, place)

    def history(self, key: str) -> tuple[Rule, ...]:
        """Every rule of a key, oldest first. Raises RulebookError for an unknown key."""
        if key not in VALUE_CLASSES:
            raise _no_such_rule(key)
        return tuple(rule for rule in self.rules if rule.key == key)

    def compare(self, day: date, other: date, *, province: str = "") -> list[Difference]:
        """What is ruled differently on the other day, in words."""
        from vungmanh.rulebook.compare import compare  # it words the rules of this module

        return compare(self.on(day, province=province), self.on(other, province=province))

    def grade_scale_rule(self, year: int) -> Rule:
        """The rule by which a *rating year* is graded, whenever the decision is taken."""
        for rule in self.history(GradeScale.key):
            if isinstance(rule.value, GradeScale) and rule.value.covers(year):
                return rule
        raise RulebookError(
            f"Chưa có thang xếp loại cho năm {year}. Hãy chọn năm khác.",
            code="no-scale-for-year",
            key=GradeScale.key,
        )

    def grade_scale(self, year: int) -> GradeScale:
        """The scale of a rating year. Raises RulebookError `no-scale-for-year`."""
        scale = self.grade_scale_rule(year).value
        assert isinstance(scale, GradeScale)
        return scale

    def grade_procedure(self, year: int, on: date) -> GradeProcedure:
        """How a *rating year* is rated, and who decides by the structure of a day.

        Raises RulebookError `no-procedure-for-year` for a year no rule covers.
        """
        place = Place(self.home)
        found: Rule | None = None
        for rule in self.history(CycleProcedure.key):
            covers = isinstance(rule.value, CycleProcedure) and rule.value.covers(year)
            if not covers or not rule.whom.concerns(place):
                continue
            if found is None or _is_stronger(rule, found, place):
                found = rule
        if found is None:
            raise RulebookError(
                f"Chưa có quy trình xếp loại cho năm {year}. Hãy chọn năm khác.",
                code="no-procedure-for-year",
                key=CycleProcedure.key,
            )
        return GradeProcedure(found, self.on(on).rule(GradeDeciders.key))

    def is_break(self, year_a: int, year_b: int) -> bool:
        """Whether grades of the two years stand on scales that must not be compared."""
        scale_a, scale_b = self.grade_scale(year_a), self.grade_scale(year_b)
        return scale_a.comparable_group != scale_b.comparable_group


@dataclass(frozen=True)
class RulebookView:
    """The rulebook as it stood on one day."""

    book: Rulebook
    day: date
    _by_key: dict[str, Rule]
    place: Place = field(default_factory=Place)

    @property
    def version(self) -> str:
        return self.book.version

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in force, in the order of their keys."""
        return tuple(self._by_key[key] for key in sorted(self._by_key))

    def has(self, key: str) -> bool:
        """Whether a rule of this key stood on the day. Raises RulebookError for an unknown key."""
        if key not in VALUE_CLASSES:
            raise _no_such_rule(key)
        return key in self._by_key

    def rule(self, key: str) -> Rule:
        """The rule in force. Raises RulebookError `no-such-rule` or `no-rule-on-day`."""
        if self.has(key):
            return self._by_key[key]
        known = self.book.history(key)
        name = known[0].title if known else key
        raise RulebookError(
            f"Ngày {date_vi(self.day)} chưa có quy định “{name}”. Hãy chọn một ngày khác.",
            code="no-rule-on-day",
            key=key,
        )

    def value(self, key: str) -> Any:
        """The typed value of a rule (a class of `rulebook.values`). Errors as `rule`."""
        return self.rule(key).value

    def why(self, key: str) -> Why:
        """Every rule of a key, each with why it won here or did not, the winner first."""
        if key not in VALUE_CLASSES:
            raise _no_such_rule(key)
        return why(self.book.history(key), self._by_key.get(key), self.day, self.place)

    def of(self, value_class: type[V]) -> V:
        """The value of the rule this class belongs to, with its type. Errors as `rule`."""
        value = self.rule(value_class.key).value
        assert isinstance(value, value_class)
        return value


def _is_stronger(rule: Rule, other: Rule, place: Place) -> bool:
    return precedence(rule.whom, place) > precedence(other.whom, place)


def _no_such_rule(key: str) -> RulebookError:
    return RulebookError(
        f"Không có quy định nào tên “{key}”.",
        code="no-such-rule",
        key=key,
        allowed=sorted(VALUE_CLASSES),
    )
