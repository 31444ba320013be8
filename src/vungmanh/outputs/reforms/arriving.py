"""Members who would come by transfers to what a draft founds, and what their cells keep."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from vungmanh.access.viewer import Viewer
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.models import ArrangingDraft, MembershipCount, Reform
from vungmanh.org.places import names_of_units
from vungmanh.org.queries import units_visible
from vungmanh.org.reform.consequences import Place
from vungmanh.outputs.reforms.sections import Cell, Section
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.arranging import MinimumSizes


@dataclass(frozen=True)
class Arriving:
    """Official members to come from a unit. `now`: how many it counts; None out of sight."""

    unit: Place
    count: int
    now: int | None
    least: int | None  # from which an organisation stands, by the rule of the day

    @property
    def left(self) -> int | None:
        return None if self.now is None else max(self.now - self.count, 0)


def arriving_of(viewer: Viewer, reform: Reform) -> tuple[Arriving, ...]:
    """Of a draft that answers a finding; a name and no more of a unit out of sight."""
    draft = ArrangingDraft.objects.filter(reform=reform).first()
    if draft is None or not draft.sources:
        return ()
    ids = {UUID(one["unit"]) for one in draft.sources}
    names = names_of_units(ids)
    seen = MembershipCount.objects.filter(
        unit__in=units_visible(viewer, viewer.on), status=MembershipStatus.OFFICIAL,
        valid__contains=viewer.on,
    ).filter(unit__in=ids)  # fmt: skip
    counts = dict(seen.order_by().values_list("unit_id", "count"))
    view = load_rulebook().on(reform.effective_on)
    least = view.of(MinimumSizes).organisation_from if view.has(MinimumSizes.key) else None
    return tuple(
        Arriving(
            Place(one["unit"], names.get(UUID(one["unit"]), "")),
            one["count"],
            counts.get(UUID(one["unit"])),
            least,
        )
        for one in draft.sources
    )


def arriving_section(arriving: tuple[Arriving, ...]) -> Section:
    """Each unit with the members it would send, and whether it stays large enough itself."""
    rows = tuple(
        (Cell(one.unit.name, one.unit.id if one.now is not None else ""), Cell(one.count),
         Cell(_left(one)))
        for one in arriving
    )  # fmt: skip
    return Section(
        "dang-vien-den",
        _("Đảng viên sẽ đến bằng giấy giới thiệu"),
        _("%s đảng viên chính thức, sau khi thực hiện; chưa tiếp nhận thì nơi đi vẫn tính.")
        % number_vi(sum(one.count for one in arriving)),
        (_("Nơi đi"), _("Số người"), _("Nơi đi còn lại")),
        rows,
    )


def _left(one: Arriving) -> str:
    if one.left is None:
        return _("ngoài phạm vi xem")
    if one.least is not None and one.left < one.least:
        words = {"left": number_vi(one.left), "least": number_vi(one.least)}
        return _("%(left)s, dưới mức tối thiểu %(least)s: nơi đi cũng phải sắp xếp") % words
    return number_vi(one.left)
