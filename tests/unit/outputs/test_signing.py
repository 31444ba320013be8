"""A PDF signed with a certificate of one's own, and what a check says of it."""

from __future__ import annotations

import datetime as dt
import io
import logging
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from pypdf import PdfReader, PdfWriter
from typer.testing import CliRunner

from tests.unit.outputs.authority import AT, PASSPHRASE, SIGNER, Authority, authority
from tests.unit.outputs.test_papers_pdf import paper
from vungmanh.config.cli import app
from vungmanh.core.errors import Conflict, InputError, NotNow, VungManhError
from vungmanh.outputs.papers.pdf import as_pdf
from vungmanh.outputs.signing import check_signature, sign_pdf

DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def office() -> Authority:
    return authority()


@pytest.fixture(scope="module")
def certificate(office) -> bytes:
    return office.gives()


def pdf(**encrypted: str) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if encrypted:
        writer.encrypt(**encrypted)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def signed(certificate: bytes, file: bytes | None = None, at: dt.datetime = AT, **said) -> bytes:
    how = {"passphrase": PASSPHRASE, "reason": "Ký duyệt", "place": "Mẫu Thượng"} | said
    return sign_pdf(pdf() if file is None else file, certificate, at=at, **how)


def refusal(*given, **said) -> VungManhError:
    with pytest.raises(VungManhError) as caught:
        signed(*given, **said)
    return caught.value


def test_a_signature_says_who_when_where_and_why(office, certificate):
    (found,) = check_signature(signed(certificate), authorities=[office.pem], at=AT)
    assert (found.signer, found.reason, found.place) == (SIGNER, "Ký duyệt", "Mẫu Thượng")
    assert found.signed_at == AT
    assert found.is_intact
    assert found.is_trusted


def test_signing_adds_to_the_file_and_changes_nothing_of_it(certificate):
    before = pdf()
    after = signed(certificate, before)
    assert after.startswith(before)
    assert len(PdfReader(io.BytesIO(after)).pages) == 1


def test_a_key_of_the_usual_kind_signs_too(office):
    usual = office.gives(key=rsa.generate_private_key(65_537, 2048))
    (found,) = check_signature(signed(usual), authorities=[office.pem], at=AT)
    assert found.is_trusted


@pytest.mark.slow
@pytest.mark.django_db
def test_a_paper_of_ours_is_signed_and_stays_tagged(office, certificate):
    made = signed(certificate, as_pdf(paper()))
    (found,) = check_signature(made, authorities=[office.pem], at=AT)
    assert found.is_trusted
    root = PdfReader(io.BytesIO(made)).trailer["/Root"]
    assert "/StructTreeRoot" in root
    assert "/Metadata" in root


def test_a_file_not_signed_has_no_signature():
    assert check_signature(pdf(), at=AT) == ()


def test_an_unknown_authority_leaves_the_file_intact_but_not_trusted(certificate):
    for authorities in ([], [authority("Nơi khác").pem]):
        (found,) = check_signature(signed(certificate), authorities=authorities, at=AT)
        assert (found.is_intact, found.is_trusted) == (True, False)


def test_a_second_signature_leaves_the_first_intact(office, certificate):
    twice = signed(office.gives(), signed(certificate), at=AT + DAY)
    found = check_signature(twice, authorities=[office.pem], at=AT + DAY)
    assert [(one.signed_at, one.is_intact, one.is_trusted) for one in found] == [
        (AT, True, True),
        (AT + DAY, True, True),
    ]


def _flipped(data: bytes) -> bytes:
    return data.replace(b"/MediaBox", b"/MediaBoy", 1)


def _page_added(data: bytes) -> bytes:
    writer = PdfWriter(io.BytesIO(data), incremental=True)
    writer.add_blank_page(9, 9)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


@pytest.mark.parametrize("change", [_flipped, _page_added])
def test_a_file_altered_after_signing_is_seen_and_not_signed_again(office, certificate, change):
    altered = change(signed(certificate))
    (found,) = check_signature(altered, authorities=[office.pem], at=AT)
    assert (found.is_intact, found.is_trusted) == (False, False)
    error = refusal(certificate, altered)
    assert isinstance(error, Conflict)
    assert error.code == "pdf-altered"


def test_a_signature_cut_short_is_refused(certificate):
    whole = signed(certificate)
    with pytest.raises(InputError) as caught:
        check_signature(whole[: len(pdf()) + 40][:120], at=AT)
    assert caught.value.code == "pdf-broken"


def test_a_wrong_passphrase_is_said(certificate):
    error = refusal(certificate, passphrase="sai rồi")
    assert (error.code, error.field) == ("passphrase-wrong", "passphrase")
    assert "sai rồi" not in error.message


def test_a_certificate_without_passphrase_signs(office):
    made = signed(office.gives(passphrase=""), passphrase="")
    assert check_signature(made, at=AT)[0].is_intact


@pytest.mark.parametrize(
    ("how", "code", "said"),
    [
        ({"ends": AT - DAY}, "certificate-expired", "hết hạn ngày 28/02/2026"),
        ({"begins": AT + DAY}, "certificate-not-yet-valid", "từ ngày 02/03/2026"),
    ],
)
def test_a_certificate_out_of_its_days_does_not_sign(office, how, code, said):
    error = refusal(office.gives(**how))
    assert isinstance(error, NotNow)
    assert error.code == code
    assert said in error.message


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"signs": False}, "certificate-not-for-signing"),
        ({"with_key": False}, "certificate-without-key"),
    ],
)
def test_a_certificate_that_cannot_sign_is_refused(office, how, code):
    assert refusal(office.gives(**how)).code == code


@pytest.mark.parametrize("data", [b"", b"khong phai", b"0\x82\x01\x00" + b"\0" * 40])
def test_what_is_no_certificate_is_refused(data):
    assert refusal(data).code == "certificate-unreadable"


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"PK\x03\x04", "pdf-not-a-pdf"),
        (b"%PDF-1.7\nhong", "pdf-broken"),
        (pdf(user_password="x"), "pdf-protected"),
    ],
)
def test_what_cannot_be_signed_is_refused(certificate, file, code):
    assert refusal(certificate, file).code == code


def test_an_authority_that_cannot_be_read_is_refused(certificate):
    with pytest.raises(InputError) as caught:
        check_signature(signed(certificate), authorities=[b"rac"], at=AT)
    assert caught.value.code == "certificate-unreadable"


def test_nothing_of_the_key_is_written_to_a_log(certificate, caplog, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    caplog.set_level(logging.DEBUG)
    signed(certificate)
    refusal(certificate, passphrase="sai rồi")
    assert PASSPHRASE not in caplog.text
    assert "sai rồi" not in caplog.text
    assert "PRIVATE" not in caplog.text
    assert list(tmp_path.iterdir()) == []


def test_without_the_extra_the_command_to_install_it_is_said(certificate, monkeypatch):
    real = __import__

    def without(name, *given):
        if name.startswith("pyhanko"):
            raise ModuleNotFoundError(name)
        return real(name, *given)

    monkeypatch.setattr("builtins.__import__", without)
    error = refusal(certificate)
    assert error.code == "extra-missing"
    assert 'pip install "vungmanh[signing]"' in error.message


def run(*arguments: object, code: int = 0, typed: str = "") -> str:
    result = CliRunner().invoke(app, [str(one) for one in arguments], input=typed,
                                env={"COLUMNS": "200"})  # fmt: skip
    assert result.exit_code == code, result.output
    return result.output


def test_the_commands_sign_a_file_and_check_it(office, tmp_path: Path):
    now = dt.datetime.now(dt.UTC)
    here = tmp_path / "quyet-dinh.pdf"
    here.write_bytes(pdf())
    (tmp_path / "a.p12").write_bytes(office.gives(begins=now - DAY, ends=now + DAY))
    (tmp_path / "a.pem").write_bytes(office.pem)
    said = run("sign-pdf", here, "--certificate", tmp_path / "a.p12", typed=f"{PASSPHRASE}\n")
    target = tmp_path / "quyet-dinh-da-ky.pdf"
    assert str(target) in said
    assert PASSPHRASE not in said
    assert here.read_bytes() == pdf()
    assert f"{SIGNER}, ký lúc" in run("check-pdf", target)
    assert "nguyên vẹn" in run("check-pdf", target)
    assert run("check-pdf", here, code=1).strip() == "Tệp chưa có chữ ký số."
    assert "chưa ký" not in run("sign-pdf", "--help")
    again = run("sign-pdf", here, "--certificate", tmp_path / "a.p12", code=2)
    assert "Đã có tệp" in again
    target.write_bytes(_flipped(target.read_bytes()))
    assert "ĐÃ BỊ SỬA" in run("check-pdf", target, "--authority", tmp_path / "a.pem", code=1)


def test_a_refused_signature_writes_no_file(certificate, tmp_path: Path):
    (tmp_path / "a.pdf").write_bytes(pdf())
    (tmp_path / "a.p12").write_bytes(certificate)
    said = run(
        "sign-pdf", tmp_path / "a.pdf", "--certificate", tmp_path / "a.p12", code=2, typed="sai\n"
    )
    assert "không đúng" in said
    assert not (tmp_path / "a-da-ky.pdf").exists()
    assert "Không đọc được" in run("check-pdf", tmp_path / "khong-co.pdf", code=2)


def test_a_certificate_that_ran_out_since_is_told_from_one_of_nobody(office, certificate):
    signed = sign_pdf(pdf(), certificate, PASSPHRASE, reason="", place="", at=AT)
    later = AT + dt.timedelta(days=60)
    (then,) = check_signature(signed, authorities=[office.pem], at=later)
    (stranger,) = check_signature(signed, authorities=[authority().pem], at=later)
    assert (then.is_intact, then.is_trusted, then.is_known) == (True, False, True)
    assert then.certificate_ends == (AT + dt.timedelta(days=30)).date()
    assert not stranger.is_known


def test_a_chain_of_two_leads_to_the_authority_only_if_its_middle_may_certify(office):
    for may_certify in (True, False):
        middle = office.names("Cấp dưới thử nghiệm", may_certify=may_certify)
        signed = sign_pdf(pdf(), middle.gives(), PASSPHRASE, reason="", place="", at=AT)
        (found,) = check_signature(signed, authorities=[office.pem], at=AT)
        assert (found.is_intact, found.is_trusted) == (True, may_certify)


def test_what_is_added_after_a_signature_is_told(certificate):
    once = sign_pdf(pdf(), certificate, PASSPHRASE, reason="", place="", at=AT)
    twice = sign_pdf(once, certificate, PASSPHRASE, reason="", place="", at=AT)
    assert [one.has_more for one in check_signature(once, at=AT)] == [False]
    assert [one.has_more for one in check_signature(twice, at=AT)] == [True, False]
    assert [one.has_more for one in check_signature(once + b"\n%them", at=AT)] == [True]


def test_a_kind_of_key_that_signs_no_pdf_is_named(office):
    odd = office.gives(key=ed25519.Ed25519PrivateKey.generate())
    with pytest.raises(InputError) as caught:
        sign_pdf(pdf(), odd, PASSPHRASE, reason="", place="", at=AT)
    assert caught.value.code == "certificate-unsupported"


def test_no_altered_byte_makes_the_check_fall_over(certificate):
    """Every answer is ours: broken, or not intact."""
    signed = sign_pdf(pdf(), certificate, PASSPHRASE, reason="", place="", at=AT)
    answers = set()
    for back in (20, 50, 120, 300, 900):
        bad = bytearray(signed)
        bad[-back] ^= 1
        try:
            answers |= {one.is_intact for one in check_signature(bytes(bad), at=AT)}
        except InputError as error:
            answers.add(error.code)
    assert answers <= {"pdf-broken", False}
