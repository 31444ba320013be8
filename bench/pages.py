"""How long each page takes, for each role, on the database of VUNGMANH_DATABASE_URL.

    VUNGMANH_DATABASE_URL=postgresql://… python bench/pages.py [--requests 30] [--limit 150]

Pages are asked for in process (Django's test client, no network), in turns, so that a busy machine
slows all of them alike; the figure is the median. What counts between machines is the ratio to
the sign-in page, which reads no data, in the same run. Ends with 1 when a page is over the limit.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from rich.console import Console
from rich.table import Table

from vungmanh.config.database import open_database

BASELINE = "/tai-khoan-cua-toi/login/"
HTMX = {"HX-Request": "true"}
#: Pages that take no unit, with the permission that opens them.
BY_PERMISSION = (
    ("Giải trình", "/giai-trinh/", "strengthening.flag.list"),
    ("Kiểm tra số liệu", "/kiem-tra-so-lieu/", "org.finding.list"),
    ("Sắp xếp", "/sap-xep/", "org.reform.view"),
    ("Nhập", "/nhap/", "meetings.report.import"),
    ("Thống kê đảng viên", "/dang-vien/thong-ke/?loai-ky=nam&nam=2025", "org.aggregate.view"),
    ("Thử ngưỡng", "/can-cu/thu-nguong/", "rulebook.threshold.explore"),
    ("Thử ngưỡng, đổi số", "/can-cu/thu-nguong/?nguong=so-ky&so=10", "rulebook.threshold.explore"),
    ("Quy định của tỉnh", "/can-cu/cua-tinh/", "rulebook.rule.adopt"),
)


@dataclass
class Ask:
    """One page as one role asks for it, and what was measured."""

    role: str
    name: str
    address: str
    client: Any
    headers: dict[str, str] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    queries: int = 0
    size: int = 0

    def once(self) -> None:
        start = time.perf_counter()
        response = self.client.get(self.address, headers=self.headers)
        self.times.append(1000 * (time.perf_counter() - start))
        if response.status_code != 200:
            raise SystemExit(f"{self.role} {self.address}: {response.status_code}")
        self.size = len(response.content)

    def count(self) -> None:
        """Count the queries, in a request that is not timed."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            self.client.get(self.address, headers=self.headers)
        self.queries = len(asked)

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def ninetieth(self) -> float:
        return statistics.quantiles(self.times, n=10)[-1]


def asks() -> Iterator[Ask]:
    """The pages each demonstration account works with; units are taken from its own list."""
    from django.test import Client

    from vungmanh.access.models import User
    from vungmanh.config.demo import PEOPLE
    from vungmanh.core.vocabulary import Role

    yield Ask("–", "Đăng nhập", BASELINE, Client(SERVER_NAME="localhost"))
    for username, _name, role in PEOPLE:
        client = Client(SERVER_NAME="localhost")
        client.force_login(User.objects.get(username=username))
        pages = _administrator if role is Role.ADMINISTRATOR else _reader
        for name, address, headers in pages(client, role):
            yield Ask(role.label, name, address, client, headers)


def _administrator(client: Any, role: Any) -> Iterator[tuple[str, str, dict[str, str]]]:
    yield "Tài khoản", "/tai-khoan/", {}
    yield "Kiểm tra số liệu", "/kiem-tra-so-lieu/", {}
    yield "Căn cứ", "/can-cu/", {}


def _reader(client: Any, role: Any) -> Iterator[tuple[str, str, dict[str, str]]]:
    from vungmanh.access.permissions import PERMISSIONS

    organisation, cell = _first_two(client)
    if cell:
        yield "Chi bộ", f"/to-chuc/{cell}/", {}
        yield "Vì sao", f"/to-chuc/{cell}/vi-sao/", HTMX
        yield "Sổ nghĩa vụ, chi bộ", f"/so-nghia-vu/{cell}/", {}
    if organisation:
        yield "Tổ chức", f"/to-chuc/{organisation}/", {}
        yield "Diễn biến, tổ chức", f"/to-chuc/{organisation}/dien-bien/", HTMX
    yield "Sổ nghĩa vụ", "/so-nghia-vu/", {}
    yield "Diễn biến, 36 tháng", "/dien-bien/", HTMX
    yield "Diễn biến, từng năm", "/dien-bien/?co-cau=hien-nay&theo=nam", HTMX
    for name, address, permission in BY_PERMISSION:
        if role in PERMISSIONS[permission]:
            yield name, address, {}
    if role in PERMISSIONS["strengthening.assessment.list"]:
        yield "Tổng quan", "/tong-quan/", {}
        yield "Tổng quan, hiện nay", "/tong-quan/?co-cau=hien-nay", {}
        yield "Tổng quan, 12/2025", "/tong-quan/?ky=2025-12", {}  # the reform lies within
        yield "Nhận diện, tổ chức", "/nhan-dien/?cap=to-chuc", {}
        yield "Nhận diện, chi bộ", "/nhan-dien/?cap=chi-bo&tt=", {}
        yield "Nhận diện, trang 2", "/nhan-dien/?cap=chi-bo&tt=normal&trang=2", {}
        yield "Mở một dòng", f"/nhan-dien/?cap=chi-bo&mo={cell}", HTMX
        yield "Xuất Excel", "/nhan-dien/xuat.xlsx", {}
        yield "Danh mục", "/to-chuc/", {}
        yield "Danh mục, mọi cấp", "/to-chuc/?cap=moi-cap", {}
        yield "Tìm", f"/tim/?q={quote('chi bộ')}", {}
        yield "Gợi ý", f"/tim/?q={quote('mau')}", HTMX
    yield "Căn cứ", "/can-cu/", {}


def _first_two(client: Any) -> tuple[Any, Any]:
    """The first organisation and the first cell the account sees, in the order of working."""
    from vungmanh.strengthening.queries import Grain, listed, run_of

    request = client.get("/can-cu/").wsgi_request
    run = run_of(request.period)
    assert run is not None
    first = (listed(request.viewer, run, grain).first() for grain in Grain)
    organisation, cell = (one.unit_id if one else None for one in first)
    return organisation, cell


def measure(requests: int) -> list[Ask]:
    found = list(asks())
    for ask in found:
        ask.once()  # the first request loads templates, plans and rules
        ask.count()
        ask.times.clear()
    for _ in range(requests):
        for ask in found:
            ask.once()
    return found


def show(found: list[Ask], limit: float) -> None:
    base = found[0].median
    table = Table(title=f"Median of {len(found[0].times)} requests; sign-in = {base:.1f} ms")
    for heading, justify in (
        ("role", "left"), ("page", "left"), ("ms", "right"), ("90 %", "right"),
        ("× sign-in", "right"), ("queries", "right"), ("KB", "right"),
    ):  # fmt: skip
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    for ask in found:
        table.add_row(
            ask.role, ask.name, f"{ask.median:.1f}", f"{ask.ninetieth:.1f}",
            f"{ask.median / base:.1f}", str(ask.queries), f"{ask.size / 1024:.0f}",
            style="red" if ask.median > limit else "",
        )  # fmt: skip
    Console(width=120).print(table)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--requests", type=int, default=30)
    parser.add_argument("--limit", type=float, default=150, help="milliseconds, of the median")
    options = parser.parse_args()
    warnings.filterwarnings("ignore", message="No directory at")  # assets are not measured
    with open_database():
        found = measure(options.requests)
        for client in {id(ask.client): ask.client for ask in found}.values():
            client.logout()
    show(found, options.limit)
    return int(any(ask.median > options.limit for ask in found))


if __name__ == "__main__":
    sys.exit(main())
