"""Numbers of papers: by type, from 1 in each congress term of the committee that issues them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotNow
from vungmanh.core.text import date_vi, fold, nfc
from vungmanh.evaluation.models import GradeDecision
from vungmanh.org.models import Unit
from vungmanh.org.queries import visible_unit
from vungmanh.org.turns import beside_register
from vungmanh.outputs.models import PaperNumber
from vungmanh.outputs.papers.issuing import Signer, check_may_issue, signature
from vungmanh.outputs.papers.layout import LONGEST_NAME, document_words, layout_on, plain
from vungmanh.outputs.papers.register import number_visible
from vungmanh.outputs.papers.terms import NUMBER, term_on
from vungmanh.rulebook.values.papers import NumberRestart, PaperBody, PaperFamily, PaperType

LONGEST_SIGNER, LONGEST_REASON, LARGEST = 120, 300, 99_999
_TYPED = re.compile(r"0*(\d{1,5})\D.*")


@dataclass(frozen=True)
class Wish:
    """What is to be issued. `mark` are the letters of the body; without a `signer` the paper is
    signed as its kind is, with the name left to the pen."""

    kind: PaperType
    body: PaperBody
    on: dt.date
    about: str
    mark: str = "ĐU"
    subject: str = ""
    signer: Signer | None = None
    family: PaperFamily = PaperFamily.PARTY


@transaction.atomic
def take_number(*, unit_id: UUID, wish: Wish, by: Viewer, at: dt.datetime) -> PaperNumber:
    """Issue a paper with the next number of its type; a form has its day and signer alone.

    The same `subject` again gets the number it has. A number of a transaction that fails is taken
    by the next one: there are no gaps. Raises NotFound for a unit out of reach, RuleBroken for a
    type the body may not issue or a signature it may not use, InputError.
    """
    _hold(unit_id, by)
    if known := _standing(unit_id, wish):
        return known
    made = _prepared(unit_id, wish, by=by, at=at)
    if layout_on(wish.on, wish.family).layout.letters(wish.kind):
        last = _of_type(made).aggregate(last=Max("number"))["last"] or 0
        made.number = last + 1
    return _kept(made, wish, "paper.numbered", by=by, at=at)


@transaction.atomic
def enter_number(
    *, unit_id: UUID, wish: Wish, number: int, by: Viewer, at: dt.datetime
) -> PaperNumber:
    """Enter a number that was given on paper, so that nobody is given it here.

    Raises Conflict (`number-taken`) for one that another paper has or had."""
    _hold(unit_id, by)
    if not 1 <= number <= LARGEST:
        raise InputError(f"Số văn bản từ 1 đến {LARGEST}.", field="number", code="bad-number")
    made = _prepared(unit_id, wish, by=by, at=at)
    if not layout_on(wish.on, wish.family).layout.letters(wish.kind):
        raise InputError(
            f"{wish.kind.label} không đánh số. Chọn loại văn bản khác.",
            field="type",
            code="paper-has-no-number",
        )
    if other := _of_type(made).filter(number=number).first():
        raise clash(other)
    made.number, made.is_outside = number, True
    return _kept(made, wish, "paper.number_entered", by=by, at=at)


@transaction.atomic
def cancel_number(*, number_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> PaperNumber:
    """Cancel with a reason. The number stays in the register and is given to nobody else.

    Raises NotNow for one already cancelled (`already-cancelled`) or by which a grade was decided
    (`paper-in-use`)."""
    check_can(by, NUMBER)
    number_visible(by, number_id)
    one = PaperNumber.objects.select_for_update(of=("self",)).get(pk=number_id)
    why = " ".join(plain(reason).split())
    if one.cancelled_at is not None:
        raise NotNow("Số này đã hủy rồi.", code="already-cancelled")
    if not why or len(why) > LONGEST_REASON:
        raise InputError(
            f"Ghi lý do hủy, nhiều nhất {LONGEST_REASON} ký tự.", field="reason", code="reason"
        )
    if used := _decided_by(one):
        raise NotNow(
            f"{used} quyết định xếp loại đã ghi theo văn bản {one.document}. Mở lại hồ sơ ấy "
            "trước, hoặc giữ số.",
            code="paper-in-use",
        )
    one.cancelled_by, one.cancelled_at, one.cancel_reason = by.user, at, why
    one.save(update_fields=["cancelled_by", "cancelled_at", "cancel_reason"])
    _record("paper.cancelled", one, by=by, at=at, reason=why)
    return one


@transaction.atomic
def change_signer(
    *, number_id: UUID, signer: Signer | None, by: Viewer, at: dt.datetime
) -> PaperNumber:
    """Another signer for a paper already numbered. Raises as `take_number`."""
    check_can(by, NUMBER)
    number_visible(by, number_id)
    one = PaperNumber.objects.select_for_update(of=("self",)).get(pk=number_id)
    if one.cancelled_at is not None:
        raise NotNow("Số này đã hủy nên không sửa nữa.", code="already-cancelled")
    said = _signed(signer, PaperBody(one.body), one.on, PaperFamily(one.family))
    for name, value in said.items():
        setattr(one, name, value)
    one.save(update_fields=list(said))
    _record("paper.signer_changed", one, by=by, at=at)
    return one


def typed_number(document: str, wish: Wish) -> int | None:
    """The number within a typed document where its symbol is the body's own: 15 of "15-QĐ/ĐU"."""
    said = nfc("".join(document.split()))
    found = _TYPED.fullmatch(said)
    if found is None:
        return None
    number = int(found[1])
    own = document_words(number, layout_on(wish.on, wish.family).layout, wish.kind, wish.mark)
    same = said.lstrip("0").casefold() == own.lstrip("0").casefold()
    return number if number and same else None


def number_given(unit_id: UUID, wish: Wish, number: int) -> PaperNumber | None:
    """What the register says of a number of this type and term."""
    term = _term(unit_id, wish)
    return PaperNumber.objects.filter(
        unit_id=unit_id, family=wish.family, type=wish.kind, term=term, number=number
    ).first()


def clash(other: PaperNumber) -> Conflict:
    """In plain words: what has the number."""
    if other.cancelled_at is not None:
        told = f"đã hủy ({other.cancel_reason}), số đã hủy không dùng lại"
    else:
        told = f"đã cấp ngày {date_vi(other.on)} cho “{other.about}”"
    return Conflict(
        f"Số {other.document} của nhiệm kỳ {other.term} {told}. Lấy số kế tiếp trong sổ văn bản "
        "đi, hoặc xem lại số đã gõ.",
        code="number-taken",
    )


# --- inside ------------------------------------------------------------------------------------


def _hold(unit_id: UUID, by: Viewer) -> None:
    """Who may, in reach; one after the other for one unit."""
    check_can(by, NUMBER)
    beside_register()
    visible_unit(by, unit_id, by.on)
    Unit.objects.select_for_update(no_key=True).get(pk=unit_id)


def _standing(unit_id: UUID, wish: Wish) -> PaperNumber | None:
    if not wish.subject:
        return None
    found = PaperNumber.objects.filter(
        unit_id=unit_id, family=wish.family, type=wish.kind, subject=wish.subject
    )
    return found.filter(cancelled_at=None).first()


def _prepared(unit_id: UUID, wish: Wish, *, by: Viewer, at: dt.datetime) -> PaperNumber:
    check_may_issue(wish.body, wish.kind, on=wish.on)
    if wish.on > localdate(at):
        raise InputError("Ngày của văn bản ở sau hôm nay. Ghi lại ngày.", field="on")
    return PaperNumber(
        unit_id=unit_id, family=wish.family, type=wish.kind, term=_term(unit_id, wish), on=wish.on,
        about=_about(wish.about), subject=wish.subject, body=wish.body, by=by.user, at=at,
        **_signed(wish.signer, wish.body, wish.on, wish.family),
    )  # fmt: skip


def _kept(made: PaperNumber, wish: Wish, verb: str, *, by: Viewer, at: dt.datetime) -> PaperNumber:
    """Saved with its number as it is printed."""
    if made.number is not None:
        layout = layout_on(wish.on, wish.family).layout
        made.document = document_words(made.number, layout, wish.kind, wish.mark)
    made.search = fold(f"{made.document} {made.about}")
    made.save(force_insert=True)
    _record(verb, made, by=by, at=at)
    return made


def _record(verb: str, one: PaperNumber, *, by: Viewer, at: dt.datetime, reason: str = "") -> None:
    data: dict[str, Any] = {
        "unit": str(one.unit_id), "type": one.type, "term": one.term, "number": one.number,
        "on": one.on.isoformat(), "about": one.about, "for": one.subject,
    }  # fmt: skip
    if reason:
        data["reason"] = reason
    record(verb, by=by.user, at=at, subject=f"paper_number:{one.pk}", data=data)


def _of_type(one: PaperNumber) -> Any:
    return PaperNumber.objects.filter(
        unit_id=one.unit_id, family=one.family, type=one.type, term=one.term
    )


def _decided_by(one: PaperNumber) -> int:
    """How many grades of the cycle the paper is of were decided by it."""
    kind, _, rest = one.subject.partition(":")
    if kind != "cycle" or not one.document:
        return 0
    decided = GradeDecision.objects.filter(dossier__cycle_id=rest.partition(":")[0])
    return decided.filter(document=one.document).count()


def _about(said: str) -> str:
    about = " ".join(plain(said).split())
    if not about or len(about) > LONGEST_NAME:
        raise InputError(
            f"Ghi trích yếu của văn bản, nhiều nhất {LONGEST_NAME} ký tự.", field="about"
        )
    return about


def _signed(
    signer: Signer | None, body: PaperBody, on: dt.date, family: PaperFamily
) -> dict[str, str]:
    """The signer as columns. Raises for a signature the body may not use."""
    if signer is None:
        return {"capacity": "", "signed_for": "", "signer_role": "", "signer_name": ""}
    said = {
        "signed_for": ("of", signer.of),
        "signer_role": ("role", signer.role),
        "signer_name": ("name", signer.name),
    }
    clean = {column: " ".join(plain(text).split()) for column, (_, text) in said.items()}
    for column, text in clean.items():
        if len(text) > LONGEST_SIGNER:
            raise InputError(f"Ghi nhiều nhất {LONGEST_SIGNER} ký tự.", field=said[column][0])
    if not clean["signer_role"]:
        raise InputError("Ghi chức vụ của người ký.", field="role", code="signer-role")
    signature(
        Signer(clean["signer_role"], clean["signer_name"], signer.capacity, clean["signed_for"]),
        body=body, on=on, family=family,
    )  # fmt: skip
    return {"capacity": signer.capacity.value, **clean}


def _term(unit_id: UUID, wish: Wish) -> str:
    if layout_on(wish.on, wish.family).layout.restarts is NumberRestart.YEAR:
        return str(wish.on.year)
    return term_on(unit_id, wish.on).name
