"""What must stand before the first page is served: key, assets, tables, demonstration province."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vungmanh.config.database import pending_migrations
from vungmanh.config.steps import Steps
from vungmanh.core.errors import NotNow

SECRET_KEY = "VUNGMANH_SECRET_KEY"


@contextmanager
def only_one(data: Path) -> Iterator[Path]:
    """Hold the data folder for this run; gives the file in which the address is written.

    Raises NotNow `already-running` with the address of the other one.
    """
    path = data / "run.lock"
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            address = path.read_text(encoding="utf-8").strip() or "…"
            raise NotNow(
                f"Vững Mạnh đang chạy ở {address}: hãy mở địa chỉ đó, hoặc bấm Ctrl-C ở cửa sổ "
                "đang chạy rồi thử lại.",
                code="already-running",
            ) from None
        file.truncate(0)
        yield path


def use_secret_key(data: Path) -> None:
    """Sign sessions with the key of this installation, made on its first start."""
    if os.environ.get(SECRET_KEY):
        return
    path = data / "secret.key"
    if not path.exists():
        half = path.with_name(f"secret.key.{os.getpid()}")
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        half.replace(path)
    os.environ[SECRET_KEY] = path.read_text(encoding="ascii").strip()


def build_assets(data: Path, steps: Steps) -> None:
    """Font, style sheet and catalogues; before Django reads the settings, which look for them."""
    from vungmanh.web.assets import prepare

    with steps.step("Chuẩn bị phông chữ và giao diện"):
        prepare(data / "build")


def migrate(steps: Steps) -> None:
    """Bring the tables up to this version."""
    from django.core.management import call_command

    with steps.step("Chuẩn bị các bảng dữ liệu"):
        if pending_migrations():
            call_command("migrate", interactive=False, verbosity=0)


def load_demonstration(steps: Steps, *, before_reform: bool = False) -> None:
    """Fill an empty database with the invented province and one account per role."""
    from vungmanh.analysis.simulate import LAST_MONTH
    from vungmanh.analysis.simulate.reform import BEFORE_REFORM
    from vungmanh.config import demo
    from vungmanh.org.models import Unit

    if Unit.objects.exists():
        return
    with steps.step("Nạp tỉnh mô phỏng (chỉ lần đầu)") as progress:
        last_month = BEFORE_REFORM if before_reform else LAST_MONTH
        demo.load_demonstration(progress, last_month=last_month)


def write_reform(data: Path, steps: Steps) -> Path:
    """The workbook of the reform that the province of the eve has before it; made once."""
    from vungmanh.analysis.simulate import PROVINCE, simulate_province
    from vungmanh.analysis.simulate.reform import BEFORE_REFORM
    from vungmanh.config.demo import SEED
    from vungmanh.config.reform_of_2025 import FILE_NAME, write_reform_of_2025

    path = data / FILE_NAME
    if not path.exists():
        with steps.step("Ghi bảng sắp xếp"):
            province = simulate_province(
                SEED, size=PROVINCE, first_month=BEFORE_REFORM, last_month=BEFORE_REFORM
            )
            write_reform_of_2025(path, province, SEED, PROVINCE)
    return path


def beside(data: Path) -> Path:
    """The data folder of the province before the reform: next to the usual one, never in it."""
    return data.with_name(data.name + "-truoc-sap-xep")


def publish_assets(data: Path, steps: Steps) -> None:
    """Gather every asset under a name that carries its content, compressed once for all readers."""
    from django.conf import settings
    from django.contrib.staticfiles.management.commands.collectstatic import Command
    from django.core.management import call_command
    from whitenoise.storage import CompressedManifestStaticFilesStorage

    stamp_file, stamp = data / "build/published.stamp", _assets_stamp()
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists() and stamp_file.exists() and stamp_file.read_text("ascii") == stamp:
        return
    with steps.step("Nén và đặt tên các tệp giao diện"):
        command = Command()
        command.storage = CompressedManifestStaticFilesStorage()
        call_command(command, interactive=False, clear=True, verbosity=0)
        stamp_file.write_text(stamp, encoding="ascii")


def _assets_stamp() -> str:
    """Changes with any file that would be published."""
    from django.contrib.staticfiles.finders import get_finders

    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = os.stat(storage.path(name))
            seen.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return seen.hexdigest()
