"""What a person does with a finding: a draft reform out of it, or laid aside with a reason.

Nothing is arranged by itself: the draft is an ordinary one, previewed and carried out as any.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.core.text import nfc
from vungmanh.core.vocabulary import CELL_KINDS, ReformState, Sector, UnitKind
from vungmanh.org.actions.reforms import draft_reform
from vungmanh.org.arranging import JOINT, Found, arrangements, figures_of
from vungmanh.org.counts import lock_units
from vungmanh.org.models import ArrangingDismissal, ArrangingDraft, Place, Reform, UnitVersion
from vungmanh.org.places import places_seen
from vungmanh.org.queries import units_below, versions_visible
from vungmanh.org.reform.queries import DRAFT
from vungmanh.org.reform.steps import Change, Create, Merge, Move, Step
from vungmanh.rulebook.people.arranging import ArrangingStep, ArrangingStepKind

REF = "moi-1"
LONGEST_LAID_ASIDE = 366


@dataclass(frozen=True)
class Choice:
    """What a person decides: where to, or the name and kind of what is founded; by which paper."""

    document: str
    effective_on: dt.date
    signed_on: dt.date | None = None
    target: UUID | None = None
    name: str = ""
    kind: UnitKind | None = None


@transaction.atomic
def draft_arrangement(*, key: str, choice: Choice, by: Viewer, at: dt.datetime) -> Reform:
    """Make the draft reform that answers a finding of today.

    Raises NotFound (found no more), NotNow (advice only, laid aside, or drafted already),
    InputError for a target that is none of those proposed, a missing name or kind, and what
    `draft_reform` raises.
    """
    check_can(by, DRAFT)
    found = finding_of(by, key, localdate(at))
    if found.committee is not None:
        lock_units([found.committee])  # of two who draft at once the second is told
    _check_not_drafted(key)
    if found.dismissal is not None:
        raise NotNow("Việc này đang để lại. Mở lại trước rồi mới lập dự thảo.", code="laid-aside")
    step = step_of(found)
    if step is None:
        raise NotNow("Việc này chỉ nêu để biết, không cần lập dự thảo.", code="advice-only")
    title, steps = _steps(found, step, choice, by, localdate(at))
    reform = draft_reform(
        title=title[:200], document=choice.document, signed_on=choice.signed_on,
        effective_on=choice.effective_on, steps=steps, by=by, at=at,
    )  # fmt: skip
    finding, cited = found.arrangement.finding, found.arrangement.finding.citation
    places = found.arrangement.places
    draft = ArrangingDraft.objects.create(
        reform=reform, code=found.code, key=key, text=finding.text[:300],
        rule_id=cited.rule_id if cited else "", citation=_cited(found)[:300],
        place_id=UUID(places[0]) if places else None, places=list(places),
        ref=REF if step.kind is ArrangingStepKind.FOUND else "",
        sources=_sources(found, step, by, localdate(at)),
    )  # fmt: skip
    record("arranging.drafted", by=by.user, at=at, subject=f"reform:{reform.pk}",
           data={"code": draft.code, "rule": draft.rule_id})  # fmt: skip
    return reform


@transaction.atomic
def lay_aside(*, key: str, reason: str, until: dt.date, by: Viewer, at: dt.datetime) -> None:
    """A finding needs nothing for now: kept with the reason, shown, and back after the day, or
    as soon as its figures are others.
    """
    check_can(by, DRAFT)
    today = localdate(at)
    found = finding_of(by, key, today)
    if found.dismissal is not None:
        raise NotNow("Việc này đã để lại rồi.", code="laid-aside")
    if found.committee is None:
        raise NotNow("Chưa có quy định cho ngày này thì không có gì để lại.", code="no-rule")
    if not today < until <= today + dt.timedelta(days=LONGEST_LAID_ASIDE):
        raise InputError("Ghi ngày xem lại, sau hôm nay và trong vòng một năm.", field="until",
                         code="bad-until")  # fmt: skip
    ArrangingDismissal.objects.filter(key=key, code=found.code, undone_at=None).update(undone_at=at)
    ArrangingDismissal.objects.create(
        unit_id=found.committee, code=found.code, key=key, reason=checked_reason(reason),
        figures=figures_of(found.arrangement), until=until, by=by.user, at=at,
    )  # fmt: skip
    record("arranging.laid_aside", by=by.user, at=at, subject=f"unit:{found.committee}",
           data={"code": found.code, "until": until.isoformat()},
           personal={"reason": checked_reason(reason)})  # fmt: skip


@transaction.atomic
def take_up_again(*, key: str, by: Viewer, at: dt.datetime) -> None:
    """What was laid aside is looked at again; that it was laid aside stays on record."""
    check_can(by, DRAFT)
    found = finding_of(by, key, localdate(at))
    if found.dismissal is None:
        raise NotNow("Việc này không để lại.", code="not-laid-aside")
    ArrangingDismissal.objects.filter(pk=found.dismissal.pk).update(undone_at=at, undone_by=by.user)
    record("arranging.taken_up", by=by.user, at=at, subject=f"unit:{found.committee}",
           data={"code": found.code})  # fmt: skip


def finding_of(viewer: Viewer, key: str, on: dt.date) -> Found:
    """One finding of a day, by its key. Raises NotFound where the day's rules find it no more."""
    found = next((one for one in arrangements(viewer, on) if one.key == key), None)
    if found is None:
        raise NotFound(
            "Việc này không còn: tổ chức đã sắp xếp, số liệu đã khác, hoặc ngoài phạm vi của đồng"
            " chí. Xem lại danh sách.",
            code="found-no-more",
        )
    return found


def step_of(found: Found) -> ArrangingStep | None:
    """What a draft would do; None where the finding only says what to think of."""
    steps = found.arrangement.steps
    if not steps or steps[0].kind is ArrangingStepKind.FORM_GROUPS:
        return None
    if steps[0].kind is ArrangingStepKind.ATTACH and not steps[0].to:
        return None
    return steps[0]


def _check_not_drafted(key: str) -> None:
    """One open draft answers a finding; a second would found or end the same twice."""
    drafts = ArrangingDraft.objects.filter(key=key, reform__state=ReformState.DRAFT)
    for draft in drafts.select_related("reform")[:1]:
        raise NotNow(
            f"Đã có dự thảo “{draft.reform.title}” cho việc này: sửa dự thảo ấy, hoặc bỏ nó rồi lập"
            " lại.",
            code="already-drafted",
        )


def _steps(
    found: Found, step: ArrangingStep, choice: Choice, by: Viewer, today: dt.date
) -> tuple[str, list[Step]]:
    name = " ".join(nfc(choice.name).split())
    if step.kind is ArrangingStepKind.ATTACH:
        if choice.target is None or str(choice.target) not in step.to:
            raise InputError("Chọn một tổ chức nhận trong danh sách.", field="target",
                             code="bad-target")  # fmt: skip
        [source] = step.units
        title = f"Ghép {found.names[source]} vào {found.names.get(str(choice.target), '')}"
        return title, [Merge((source,), str(choice.target))]
    kind = step.new_kind or choice.kind
    if kind is None:
        raise InputError("Chọn loại tổ chức.", field="kind", code="blank")
    if step.kind is ArrangingStepKind.FOUND:
        return _founding(found, step, name, kind, _sector(found, by, today))
    [unit] = step.units
    version = versions_visible(by, today).get(unit_id=UUID(unit))
    if kind in CELL_KINDS:
        return _into_a_cell(version, kind, by, today)
    return _into_a_base(version, kind, name, by, today)


def _founding(
    found: Found, step: ArrangingStep, name: str, kind: UnitKind, sector: Sector
) -> tuple[str, list[Step]]:
    """A new cell; small cells under the same committee go into it, others' members by transfer."""
    if not name:
        raise InputError("Ghi tên tổ chức mới.", field="name", code="blank")
    whole = tuple(one for one in found.arrangement.units if one in _own_cells(found))
    create = Create(
        REF, name, kind, sector, parent=step.under, is_organisation=kind is UnitKind.CHI_BO_CO_SO
    )
    steps: list[Step] = [create]
    if whole:
        steps.append(Merge(whole, f"#{REF}"))
    return f"Lập {name}", steps


def _own_cells(found: Found) -> tuple[str, ...]:
    """Of a joint cell: the small cells that end in it. Who counts a place's members goes on."""
    return found.arrangement.units if found.code == JOINT else ()


def _sector(found: Found, by: Viewer, today: dt.date) -> Sector:
    if found.arrangement.places:
        place = Place.objects.get(pk=UUID(found.arrangement.places[0]))
        return Sector(place.sector)
    version = versions_visible(by, today).get(unit_id=UUID(found.arrangement.units[0]))
    return Sector(version.sector)


def _into_a_cell(
    version: UnitVersion, kind: UnitKind, by: Viewer, today: dt.date
) -> tuple[str, list[Step]]:
    """A base committee that is too small becomes a cell; its cells go into it."""
    unit = str(version.unit_id)
    below = tuple(str(one.unit_id) for one in units_below(by, version.unit_id, today))
    steps: list[Step] = [
        Change(unit, kind=kind, is_organisation=version.is_organisation),
    ]
    if below:
        steps.append(Merge(below, unit))
    return f"{version.name} thành {kind.label.lower()}", steps


def _into_a_base(
    version: UnitVersion, kind: UnitKind, name: str, by: Viewer, today: dt.date
) -> tuple[str, list[Step]]:
    """A cell that outgrew its form stands below a new base committee, to be divided there."""
    if not name:
        raise InputError("Ghi tên đảng bộ cơ sở mới.", field="name", code="blank")
    unit = str(version.unit_id)
    above = version.unit.parent_links.filter(valid__contains=today).first()
    parent = str(above.parent_id) if above else None
    steps: list[Step] = [
        Create(REF, name, kind, Sector(version.sector), version.area, parent=parent,
               is_organisation=True),
        Move(unit, f"#{REF}"),
    ]  # fmt: skip
    if version.kind != UnitKind.CHI_BO or version.is_organisation:
        steps.append(Change(unit, kind=UnitKind.CHI_BO, is_organisation=False))
    return f"Lập {name}", steps


def _sources(found: Found, step: ArrangingStep, by: Viewer, today: dt.date) -> list[dict[str, Any]]:
    """Whose members would come by transfer: the units that reported them for the places."""
    if step.kind is not ArrangingStepKind.FOUND:
        return []
    places = Place.objects.filter(pk__in=[UUID(one) for one in found.arrangement.places])
    counts: dict[str, int] = {}
    for seen in places_seen(by, today, places):
        for one in seen.reports:
            if one.official and str(one.unit) not in _own_cells(found):
                counts[str(one.unit)] = counts.get(str(one.unit), 0) + one.official
    return [{"unit": unit, "count": count} for unit, count in sorted(counts.items())]


def _cited(found: Found) -> str:
    cited = found.arrangement.finding.citation
    if cited is None:
        return ""
    caution = f" ({cited.caution})" if cited.caution else ""
    return f"{cited.document}: {cited.citation}{caution}"
