"""The page of one cause and of one measure of a file, for where the file is worked on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from vungmanh.core.errors import NotFound
from vungmanh.core.programme_words import FileAct, FileState, MeasureState
from vungmanh.rulebook.values.programmes import MeasureProof
from vungmanh.strengthening.actions.diagnosis import second_opinion, verify_cause, withdraw_cause
from vungmanh.strengthening.actions.measures import drop_measure, finish_measure
from vungmanh.strengthening.file_reads import file_acts, file_visible
from vungmanh.strengthening.file_shown import shown_of
from vungmanh.strengthening.file_states import WORK
from vungmanh.strengthening.models import FileCause, FileMeasure
from vungmanh.strengthening.persons import is_one_of
from vungmanh.web.access import answering, needs
from vungmanh.web.files import choices, present
from vungmanh.web.files.acts import went_through
from vungmanh.web.files.choices import Offer
from vungmanh.web.files.forms import FinishForm, ReasonForm, SecondForm, VerifyForm
from vungmanh.web.requests import ViewerRequest

Said = dict[str, Any]


@dataclass(frozen=True)
class PartDoing:
    """An act on a part of a file: its form, the action, what is said then."""

    act: str
    title: Any
    form: forms.Form
    does: Callable[[Said], Any]
    told: Any
    lead: Any = ""
    way: tuple[Any, str] | None = None  # nothing to choose yet: where to make it, instead of a form


@dataclass(frozen=True)
class Asking:
    """What a part's acts are made for: the offer, what the viewer may do, what was sent."""

    offer: Offer
    acts: list[FileAct]
    sent: Any
    act: str
    at: dt.datetime

    def data(self, act: str) -> Any:
        """What was sent for this act; nothing for the others."""
        return self.sent if self.act == act else None

    @property
    def who(self) -> Said:
        return {"by": self.offer.viewer, "at": self.at}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(WORK)
def support_cause(request: ViewerRequest, file_id: UUID, cause_id: UUID) -> HttpResponse:
    """One cause: seen on site, a second opinion, taken back."""
    return _part(request, file_id, cause_id, is_cause=True)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(WORK)
def support_measure(request: ViewerRequest, file_id: UUID, measure_id: UUID) -> HttpResponse:
    """One measure: carried out, with the record that shows it, or given up with a reason."""
    return _part(request, file_id, measure_id, is_cause=False)


def _part(request: ViewerRequest, file_id: UUID, part_id: UUID, *, is_cause: bool) -> HttpResponse:
    viewer, now = request.viewer, timezone.now()
    today, act = timezone.localdate(now), request.POST.get("act", "")
    with answering(request):
        file = file_visible(viewer, file_id)
        shown = shown_of(viewer, file)
        parts: tuple[Any, ...] = shown.causes if is_cause else shown.measures
        part = next((one for one in parts if one.pk == part_id), None)
        if part is None or not shown.inside:
            raise NotFound("Không tìm thấy mục này trong hồ sơ.", code="no-part")
        asking = Asking(
            Offer(viewer, file, shown, today), file_acts(viewer, file), request.POST, act, now
        )
        doings = _cause_doings(asking, part) if is_cause else _measure_doings(asking, part)
        for doing in doings:  # several forms on one page: each field has an id of its own
            doing.form.auto_id = f"{doing.act}-%s"
        rows: list[Any] = (
            present.cause_rows(shown, file.unit_id, today)
            if is_cause
            else present.measure_rows(shown, file, today)
        )
        context = {
            "file": file,
            "shown": shown,
            "name": present.names_of(file, today).get(file.unit_id, ""),
            "row": next(row for row in rows if part in (getattr(row, "cause", None),
                                                        getattr(row, "measure", None))),
            "is_cause": is_cause,
            "doings": doings,
            "second_words": choices.second_words(asking.offer, part)
            if isinstance(part, FileCause) else "",
        }  # fmt: skip
    sent = next((one for one in doings if one.act == act), None)
    if sent is None or not sent.form.is_valid():
        return render(request, "files/part.html", context, status=422 if request.POST else 200)
    if went_through(sent.form, lambda: sent.does(sent.form.cleaned_data)):
        messages.success(request, sent.told)
        return redirect("support_file", file.pk)
    return render(request, "files/part.html", context, status=422)


def _cause_doings(asking: Asking, cause: FileCause) -> list[PartDoing]:
    if FileAct.WRITE_CAUSE not in asking.acts or cause.withdrawn_at is not None:
        return []
    key, who = {"cause_id": cause.pk}, asking.who
    visits = choices.visits(asking.offer)
    found = [
        PartDoing(
            "verify", gettext_lazy("Xác minh tại chỗ"),
            VerifyForm(asking.data("verify"), visits=visits),
            lambda said: verify_cause(visit_id=UUID(said["visit_id"]), **key, **who),
            gettext_lazy("Đã ghi lần xác minh tại chỗ."),
            "" if visits else gettext_lazy(
                "Chưa có lần đến dự họp nào ở đơn vị (hoặc chi bộ của đơn vị) từ một năm trước "
                "ngày vào diện. Người phụ trách hoặc văn phòng ghi lần đến ấy trước."
            ),
            None if visits else choices.way_to_proof(asking.offer.file, MeasureProof.VISIT),
        )
    ]  # fmt: skip
    if cause.second_agrees is None and not _is_own(asking, cause):
        found.append(
            PartDoing(
                "second", gettext_lazy("Ý kiến thứ hai"), SecondForm(asking.data("second")),
                lambda said: second_opinion(
                    agrees=said["agrees"] == "yes", text=said["text"], **key, **who
                ),
                gettext_lazy("Đã ghi ý kiến thứ hai."),
                gettext_lazy("Một người khác xem lại; mỗi nguyên nhân một ý kiến, ghi rồi giữ."),
            )
        )  # fmt: skip
    found.append(
        PartDoing(
            "withdraw", gettext_lazy("Rút nguyên nhân"), ReasonForm(asking.data("withdraw")),
            lambda said: withdraw_cause(reason=said["reason"], **key, **who),
            gettext_lazy("Đã rút nguyên nhân; điều đã ghi còn đọc được."),
        )
    )  # fmt: skip
    return found


def _is_own(asking: Asking, cause: FileCause) -> bool:
    """Whether the viewer, or whoever lent the role, named the cause."""
    return is_one_of(asking.offer.viewer, cause.by_id, cause.on_behalf_id)


def _measure_doings(asking: Asking, measure: FileMeasure) -> list[PartDoing]:
    if measure.state != MeasureState.PLANNED:
        return []
    key, who, found = {"measure_id": measure.pk}, asking.who, []
    ends = FileAct.END_MEASURE in asking.acts
    is_approved = measure.pk in asking.offer.shown.approved
    if ends and is_approved:
        offered = choices.proofs(asking.offer, measure)
        found.append(
            PartDoing(
                "finish", gettext_lazy("Đã làm xong"),
                FinishForm(asking.data("finish"), proofs=offered),
                lambda said: finish_measure(proof=said["proof"], text=said["text"], **key, **who),
                gettext_lazy("Đã ghi biện pháp làm xong, có căn cứ."),
                "" if offered else choices.still_lacking(asking.offer, measure) or gettext_lazy(
                    "Chưa có bản ghi nào chứng tỏ đã làm. Ghi việc ấy vào đúng chỗ của nó trước "
                    "(phân công, biên bản, bổ nhiệm…), rồi quay lại đây."
                ),
                None if offered else choices.way_of(asking.offer, measure),
            )
        )  # fmt: skip
    is_draft = not is_approved or asking.offer.file.state == FileState.DIAGNOSED
    if ends or (is_draft and FileAct.WRITE_MEASURE in asking.acts):
        found.append(
            PartDoing(
                "drop", gettext_lazy("Không làm nữa"), ReasonForm(asking.data("drop")),
                lambda said: drop_measure(reason=said["reason"], **key, **who),
                gettext_lazy("Đã ghi là không làm nữa; điều đã ghi còn đọc được."),
            )
        )  # fmt: skip
    return found
