"""Acts of following a file: reviews by named persons, and what becomes of it when its unit ends."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy

from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer
from vungmanh.core.programme_words import FileAct, FileFate
from vungmanh.strengthening.actions import file_lineage, file_reviews
from vungmanh.strengthening.models import SupportFile
from vungmanh.web.files import choices
from vungmanh.web.files.doing import Doing, plain, with_typed
from vungmanh.web.files.forms import (
    LineageForm,
    NameReviewerForm,
    ReasonForm,
    ReviewForm,
    SureForm,
)

A = FileAct


def _named(key: str) -> User | None:
    return User.objects.get(pk=key) if key else None


def _review(file: SupportFile, said: dict[str, Any], by: Viewer, at: dt.datetime) -> Any:
    return file_reviews.review_file(
        file_id=file.pk, kind=said["kind"], text=said["text"], conclusion=said["conclusion"],
        reviewer=_named(said["reviewer"]), by=by, at=at,
    )  # fmt: skip


def _name_reviewer(file: SupportFile, said: dict[str, Any], by: Viewer, at: dt.datetime) -> Any:
    return file_reviews.name_reviewer(
        file_id=file.pk, kind=said["kind"], reviewer=User.objects.get(pk=said["reviewer"]),
        due_on=said["due_on"], by=by, at=at,
    )  # fmt: skip


def _ask_lineage(file: SupportFile, said: dict[str, Any], by: Viewer, at: dt.datetime) -> Any:
    fate, _colon, unit = said["fate"].partition(":")
    return file_lineage.ask_lineage(
        file_id=file.pk, fate=FileFate(fate), unit_id=UUID(unit) if unit else None,
        reason=said["reason"], by=by, at=at,
    )  # fmt: skip


LATER = (
    Doing(
        A.NAME_REVIEWER,
        lambda data, offer: NameReviewerForm(data, reviewers=choices.reviewers(offer)),
        _name_reviewer, gettext_lazy("Đã cử người kiểm điểm; người ấy thấy ở việc hôm nay."),
        gettext_lazy("Nơi dưới lộ trình hai tháng liền phải có một người cụ thể kiểm điểm."),
    ),
    Doing(
        A.REVIEW,
        lambda data, offer: ReviewForm(data, reviewers=choices.reviewers(offer)),
        _review,
        gettext_lazy("Đã ghi kết quả kiểm điểm, cùng con số và mức xếp loại lúc ấy."),
    ),
    Doing(
        A.ASK_LINEAGE,
        lambda data, offer: LineageForm(data, fates=choices.fates(offer)),
        _ask_lineage, gettext_lazy("Đã trình cách xử lý hồ sơ."),
        gettext_lazy("Việc còn mở và biện pháp đi theo hồ sơ; nơi kế tiếp phải chẩn đoán lại."),
    ),
    Doing(
        A.APPROVE_CARRY, plain(SureForm), with_typed(file_lineage.approve_carry),
        gettext_lazy("Đã mang hồ sơ sang nơi kế tiếp; chẩn đoán phải trình lại."),
        gettext_lazy("Từ đây con số là của nơi kế tiếp."),
    ),
    Doing(
        A.END, plain(SureForm), with_typed(file_lineage.approve_end),
        gettext_lazy("Hồ sơ đã khép lại theo đơn vị."),
        gettext_lazy("Điều đã ghi còn đọc được; việc còn mở ghi tiếp ở nơi kế tiếp."),
    ),
    Doing(
        A.RETURN_LINEAGE, plain(ReasonForm), with_typed(file_lineage.return_lineage, "reason"),
        gettext_lazy("Đã trả lại đề nghị."),
    ),
    Doing(
        A.UNDO_LINEAGE, plain(ReasonForm), with_typed(file_lineage.undo_carry, "reason"),
        gettext_lazy("Hồ sơ trở về đơn vị trước; việc sắp xếp nay hoàn tác được."),
        gettext_lazy("Chỉ làm khi việc sắp xếp sẽ hoàn tác."),
    ),
)  # fmt: skip
