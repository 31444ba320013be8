"""Which supplied forms somebody may use, and which may be changed."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.access.wall import lowered
from vungmanh.core.errors import NotAllowed, NotFound
from vungmanh.core.vocabulary import Reach
from vungmanh.org.models import UnitClosure
from vungmanh.outputs.supplied.models import FormPurpose, SuppliedForm

FILL = "outputs.form.fill"


def forms_visible(viewer: Viewer | None, purpose: FormPurpose | None = None) -> list[SuppliedForm]:
    """The forms that one's own unit keeps, and those that units above it keep for all below.

    Without their files. Reads past the wall: a form says nothing of the unit that keeps it.
    """
    with lowered():
        found = _forms(viewer).defer("content")
        return list(found.filter(purpose=purpose) if purpose else found)


def form_visible(viewer: Viewer | None, form_id: UUID) -> SuppliedForm:
    """One form with its file. Raises NotFound alike for absent and out of sight."""
    with lowered():
        found = _forms(viewer).filter(pk=form_id).first()
    if found is None:
        raise NotFound(
            "Không tìm thấy mẫu biểu này trong phạm vi của đồng chí.", code="no-supplied-form"
        )
    return found


def keeps(viewer: Viewer, form: SuppliedForm) -> bool:
    """Whether the form is of the viewer's own unit; forms from above are used as they are."""
    return form.unit_id in viewer.units_with(Reach.UNIT_AND_BELOW)


def check_keeps(viewer: Viewer, form: SuppliedForm) -> None:
    if not keeps(viewer, form):
        raise NotAllowed(
            "Mẫu này của cấp trên, chỉ dùng để điền. Muốn khai ô khác thì nhận mẫu ấy ở đơn vị "
            "mình.",
            code="form-of-above",
        )


def _forms(viewer: Viewer | None) -> QuerySet[SuppliedForm]:
    if viewer is None or not can(viewer, FILL):
        return SuppliedForm.objects.none()
    own = viewer.units_with(Reach.UNIT_AND_BELOW)
    above = UnitClosure.objects.filter(descendant_id__in=own, valid__contains=viewer.on)
    mine = Q(unit_id__in=own) | Q(unit_id__in=above.values("ancestor_id"))
    return SuppliedForm.objects.filter(mine, removed_at=None)
