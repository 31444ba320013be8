"""One file in the words of its page: where it stands, whose turn it is, what may be done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Exists
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from vungmanh.access import wall
from vungmanh.access.viewer import Viewer
from vungmanh.core.periods import parse_month
from vungmanh.core.programme_words import (
    EvidenceTier,
    FileAct,
    FileState,
    MeasureState,
)
from vungmanh.core.text import date_vi, number_vi
from vungmanh.org.models import UnitVersion
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import (
    CauseCatalogue,
    ExitCheck,
    MeasureCatalogue,
    SupportLabel,
)
from vungmanh.strengthening.file_causes import seen_on_site
from vungmanh.strengthening.file_shown import Shown
from vungmanh.strengthening.file_states import STEPS
from vungmanh.strengthening.file_words import cause_words, measure_words
from vungmanh.strengthening.models import FileCause, FileMeasure, SupportFile
from vungmanh.strengthening.models.files import OVER
from vungmanh.strengthening.programme_reads import programmes_visible
from vungmanh.strengthening.reason_texts import ReasonText, texts_of
from vungmanh.strengthening.selection_reads import selections_visible
from vungmanh.strengthening.standing_in import places_now
from vungmanh.web.figures.present import FIGURE_OF_REASON, figure_address
from vungmanh.web.files.acts import DOINGS, FIRST
from vungmanh.web.files.choices import Choices, Offer, linked_words
from vungmanh.web.files.doing import Doing

S, A = FileState, FileAct
#: Whose turn it is in each open state, and with what.
_NEXT = {
    S.CHOSEN: A.ASK_DIAGNOSIS,
    S.DIAGNOSIS_ASKED: A.APPROVE_DIAGNOSIS,
    S.DIAGNOSED: A.ASK_PLAN,
    S.PLAN_ASKED: A.APPROVE_PLAN,
    S.ACTING: A.END_MEASURE,
    S.EXIT_ASKED: A.APPROVE_EXIT,
    S.HOLDING: A.CLOSE,
}


# --- names ---------------------------------------------------------------------------------------


def names_of(file: SupportFile, on: dt.date) -> dict[UUID, str]:
    """What unit, handler and approver were called last by a day; with a committee that ended, the
    one that acts for it now."""
    units = [file.unit_id, file.handler_id, file.approver_id]
    places = places_now(units[1:], on) if file.state not in OVER else {}
    asked = {*units, *places.values()}
    found = UnitVersion.objects.filter(unit_id__in=asked, valid__startswith__lte=on)
    named = found.order_by("valid").values_list("unit_id", "name")
    names = dict(named)
    if asked - names.keys():
        with wall.lowered():  # which committee follows a file in sight is no secret
            names = dict(named.all())
    for ended, place in places.items():
        if ended != place:
            names[ended] = _("%(place)s (thay %(ended)s đã kết thúc)") % {
                "place": names.get(place, ""), "ended": names.get(ended, ""),
            }  # fmt: skip
    return names


def label_of(file: SupportFile, today: dt.date) -> str:
    """The neutral words for the unit; "" once the day has come on which they are taken off."""
    if file.label_until is not None and file.label_until < today:
        return ""
    rule = load_rulebook().on(today).of(SupportLabel)
    if file.state == S.HOLDING:
        return _(rule.holding)
    return "" if file.state in OVER else _(rule.text)


def label_term(file: SupportFile) -> str:
    """When the words are taken off."""
    if file.label_until is not None:
        return _("gỡ sau %s") % date_vi(file.label_until)
    if file.state in OVER:
        return ""
    months = file.exit_terms.get("label_months", 0)
    if not months:
        return _("gỡ ngay khi ra khỏi diện")
    return _("gỡ chậm nhất %s tháng sau khi ra khỏi diện") % number_vi(months)


def finding_of(file: SupportFile, names: dict[UUID, str], today: dt.date) -> str:
    """The one sentence of the page."""
    name, label = names.get(file.unit_id, ""), label_of(file, today)
    said = {"name": name, "label": label, "state": small(_(file.state_now.label))}
    if label and file.state not in {S.ACTING, S.HOLDING}:
        return _("%(name)s %(label)s: %(state)s.") % said
    if label:
        return _("%(name)s %(label)s.") % said
    if file.state not in OVER:
        return _("%(name)s: %(state)s.") % said
    return _("Hồ sơ củng cố của %(name)s đã khép lại: %(state)s.") % said


def lead_of(file: SupportFile, names: dict[UUID, str], today: dt.date) -> str:
    """Whose turn it is, and with what."""
    act = _NEXT.get(file.state_now)
    if act is None:
        return _("Mọi điều đã ghi còn đọc được bên dưới.")
    step = STEPS[act]
    place = file.handler_id if step.side.value == "handler" else file.approver_id
    if file.state == S.HOLDING and file.hold_until:
        return _("Giữ vững đến hết %(day)s, %(who)s theo dõi.") % {
            "day": date_vi(file.hold_until), "who": names.get(place, ""),
        }  # fmt: skip
    return _("Việc tiếp theo: %(act)s (%(side)s, %(who)s).") % {
        "act": small(_(act.label)), "side": small(_(step.side.label)), "who": names.get(place, ""),
    }  # fmt: skip


def small(words: str) -> str:
    """Words within a sentence."""
    return words[:1].lower() + words[1:]


# --- what stood at entry -------------------------------------------------------------------------


@dataclass(frozen=True)
class Sign:
    """A reason at entry, and the figure it opens."""

    text: ReasonText
    href: str


def signs_of(file: SupportFile) -> list[Sign]:
    """The reasons of the assessment that the choice rests on."""
    entry = file.entry
    if not entry.get("month"):
        return []
    month, cells = parse_month(entry["month"]), entry.get("cells") or 0
    return [
        Sign(text, figure_address(FIGURE_OF_REASON[text.key], file.unit_id, month))
        for text in texts_of(entry.get("reasons", []), cells=cells)
    ]


def exit_words(file: SupportFile) -> list[str]:
    """The terms of leaving as fixed at entry."""
    found = []
    for one in file.exit_terms.get("criteria", ()):
        words = _(ExitCheck(one["check"]).label)
        if one.get("minimum") is not None:
            words = _("%(what)s: từ %(n)s") % {"what": words, "n": number_vi(one["minimum"])}
        found.append(words)
    return found


# --- causes and measures -------------------------------------------------------------------------


@dataclass(frozen=True)
class CauseRow:
    """A cause as the page tells it; `seen_on`: by a visit that still stands."""

    cause: FileCause
    words: str
    links: Choices
    is_pointer: bool
    seen_on: dt.date | None


def cause_rows(shown: Shown, unit_id: UUID, on: dt.date) -> list[CauseRow]:
    """The causes, those taken back last."""
    catalogue = load_rulebook().on(on).of(CauseCatalogue)
    rows, seen = [], seen_on_site(shown.causes)
    for one in sorted(shown.causes, key=lambda one: (one.withdrawn_at is not None, one.at)):
        known = catalogue.cause(one.cause)
        links = [_link(each["kind"], each["id"], unit_id) for each in one.links]
        is_pointer = bool(known and known.pointer_only)
        words = cause_words(one.cause, on)
        rows.append(CauseRow(one, words, links, is_pointer, seen.get(one.pk)))
    return rows


_PAGES = {"flag": "flag", "inspection": "inspection", "visit": "visit", "task": "task"}
_CALLED = {
    "flag": "Dấu hiệu",
    "inspection": "Kiểm tra, giám sát",
    "visit": "Lần đến cơ sở",
    "task": "Việc",
    "meeting": "Buổi họp",
}


def _link(kind: str, known: str, unit_id: UUID) -> tuple[str, str]:
    """Words and address of a record named as evidence."""
    if kind == "figure":
        code, _at, month = known.partition("@")
        return linked_words(known), figure_address(code, unit_id, parse_month(month))
    address = reverse(_PAGES[kind], args=[known]) if kind in _PAGES else ""
    return _(_CALLED.get(kind, kind)), address


@dataclass(frozen=True)
class MeasureRow:
    """A measure as the page tells it; `late`: its day has passed."""

    measure: FileMeasure
    words: str
    causes: str
    state: str
    tier: str
    proof: str
    late: bool


def measure_rows(shown: Shown, file: SupportFile, today: dt.date) -> list[MeasureRow]:
    """The measures: those under way by their day, then those that ended."""
    catalogue = load_rulebook().on(today).of(MeasureCatalogue)
    approved = shown.approved
    rows = []
    for one in shown.measures:
        planned = one.state == MeasureState.PLANNED
        kind = catalogue.measure(one.kind)
        asked = _("cần có: %s") % small(_(kind.proof.label)) if kind else ""
        rows.append(
            MeasureRow(
                measure=one,
                words=measure_words(one.kind, today),
                causes="; ".join(cause_words(code, today) for code in one.causes),
                state=(_("Chờ duyệt kế hoạch") if file.state == S.PLAN_ASKED else _("Chưa trình"))
                if planned and one.pk not in approved else _(MeasureState(one.state).label),
                tier=_(EvidenceTier(one.tier).label),
                proof=str(one.proof.get("text", "")) or (asked if planned else ""),
                late=planned and one.pk in approved and file.state not in OVER
                and one.due_on < today,
            )
        )  # fmt: skip
    order = {MeasureState.PLANNED: 0, MeasureState.DONE: 1, MeasureState.DROPPED: 2}
    return sorted(rows, key=lambda r: (order[MeasureState(r.measure.state)], r.measure.due_on))


# --- what may be done ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Offered:
    """An act with its form; `is_first`: open on the page, the others folded."""

    doing: Doing
    form: forms.Form
    is_first: bool


def offered(
    acts: Sequence[FileAct], offer: Offer, sent: forms.Form | None = None, act: str = ""
) -> list[Offered]:
    """The acts open to this viewer, what is waited for first; `sent`: the form that came back."""
    may = [DOINGS[one] for one in acts if one in DOINGS]
    if offer.file.state != S.CHOSEN:  # a cause found later is rare then
        first = [one for one in FIRST if one is not A.WRITE_CAUSE]
    else:
        first = list(FIRST)
    if offer.file.state == S.ACTING:
        first.remove(A.WRITE_MEASURE)
    rows = [
        Offered(
            one, sent if sent is not None and act == one.act else one.form(None, offer),
            one.act in first,
        )
        for one in may
    ]  # fmt: skip
    for one in rows:  # several forms ask for the same: each field has an id of its own
        one.form.auto_id = f"{one.doing.act.value}-%s"
    return sorted(rows, key=lambda one: not one.is_first)


def head_of(
    file: SupportFile, shown: Shown, names: dict[UUID, str], decision: str = ""
) -> list[tuple[str, Any]]:
    """The facts beside the file; `decision` is the address of the list that was decided."""
    found = [
        (_("Vào diện"), date_vi(file.entered_on)),
        (_("Quyết định"), _linked(shown.number or _("chưa ghi số"), decision)),
        (_("Được chọn"), _(file.choice.get_way_display())),
        (_("Nơi theo dõi hồ sơ"), names.get(file.handler_id, "")),
        (_("Cấp quyết định"), names.get(file.approver_id, "")),
    ]
    if file.exited_on:
        found.append((_("Ra khỏi diện"), date_vi(file.exited_on)))
    if file.hold_until:
        found.append((_("Giữ vững đến"), date_vi(file.hold_until)))
    if file.ended_on:
        found.append((_("Khép lại"), date_vi(file.ended_on)))
    return found


def _linked(words: str, href: str) -> str:
    return format_html('<a href="{}">{}</a>', href, words) if href else words


def papers_of(viewer: Viewer, file: SupportFile) -> dict[str, str]:
    """The addresses of the programme and of the decided list, where the viewer may read them."""
    selection, programme = file.choice.selection_id, file.programme_id
    may_read = SupportFile.objects.filter(pk=file.pk).order_by().values_list(
        Exists(programmes_visible(viewer).filter(pk=programme)),
        Exists(selections_visible(viewer).filter(pk=selection)),
    )  # fmt: skip
    reads, decides = may_read.get()
    return {
        "programme_href": reverse("programme", args=[programme]) if reads else "",
        "decision_href": reverse("selection", args=[selection]) if decides else "",
    }
