"""All dossiers of a cycle in one zip: made in sight, turn by turn, and only for who asked."""

from __future__ import annotations

import datetime as dt
import html
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import LANG_THU, PROVINCE
from tests.pages.evaluation.conftest import CELL, Story
from vungmanh.core.vocabulary import Role
from vungmanh.evaluation.models import Dossier
from vungmanh.outputs.gradings import bundle as bundles

OFFICE, SECRETARY, ANALYST = Role.COMMITTEE_OFFICE, Role.CELL_SECRETARY, Role.PROVINCIAL_ANALYST


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    return tmp_path / "papers"


def address(story: Story) -> str:
    return f"/xep-loai/{story.cycle.pk}/tai-ho-so/"


def page(client: Client, story: Story) -> str:
    answer = client.get(address(story))
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def send(client: Client, story: Story, act: str) -> None:
    answer = client.post(address(story), {"act": act})
    assert (answer.status_code, answer.headers.get("Location")) == (302, address(story))


def download(client: Client, story: Story) -> bytes:
    answer = client.get(address(story) + "?tai=1")
    assert answer["Content-Type"] == "application/zip"
    assert 'filename="ho-so-dang-bo-xa-quan-mau-2019.zip"' in answer["Content-Disposition"]
    return bytes(answer.content)


def ready(client: Client, story: Story) -> bytes:
    send(client, story, "make")
    send(client, story, "continue")
    return download(client, story)


def parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        for name in opened.namelist():
            yield name, opened.read(name)


def test_the_zip_holds_every_dossier_as_downloaded_alone(story: Story) -> None:
    client = story.as_(OFFICE)
    found = dict(parts(ready(client, story)))
    assert len(found) == Dossier.objects.filter(cycle=story.cycle).count() == 3
    alone = client.get(f"/xep-loai/ho-so/{story.dossier().pk}/ho-so.docx").content
    assert found["ho-so-chi-bo-thon-na-mau-2019.docx"] == alone
    assert ready(client, story) == ready(client, story)


def test_the_page_says_how_far_it_has_come_and_goes_on_by_itself(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "A_TURN", 2)
    client = story.as_(OFFICE)
    assert "Chưa tạo tệp nén nào" in page(client, story)
    send(client, story, "make")
    assert "xong 0 trong 3 hồ sơ" in page(client, story)
    send(client, story, "continue")
    shown = page(client, story)
    assert '<progress max="3" value="2"' in shown
    assert "data-vungmanh-continue" in shown
    assert client.get(address(story) + "?tai=1")["Content-Type"].startswith("text/html")
    send(client, story, "continue")
    shown = page(client, story)
    assert "Đã xong 3 hồ sơ" in shown
    assert "data-vungmanh-continue" not in shown
    send(client, story, "continue")  # twice is once
    assert len(dict(parts(download(client, story)))) == 3


def test_what_was_broken_off_is_taken_up_and_what_was_stopped_is_gone(
    story: Story, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "A_TURN", 1)
    client = story.as_(OFFICE)
    send(client, story, "make")
    send(client, story, "continue")
    (kept,) = folder.rglob("*.docx")
    stood = kept.stat().st_mtime_ns
    send(client, story, "continue")
    assert kept.stat().st_mtime_ns == stood
    send(client, story, "stop")
    assert list(folder.rglob("*.docx")) == []
    assert "Chưa tạo tệp nén nào" in page(client, story)


def test_a_zip_is_for_the_account_and_role_that_asked(story: Story) -> None:
    ready(story.as_(OFFICE), story)
    assert "Chưa tạo tệp nén nào" in page(story.as_(ANALYST, PROVINCE), story)
    assert story.as_(SECRETARY, CELL).get(address(story) + "?tai=1").status_code == 403
    assert story.as_(SECRETARY, CELL).post(address(story), {"act": "make"}).status_code == 403
    assert story.as_(OFFICE, LANG_THU).get(address(story) + "?tai=1").status_code == 404


def test_a_zip_is_let_go_of_after_a_day(story: Story, folder: Path) -> None:
    client = story.as_(OFFICE)
    ready(client, story)
    (kept,) = (path for path in folder.iterdir() if path.is_dir())
    now = timezone.now()
    bundles.clear_bundles(folder, at=now)
    assert kept.is_dir()
    plan = kept / "plan.json"
    day = dt.timedelta(days=1)
    old = plan.read_text().replace(f"{now:%Y-%m-%d}", f"{now - 2 * day:%Y-%m-%d}")
    plan.write_text(old)
    assert "Chưa tạo tệp nén nào" in page(client, story)
    bundles.clear_bundles(folder, at=now)
    assert [path for path in folder.iterdir() if path.is_dir()] == []
    (folder / "nothing-begun").mkdir()
    bundles.clear_bundles(folder, at=now + 2 * day)
    assert list(folder.glob("*/")) == []


def test_a_dossier_taken_out_meanwhile_is_told_and_nothing_half_is_kept(
    story: Story, folder: Path
) -> None:
    client = story.as_(OFFICE)
    send(client, story, "make")
    Dossier.objects.filter(pk=story.dossier().pk).update(
        removed_at=timezone.now(), removed_reason="Thử."
    )
    client.post(address(story), {"act": "continue"})
    assert "vừa thay đổi trong lúc tạo" in page(client, story)
    assert list(folder.rglob("*.docx")) == []
    assert len(dict(parts(ready(client, story)))) == 2


def test_a_second_turn_beside_the_first_waits_for_nothing(story: Story, folder: Path) -> None:
    client = story.as_(OFFICE)
    send(client, story, "make")
    (begun,) = (path for path in folder.iterdir() if path.is_dir())
    with bundles._alone(folder, begun.name):
        send(client, story, "continue")
        assert "xong 0 trong 3 hồ sơ" in page(client, story)
    send(client, story, "continue")
    assert "Đã xong 3 hồ sơ" in page(client, story)


def test_the_board_leads_there(story: Story) -> None:
    board = story.as_(OFFICE).get(f"/xep-loai/{story.cycle.pk}/").content.decode()
    assert address(story) in board
    assert f"/xep-loai/{story.cycle.pk}/bang-xep-loai.xlsx" in board
    below = story.as_(SECRETARY, CELL).get(f"/xep-loai/{story.cycle.pk}/").content.decode()
    assert address(story) not in below
