"""A list of members read from a file: what each row would do, until it is done or thrown away.

The file itself is never kept, and no word of a person stays once the list is carried out or thrown
away: `said` is emptied, and what stood before is told by events, which erasing a name reaches.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import MembershipStatus, Vocabulary


class MemberColumn(Vocabulary):
    """What a column of such a file holds."""

    ROW = "row", "Khóa dòng của chương trình"
    KEY = "key", "Mã trong cơ sở dữ liệu đảng viên"
    NAME = "name", "Họ và tên"
    FAMILY = "family", "Họ và chữ đệm"
    GIVEN = "given", "Tên"
    BORN = "born", "Ngày sinh"
    JOINED = "joined", "Ngày vào Đảng"
    STATUS = "status", "Diện"
    UNIT = "unit", "Chi bộ"
    CODE = "code", "Mã chi bộ"
    ABOVE = "above", "Đảng bộ của chi bộ"


class MemberLineState(Vocabulary):
    """How a row stands to the register."""

    NEW = "new", "Người mới"
    DIFFERENT = "different", "Khác sổ"
    SAME = "same", "Như sổ"
    MISSING = "missing", "Có trong sổ, không có trong tệp"
    REFUSED = "refused", "Không nhận"


class ListState(Vocabulary):
    """Where such a list stands."""

    PREVIEW = "preview", "Đang xem trước"
    DONE = "done", "Đã thực hiện"
    UNDONE = "undone", "Đã hoàn tác"


class MemberList(models.Model):
    """One file read. `columns` lists [heading, column or ""] as they were understood; `stood` is a
    hash of the register it was compared with; `journal` what carrying it out wrote."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=ListState.choices())
    from_day = models.DateField()
    status = models.CharField(max_length=16, choices=MembershipStatus.choices())  # where none told
    columns = models.JSONField(default=list)
    problem = models.CharField(max_length=500, blank=True)
    stood = models.CharField(max_length=64, blank=True)
    journal = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.state}"


class MemberLine(models.Model):
    """A row of the file, or somebody of the register whom it does not name.

    `said` holds what the row says of somebody, of cells with names only (of a row turned away the
    name alone); `differs` the fields in
    which it is not as the register, `taken` those a person accepted.
    """

    dated_as = "dòng của danh sách đảng viên đã đọc từ tệp"
    follows_register = models.Q(of__state__in=[ListState.PREVIEW, ListState.UNDONE])

    of = models.ForeignKey(MemberList, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    place = models.CharField(max_length=80, blank=True)  # sheet and row, as a reader finds it
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("org.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=MemberLineState.choices())
    reason = models.CharField(max_length=500, blank=True)
    said = models.JSONField(default=dict)
    differs = models.JSONField(default=list)
    taken = models.JSONField(default=list)

    class Meta:
        ordering = ["number", "id"]
        indexes = [models.Index(fields=["of", "state"], name="outputs_memberline_state")]

    def __str__(self) -> str:
        return f"{self.place}: {self.state}"


class MemberHeading(models.Model):
    """What somebody said a heading means, kept for their next file; "" says: not needed."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    heading = models.CharField(max_length=120)  # core.text.same_words_key
    column = models.CharField(max_length=8, choices=MemberColumn.choices(), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["by", "heading"], name="outputs_heading_once")
        ]

    def __str__(self) -> str:
        return f"{self.heading}: {self.column}"
