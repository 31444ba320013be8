"""Why a chosen unit is weak: causes with evidence, seen on site and by a second eye, approved.

A cause that concerns people among themselves (disunity) is only a pointer to the document in which
it was concluded: nothing else is written of it (decisions.md 16).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.programme_words import FileAct
from vungmanh.core.text import date_vi, nfc
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import Cause, CauseCatalogue, ExpectedPaths
from vungmanh.strengthening.actions.cause_links import checked_links
from vungmanh.strengthening.actions.file_hand import Hand, Said, done, locked_file, sentence
from vungmanh.strengthening.file_causes import not_looked_at, since_of, visits_on_site
from vungmanh.strengthening.models import FileCause, SupportFile
from vungmanh.strengthening.models.files import TEXT
from vungmanh.strengthening.persons import is_one_of


@dataclass(frozen=True)
class CauseText:
    """A cause as written. `links`: ({"kind": …, "id": …}) of the records that show it."""

    cause: str
    evidence: str = ""
    links: Sequence[Mapping[str, str]] = field(default_factory=tuple)
    document: str = ""


@transaction.atomic
def write_cause(*, file_id: UUID, said: CauseText, by: Viewer, at: dt.datetime) -> FileCause:
    """Name a cause. Raises NotFound, NotAllowed, NotNow, Conflict (named already), InputError."""
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.WRITE_CAUSE, hand)
    cause = _known(said.cause, hand.day)
    if file.causes.filter(cause=cause.code, withdrawn_at=None).exists():
        raise Conflict(f"Hồ sơ đã có nguyên nhân “{cause.text}”.", code="named-already")
    evidence, document = _proved(cause, said)
    made = FileCause.objects.create(
        file=file, cause=cause.code, evidence=evidence, links=checked_links(file, said.links),
        document=document, by=by.user, on_behalf=by.on_behalf_of, at=at,
    )  # fmt: skip
    done(file, step, hand, Said(content={"cause": cause.code}))
    return made


@transaction.atomic
def withdraw_cause(*, cause_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> FileCause:
    """Take a cause back; it stays readable. Raises NotFound, NotAllowed, NotNow, InputError."""
    hand = Hand(by, at)
    found = _cause(cause_id)
    file, step = locked_file(found.file_id, FileAct.WRITE_CAUSE, hand)
    _check_standing(found)
    found.withdrawn_reason, found.withdrawn_at = sentence(reason, "reason"), at
    found.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    done(file, step, hand, Said(found.withdrawn_reason, {"withdrawn": found.cause}))
    return found


@transaction.atomic
def verify_cause(*, cause_id: UUID, visit_id: UUID, by: Viewer, at: dt.datetime) -> FileCause:
    """A visit to a meeting of the unit, or of a cell of it, has seen it on site.

    Raises NotFound (also for a visit elsewhere, without a meeting, more than a year before entry),
    NotAllowed, NotNow.
    """
    hand = Hand(by, at)
    found = _cause(cause_id)
    file, step = locked_file(found.file_id, FileAct.WRITE_CAUSE, hand)
    _check_standing(found)
    visit = visits_on_site(file, hand.day).filter(pk=visit_id).first()
    if visit is None:
        raise NotFound(
            f"Không tìm thấy lần đến dự họp này ở đơn vị, từ {date_vi(since_of(file))}. Chọn lần "
            "khác, hoặc ghi lần đến cơ sở trước.",
            code="no-visit",
        )
    found.verified_on, found.verified_visit = visit.on, visit.pk
    found.save(update_fields=["verified_on", "verified_visit"])
    done(file, step, hand, Said(content={"verified": found.cause, "visit": str(visit.pk)}))
    return found


@transaction.atomic
def second_opinion(
    *, cause_id: UUID, agrees: bool, text: str, by: Viewer, at: dt.datetime
) -> FileCause:
    """What another than who named the cause thinks of it; said once.

    Raises NotAllowed for who named it, NotNow (said already), NotFound, InputError.
    """
    hand = Hand(by, at)
    found = _cause(cause_id)
    file, step = locked_file(found.file_id, FileAct.WRITE_CAUSE, hand)
    _check_standing(found)
    if is_one_of(by, found.by_id, found.on_behalf_id):
        raise NotAllowed("Ý kiến thứ hai phải của người khác.", code="own-cause")
    if found.second_agrees is not None:
        raise NotNow("Nguyên nhân này đã có ý kiến thứ hai.")
    found.second_opinion, found.second_agrees = sentence(text, "text", TEXT), agrees
    found.second_by = by.user
    found.save(update_fields=["second_opinion", "second_agrees", "second_by"])
    done(file, step, hand, Said(content={"second": found.cause, "agrees": agrees}))
    return found


@transaction.atomic
def ask_diagnosis(*, file_id: UUID, by: Viewer, at: dt.datetime) -> SupportFile:
    """Put the diagnosis to who approves.

    Raises NotNow without a cause, or while nobody has looked at one that the rule asks it for.
    """
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.ASK_DIAGNOSIS, hand)
    causes = list(file.causes.filter(withdrawn_at=None))
    if not causes:
        raise NotNow("Hồ sơ chưa có nguyên nhân nào; ghi ít nhất một nguyên nhân rồi trình.")
    waiting = not_looked_at(causes, hand.day)
    if waiting:
        raise NotNow(
            f"Chưa ai xem lại: {'; '.join(waiting)}. Ghi lần đến dự họp đã thấy (xác minh tại chỗ) "
            "hoặc nhờ đồng chí khác cho ý kiến thứ hai ở trang của nguyên nhân, rồi trình.",
            code="not-looked-at",
        )
    said = {"causes": [one.cause for one in causes], "ids": [str(one.pk) for one in causes]}
    done(file, step, hand, Said(content=said))
    return file


@transaction.atomic
def approve_diagnosis(*, file_id: UUID, by: Viewer, at: dt.datetime) -> SupportFile:
    """Approve, by another than who asked; the course to expect is fixed by the causes.

    It counts from the first approval: one asked for anew does not give a slow unit more time.
    """
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.APPROVE_DIAGNOSIS, hand)
    causes = list(file.causes.filter(withdrawn_at=None).values_list("cause", flat=True))
    rule = load_rulebook().on(hand.day).rule(ExpectedPaths.key)
    paths: ExpectedPaths = rule.value  # type: ignore[assignment]
    path = paths.path(causes)
    file.path = {
        "rule": rule.id, "cause": path.cause, "from": file.path.get("from", hand.day.isoformat()),
        "points": [[point.months, point.percent] for point in path.points],
        "aim": paths.aim_percent, "slack": paths.slack_percent, "periods": paths.periods,
    }  # fmt: skip
    done(file, step, hand, Said(content={"causes": causes, "path": path.cause}))
    return file


@transaction.atomic
def return_diagnosis(*, file_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> SupportFile:
    """Send it back with a reason."""
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.RETURN_DIAGNOSIS, hand)
    done(file, step, hand, Said(reason))
    return file


# --- what they share ----------------------------------------------------------------------------


def _cause(cause_id: UUID) -> FileCause:
    found = FileCause.objects.filter(pk=cause_id).first()
    if found is None:
        raise NotFound("Không tìm thấy nguyên nhân này.", code="no-cause")
    return found


def _check_standing(cause: FileCause) -> None:
    if cause.withdrawn_at is not None:
        raise NotNow(
            "Nguyên nhân này đã được rút; xem nguyên nhân khác, hoặc ghi lại nguyên nhân.",
            code="withdrawn",
        )


def _known(code: str, day: dt.date) -> Cause:
    cause = load_rulebook().on(day).of(CauseCatalogue).cause(code)
    if cause is None:
        raise InputError(
            "Nguyên nhân này không có trong danh mục.", field="cause", code="unknown-cause"
        )
    return cause


def _proved(cause: Cause, said: CauseText) -> tuple[str, str]:
    """Evidence and document. A pointer holds the document alone."""
    document = " ".join(nfc(said.document).split())
    if len(document) > 200:
        raise InputError("Số, ngày văn bản: nhiều nhất 200 chữ.", field="document", code="too-long")
    if not cause.pointer_only:
        return sentence(said.evidence, "evidence", TEXT), document
    if not document:
        raise InputError(
            "Chỉ ghi được việc này khi đã có văn bản kết luận; ghi số, ngày văn bản.",
            field="document", code="needs-document",
        )  # fmt: skip
    if said.evidence.strip():
        raise InputError(
            "Không ghi diễn biến ở đây; chỉ ghi số, ngày văn bản đã kết luận.", field="evidence",
            code="pointer-only",
        )  # fmt: skip
    return "", document
