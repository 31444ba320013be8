"""What the page of a file does: for each act its form, the action behind it, what is said then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotNow
from vungmanh.core.programme_words import FileAct
from vungmanh.strengthening.actions import diagnosis, files, leaving, measures
from vungmanh.strengthening.models import SupportFile
from vungmanh.web.files import choices
from vungmanh.web.files.acts_later import LATER
from vungmanh.web.files.doing import Doing, plain, with_typed
from vungmanh.web.files.forms import (
    AnswerForm,
    CauseForm,
    HandOverForm,
    MeasureForm,
    NoForm,
    ReasonForm,
    SureForm,
)

A = FileAct


def _write_cause(file: SupportFile, said: dict[str, Any], by: Viewer, at: dt.datetime) -> Any:
    pairs = [one.split(":", 1) for one in said.get("links", [])]
    wish = diagnosis.CauseText(
        cause=said["cause"], evidence=said["evidence"], document=said["document"],
        links=[{"kind": kind, "id": known} for kind, known in pairs],
    )  # fmt: skip
    return diagnosis.write_cause(file_id=file.pk, said=wish, by=by, at=at)


def _write_measure(file: SupportFile, said: dict[str, Any], by: Viewer, at: dt.datetime) -> Any:
    known = said.pop("owner_known", "")
    wish = measures.MeasureText(**{**said, "owner": known or said["owner"]})
    return measures.write_measure(file_id=file.pk, said=wish, by=by, at=at)


def _hand_over(file: SupportFile, said: dict[str, Any], by: Viewer, at: dt.datetime) -> Any:
    return files.hand_over_file(
        file_id=file.pk, unit_id=UUID(said["unit_id"]), reason=said["reason"], by=by, at=at
    )


DOINGS: dict[FileAct, Doing] = {
    one.act: one
    for one in (
        Doing(
            A.WRITE_CAUSE,
            lambda data, offer: CauseForm(
                data, causes=choices.causes_to_name(offer), records=choices.records(offer)
            ),
            _write_cause, gettext_lazy("Đã ghi nguyên nhân."),
            gettext_lazy("Ghi sai thì rút lại ở trang của nguyên nhân, có lý do."),
        ),
        Doing(
            A.ASK_DIAGNOSIS, plain(NoForm), with_typed(diagnosis.ask_diagnosis),
            gettext_lazy("Đã trình chẩn đoán."),
            gettext_lazy(
                "Nguyên nhân phải suy ra thì xác minh tại chỗ hoặc có ý kiến thứ hai trước. Trình "
                "rồi thì không sửa được cho đến khi duyệt hoặc trả lại."
            ),
        ),
        Doing(
            A.APPROVE_DIAGNOSIS, plain(SureForm), with_typed(diagnosis.approve_diagnosis),
            gettext_lazy("Đã duyệt chẩn đoán; lộ trình mong đợi tính từ lần duyệt đầu tiên."),
            gettext_lazy("Duyệt rồi thì đơn vị đọc được các nguyên nhân này."),
        ),
        Doing(
            A.RETURN_DIAGNOSIS, plain(ReasonForm), with_typed(diagnosis.return_diagnosis, "reason"),
            gettext_lazy("Đã trả lại chẩn đoán."),
        ),
        Doing(
            A.WRITE_MEASURE,
            lambda data, offer: MeasureForm(
                data, kinds=choices.measure_kinds(offer), causes=choices.causes_named(offer),
                owners=choices.owners(offer),
            ),
            _write_measure, gettext_lazy("Đã ghi biện pháp."),
            gettext_lazy("Mỗi nguyên nhân cần ít nhất một biện pháp rồi mới trình được."),
        ),
        Doing(
            A.ASK_PLAN, plain(NoForm), with_typed(measures.ask_plan),
            gettext_lazy("Đã trình kế hoạch."),
            gettext_lazy("Trình rồi thì không sửa được cho đến khi duyệt hoặc trả lại."),
        ),
        Doing(
            A.APPROVE_PLAN, plain(SureForm), with_typed(measures.approve_plan),
            gettext_lazy("Đã duyệt kế hoạch; các biện pháp bắt đầu tính hạn."),
            gettext_lazy("Duyệt rồi thì đơn vị đọc được các biện pháp này."),
        ),
        Doing(
            A.RETURN_PLAN, plain(ReasonForm), with_typed(measures.return_plan, "reason"),
            gettext_lazy("Đã trả lại kế hoạch."),
        ),
        Doing(
            A.ANSWER, plain(AnswerForm), with_typed(files.answer_file, "text"),
            gettext_lazy("Đã ghi ý kiến của đơn vị; nơi theo dõi và cấp quyết định đọc được."),
            gettext_lazy("Ghi được nhiều lần; điều đã ghi giữ nguyên."),
        ),
        Doing(
            A.ACCEPT_HAND_OVER, plain(NoForm), with_typed(files.answer_hand_over, is_accepted=True),
            gettext_lazy("Đã nhận hồ sơ, cùng các việc còn mở."),
            gettext_lazy("Nhận rồi thì cơ quan của đồng chí là nơi theo dõi hồ sơ."),
        ),
        Doing(
            A.REFUSE_HAND_OVER, plain(ReasonForm),
            with_typed(files.answer_hand_over, "reason", is_accepted=False),
            gettext_lazy("Đã từ chối; nơi chuyển giao đọc được lý do."),
        ),
        Doing(
            A.HAND_OVER,
            lambda data, offer: HandOverForm(data, units=choices.committees_above(offer)),
            _hand_over, gettext_lazy("Đã gửi, chờ nơi kia nhận."),
            gettext_lazy("Việc còn mở đi theo hồ sơ; nơi nhận có thể từ chối, có lý do."),
        ),
        Doing(
            A.ASK_EXIT, plain(NoForm), with_typed(leaving.ask_exit),
            gettext_lazy("Đã trình ra khỏi diện."),
            gettext_lazy("Chỉ trình được khi đạt mọi điều kiện đã định lúc vào diện."),
        ),
        Doing(
            A.APPROVE_EXIT, plain(SureForm), with_typed(leaving.approve_exit),
            gettext_lazy("Đã duyệt ra khỏi diện; thời gian giữ vững tính từ hôm nay."),
            gettext_lazy("Máy xem lại các điều kiện một lần nữa khi duyệt."),
        ),
        Doing(
            A.RETURN_EXIT, plain(ReasonForm), with_typed(leaving.return_exit, "reason"),
            gettext_lazy("Đã trả lại đề nghị ra khỏi diện."),
        ),
        Doing(
            A.CLOSE, plain(NoForm), with_typed(leaving.close_file),
            gettext_lazy("Hồ sơ đã xong."),
            gettext_lazy("Sau ngày giữ vững cuối cùng, khi không còn việc phải sửa."),
        ),
        Doing(
            A.RELAPSE, plain(ReasonForm), with_typed(leaving.relapse_file, "reason"),
            gettext_lazy("Đã ghi tái yếu; đơn vị có thể được chọn lại ngay."),
            gettext_lazy("Máy cũng tự ghi khi kết quả tính cho thấy đơn vị lại yếu."),
        ),
        *LATER,
    )
}  # fmt: skip
#: Acts that come first on the page when they may be done: somebody waits for them.
FIRST = (
    A.ACCEPT_HAND_OVER, A.REFUSE_HAND_OVER, A.APPROVE_DIAGNOSIS, A.APPROVE_PLAN, A.APPROVE_EXIT,
    A.ASK_LINEAGE, A.APPROVE_CARRY, A.END,
    A.WRITE_CAUSE, A.WRITE_MEASURE,
)  # fmt: skip


def went_through(form: forms.Form, action: Callable[[], Any]) -> bool:
    """Whether the action went through; its refusal stands at its field, or above the form."""
    try:
        action()
    except InputError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
    except (NotNow, Conflict) as error:
        form.add_error(None, error.message)
    return not form.errors
