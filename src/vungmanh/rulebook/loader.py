"""Reads the rule files: one rule per file, `<data>/<level>/<topic>/<rule id>.yaml`."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from vungmanh.core.text import nfc
from vungmanh.core.vocabulary import Evidence
from vungmanh.rulebook.book import (
    Document,
    Rule,
    Rulebook,
)
from vungmanh.rulebook.errors import RulebookError
from vungmanh.rulebook.reading import require_keys, typed
from vungmanh.rulebook.scopes import NATIONAL, PROVINCE_TEMPLATE, scope_of
from vungmanh.rulebook.strict_yaml import read_yaml
from vungmanh.rulebook.values import VALUE_CLASSES, GradeScale

DATA = Path(__file__).parent / "data"

REQUIRED = (
    "id",
    "key",
    "title",
    "document",
    "valid_from",
    "valid_to",
    "scope",
    "evidence",
    "citation",
    "value",
)
OPTIONAL = ("guides", "note", "replaces")

_ID = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")


Source = Callable[[], tuple[Hashable, list[tuple[str, str]]]]


@dataclass
class _Own:
    """Where a province's own rules come from, and what was last read of them."""

    source: Source | None = None
    home: str = ""
    read: tuple[Hashable, Rulebook] | None = None  # one name: threads see both or neither


_own = _Own()


def use_own_rules(source: Source, *, home: str) -> None:
    """Let a higher room add rules: `source()` returns a stamp of their state, and each as a file.

    `home` is the code of the province that asks: its rules go before the general ones.
    """
    _own.source, _own.home, _own.read = source, home, None


def load_rulebook() -> Rulebook:
    """The rulebook shipped with the program, with the province's own rules where there are any.

    Read once per process, and again only when the own rules have changed.
    """
    if _own.source is None:
        return shipped_rulebook()
    stamp, texts = _own.source()
    if not texts:
        return shipped_rulebook()
    read = _own.read
    if read is None or read[0] != stamp:
        read = _own.read = (stamp, read_rulebook([DATA], texts=texts, home=_own.home))
    return read[1]


@cache
def shipped_rulebook() -> Rulebook:
    """The rules that come with the program alone; asks no database. Read once per process."""
    return read_rulebook([DATA])


def read_rulebook(
    folders: Sequence[Path], *, texts: Iterable[tuple[str, str]] = (), home: str = ""
) -> Rulebook:
    """The rulebook of several folders, checked as a whole. Raises RulebookError.

    A province puts its own rules in a folder of its own, or gives them as `texts` (name, content),
    with scope `province:<code>`; `home` is the province whose rules go first when nobody says.
    """
    rules, digest = [], hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*.yaml"), key=lambda path: path.relative_to(folder).parts):
            file = path.relative_to(folder).as_posix()
            text = _text(path, file)
            rules.append(_rule(text, file, path.stem))
            digest.update(f"{file}\0{text}\0".encode())
    for file, text in texts:
        rules.append(_rule(nfc(text), file, file.removesuffix(".yaml")))
        digest.update(f"{file}\0{nfc(text)}\0".encode())
    ordered = tuple(sorted(rules, key=lambda rule: (rule.key, rule.valid_from, rule.scope)))
    _check_ids(ordered)
    _check_overlaps(ordered)
    _check_rating_years(ordered)
    return Rulebook(version=digest.hexdigest()[:12], rules=ordered, home=home)


def _text(path: Path, file: str) -> str:
    try:
        # Newlines and normal form must not change the version of the same content.
        return nfc(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise RulebookError(
            "tệp không phải chữ UTF-8. Hãy lưu lại với bảng mã UTF-8.", code="bad-yaml", file=file
        ) from error


def _rule(text: str, file: str, stem: str) -> Rule:
    raw = require_keys(
        read_yaml(text, file=file), required=REQUIRED, optional=OPTIONAL, file=file, key=""
    )
    key = typed(str, raw["key"], file=file, key="key")
    if key not in VALUE_CLASSES:
        raise RulebookError(
            f"“{key}” không phải tên một quy định.",
            code="unknown-rule-key",
            file=file,
            key="key",
            allowed=sorted(VALUE_CLASSES),
        )

    def sentence(name: str) -> str:
        return _sentence(typed(str, raw[name], file=file, key=name), file, name)

    rule = Rule(
        id=sentence("id"),
        key=key,
        title=sentence("title"),
        document=_document(raw["document"], file, "document"),
        guides=tuple(
            _document(item, file, f"guides[{n}]")
            for n, item in enumerate(_list(raw.get("guides"), file, "guides"), start=1)
        ),
        valid_from=typed(date, raw["valid_from"], file=file, key="valid_from"),
        valid_to=_date_or_open(raw["valid_to"], file, "valid_to"),
        scope=sentence("scope"),
        evidence=typed(Evidence, raw["evidence"], file=file, key="evidence"),
        citation=sentence("citation"),
        value=typed(VALUE_CLASSES[key], raw["value"], file=file, key="value"),
        note=typed(str, raw.get("note", ""), file=file, key="note").strip(),
        replaces=tuple(
            typed(str, item, file=file, key="replaces")
            for item in _list(raw.get("replaces"), file, "replaces")
        ),
    )
    _check_rule(rule, file, stem)
    return rule


def _check_rule(rule: Rule, file: str, stem: str) -> None:
    def refuse(key: str, problem: str, code: str = "bad-value") -> None:
        raise RulebookError(problem, code=code, file=file, key=key)

    if not _ID.fullmatch(rule.id):
        refuse("id", "chỉ dùng chữ không dấu, chữ số và gạch nối.")
    if rule.id != stem:
        refuse("id", f"tệp phải mang tên “{rule.id}.yaml”.", "misplaced-file")
    try:
        scope_of(rule.scope)
    except ValueError as error:
        refuse("scope", str(error))
    if rule.valid_to is not None and rule.valid_to <= rule.valid_from:
        refuse("valid_to", "phải sau “valid_from”.", "bad-date")
    is_template = rule.evidence is Evidence.TEMPLATE
    if is_template != (rule.scope == PROVINCE_TEMPLATE):
        refuse("evidence", "“template” đi với scope “province_template”, và chỉ với nó.")
    if rule.evidence is Evidence.OWN and not rule.whom.province:
        refuse("evidence", "“own” chỉ dùng cho quy định của tỉnh, với scope “province:<mã tỉnh>”.")
    if is_template and (rule.document.number or rule.document.date):
        refuse("document", "mẫu của chương trình không được mang số, ngày của một văn bản.")
    if not is_template and rule.document.date is None and not rule.whom.example:
        refuse("document.date", "văn bản phải có ngày ban hành.", "missing-key")
    if rule.document.date is not None and rule.valid_from < rule.document.date:
        refuse("valid_from", "không thể sớm hơn ngày ban hành văn bản.", "bad-date")


def _document(raw: object, file: str, key: str) -> Document:
    return typed(Document, raw, file=file, key=key)


def _sentence(text: str, file: str, key: str) -> str:
    if text.strip():
        return text.strip()
    raise RulebookError("không được để trống.", code="bad-value", file=file, key=key)


def _date_or_open(raw: object, file: str, key: str) -> date | None:
    return None if raw is None else typed(date, raw, file=file, key=key)


def _list(raw: object, file: str, key: str) -> list[Any]:
    if raw is None:
        return []
    if isinstance(raw, list):
        return raw
    raise RulebookError("phải là một danh sách.", code="wrong-type", file=file, key=key)


def _check_ids(rules: Iterable[Rule]) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise RulebookError(
                f"hai tệp cùng mang mã “{rule.id}”.",
                code="duplicate-id",
                file=f"{rule.id}.yaml",
                key="id",
            )
        seen.add(rule.id)
    for rule in rules:
        for replaced in rule.replaces:
            if replaced not in seen:
                raise RulebookError(
                    f"không có quy định nào mang mã “{replaced}”.",
                    code="bad-value",
                    file=f"{rule.id}.yaml",
                    key="replaces",
                )


def _check_overlaps(rules: Iterable[Rule]) -> None:
    """One answer a day: per key, among the general rules and within each narrower scope."""
    groups: dict[tuple[str, str], list[Rule]] = defaultdict(list)
    for rule in rules:
        # A template beside a national rule of the same key would shadow the law.
        level = NATIONAL if rule.whom.rank < 2 else rule.scope
        groups[rule.key, level].append(rule)
    for (key, _), group in groups.items():
        for earlier, later in pairwise(sorted(group, key=lambda rule: rule.valid_from)):
            if earlier.valid_to is None or earlier.valid_to > later.valid_from:
                raise RulebookError(
                    f"từ {later.valid_from} trùng hiệu lực với “{later.id}” của cùng {key}. "
                    "Hãy ghi “valid_to” cho quy định cũ.",
                    code="overlap",
                    file=f"{earlier.id}.yaml",
                    key="valid_to",
                )


def _check_rating_years(rules: Iterable[Rule]) -> None:
    """Rating years follow one another without a gap: each year has exactly one scale."""
    scales = sorted(
        (
            (rule.value, rule.id)
            for rule in rules
            if isinstance(rule.value, GradeScale) and rule.whom.rank < 2
        ),
        key=lambda pair: pair[0].first_year,
    )
    for (earlier, rule_id), (later, _) in pairwise(scales):
        if earlier.last_year is None or earlier.last_year + 1 != later.first_year:
            raise RulebookError(
                f"năm xếp loại của {earlier.regime} và {later.regime} phải nối nhau, "
                "không trùng và không hở.",
                code="year-gap",
                file=f"{rule_id}.yaml",
                key="value.last_year",
            )
