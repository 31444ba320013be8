"""Holding an act to the rules: what refuses it, and the exceptions that a named person allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from vungmanh.core.errors import InputError, NotNow, RuleBroken
from vungmanh.core.text import nfc
from vungmanh.rulebook.people.findings import JudgedState, PeopleFinding, stopping

#: What somebody asks to be let through: code, allowed_by, reason.
Asked = Mapping[str, str]
LONGEST = 300


def held_to(findings: Iterable[PeopleFinding], asked: Sequence[Asked] = ()) -> list[dict[str, str]]:
    """The exceptions to record: [{code, rule, allowed_by, reason}].

    Raises RuleBroken with the citation of the first finding that stops the act, NotNow where no
    rule is cited, InputError for an exception without a name or a reason.
    """
    findings = list(findings)
    by_code = {one.get("code", ""): one for one in asked}
    recorded = []
    for finding in findings:
        wanted = by_code.get(finding.code)
        if wanted is None or finding.state is not JudgedState.EXCEPTION_POSSIBLE:
            continue
        said = {
            name: " ".join(nfc(wanted.get(name, "")).split()) for name in ("allowed_by", "reason")
        }
        if not all(3 <= len(text) <= LONGEST for text in said.values()):
            raise InputError(
                "Ngoại lệ phải ghi ai cho phép (chức danh, văn bản) và lý do.",
                field="exceptions",
                code="bad-exception",
            )
        rule = finding.citation.rule_id if finding.citation else ""
        recorded.append({"code": finding.code, "rule": rule, **said})
    for finding in stopping(findings, {one["code"] for one in recorded}):
        _refuse(finding)
    return recorded


def _refuse(finding: PeopleFinding) -> None:
    code = finding.code.replace("_", "-")
    text = finding.text
    if finding.state is JudgedState.EXCEPTION_POSSIBLE:
        text += " Nếu đã được cho phép: ghi ai cho phép và lý do."
    if finding.citation is None:
        raise NotNow(text, code=code)
    cited = finding.citation
    where = f"{cited.document}. {cited.citation}" + (f" ({cited.caution})" if cited.caution else "")
    raise RuleBroken(text, rule_id=cited.rule_id, citation=where, code=code)
