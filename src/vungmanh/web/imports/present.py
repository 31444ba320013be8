"""What the import pages show: sentences and rows, made from reads of `outputs.imports`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungmanh.core.periods import last_day, month_label
from vungmanh.core.text import NBSP, number_vi
from vungmanh.org.models import UnitVersion
from vungmanh.outputs.imports.describe import change_words, report_words
from vungmanh.outputs.imports.queries import FileSection, Summary
from vungmanh.outputs.models import BatchState, ImportBatch, ImportLine, LineState

#: The states a line can be looked at by; "blank" is a line that says nothing.
STATES = (
    ("", gettext_lazy("Tất cả")),
    ("refused", gettext_lazy("Từ chối")),
    ("new", gettext_lazy("Mới")),
    ("changed", gettext_lazy("Thay đổi")),
    ("same", gettext_lazy("Như cũ")),
    ("blank", gettext_lazy("Để trống")),
)
_LABELS = {state.value: state.label for state in LineState}


@dataclass(frozen=True)
class LineRow:
    """One line of a file as the page shows it."""

    place: str
    file: str
    name: str
    label: str  # as the file has it, when it is not the official name
    unit_id: UUID | None
    month: dt.date | None
    state: str
    state_label: str
    words: str
    changes: list[str] = field(default_factory=list)
    reason: str = ""


def line_rows(lines: Iterable[ImportLine]) -> list[LineRow]:
    """The lines with the official names of their units at the time. One more query."""
    given = list(lines)
    versions = UnitVersion.objects.filter(
        unit_id__in={line.unit_id for line in given if line.unit_id}
    )
    names: dict[UUID, list[UnitVersion]] = {}
    for version in versions.order_by("valid"):
        names.setdefault(version.unit_id, []).append(version)
    return [_line_row(line, names) for line in given]


def _line_row(line: ImportLine, names: dict[UUID, list[UnitVersion]]) -> LineRow:
    official = ""
    if line.unit_id and line.month:
        day = last_day(line.month)
        held = [one.name for one in names.get(line.unit_id, []) if day in one.valid]
        official = held[0] if held else ""
    changes = change_words(line.before, line.after) if line.before and line.after else []
    is_blank = line.state == LineState.SAME and line.after is None
    return LineRow(
        place=line.place,
        file=line.file.name,
        name=official or line.label or _("(không có tên)"),
        label=line.label if official and official != line.label else "",
        unit_id=line.unit_id,
        month=line.month,
        state="blank" if is_blank else line.state,
        state_label=str(dict(STATES)["blank"]) if is_blank else _LABELS[line.state],
        words="" if changes else report_words(line.after),
        changes=changes,
        reason=line.reason,
    )


def finding(batch: ImportBatch, summary: Summary, files: list[FileSection]) -> str:
    """The sentence the page opens with."""
    refused_files = sum(1 for section in files if section.file.refusal)
    if batch.state == BatchState.UNDONE:
        return _undone(summary)
    if batch.state == BatchState.COMMITTED:
        written = _("Đã ghi %(count)s báo cáo của %(months)s.") % {
            "count": number_vi(summary.writes),
            "months": months_words(summary),
        }
        return f"{written} {_refusals(summary, refused_files)}".strip()
    if not summary.lines:
        return _("Không đọc được tệp nào. Xem lý do ở từng tệp bên dưới.")
    if not summary.writes and not summary.same and not summary.blank:
        return f"{_('Không ghi được dòng nào.')} {_refusals(summary, refused_files)}"
    if not summary.writes:
        nothing = _("Không có gì mới để ghi: %(same)s dòng như cũ, %(blank)s dòng để trống.") % {
            "same": number_vi(summary.same),
            "blank": number_vi(summary.blank),
        }
        return f"{nothing} {_refusals(summary, refused_files)}".strip()
    opening = _("%(files)s tệp, %(lines)s dòng: %(new)s báo cáo mới, %(changed)s thay đổi.") % {
        "files": number_vi(len(files)),
        "lines": number_vi(summary.lines),
        "new": number_vi(summary.new),
        "changed": number_vi(summary.changed),
    }
    return f"{opening} {_refusals(summary, refused_files)}".strip()


def _undone(summary: Summary) -> str:
    """What an undo has left of the reports, exceptions and all."""
    if not summary.kept and not summary.followed:
        return _("Đã hoàn tác lần nhập này: các báo cáo trở lại như trước khi nhập.")
    parts = [_("Đã hoàn tác lần nhập này, trừ các dòng có ghi chú bên dưới.")]
    if summary.kept:
        kept = _("%s báo cáo giữ nguyên vì đã được sửa sau lần nhập này.")
        parts.append(kept % number_vi(summary.kept))
    if summary.followed:
        followed = _("%s báo cáo trả về như trước một lần nhập sớm hơn cũng đã hoàn tác.")
        parts.append(followed % number_vi(summary.followed))
    return " ".join(parts)


def _refusals(summary: Summary, refused_files: int) -> str:
    parts = []
    if summary.refused:
        parts.append(_("%s dòng bị từ chối") % number_vi(summary.refused))
    if refused_files:
        parts.append(_("%s tệp không đọc được") % number_vi(refused_files))
    return f"{_(' và ').join(parts)}.".capitalize() if parts else ""


def months_words(summary: Summary) -> str:
    """ "tháng 11/2026", or the span of months."""
    if summary.first_month is None or summary.last_month is None:
        return ""
    first, last = month_label(summary.first_month), month_label(summary.last_month)
    words = first if first == last else _("%(first)s đến %(last)s") % {"first": first, "last": last}
    return words.replace(" ", NBSP, 1)
