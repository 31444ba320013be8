"""A hand that holds the phone: opens it, types the PIN, records a meeting; and its world."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import Cast, listed, make_cast
from vungmanh.core.periods import add_months, month_of
from vungmanh.core.vocabulary import MembershipStatus, Role
from vungmanh.org.models import MembershipCount, NamesSwitch

CELL = "Chi bộ thôn Nà Mẫu"
PIN = "482915"
MANUAL = Path(__file__).resolve().parents[2] / "docs/manual/dien-thoai.md"
NAMES = [f"Đinh Thử {word}" for word in (
    "Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười", "Mười Một", "Mười Hai",
    "Mười Ba", "Mười Bốn", "Mười Lăm",
)]  # fmt: skip


def months_ago(number: int) -> dt.date:
    return add_months(month_of(timezone.localdate()), -number)


def cell_of_fifteen(*, names: bool = False) -> Cast:
    """The province up to this month, with fifteen members in the cell of the phone."""
    cast = make_cast(first=months_ago(5), last=months_ago(0))
    MembershipCount.objects.filter(unit_id=cast[CELL]).update(count=14)
    count = MembershipCount.objects.get(unit_id=cast[CELL])
    MembershipCount.objects.create(
        unit_id=cast[CELL], status=MembershipStatus.PROBATIONARY, count=1, valid=count.valid
    )
    if names:
        NamesSwitch.objects.create(unit_id=cast[CELL], from_day=months_ago(5), document="QĐ 1")
        for place, name in enumerate(NAMES):
            status = "probationary" if place == 14 else "official"
            listed(cast[CELL], name, status, count.valid.lower)
    return cast


@dataclass
class Hand:
    """One phone, its page, and where the server is."""

    page: Page
    url: str

    def open(self, pin: str = PIN) -> None:
        """Come for the first time: the session is there, a PIN is set, the lists are fetched."""
        self.page.goto(f"{self.url}/dien-thoai/")
        self.page.get_by_label("Mã PIN, 6 chữ số").fill(pin)
        self.page.get_by_label("Nhập lại mã PIN").fill(pin)
        self.page.get_by_role("button", name="Đặt mã và mở").click()
        self.at_home()
        self.wait_for_shell()
        expect(self.page.locator("#state")).to_have_attribute("data-contact", re.compile("T"))
        self.wait_for_rest()

    def wait_for_shell(self) -> None:
        """Until the service worker keeps the shell and serves it."""
        self.page.wait_for_function(
            "() => navigator.serviceWorker.ready.then((one) => one.active.state === 'activated')"
        )

    def unlock(self, pin: str = PIN) -> None:
        self.page.get_by_label("Mã PIN, 6 chữ số").fill(pin)
        self.page.get_by_role("button", name="Mở", exact=True).click()

    def at_home(self) -> None:
        heading = self.page.get_by_role("heading", name=re.compile("^Việc đang làm"))
        expect(heading.first).to_be_visible()  # one a unit

    def go(self, name: str) -> None:
        self.page.get_by_role("navigation", name="Thanh dưới").get_by_role(
            "link", name=name
        ).click()

    def cut(self) -> None:
        self.page.context.set_offline(True)

    def join(self) -> None:
        self.page.context.set_offline(False)

    def month(self, month: dt.date) -> None:
        title = f"Sinh hoạt thường kỳ tháng {month.month}/{month.year}"
        heading = self.page.get_by_role("heading", level=3, name=title, exact=True)
        self.page.get_by_role("listitem").filter(has=heading).get_by_role("link").click()
        expect(self.page.get_by_role("heading", level=1, name=title)).to_be_visible()

    def record(self, month: dt.date, *, speakers: int = 3, day: int = 5) -> None:
        """Everything of one meeting of fifteen by counts, as a secretary does it."""
        self.month(month)
        page = self.page
        page.get_by_role("radio", name="Có họp", exact=True).check()
        page.get_by_label("Ngày họp").fill(month.replace(day=day).isoformat())
        page.get_by_role("radio", name="19:30").check()
        page.get_by_role("radio", name="90", exact=True).check()
        page.get_by_role("button", name="Cả 15 người có mặt").click()
        for _ in range(speakers):
            page.get_by_role("button", name="Thêm một người phát biểu").click()
        page.get_by_role("button", name="Nộp cho văn phòng đảng ủy").click()
        expect(page.get_by_text("Đã vào danh sách chờ gửi.")).to_be_visible()
        self.at_home()

    def score(self, month: dt.date, *, points: str) -> None:
        """Every line of the sheet: the best of what can be chosen, `points` where one types."""
        title = f"Sinh hoạt thường kỳ tháng {month.month}/{month.year}"
        heading = self.page.get_by_role("heading", level=3, name=title, exact=True)
        self.page.get_by_role("listitem").filter(has=heading).get_by_role("link").first.click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Chấm buổi họp")
        assert self.page.locator("form.record input:checked").count() == 0
        for line in self.page.locator("form.record li[data-at]").all():
            typed = line.locator("input[type=text]")
            if typed.count():
                typed.fill(points)
            else:
                line.get_by_role("radio").first.check()
        self.page.get_by_role("button", name="Gửi điểm").click()
        expect(self.page.get_by_text("Đã vào danh sách chờ gửi.")).to_be_visible()
        self.at_home()

    def count(self) -> None:
        """Count from now on what the hand does on this page."""
        self.page.evaluate(_COUNT)

    def counted(self) -> tuple[int, int]:
        """Touches of what can be touched, and fields that were filled."""
        touches, fields = self.page.evaluate("[window.touched, window.filled.size]")
        return touches, fields

    def at_outbox(self) -> None:
        self.go("Chờ gửi")
        expect(self.page.get_by_role("heading", name="Lưu bản sao ra tệp")).to_be_visible()

    def expect_unsent(self, number: int) -> None:
        expect(self.page.locator("#state b")).to_have_text(f"{number} mục", timeout=20_000)

    def rest(self) -> None:
        """Put the phone away: what is under way ends, and nothing begins any more."""
        self.wait_for_rest()
        self.page.evaluate(_END_WORKER)
        self.page.goto("about:blank")

    def wait_for_rest(self) -> None:
        expect(self.page.locator("#state")).to_have_attribute("aria-busy", "false", timeout=30_000)

    def told(self) -> str:
        """What the server tells this phone, as text."""
        answer = self.page.request.get(
            f"{self.url}/dien-thoai/du-lieu/", headers={"Accept": "application/json"}
        )
        return answer.text()

    def stored(self) -> str:
        """Everything that lies in the browser's storage, as text: what a finder would read."""
        return str(self.page.evaluate(_READ_ALL))


# A browser looks by itself, a while later, whether there is a newer worker; the database of a test
# would be gone by then. Jobs stand in line: waiting for one waits for those before it.
_END_WORKER = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  if (!registration) return;
  await registration.update().catch(() => null);
  await registration.unregister();
}"""

_READ_ALL = """async () => {
  const text = (value) => {
    if (value instanceof Uint8Array || value instanceof ArrayBuffer) {
      return new TextDecoder("utf-8", { fatal: false }).decode(value);
    }
    if (value && typeof value === "object") return Object.values(value).map(text).join(" ");
    return String(value);
  };
  const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((done) => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => done(asked.result);
    });
    for (const store of db.objectStoreNames) {
      const rows = await new Promise((done) => {
        const asked = db.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => done(asked.result);
      });
      found.push(...rows.map(text));
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const key of await cache.keys()) found.push(await (await cache.match(key)).text());
  }
  return found.join("\\n");
}"""


def secretary(cast: Cast, name: str = "bi-thu") -> Any:
    return cast.user(name, Role.CELL_SECRETARY, CELL)


_COUNT = """() => {
  window.touched = 0;
  window.filled = new Set();
  document.addEventListener("click", ({ isTrusted, target }) => {
    if (isTrusted && target.closest("a, button, summary, label, input")) window.touched += 1;
  }, true);
  document.addEventListener("input", ({ target }) => {
    if (target.type !== "radio") window.filled.add(target.id);
  }, true);
}"""
