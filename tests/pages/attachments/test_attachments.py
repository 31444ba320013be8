"""Files of a meeting as each role meets them: add, refuse, download, take out with a reason."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from tests.cast import AT, CELLS, LANG_THU, QUAN_MAU, Cast, make_cast
from vungmanh.access.models import Event
from vungmanh.access.viewer import viewer_for
from vungmanh.access.wall import behind
from vungmanh.core.vocabulary import MeetingState, Role
from vungmanh.meetings.actions.attachments import add_attachment
from vungmanh.meetings.attaching import Record
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.models import Attachment, AttachmentContent, Inspection, Meeting
from vungmanh.outputs.attachments.attach import clean_file

pytestmark = pytest.mark.django_db

CELL = CELLS[QUAN_MAU][0]
MONTH = dt.date(2019, 12, 1)
FACTS = {"outcome": "held", "discussion": "Bàn việc sửa mương."}


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2019, 1, 1))


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    return Meeting.objects.create(
        pk=meeting_id(cast[CELL], "regular", MONTH), unit_id=cast[CELL], kind="regular",
        month=MONTH, state=MeetingState.RECORDING, form=1, facts=FACTS, changed_at=AT,
    )  # fmt: skip


def signed_in(cast: Cast, role: Role, unit: str) -> Client:
    client = Client()
    client.force_login(cast.user(f"{role.value}.{cast[unit].hex}", role, unit))
    return client


@pytest.fixture
def secretary(cast: Cast) -> Client:
    return signed_in(cast, Role.CELL_SECRETARY, CELL)


def photo(colour: str = "red", name: str = "IMG_0001.JPG") -> SimpleUploadedFile:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (21.0, 51.0, 12.0)}
    target = io.BytesIO()
    Image.new("RGB", (80, 60), colour).save(target, "JPEG", exif=exif)
    return SimpleUploadedFile(name, target.getvalue(), "image/jpeg")


def send(client: Client, meeting: Meeting, *files: SimpleUploadedFile, **more: object):
    form = {"kind": "roll_call", "file": list(files)}
    return client.post(reverse("attachment_add", args=[meeting.pk]), form, **more)


def test_the_page_of_the_paper_book_is_kept_without_where_it_was_taken(
    secretary: Client, meeting: Meeting
) -> None:
    sent = photo()
    answer = send(secretary, meeting, sent)
    assert answer.status_code == 302
    page = secretary.get(answer["Location"]).content.decode()
    assert "Có 1 tệp đính kèm." in page
    assert "Trang điểm danh" in page
    kept = Attachment.objects.get()
    assert (kept.unit_id, kept.kind, kept.name) == (meeting.unit_id, "roll_call", "IMG_0001.jpg")
    stored = bytes(AttachmentContent.objects.get().data)
    with Image.open(io.BytesIO(stored)) as picture:
        assert dict(picture.getexif()) == {}
    event = Event.objects.get(verb="attachment.added")
    assert event.subject == f"meeting:{meeting.pk}"
    assert event.personal == {"name": "IMG_0001.jpg"}


def test_a_download_opens_nowhere_but_as_a_file(secretary: Client, meeting: Meeting) -> None:
    send(secretary, meeting, photo(name="trang điểm danh.jpg"))
    answer = secretary.get(reverse("attachment", args=[Attachment.objects.get().pk]))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''trang")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.content == bytes(AttachmentContent.objects.get().data)


def test_a_photo_of_forty_megabytes_gets_a_sentence_and_the_draft_is_kept(
    secretary: Client, meeting: Meeting
) -> None:
    heavy = SimpleUploadedFile("IMG_40MB.JPG", b"\xff\xd8\xff" + bytes(40_000_000), "image/jpeg")
    answer = send(secretary, meeting, heavy)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Ảnh nặng 40" in page
    assert "nhận nhiều nhất 10" in page
    assert not Attachment.objects.exists()
    meeting.refresh_from_db()
    assert (meeting.facts, meeting.revision) == (FACTS, 0)


def test_a_part_of_the_page_is_answered_by_the_same_part(
    secretary: Client, meeting: Meeting
) -> None:
    htmx = {"headers": {"HX-Request": "true"}}
    part = send(secretary, meeting, photo(), **htmx)
    assert part.status_code == 200
    whole = secretary.get(reverse("attachment_add", args=[meeting.pk])).content.decode()
    assert bare(part.content.decode()) in bare(whole)
    refused = send(secretary, meeting, SimpleUploadedFile("a.jpg", b"GIF89a"), **htmx)
    assert refused.status_code == 422
    assert refused.content.decode().lstrip().startswith("<section")
    assert "Chỉ đính kèm được ảnh JPEG" in refused.content.decode()


def bare(page: str) -> str:
    return re.sub(r'value="\w{64}"', "", page).strip()


def test_the_same_photo_sent_twice_is_kept_once(secretary: Client, meeting: Meeting) -> None:
    send(secretary, meeting, photo())
    send(secretary, meeting, photo(), photo("blue"))
    assert Attachment.objects.count() == 2


def test_of_several_files_the_bad_one_is_named_and_the_good_ones_stay(
    secretary: Client, meeting: Meeting
) -> None:
    answer = send(secretary, meeting, photo(), SimpleUploadedFile("biên bản.docx", b"PK\x03\x04.."))
    assert answer.status_code == 422
    assert "“biên bản.docx”: Tệp Word" in answer.content.decode()
    assert Attachment.objects.count() == 1


def test_sending_nothing_says_so(secretary: Client, meeting: Meeting) -> None:
    answer = send(secretary, meeting)
    assert answer.status_code == 422
    assert "Chưa chọn tệp nào." in answer.content.decode()


def test_what_is_taken_out_leaves_who_and_why_but_no_content(
    secretary: Client, meeting: Meeting
) -> None:
    send(secretary, meeting, photo())
    kept = Attachment.objects.get()
    address = reverse("attachment_remove", args=[kept.pk])
    assert "không lấy lại được" in secretary.get(address).content.decode()
    assert secretary.post(address, {"reason": " "}).status_code == 422
    assert Attachment.objects.filter(removed_at=None).exists()
    answer = secretary.post(address, {"reason": "chụp <b>nhầm</b> trang"})
    page = secretary.get(answer["Location"]).content.decode()
    assert "Chưa có tệp đính kèm." in page
    assert "lý do: chụp &lt;b&gt;nhầm&lt;/b&gt; trang" in page
    assert not AttachmentContent.objects.exists()
    assert secretary.get(reverse("attachment", args=[kept.pk])).status_code == 404
    assert Event.objects.filter(verb="attachment.removed").exists()


def test_nobody_out_of_reach_reads_adds_or_takes_out(
    cast: Cast, secretary: Client, meeting: Meeting
) -> None:
    send(secretary, meeting, photo())
    kept = Attachment.objects.get()
    addresses = [
        reverse("attachment_add", args=[meeting.pk]),
        reverse("attachment", args=[kept.pk]),
        reverse("attachment_remove", args=[kept.pk]),
    ]
    stranger = signed_in(cast, Role.COMMITTEE_OFFICE, LANG_THU)
    assert [stranger.get(address).status_code for address in addresses] == [404] * 3
    assert send(stranger, meeting, photo("blue")).status_code == 404
    assert stranger.post(addresses[2], {"reason": "x"}).status_code == 404
    assert Attachment.objects.filter(removed_at=None).count() == 1


def test_the_second_wall_hides_row_and_bytes(
    cast: Cast, secretary: Client, meeting: Meeting
) -> None:
    send(secretary, meeting, photo())
    seen = {}
    for unit in (QUAN_MAU, LANG_THU):
        user = cast.user(f"tuong.{cast[unit].hex}", Role.COMMITTEE_OFFICE, unit)
        viewer = viewer_for(user, on=timezone.localdate())
        with behind(viewer, timezone.localdate()):
            seen[unit] = (Attachment.objects.count(), AttachmentContent.objects.count())
    assert seen == {QUAN_MAU: (1, 1), LANG_THU: (0, 0)}


def test_who_only_looks_gets_the_list_without_a_form(
    cast: Cast, secretary: Client, meeting: Meeting
) -> None:
    send(secretary, meeting, photo())
    overseer = signed_in(cast, Role.OVERSEER, CELL)
    page = overseer.get(reverse("attachment_add", args=[meeting.pk])).content.decode()
    assert "IMG_0001.jpg" in page
    assert "multipart/form-data" not in page
    assert "Bỏ tệp" not in page
    assert send(overseer, meeting, photo("blue")).status_code == 403


def test_files_of_an_inspection_are_added_by_whoever_stands_above_and_read_below(
    cast: Cast, secretary: Client
) -> None:
    inspection = Inspection.objects.create(
        unit_id=cast[CELL], kind="kiem_tra", body="Ủy ban kiểm tra", by_unit_id=cast[QUAN_MAU],
        on=dt.date(2020, 1, 9), first_month=dt.date(2019, 1, 1), last_month=MONTH,
        document="Quyết định 1-QĐ/UBKT", state="recorded",
    )  # fmt: skip
    address = reverse("inspection_attachments", args=[inspection.pk])
    office = signed_in(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    assert office.post(address, {"kind": "scan", "file": photo()}).status_code == 302
    page = secretary.get(address).content.decode()
    assert "IMG_0001.jpg" in page
    assert "multipart/form-data" not in page
    assert secretary.post(address, {"kind": "scan", "file": photo("blue")}).status_code == 403
    remove = reverse("attachment_remove", args=[Attachment.objects.get().pk])
    assert "chỉ xem tệp" in secretary.get(remove).content.decode()
    assert secretary.post(remove, {"reason": "x"}).status_code == 403
    inspection.state, inspection.withdrawn_reason = "withdrawn", "nhầm đơn vị"
    inspection.save()
    assert office.post(address, {"kind": "scan", "file": photo("blue")}).status_code == 409


@pytest.mark.parametrize(
    ("state", "answers"),
    [
        (MeetingState.FILED, (302, 302)),
        (MeetingState.CONFIRMED, (409, 302)),
        (MeetingState.SEALED, (409, 409)),
    ],
)
def test_what_is_confirmed_or_sealed_takes_files_only_from_who_may_still_change_it(
    cast: Cast,
    secretary: Client,
    meeting: Meeting,
    state: MeetingState,
    answers: tuple[int, int],
) -> None:
    by_secretary, by_office = answers
    Meeting.objects.update(state=state)
    office = signed_in(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    assert send(secretary, meeting, photo()).status_code == by_secretary
    assert send(office, meeting, photo("blue")).status_code == by_office
    shown = secretary.get(reverse("attachment_add", args=[meeting.pk])).content.decode()
    assert ("đính chính" in shown) == (by_secretary == 409)


def test_a_record_takes_twenty_files_and_says_so(secretary: Client, meeting: Meeting) -> None:
    for number in range(20):
        Attachment.objects.create(
            unit_id=meeting.unit_id, subject="meeting", subject_id=meeting.pk, kind="photo",
            name="a.jpg", media_type="image/jpeg", size=9, sha256="0", original_sha256=str(number),
            added_at=AT,
        )  # fmt: skip
    answer = send(secretary, meeting, photo())
    assert answer.status_code == 422
    assert "nhiều nhất 20 tệp" in answer.content.decode()


@pytest.mark.parametrize("files", [1, 3])
def test_a_list_asks_as_much_for_three_files_as_for_one(
    secretary: Client,
    meeting: Meeting,
    files: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for colour in ("red", "blue", "green")[:files]:
        send(secretary, meeting, photo(colour))
    secretary.get(reverse("attachment_add", args=[meeting.pk]))
    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        shown = secretary.get(reverse("attachment_add", args=[meeting.pk]))
    assert shown.status_code == 200


QUERIES_OF_THE_LIST = 21


def test_the_same_photo_sent_twice_at_once_is_kept_once(
    cast: Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other's row comes between the look and the write."""
    file = clean_file("a.jpg", photo().read())
    viewer = viewer_for(cast.user("bithu2", Role.CELL_SECRETARY, CELL), on=timezone.localdate())
    said = {
        "subject": "meeting", "subject_id": meeting.pk, "kind": "photo", "file": file,
        "by": viewer, "at": timezone.now(),
    }  # fmt: skip
    first = add_attachment(**said)
    with monkeypatch.context() as blind:
        blind.setattr("django.db.models.query.QuerySet.first", lambda self: None)
        blind.setattr("vungmanh.meetings.actions.attachments.check_may_attach", found_by(meeting))
        second = add_attachment(**said)
    assert second == first
    assert AttachmentContent.objects.count() == 1


def found_by(meeting: Meeting) -> object:
    return lambda *args: Record(meeting.unit_id, meeting.month)
