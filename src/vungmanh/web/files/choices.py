"""What the forms of a file offer to choose from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from vungmanh.access import wall
from vungmanh.access.models import RoleGrant
from vungmanh.access.permissions import PERMISSIONS, can
from vungmanh.access.viewer import Viewer
from vungmanh.core.periods import month_label, parse_month
from vungmanh.core.programme_words import FileFate, FileState
from vungmanh.core.text import date_vi, percent_vi
from vungmanh.core.vocabulary import InspectionState
from vungmanh.meetings.inspections import inspections_visible
from vungmanh.meetings.visits import visits_visible
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.org.queries import path_above
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import CauseCatalogue, MeasureCatalogue, MeasureProof
from vungmanh.strengthening.figures.catalogue import figures_by_code
from vungmanh.strengthening.file_causes import since_of, visits_on_site
from vungmanh.strengthening.file_reviews import reviewers_of
from vungmanh.strengthening.file_shown import Shown
from vungmanh.strengthening.file_states import WORK
from vungmanh.strengthening.file_words import cause_words
from vungmanh.strengthening.flags import flags_visible
from vungmanh.strengthening.lineage_of_files import heirs_of
from vungmanh.strengthening.models import FileCause, FileMeasure, SupportFile
from vungmanh.strengthening.owners import owners_of
from vungmanh.strengthening.proofs import lacking, proofs_of
from vungmanh.strengthening.reason_texts import reason_label
from vungmanh.strengthening.standing_in import place_now
from vungmanh.web.figures.present import FIGURE_OF_REASON
from vungmanh.web.files.forms import Choices

MOST = 20  # records of a kind to choose from, the latest


@dataclass(frozen=True)
class Offer:
    """To whom, of which file, on which day the forms are offered."""

    viewer: Viewer
    file: SupportFile
    shown: Shown
    today: dt.date


def causes_to_name(offer: Offer) -> Choices:
    """The catalogue without what is named already; first what the signs at entry speak for."""
    named = {one.cause for one in offer.shown.causes if one.withdrawn_at is None}
    # A mark to verify is no sign yet.
    reasons = offer.file.entry.get("reasons", [])
    signs = {one["key"] for one in reasons if one.get("weight")}
    rows = [
        (not signs & set(one.signals), one)
        for one in load_rulebook().on(offer.today).of(CauseCatalogue).causes
        if one.code not in named
    ]
    return [
        (one.code, _(one.text) if apart else _("%s (có dấu hiệu lúc vào diện)") % _(one.text))
        for apart, one in sorted(rows, key=lambda row: row[0])
    ]


def causes_named(offer: Offer) -> Choices:
    """The causes of the file."""
    return [
        (one.cause, cause_words(one.cause, offer.today))
        for one in offer.shown.causes
        if one.withdrawn_at is None
    ]


def measure_kinds(offer: Offer) -> Choices:
    """The catalogue: first what answers a cause of the file."""
    view = load_rulebook().on(offer.today)
    catalogue = view.of(CauseCatalogue)
    named = [catalogue.cause(code) for code, _words in causes_named(offer)]
    fitting = {code for one in named if one for code in one.measures}
    rows = sorted(view.of(MeasureCatalogue).measures, key=lambda one: one.code not in fitting)
    return [(one.code, f"{_(one.text)} ({_(one.proof.label)})") for one in rows]


def records(offer: Offer) -> Choices:
    """Records of the unit that may show a cause: figures at entry, flags, inspections, visits."""
    viewer, file, on = offer.viewer, offer.file, offer.viewer.on
    since = since_of(file)
    month = file.entry.get("month", "")
    keys = [one["key"] for one in file.entry.get("reasons", []) if one["key"] in FIGURE_OF_REASON]
    named = dict.fromkeys(f"{FIGURE_OF_REASON[key]}@{month}" for key in keys)
    found = [(f"figure:{code}", _("Con số: %s") % linked_words(code)) for code in named]
    if can(viewer, "strengthening.flag.list"):
        flags = flags_visible(viewer, on).filter(unit_id=file.unit_id, since_month__gte=since)
        found += [
            (f"flag:{one.pk}", _("Dấu hiệu: %(label)s, từ %(month)s") % {
                "label": reason_label(one.reason),
                "month": month_label(one.since_month),
            })
            for one in flags.order_by("-since_month", "pk")[:MOST]
        ]  # fmt: skip
    below = UnitClosure.objects.filter(ancestor_id=file.unit_id).values("descendant_id")
    seen = inspections_visible(viewer, on).filter(unit_id__in=below, on__gte=since)
    seen = seen.exclude(state=InspectionState.WITHDRAWN).order_by("-on", "-id")
    found += [
        (f"inspection:{one.pk}", _("Kiểm tra ngày %(day)s, %(body)s") % {
            "day": date_vi(one.on), "body": one.body,
        })
        for one in seen[:MOST]
    ]  # fmt: skip
    return found + [(f"visit:{key}", words) for key, words in visits(offer)]


def visits(offer: Offer) -> Choices:
    """Visits to meetings of the unit or below it since a year before its entry."""
    on = offer.viewer.on
    seen = visits_visible(offer.viewer, on)
    found = seen.filter(pk__in=visits_on_site(offer.file, on).values("pk"))
    rows = list(found.order_by("-on", "-id")[:MOST])
    named = UnitVersion.objects.filter(unit_id__in=[one.unit_id for one in rows]).order_by("valid")
    names = dict(named.values_list("unit_id", "name"))
    return [
        (str(one.pk), _("Đến %(name)s ngày %(day)s, %(who)s") % {
            "name": names.get(one.unit_id, ""), "day": date_vi(one.on), "who": one.overseer,
        })
        for one in rows
    ]  # fmt: skip


def committees_above(offer: Offer) -> Choices:
    """The committees above the unit, but the one that follows the file."""
    with wall.lowered():  # under which committees a unit stands is no secret of them
        above = path_above(offer.file.unit_id, offer.today)
    own = place_now(offer.file.handler_id, offer.today)
    return [(str(one.unit_id), one.name) for one in above if one.unit_id != own]


def reviewers(offer: Offer) -> Choices:
    """Who works or decides at the committees of the file today."""
    return [(str(key), name) for key, name in reviewers_of(offer.file, offer.today)]


def fates(offer: Offer) -> Choices:
    """What may be proposed for the file of a unit that ended, what the structure says first."""
    file, heirs = offer.file, heirs_of(offer.file.unit_id, offer.today)
    end = (FileFate.END.value, _(FileFate.END.label))
    if file.state == FileState.HOLDING:
        return [end]
    found = [
        (
            f"{FileFate.CARRY.value}:{one.unit_id}",
            _("Mang sang %(name)s (nhận %(share)s)") % {
                "name": one.name, "share": percent_vi(one.share),
            },
        )
        for one in heirs
        if not one.has_file
    ]  # fmt: skip
    return [*found, end]


def proofs(offer: Offer, measure: FileMeasure) -> Choices:
    """The records that would show that the measure was carried out, the latest first."""
    kind = load_rulebook().on(offer.today).of(MeasureCatalogue).measure(measure.kind)
    if kind is None:
        return []
    found = proofs_of(measure, kind.proof, offer.today)
    return [(one.id, f"{one.text} ({date_vi(one.on)})") for one in found]


def still_lacking(offer: Offer, measure: FileMeasure) -> str:
    """What is not there yet for a record to prove the measure; "" where nothing is known of it."""
    kind = load_rulebook().on(offer.today).of(MeasureCatalogue).measure(measure.kind)
    found = lacking(measure, kind.proof, offer.today) if kind else None
    if found is None:
        return ""
    if found.cells:
        return _("Còn %(n)s chi bộ chưa có người phụ trách: %(names)s.") % {
            "n": len(found.cells), "names": ", ".join(found.cells[:5]),
        }  # fmt: skip
    if not found.due:
        return _("Chưa hết tháng nào từ khi bắt đầu; xem lại sau kỳ họp tới.")
    return _("Mới họp %(held)s trong %(due)s kỳ đến hạn từ khi bắt đầu; cần quá nửa.") % {
        "held": found.held, "due": found.due,
    }  # fmt: skip


def way_of(offer: Offer, measure: FileMeasure) -> tuple[str, str] | None:
    """Where the record is made that would prove the measure."""
    kind = load_rulebook().on(offer.today).of(MeasureCatalogue).measure(measure.kind)
    return way_to_proof(offer.file, kind.proof) if kind else None


def way_to_proof(file: SupportFile, proof: MeasureProof) -> tuple[str, str]:
    """The words and the address of the page on which such a record of the unit is made."""
    if proof is MeasureProof.OVERSIGHT:
        return _("Mở Phân công phụ trách"), reverse("oversight")
    if proof is MeasureProof.VISIT:
        return _("Mở các lần đi cơ sở của đơn vị"), reverse("unit_visits", args=[file.unit_id])
    words = _("Cần có: %s. Mở trang của đơn vị") % _(proof.label)
    return words, reverse("unit", args=[file.unit_id])


def second_words(offer: Offer, cause: FileCause) -> str:
    """Who may give the second opinion on a cause that has none."""
    if cause.second_agrees is not None or cause.withdrawn_at is not None:
        return ""
    handler = offer.file.handler_id
    grants = RoleGrant.objects.filter(
        unit_id__in={handler, place_now(handler, offer.today)}, role__in=PERMISSIONS[WORK],
        valid__contains=offer.today, user__is_active=True,
    ).exclude(user_id__in=[one for one in (cause.by_id, cause.on_behalf_id) if one])  # fmt: skip
    names = sorted({f"{one.user} ({one.user.username})" for one in grants.select_related("user")})
    if names:
        return _("Ai cho ý kiến thứ hai được: %s; mở trang này rồi ghi.") % "; ".join(names)
    return _(
        "Ở nơi theo dõi chưa có tài khoản văn phòng, chuyên viên nào khác người ghi để cho ý kiến "
        "thứ hai. Nhờ quản trị mở thêm, hoặc xác minh tại chỗ bằng một lần đến dự họp."
    )


def owners(offer: Offer) -> Choices:
    """Who may answer for a measure: posts of the unit, then people with a role here."""
    return [(one, one) for one in owners_of(offer.file, offer.viewer)]


def linked_words(code: str) -> str:
    """A figure named as evidence: which, and of which month."""
    name, _at, month = code.partition("@")
    figure = figures_by_code().get(name)
    label = figure.title if figure else name
    return f"{label}, {month_label(parse_month(month))}" if month else label
