"""The rules of the province as further files of the rulebook, read from the database.

`rulebook` asks `source` each time somebody asks for the rules: one small query. Within a request
(`steady`) it is asked once; an action that changes the rules forgets what was read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import takewhile
from textwrap import dedent
from uuid import UUID

import yaml
from django.conf import settings
from django.db.models import QuerySet

from vungmanh.core.errors import NotFound
from vungmanh.core.vocabulary import Evidence, OwnRuleState
from vungmanh.org.models import OwnRule
from vungmanh.rulebook.book import PROVINCE_PREFIX, Rule
from vungmanh.rulebook.loader import DATA
from vungmanh.rulebook.reading import typed
from vungmanh.rulebook.sheet_text import parse_sheet, sheet_text
from vungmanh.rulebook.strict_yaml import read_yaml
from vungmanh.rulebook.values import VALUE_CLASSES, Value
from vungmanh.rulebook.values.sheets import MeetingSheet

Texts = list[tuple[str, str]]
Stamp = tuple[tuple[UUID, dt.datetime], ...]

_read: ContextVar[dict[str, tuple[Stamp, Texts]] | None] = ContextVar("own_rules", default=None)


def home_scope() -> str:
    """The scope of this province's own rules."""
    return f"{PROVINCE_PREFIX}{settings.PROVINCE}"


def source() -> tuple[Stamp, Texts]:
    """What names the state of the adopted rules, and each of them as a file of the rulebook."""
    kept = _read.get()
    if kept is None:
        return _ask()
    if "now" not in kept:
        kept["now"] = _ask()
    return kept["now"]


def _ask() -> tuple[Stamp, Texts]:
    rules = list(OwnRule.objects.filter(state=OwnRuleState.ADOPTED).order_by("id"))
    stamp = tuple((rule.pk, rule.changed_at) for rule in rules)
    return stamp, [(f"{rule_id(rule)}.yaml", _text(rule)) for rule in rules]


@contextmanager
def steady() -> Iterator[None]:
    """Ask once until the end of the block: a page is drawn by one state of the rules."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def forget() -> None:
    """Called by whoever changes an adopted rule."""
    kept = _read.get()
    if kept is not None:
        kept.clear()


# --- one rule ----------------------------------------------------------------------------------


def rule_id(rule: OwnRule) -> str:
    """Its id in the rulebook. The end of a UUIDv7 is random: short, and nobody else's."""
    return f"TINH-{rule.pk.hex[-12:]}"


def rule_text(rule: OwnRule) -> str:
    """The whole file. The text of the rule must be readable YAML."""
    content = {
        "id": rule_id(rule),
        "key": rule.key,
        "title": rule.title,
        "document": {
            "issuer": rule.issuer,
            "type": rule.document_type,
            "number": rule.number,
            "date": rule.issued_on,
        },
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to,
        "scope": rule.scope,
        "evidence": Evidence.OWN.value,
        "citation": _citation(rule),
        "value": read_yaml(rule.text, file=rule.title),
        "note": rule.note,
    }
    return yaml.dump(content, Dumper=_Written, allow_unicode=True, sort_keys=False)


class _Written(yaml.SafeDumper):
    """A day that stands in two places is written twice: readers take no references."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _citation(rule: OwnRule) -> str:
    return f"{rule.document_type} số {rule.number} của {rule.issuer}, ghi khi đưa vào dùng"


_written: dict[tuple[UUID, dt.datetime], str] = {}


def _text(rule: OwnRule) -> str:
    """`rule_text`, written once for each state of the rule."""
    state = (rule.pk, rule.changed_at)
    if state not in _written:
        if len(_written) > 500:
            _written.clear()
        _written[state] = rule_text(rule)
    return _written[state]


# --- reads -------------------------------------------------------------------------------------


def own_rules(*, key: str = "") -> QuerySet[OwnRule]:
    """Every rule the province wrote, drafts and withdrawn ones too, the latest change first."""
    found = OwnRule.objects.select_related("drafted_by", "adopted_by", "withdrawn_by")
    return found.filter(key__startswith=key) if key else found


def own_rule(own_rule_id: UUID) -> OwnRule:
    """One of them. Raises NotFound."""
    found = own_rules().filter(pk=own_rule_id).first()
    if found is None:
        raise no_such_own_rule()
    return found


def no_such_own_rule() -> NotFound:
    """Absent, or a draft of others: the answer is the same for both."""
    return NotFound("Không có quy định này. Mở lại danh sách rồi chọn.", code="own-rule-unknown")


def own_rule_of(id_in_rulebook: str) -> OwnRule | None:
    """The row behind a rule of the rulebook; None for a rule shipped with the program."""
    return next((rule for rule in own_rules() if rule_id(rule) == id_in_rulebook), None)


def read_value(key: str, text: str) -> Value:
    """The value a text of the province stands for. Raises RulebookError with place and remedy."""
    kind = VALUE_CLASSES[key]
    if issubclass(kind, MeetingSheet):
        return parse_sheet(text, kind)
    return typed(kind, read_yaml(text, file=""), file="", key="")


def text_of(rule: Rule) -> str:
    """The value of a rule as a text to be copied and edited: a sheet in Vietnamese words."""
    own = own_rule_of(rule.id)
    if own is not None:
        return own.text
    if isinstance(rule.value, MeetingSheet):
        return sheet_text(rule.value)
    lines = next(DATA.rglob(f"{rule.id}.yaml")).read_text(encoding="utf-8").splitlines()
    below = lines[lines.index("value:") + 1 :]
    block = takewhile(lambda line: not line or line.startswith(" "), below)
    return dedent("\n".join(block)).strip() + "\n"
