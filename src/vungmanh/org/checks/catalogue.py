"""The checks, each one small file of `data`: what it asks, why it matters, how to mend it.

A query may name any table of the database, those of higher rooms among them: it is data, and this
package imports nothing above `org`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from vungmanh.core.vocabulary import Role, Severity
from vungmanh.rulebook.strict_yaml import read_yaml

DATA = Path(__file__).parent / "data"

#: Where a finding is mended.
PAGES = ("unit", "units", "import", "accounts")


@dataclass(frozen=True)
class Check:
    """One question to the database.

    `query` gives a row for each finding: `unit_id` (may be null), `subject` (tells findings of one
    unit apart), `what` (a Vietnamese sentence without full stop). It may use the values of
    `asking.values_on`.
    """

    code: str
    title: str
    severity: Severity
    owner: Role
    page: str
    why: str
    advice: str
    query: str


@lru_cache(maxsize=1)
def checks() -> tuple[Check, ...]:
    """Every check, the gravest first. Raises ValueError for a file that is not as it should be."""
    order = list(Severity)
    found = [_read(path) for path in sorted(DATA.glob("*.yaml"))]
    return tuple(sorted(found, key=lambda check: order.index(check.severity)))


@lru_cache(maxsize=1)
def checks_by_code() -> dict[str, Check]:
    return {check.code: check for check in checks()}


def _read(path: Path) -> Check:
    raw: Any = read_yaml(path.read_text(encoding="utf-8"), file=path.name)
    names = {field.name for field in fields(Check)}
    if set(raw) != names or not all(str(value).strip() for value in raw.values()):
        raise ValueError(f"{path.name}: needs exactly {sorted(names)}, none of them empty")
    raw |= {"severity": Severity(raw["severity"]), "owner": Role(raw["owner"])}
    check = Check(**{name: _text(value) for name, value in raw.items()})
    if check.page not in PAGES or check.code.replace("-", "_") != path.stem:
        raise ValueError(f"{path.name}: unknown page, or a code that is not the name of the file")
    return check


def _text(value: Any) -> Any:
    return value.strip() if type(value) is str else value
