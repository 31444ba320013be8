"""What is done for a chosen unit: planned, approved by another, ended with a proof or a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.core.periods import add_months, last_day
from vungmanh.core.programme_words import FileAct, FileState, MeasureState
from vungmanh.core.text import date_vi
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import MeasureCatalogue, MeasureType
from vungmanh.strengthening.actions.file_hand import Hand, Said, done, locked_file, sentence
from vungmanh.strengthening.file_shown import approved_of
from vungmanh.strengthening.file_states import Step
from vungmanh.strengthening.models import FileMeasure, SupportFile
from vungmanh.strengthening.models.files import LINE
from vungmanh.strengthening.owners import check_owner
from vungmanh.strengthening.proofs import proof_named

LONGEST_OWNER, MOST_YEARS_AHEAD = 120, 3


@dataclass(frozen=True)
class MeasureText:
    """A measure as written: what, against which causes, by whom, from when to when, to what end."""

    kind: str
    causes: Sequence[str]
    owner: str
    starts_on: dt.date
    due_on: dt.date
    output: str
    text: str = ""


@transaction.atomic
def write_measure(*, file_id: UUID, said: MeasureText, by: Viewer, at: dt.datetime) -> FileMeasure:
    """Plan a measure. Raises NotFound, NotAllowed, NotNow, InputError naming the field."""
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.WRITE_MEASURE, hand)
    kind = _known(said.kind, hand.day)
    _check_days(said, file)
    owner = sentence(said.owner, "owner", LONGEST_OWNER, least=3)
    check_owner(owner, file, by, hand.day)
    named = set(file.causes.filter(withdrawn_at=None).values_list("cause", flat=True))
    if not said.causes or not set(said.causes) <= named:
        raise InputError(
            "Chọn nguyên nhân mà biện pháp này giải quyết, trong các nguyên nhân của hồ sơ.",
            field="causes", code="unknown-cause",
        )  # fmt: skip
    same = file.measures.filter(kind=kind.code, state=MeasureState.PLANNED)
    if any(set(one.causes) & set(said.causes) for one in same):
        raise InputError(
            "Biện pháp này đang mở cho nguyên nhân ấy; ghi kết quả hoặc thôi biện pháp cũ trước, "
            "hoặc chọn biện pháp khác.",
            field="kind", code="same-measure",
        )  # fmt: skip
    made = FileMeasure.objects.create(
        file=file, kind=kind.code, causes=list(dict.fromkeys(said.causes)),
        text=sentence(said.text, "text", LINE, least=0),
        owner=owner,
        starts_on=said.starts_on, due_on=said.due_on,
        output=sentence(said.output, "output", LINE, least=5), tier=kind.tier,
        state=MeasureState.PLANNED, by=by.user, at=at,
    )  # fmt: skip
    done(file, step, hand, Said(content={"measure": str(made.pk), "kind": kind.code}))
    return made


@transaction.atomic
def ask_plan(*, file_id: UUID, by: Viewer, at: dt.datetime) -> SupportFile:
    """Put the plan to who approves. Raises NotNow while a cause has no measure.

    A cause that only points to a concluded document asks for none.
    """
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.ASK_PLAN, hand)
    named = file.causes.filter(withdrawn_at=None).exclude(evidence="")
    causes = set(named.values_list("cause", flat=True))
    measures = list(file.measures.exclude(state=MeasureState.DROPPED))
    answered = {cause for one in measures for cause in one.causes}
    if not measures or causes - answered:
        raise NotNow(
            "Còn nguyên nhân chưa có biện pháp; ghi biện pháp cho từng nguyên nhân rồi trình.",
            code="cause-without-measure",
        )
    done(file, step, hand, Said(content={"measures": [str(one.pk) for one in measures]}))
    return file


@transaction.atomic
def approve_plan(*, file_id: UUID, by: Viewer, at: dt.datetime) -> SupportFile:
    """Approve the plan, by another than who asked: the measures are under way."""
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.APPROVE_PLAN, hand)
    done(file, step, hand)
    return file


@transaction.atomic
def return_plan(*, file_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> SupportFile:
    """Send the plan back with a reason."""
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.RETURN_PLAN, hand)
    done(file, step, hand, Said(reason))
    return file


@transaction.atomic
def finish_measure(
    *, measure_id: UUID, proof: str, text: str = "", by: Viewer, at: dt.datetime
) -> FileMeasure:
    """It was carried out, and this record shows it.

    Raises NotFound, NotAllowed, NotNow, InputError (`proof`: not a record of its type, unit and
    time).
    """
    hand = Hand(by, at)
    found, file, step = _planned(measure_id, hand)
    if not _is_approved(found):
        raise NotNow(
            "Biện pháp này ghi thêm sau khi duyệt kế hoạch. Trình kế hoạch để cấp quyết định duyệt "
            "rồi mới ghi là đã làm.",
            code="not-approved",
        )
    kind = _known(found.kind, hand.day)
    proved = proof_named(found, kind.proof, proof, hand.day)
    if proved is None:
        raise InputError(
            f"Chọn căn cứ đã làm ({kind.proof.label.lower()}) của đơn vị, từ "
            f"{date_vi(found.starts_on)}.",
            field="proof", code="no-proof",
        )  # fmt: skip
    found.state, found.ended_on = MeasureState.DONE, hand.day
    found.proof = {"kind": proved.kind.value, "id": proved.id, "text": proved.text}
    found.proof_text = sentence(text, "text", 600, least=0)
    found.save(update_fields=["state", "ended_on", "proof", "proof_text"])
    done(file, step, hand, Said(content={"measure": str(found.pk), "done": True}))
    return found


@transaction.atomic
def drop_measure(*, measure_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> FileMeasure:
    """It is not carried out, for this reason; also while it is not approved yet.

    Raises NotFound, NotAllowed, NotNow, InputError.
    """
    hand = Hand(by, at)
    found, file, step = _planned(measure_id, hand, is_drop=True)
    found.drop_reason = sentence(reason, "reason")
    found.state, found.ended_on = MeasureState.DROPPED, hand.day
    found.save(update_fields=["state", "ended_on", "drop_reason"])
    said = Said(found.drop_reason, {"measure": str(found.pk), "done": False})
    done(file, step, hand, said)
    return found


def _planned(
    measure_id: UUID, hand: Hand, *, is_drop: bool = False
) -> tuple[FileMeasure, SupportFile, Step]:
    """The measure, its file locked, while it is under way."""
    found = FileMeasure.objects.filter(pk=measure_id).select_related("file").first()
    if found is None:
        raise NotFound("Không tìm thấy biện pháp này.", code="no-measure")
    is_draft = is_drop and may_drop_as_draft(found)
    act = FileAct.WRITE_MEASURE if is_draft else FileAct.END_MEASURE
    file, step = locked_file(found.file_id, act, hand)
    found = FileMeasure.objects.select_for_update().get(pk=measure_id)
    found.file = file
    if found.state != MeasureState.PLANNED:
        raise NotNow("Biện pháp này đã kết thúc.", code="ended")
    return found, file, step


def may_drop_as_draft(measure: FileMeasure) -> bool:
    """Whether a measure is given up as what is still being planned: before the plan is approved,
    or added to it since."""
    if measure.file.state == FileState.DIAGNOSED:
        return True
    return measure.file.state == FileState.ACTING and not _is_approved(measure)


def _is_approved(measure: FileMeasure) -> bool:
    """Whether the last approved plan has it."""
    return measure.pk in approved_of(measure.file.entries.all())[1]


def _known(code: str, day: dt.date) -> MeasureType:
    kind = load_rulebook().on(day).of(MeasureCatalogue).measure(code)
    if kind is None:
        raise InputError(
            "Biện pháp này không có trong danh mục.", field="kind", code="unknown-measure"
        )
    return kind


def _check_days(said: MeasureText, file: SupportFile) -> None:
    """Within the programme and the hold that may follow it, the day of entry first."""
    if said.due_on < said.starts_on:
        raise InputError(
            f"Hạn phải từ ngày bắt đầu ({date_vi(said.starts_on)}) trở đi.", field="due_on",
            code="due-before-start",
        )  # fmt: skip
    if said.starts_on < file.entered_on:
        raise InputError(
            f"Biện pháp bắt đầu từ ngày vào diện ({date_vi(file.entered_on)}) trở đi.",
            field="starts_on", code="before-entry",
        )  # fmt: skip
    hold = file.exit_terms.get("hold_months", 0)
    last = last_day(add_months(dt.date(file.programme.last_year, 12, 1), hold))
    for field, day in (("starts_on", said.starts_on), ("due_on", said.due_on)):
        if day > last:
            raise InputError(
                f"Đề án và thời gian giữ vững hết ngày {date_vi(last)}; chọn ngày trước đó.",
                field=field, code="after-programme",
            )  # fmt: skip
    if said.due_on.year - said.starts_on.year > MOST_YEARS_AHEAD:
        raise InputError(
            f"Hạn không quá {MOST_YEARS_AHEAD} năm sau ngày bắt đầu.", field="due_on",
            code="too-far",
        )  # fmt: skip
