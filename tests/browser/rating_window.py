"""The pages of the rating in a window: one act with its form, a whole sheet, a paper."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import docx
from docx.oxml.ns import qn
from playwright.sync_api import Page, expect
from pypdf import PdfReader


def act(page: Page, name: str, told: str, **fields: str) -> None:
    """Fill in the form of one act, send it, and read what is told then."""
    here = f'input[name="act"][value="{name}"]'
    fold = page.locator(f"details:has({here})")
    if fold.count() and fold.get_attribute("open") is None:
        fold.locator("summary").click()
    form = page.locator(f"form:has({here})")
    for field, value in fields.items():
        box = form.locator(f'[name="{name}-{field}"]')
        if box.evaluate("one => one.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)
    form.get_by_role("button").click()
    expect(page.locator(".notice.success").filter(has_text=told)).to_be_visible()


def fill_sheet(page: Page, answers: Mapping[str, str]) -> None:
    """Open the parts of the sheet one after another, choose every answer, and keep them."""
    for part in page.locator("details.rated-part:not([open]) > summary").all()[::-1]:
        part.click()
    for name, value in answers.items():
        if name.startswith(("c-", "k-")):
            page.locator(f'input[name="{name}"][value="{value}"]').check()
    page.get_by_role("button", name="Ghi tiêu chí").click()
    expect(page.get_by_text("Đã ghi tiêu chí; chưa nộp.")).to_be_visible()


def says(page: Page, *told: str) -> None:
    """Each of these is to be read on the page."""
    for one in told:
        expect(page.locator("main")).to_contain_text(one)


def paper(page: Page, link: str, folder: Path) -> Path:
    """The Word file behind a link of the page, kept under the words of the link."""
    href = page.get_by_role("link", name=link, exact=True).get_attribute("href")
    answer = page.request.get(f"{page.url.split('/xep-loai/')[0]}{href}")
    assert answer.ok, (link, answer.status)
    kept = folder / f"{len(list(folder.glob('*.docx')))}.docx"
    kept.write_bytes(answer.body())
    return kept


def words_of(word: Path) -> str:
    """Every paragraph of a Word file, those of tables included, one a line."""
    made = docx.Document(io.BytesIO(word.read_bytes()))
    lines = made.element.body.iter(qn("w:p"))
    return "\n".join("".join(node.text or "" for node in one.iter(qn("w:t"))) for one in lines)


def printed(folder: Path) -> dict[str, list[str]]:
    """The pages of every paper as LibreOffice prints them, by the name of the file."""
    office = shutil.which("soffice")
    assert office is not None, "LibreOffice Writer is needed to print the papers"
    subprocess.run(
        [office, "--headless", f"-env:UserInstallation={(folder / 'office').as_uri()}",
         "--convert-to", "pdf", "--outdir", str(folder),
         *(str(one) for one in sorted(folder.glob("*.docx")))],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return {
        one.stem: [page.extract_text() for page in PdfReader(one).pages]
        for one in folder.glob("*.pdf")
    }
