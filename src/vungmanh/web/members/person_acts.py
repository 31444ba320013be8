"""Exempting somebody from meetings until a day, and the end of it, from their own page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.core.errors import NotFound
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.actions.people import KEEP, exemption_findings, set_standing
from vungmanh.org.models import Membership
from vungmanh.org.named import units_with_names
from vungmanh.org.queries import units_held
from vungmanh.rulebook.people.exempt import ExemptionFacts
from vungmanh.web.access import answering, needs
from vungmanh.web.members.forms import ExemptForm, tried
from vungmanh.web.members.present import unit_names
from vungmanh.web.requests import ViewerRequest

EXEMPTED, STAY = MembershipStatus.EXEMPT, MembershipStatus.TEMPORARY_IN


@require_http_methods(["GET", "HEAD", "POST"])
@needs(KEEP)
def member_exempt(request: ViewerRequest, person_id: UUID) -> HttpResponse:
    """An exemption with its first and last day, held to its rule; or back among those called."""
    viewer = request.viewer
    row = _row(request, person_id)
    is_exempt = row.status == EXEMPTED
    sent = request.POST if request.method == "POST" else None
    form = ExemptForm(sent, is_exempt=is_exempt, initial={"from_day": viewer.on})
    if sent is not None and form.is_valid() and tried(
        form,
        lambda: set_standing(
            person=person_id, by=viewer, at=timezone.now(), **form.values()
        ),
    ):  # fmt: skip
        messages.success(request, _("Đã ghi; danh sách và số đảng viên đổi từ ngày ấy."))
        return redirect("member_person", person_id)
    with answering(request):
        facts = ExemptionFacts(row.valid.lower, row.planned_until)
        context = {
            "row": row,
            "name": row.person.name,
            "unit": unit_names([row.unit_id]).get(row.unit_id, ""),
            "form": form,
            "is_exempt": is_exempt,
            "findings": exemption_findings(facts, viewer.on) if is_exempt else (),
        }
        status = 422 if sent is not None else 200
        return render(request, "members/exempt.html", context, status=status)


def _row(request: ViewerRequest, person_id: UUID) -> Membership:
    """Their home on a list that the viewer keeps. Raises NotFound alike for everything else."""
    viewer = request.viewer
    held = units_held(viewer, viewer.on).values("descendant_id")
    found = Membership.objects.filter(
        person_id=person_id, valid__contains=viewer.on, unit_id__in=held, person__erased_at=None
    ).exclude(status=STAY)
    row = found.select_related("person").first()
    if row is None or row.unit_id not in units_with_names([row.unit_id], viewer.on):
        raise NotFound(_("Không tìm thấy người này trong danh sách."))
    return row
