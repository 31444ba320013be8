"""Every decision of a cycle computed anew from the figures kept with it, said in one sentence."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from vungmanh.access.viewer import Viewer
from vungmanh.core.text import name_key, number_vi
from vungmanh.evaluation.models import Cycle, Dossier, GradeDecision
from vungmanh.evaluation.reads import dossiers_visible
from vungmanh.evaluation.recompute import recompute_many
from vungmanh.strengthening.year_grading import compute


@dataclass(frozen=True)
class Anew:
    """What came out. `different`: the dossiers whose own page says where."""

    words: str
    different: tuple[Dossier, ...]

    @property
    def is_same(self) -> bool:
        return not self.different


def computed_anew(viewer: Viewer, cycle: Cycle) -> Anew:
    """The decisions of the cycle in sight: four queries, however many there are."""
    dossiers = dossiers_visible(viewer, removed=True).filter(cycle=cycle)
    decisions = GradeDecision.objects.filter(dossier__in=dossiers).select_related("dossier")
    found = recompute_many(decisions.order_by("dossier_id", "number"), compute)
    apart = {one.decision.dossier_id: one.decision.dossier for one in found if not one.is_same}
    told = {"all": number_vi(len(found)), "apart": number_vi(len(apart))}
    if not found:
        words = _("Kỳ này chưa có quyết định nào để tính lại.")
    elif not apart:
        words = _("Tính lại %(all)s quyết định từ số liệu đã giữ: tất cả ra đúng như cũ.") % told
    else:
        said = _(
            "Tính lại %(all)s quyết định từ số liệu đã giữ: %(apart)s hồ sơ ra khác, mở từng "
            "hồ sơ để xem khác ở đâu."
        )
        words = said % told
    return Anew(words, tuple(sorted(apart.values(), key=lambda one: name_key(one.name))))
