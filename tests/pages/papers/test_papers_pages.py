"""Minutes and notice as each role meets them: to read, to print, to take away."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import docx
import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from tests.cast import AT, CELLS, LANG_THU, QUAN_MAU, Cast, listed, make_cast
from vungmanh.core.errors import NotNow
from vungmanh.core.vocabulary import MeetingState, Role
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.models import (
    Meeting,
    MeetingVersion,
    SheetScore,
    Task,
)
from vungmanh.org.models import NamesSwitch

pytestmark = pytest.mark.django_db

CELL = CELLS[QUAN_MAU][0]
MONTH = dt.date(2019, 12, 1)
HTML = "<script>alert(1)</script>"
PAPERS = ("meeting_minutes", "meeting_minutes_docx", "meeting_notice", "meeting_notice_docx")


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2019, 1, 1))


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    return Meeting.objects.create(
        pk=meeting_id(cast[CELL], "regular", MONTH), unit_id=cast[CELL], kind="regular",
        month=MONTH, state=MeetingState.RECORDING, form=1, changed_at=AT,
        facts={"outcome": "held", "held_on": "2019-12-05", "present": 8, "discussion": HTML},
        plan={"planned_on": "2019-12-05", "planned_at": "19:30", "place": "Nhà văn hóa"},
    )  # fmt: skip


def signed_in(cast: Cast, role: Role, unit: str) -> Client:
    client = Client()
    client.force_login(cast.user(f"{role.value}.{cast[unit].hex}", role, unit))
    return client


@pytest.fixture
def secretary(cast: Cast) -> Client:
    return signed_in(cast, Role.CELL_SECRETARY, CELL)


def words(html: str) -> str:
    article = html.split('<article class="document"', 1)[1].split("</article>", 1)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", article).split())


def test_the_page_says_what_the_word_file_says(secretary: Client, meeting: Meeting) -> None:
    page = secretary.get(reverse("meeting_minutes", args=[meeting.pk])).content.decode()
    shown = words(page)
    assert HTML not in page
    assert "&lt;script&gt;alert(1)" in page
    made = docx.Document(
        io.BytesIO(secretary.get(reverse("meeting_minutes_docx", args=[meeting.pk])).content)
    )
    for line in made.paragraphs:
        said = " ".join(line.text.split()).replace("<", "&lt;").replace(">", "&gt;")
        if said and said != "-----":
            assert said.lower() in shown.lower(), said


def test_a_paper_is_named_so_that_a_folder_stays_in_order(
    secretary: Client, meeting: Meeting
) -> None:
    answer = secretary.get(reverse("meeting_minutes_docx", args=[meeting.pk]))
    name = "bien-ban-chi-bo-thon-na-mau-2019-12.docx"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    entry = secretary.get(reverse("meeting_ics", args=[meeting.pk]))
    assert entry["Content-Type"] == "text/calendar; charset=utf-8"
    assert f"UID:{meeting.pk}@vungmanh" in entry.content.decode()


@pytest.mark.parametrize("name", ["meeting_minutes", "meeting_notice"])
def test_the_pdf_says_what_the_word_file_says(
    secretary: Client, meeting: Meeting, name: str
) -> None:
    href = f"{reverse(f'{name}_docx', args=[meeting.pk])}?dang=pdf"
    assert href in secretary.get(reverse(name, args=[meeting.pk])).content.decode()
    answer = secretary.get(href)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].endswith('-2019-12.pdf"')
    read = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    said = "".join(read.split())
    made = docx.Document(io.BytesIO(secretary.get(href.partition("?")[0]).content))
    for line in made.paragraphs:
        assert "".join(line.text.split()) in said, line.text


def test_without_what_draws_a_pdf_the_page_says_what_to_install(
    secretary: Client, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_paper: object) -> bytes:
        raise NotNow("Chưa cài phần “documents”.", code="extra-missing")

    monkeypatch.setattr("vungmanh.web.papers.views.as_pdf", missing)
    href = reverse("meeting_minutes_docx", args=[meeting.pk])
    answer = secretary.get(f"{href}?dang=pdf")
    assert 400 <= answer.status_code < 500
    assert "Chưa cài phần “documents”." in answer.content.decode()


def test_the_draft_says_that_it_is_one(secretary: Client, meeting: Meeting) -> None:
    page = secretary.get(reverse("meeting_minutes", args=[meeting.pk])).content.decode()
    assert "bản nháp, chưa nộp" in page
    assert "Bản nháp, chưa nộp" in words(page)


@pytest.mark.parametrize("role", [Role.OVERSEER, Role.PROVINCIAL_ANALYST])
def test_a_draft_is_read_by_those_who_write_it_only(
    cast: Cast, secretary: Client, meeting: Meeting, role: Role
) -> None:
    reader = signed_in(cast, role, CELL if role is Role.OVERSEER else QUAN_MAU)
    for name in PAPERS[:2]:
        address = reverse(name, args=[meeting.pk])
        answer = reader.get(address)
        assert answer.status_code == 409
        assert "alert(1)" not in answer.content.decode()
        assert secretary.get(address).status_code == 200
    filed(meeting)
    assert reader.get(address).status_code == 200


def test_the_roll_by_name_is_for_those_who_call_it(
    cast: Cast, secretary: Client, meeting: Meeting
) -> None:
    switch = {"unit_id": cast[QUAN_MAU], "from_day": dt.date(2019, 1, 1), "document": "QĐ 3"}
    NamesSwitch.objects.create(**switch, by=cast.user("bat.ten", None))
    row = listed(meeting.unit_id, "Nông Thử Ba")
    meeting.facts |= {"roll": {str(row.person_id): {"status": "excused", "reason": "ốm nặng"}}}
    meeting.save()
    filed(meeting)
    overseer = signed_in(cast, Role.OVERSEER, CELL)
    address = reverse("meeting_minutes", args=[meeting.pk])
    for said in ("Nông Thử Ba", "ốm nặng"):
        assert said in words(secretary.get(address).content.decode())
        assert said not in words(overseer.get(address).content.decode())


def filed(meeting: Meeting) -> None:
    """What the draft says, as its first version."""
    MeetingVersion.objects.create(
        meeting=meeting, version=1, filing=1, facts=meeting.facts, membership={}, digest="",
        filed_at=AT, filed_via="web",
    )  # fmt: skip


def test_points_that_are_not_open_to_all_stand_in_no_minutes(
    cast: Cast, secretary: Client, meeting: Meeting
) -> None:
    filed(meeting)
    by = cast.user("nguoi.cham", Role.CELL_SECRETARY, CELL)
    SheetScore.objects.create(
        meeting=meeting, version=1, scorer="self", rule_id="x", rule_version="x", scores={},
        evidence={}, lines=[], total=77, attainable=100, is_complete=True, is_blind=True,
        via="web", given_at=AT, given_by=by,
    )  # fmt: skip
    overseer = signed_in(cast, Role.OVERSEER, CELL)
    address = reverse("meeting_minutes", args=[meeting.pk])
    assert "77" not in words(overseer.get(address).content.decode())
    assert "77" not in words(secretary.get(address).content.decode())


def test_papers_of_a_neighbour_are_not_found(cast: Cast, meeting: Meeting) -> None:
    stranger = signed_in(cast, Role.COMMITTEE_OFFICE, LANG_THU)
    answers = {name: stranger.get(reverse(name, args=[meeting.pk])) for name in PAPERS}
    answers["meeting_ics"] = stranger.get(reverse("meeting_ics", args=[meeting.pk]))
    answers["blank_minutes"] = stranger.get(reverse("blank_minutes", args=[meeting.unit_id]))
    assert {name: one.status_code for name, one in answers.items()} == dict.fromkeys(answers, 404)


def test_the_form_to_print_is_for_a_cell_and_its_month(
    cast: Cast, secretary: Client, meeting: Meeting
) -> None:
    answer = secretary.get(reverse("blank_minutes", args=[meeting.unit_id]) + "?thang=2019-11")
    made = docx.Document(io.BytesIO(answer.content))
    assert "Sinh hoạt chi bộ thường kỳ tháng 11 năm 2019" in [one.text for one in made.paragraphs]
    office = signed_in(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    whole = office.get(reverse("blank_minutes", args=[cast[QUAN_MAU]]) + "?thang=2019-11")
    with zipfile.ZipFile(io.BytesIO(whole.content)) as forms:
        assert len(forms.namelist()) == len(CELLS[QUAN_MAU])
        assert forms.namelist()[0].endswith("-2019-11.docx")


@pytest.mark.parametrize("tasks", [1, 3])
def test_minutes_ask_as_much_for_three_tasks_as_for_one(
    secretary: Client,
    meeting: Meeting,
    tasks: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(tasks):
        Task.objects.create(
            unit_id=meeting.unit_id, title=f"Việc {number}", title_fold="viec", owner="Phó bí thư",
            output="x", given_on=dt.date(2019, 11, 5), due_on=dt.date(2019, 11, 20), changed_at=AT,
        )  # fmt: skip
    secretary.get(reverse("meeting_minutes", args=[meeting.pk]))
    with django_assert_num_queries(QUERIES):
        page = secretary.get(reverse("meeting_minutes", args=[meeting.pk])).content.decode()
    assert words(page).count("Chưa xong") == tasks


QUERIES = 28
