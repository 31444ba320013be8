"""What nobody should type is answered with a sentence, never with a fault, and nothing is lost."""

from __future__ import annotations

import io
import zipfile

import docx
from django.http import HttpResponse

from tests.pages.evaluation.conftest import CELL, Story
from tests.pages.evaluation.test_from_outside import addresses
from vungmanh.core.vocabulary import Role
from vungmanh.evaluation.models import Dossier, DossierEntry
from vungmanh.org.models import UnitVersion

OFFICE, SECRETARY = Role.COMMITTEE_OFFICE, Role.CELL_SECRETARY
UNSEEN = ("chuông\x07", "đảo\u202echiều", "rỗng\u200b", "xóa\x7f")
ODD = "Lý do\x0b\x1f\t\n <w:p>&amp;]]>{{ 7*7 }} =CMD|' /C calc'!A0 \U0001f600"
POINTS = ("١٢", "1e5", "-1", "NaN", "∞", "101", "8,7,5", "0x1F", "1_0", "9" * 8, "½", "87.5555")
DAYS = ("2026-13-45", "0000-00-00", "99999-01-01", "hôm qua", "31/02/2026", "\u0662\u0660")
_LONG = "%F0%9F%98%80" * 200 + "&q=" + "x" * 5000
QUERIES = ("?trang=" + "9" * 40 + "&nam=\u0662\u0660&ky=99-9999&so=khong-phai&xep-loai=1",
           f"?tt=la&nhom=%0Bla&muon=<b>&in=1&noi={_LONG}")  # fmt: skip


def opens(answer: HttpResponse) -> str:
    """The words of a Word or Excel file that must open."""
    if "wordprocessingml" in answer["Content-Type"]:
        made = docx.Document(io.BytesIO(answer.content))
        cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(one.text for one in made.paragraphs), *cells])
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def test_odd_points_are_refused_at_their_field_and_what_was_typed_stays(story: Story) -> None:
    story.as_(SECRETARY, CELL)
    for points in POINTS:
        answer = story.post("rate_self", grade="tot", points=points, reason="Câu đã gõ")
        assert answer.status_code == 422, points
        assert "Câu đã gõ" in answer.content.decode()
    for fields in ({"grade": "la"}, {"grade": "tot", "reason": "x" * 501}, {"grade": "\u202etot"}):
        assert story.post("rate_self", **fields).status_code == 422, fields
    assert not DossierEntry.objects.exists()


def test_odd_days_and_long_numbers_of_a_document_are_refused(story: Story) -> None:
    story.as_(SECRETARY, CELL)
    story.post("rate_self", grade="tot", points="80")
    story.as_(OFFICE)
    story.post("open_opinions")
    story.post("give_opinion", body=story.cycle.bodies[0], grade="tot")
    story.post("verify", grade="tot")
    story.post("propose", grade="tot")
    for day in DAYS:
        answer = story.post("decide", grade="tot", document="1-QĐ/ĐU", document_date=day)
        assert answer.status_code == 422, day
        assert "1-QĐ/ĐU" in answer.content.decode()
    assert story.post("decide", grade="tot", document="x" * 201).status_code == 422
    assert Dossier.objects.get(pk=story.dossier().pk).state == "proposed"


def test_odd_words_are_kept_and_every_paper_with_them_opens(story: Story) -> None:
    name = "=HYPERLINK(1) <b>&" + "Ệ" * 180
    UnitVersion.objects.filter(unit_id=story.cast[CELL]).update(name=name)
    Dossier.objects.filter(unit_id=story.cast[CELL]).update(name=name)
    story.as_(SECRETARY, CELL)
    for unseen in UNSEEN:
        refused = story.post("rate_self", grade="tot", points="80", reason=unseen)
        assert refused.status_code == 422, unseen
        assert "ký tự lạ" in refused.content.decode()
    story.post("rate_self", grade="tot", points="80", reason=ODD)
    assert DossierEntry.objects.filter(act="rate_self").exists()
    client, files = story.as_(OFFICE), 0
    for address in addresses(story):
        answer = client.get(address)
        if answer.status_code == 200 and "openxml" in answer["Content-Type"]:
            words, files = opens(answer), files + 1
            assert "\x0b" not in words
            assert "<f>HYPERLINK" not in words
            assert "49 =CMD" not in words
    assert files >= 6
    page = client.get(f"/xep-loai/ho-so/{story.dossier().pk}/").content.decode()
    assert "&lt;w:p&gt;" in page
    assert "<w:p>" not in page


def test_odd_addresses_are_answered(story: Story) -> None:
    client = story.as_(OFFICE)
    for address in ("/xep-loai/", "/bieu-mau/", *addresses(story)):
        if address.endswith((".docx", ".xlsx")) and not address.endswith("phieu-y-kien.docx"):
            continue
        for odd in QUERIES:
            answer = client.get(address + odd)
            assert answer.status_code in {200, 400, 403, 404, 405}, (address, odd)
