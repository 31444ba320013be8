"""Keeping a supplied form, mapping its cells, replacing its file, taking it out of use."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from pathlib import PurePosixPath
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError
from vungmanh.core.text import nfc, number_vi
from vungmanh.core.vocabulary import Reach
from vungmanh.org.turns import beside_register
from vungmanh.outputs.forms.addresses import is_address
from vungmanh.outputs.forms.mapping import Target
from vungmanh.outputs.forms.preview import book_of, look_over
from vungmanh.outputs.papers.layout import plain
from vungmanh.outputs.supplied.catalogue import TEXT, figure_of
from vungmanh.outputs.supplied.filling import MOST_BYTES
from vungmanh.outputs.supplied.models import FormPurpose, SuppliedForm
from vungmanh.outputs.supplied.reads import FILL, check_keeps, form_visible

MOST_CELLS, LONGEST_NAME, LONGEST_TEXT = 300, 120, 500


@transaction.atomic
def keep_form(
    *, name: str, purpose: FormPurpose, file_name: str, content: bytes, by: Viewer, at: dt.datetime
) -> SuppliedForm:
    """Take a template as it is. Raises InputError (`name`, `file`), Conflict for a name twice."""
    check_can(by, FILL)
    beside_register()
    own = by.units_with(Reach.UNIT_AND_BELOW)
    if not own:
        raise InputError("Vai trò của đồng chí không thuộc cấp ủy nào để giữ mẫu.", field="name")
    said = " ".join(plain(name).split())
    if not said or len(said) > LONGEST_NAME:
        raise InputError(f"Ghi tên mẫu, nhiều nhất {LONGEST_NAME} ký tự.", field="name")
    _check_content(content)
    try:
        with transaction.atomic():
            kept = SuppliedForm.objects.create(
                unit_id=own[0], name=said, purpose=purpose, file_name=_file_name(file_name),
                sha256=hashlib.sha256(content).hexdigest(), content=content,
                kept_on=localdate(at), changed_at=at, changed_by=by.user,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(
            f"Đơn vị đã có mẫu tên “{said}”. Đặt tên khác, hoặc thay tệp của mẫu ấy.",
            code="form-name-taken",
        ) from None
    _record("form.kept", kept, by, at, name=said, sha256=kept.sha256)
    return kept


@transaction.atomic
def map_cell(
    *, form_id: UUID, version: int, figure: str, sheet: str, cell: str, text: str = "",
    by: Viewer, at: dt.datetime,
) -> SuppliedForm:  # fmt: skip
    """Let a figure go into a cell, given by its address or by the template's own name for it.

    Raises InputError (`figure`, `text`, `cell`) where the template does not take it."""
    form = _held(form_id, version, by)
    purpose = FormPurpose(form.purpose)
    if figure_of(purpose, figure) is None:
        raise InputError("Chọn số liệu trong danh sách.", field="figure")
    words = " ".join(plain(text).split()) if figure == TEXT else ""
    if figure == TEXT and not 0 < len(words) <= LONGEST_TEXT:
        raise InputError(f"Gõ chữ cần ghi sẵn, nhiều nhất {LONGEST_TEXT} ký tự.", field="text")
    if len(form.cells) >= MOST_CELLS:
        raise InputError(f"Một mẫu khai nhiều nhất {MOST_CELLS} ô.", field="cell")
    where = nfc(cell.strip()).replace("$", "")
    is_cell = is_address(where.upper())
    added = {
        "figure": figure, "text": words, "sheet": sheet if is_cell else "",
        "cell": where.upper() if is_cell else "", "name": "" if is_cell else where,
    }  # fmt: skip
    targets = [Target(str(n), one["sheet"], one["cell"], one["name"])
               for n, one in enumerate([*form.cells, added])]  # fmt: skip
    seen = look_over(bytes(form.content), targets, dict.fromkeys((t.value for t in targets), None))
    if (refusal := seen[-1].refusal) is not None:
        raise InputError(refusal.message, field="cell", code=refusal.code)
    form.cells = [*form.cells, added]
    return _changed("form.mapped", form, by, at, **added)


@transaction.atomic
def drop_cell(
    *, form_id: UUID, version: int, number: int, by: Viewer, at: dt.datetime
) -> SuppliedForm:
    """Take one line out of the map."""
    form = _held(form_id, version, by)
    if not 0 <= number < len(form.cells):
        raise InputError("Ô này không còn trong bản khai. Tải lại trang.", field="cell")
    gone = form.cells[number]
    form.cells = [one for place, one in enumerate(form.cells) if place != number]
    return _changed("form.unmapped", form, by, at, **gone)


@transaction.atomic
def replace_file(
    *, form_id: UUID, version: int, file_name: str, content: bytes, by: Viewer, at: dt.datetime
) -> SuppliedForm:
    """The template of a new year in place of the old one; the map stays and is held against it."""
    form = _held(form_id, version, by)
    _check_content(content)
    form.content, form.file_name = content, _file_name(file_name)
    form.sha256 = hashlib.sha256(content).hexdigest()
    return _changed("form.replaced", form, by, at, sha256=form.sha256)


@transaction.atomic
def remove_form(
    *, form_id: UUID, version: int, reason: str, by: Viewer, at: dt.datetime
) -> SuppliedForm:
    """Out of use, with a reason; what was kept stays."""
    form = _held(form_id, version, by)
    said = " ".join(plain(reason).split())
    if not said or len(said) > 300:
        raise InputError("Ghi vì sao bỏ mẫu, nhiều nhất 300 ký tự.", field="reason")
    form.removed_at, form.removed_reason = at, said
    return _changed("form.removed", form, by, at, reason=said)


def _held(form_id: UUID, version: int, by: Viewer) -> SuppliedForm:
    """The form, locked. Raises NotFound, NotAllowed, Conflict when it has changed since."""
    check_can(by, FILL)
    form = form_visible(by, form_id)
    check_keeps(by, form)
    form = SuppliedForm.objects.select_for_update().get(pk=form.pk)
    if form.version != version or form.removed_at is not None:
        raise Conflict(
            "Mẫu vừa được người khác sửa. Xem lại bản khai rồi làm lại.", code="form-changed"
        )
    return form


def _changed(
    verb: str, form: SuppliedForm, by: Viewer, at: dt.datetime, **data: str
) -> SuppliedForm:
    form.version += 1
    form.changed_at, form.changed_by = at, by.user
    form.save()
    _record(verb, form, by, at, **data)
    return form


def _record(verb: str, form: SuppliedForm, by: Viewer, at: dt.datetime, **data: str) -> None:
    record(
        verb, by=by.user, at=at, subject=f"supplied_form:{form.pk}",
        data={"unit": str(form.unit_id), "version": form.version, **data},
    )  # fmt: skip


def _check_content(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise InputError(
            f"Tệp nặng {number_vi(len(content) / 1e6)} MB, mẫu nặng nhất {MOST_BYTES // 1_000_000} "
            "MB. Xin bản gọn hơn của nơi ban hành.",
            field="file",
            code="form-too-large",
        )
    book_of(content)


def _file_name(name: str) -> str:
    """The name as a file may be called anywhere."""
    last = PurePosixPath(plain(name).replace("\\", "/")).name
    kept = re.sub(r'[\x00-\x1f<>:"|?*]', "", last).removesuffix(".xlsx").strip(". ")
    return f"{kept[: LONGEST_NAME - 5] or 'mau'}.xlsx"
