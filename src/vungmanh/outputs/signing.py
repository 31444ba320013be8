"""Sign a PDF with the certificate of whoever signs, and check signatures.

We build no signature scheme (domain.md §10.4): pyHanko does the work and the certificate is the
signer's own. Party agencies sign with the service of Ban Cơ yếu; this is for those who hold a
certificate in a file. The key is read, used and let go: nothing of it is kept or written to a log.
"""

from __future__ import annotations

import datetime as dt
import io
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from vungmanh.core.errors import Conflict, InputError, NotNow, VungManhError
from vungmanh.core.text import date_vi, number_vi

MAX_BYTES = 50_000_000


@dataclass(frozen=True)
class SignatureCheck:
    """What can be said of one signature of a file."""

    signer: str
    reason: str
    place: str
    signed_at: dt.datetime | None  # as the signer's machine said
    is_intact: bool  # what was signed is as it was, and nothing not allowed came after it
    is_trusted: bool  # the certificate leads to one of the authorities given, and holds
    certificate_ends: dt.date
    is_known: bool  # led there on the day of signing, as the signer's machine says that day
    has_more: bool  # something was added to the file after it


def sign_pdf(
    pdf: bytes, pkcs12: bytes, passphrase: str, *, reason: str, place: str, at: dt.datetime
) -> bytes:
    """The PDF with a signature added; what was in it before is kept byte for byte.

    Raises NotNow (extra missing, certificate expired), InputError (certificate, passphrase or file)
    or Conflict (the file was changed after it was signed, or may not be signed again).
    """
    pyhanko = _library()
    signer = _signer(pyhanko, pkcs12, passphrase, at)
    earlier = check_signature(pdf, at=at)
    if not all(one.is_intact for one in earlier):
        raise Conflict(
            "Tệp đã bị sửa sau khi có chữ ký, không ký thêm được. Lấy lại bản gốc rồi ký.",
            code="pdf-altered",
        )
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.general import SigningError

    class AtTheGivenTime(pyhanko.PdfSigner):  # type: ignore[misc, name-defined]
        def init_signing_session(self, *given: Any, **named: Any) -> Any:
            session = super().init_signing_session(*given, **named)
            session.system_time = at
            return session

    said = pyhanko.PdfSignatureMetadata(
        field_name=f"VungManh{len(earlier) + 1}",
        md_algorithm="sha256",
        reason=reason or None,
        location=place or None,
        subfilter=SigSeedSubFilter.PADES,
    )
    target = io.BytesIO()
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
        _apart(lambda: AtTheGivenTime(said, signer=signer).sign_pdf(writer, output=target))
    except (SigningError, PdfError):
        raise Conflict(
            "Tệp PDF này không cho ký thêm (người tạo đã khóa). Xin bản chưa khóa.",
            code="pdf-locked",
        ) from None
    return target.getvalue()


def check_signature(
    pdf: bytes, *, authorities: Sequence[bytes] = (), at: dt.datetime
) -> tuple[SignatureCheck, ...]:
    """Each signature of a file, oldest first; none for a file not signed. `authorities`:
    certificates (PEM or DER) that are believed; no network is asked, so a certificate taken back
    since is not noticed."""
    _library()
    reader = _opened(pdf)
    try:
        signatures = list(reader.embedded_signatures)
        return tuple(_checked(one, authorities, at) for one in signatures)
    except VungManhError:
        raise
    except Exception as error:
        # A file that was tampered with fails anywhere in the parser, in ways it does not name.
        raise _broken() from error


def _checked(signature: Any, authorities: Sequence[bytes], at: dt.datetime) -> SignatureCheck:
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    usage = KeyUsageConstraints(
        key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
    )
    said = signature.sig_object
    given = [_certificate(one) for one in authorities]

    def holds(moment: dt.datetime) -> tuple[bool, bool, bool]:
        """Intact, trusted at that moment, added to since."""
        context = ValidationContext(
            trust_roots=given, moment=moment, allow_fetching=False, revocation_mode="soft-fail"
        )
        try:
            status = _apart(
                lambda: validate_pdf_signature(signature, context, key_usage_settings=usage)
            )
        except (SignatureValidationError, ValueError):
            return False, False, False
        intact = bool(status.intact and status.valid and status.docmdp_ok)
        whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        return intact, bool(intact and status.trusted), not whole

    is_intact, is_trusted, has_more = holds(at)
    signed_at, certificate = signature.self_reported_timestamp, signature.signer_cert
    then = signed_at if is_intact and not is_trusted and given else None
    return SignatureCheck(
        signer=certificate.subject.native.get("common_name", ""),
        reason=str(said.get("/Reason", "")),
        place=str(said.get("/Location", "")),
        signed_at=signed_at,
        is_intact=is_intact,
        is_trusted=is_trusted,
        certificate_ends=certificate.not_valid_after.date(),
        is_known=is_trusted or (then is not None and holds(then)[1]),
        has_more=has_more,
    )


def _apart(work: Callable[[], Any]) -> Any:
    """In a thread of its own: pyHanko runs an event loop, and the caller may stand in one."""
    with ThreadPoolExecutor(max_workers=1) as one:
        return one.submit(work).result()


def _signer(pyhanko: Any, pkcs12: bytes, passphrase: str, at: dt.datetime) -> Any:
    """The key and its certificate, once they are known to hold at that time."""
    from asn1crypto.pkcs12 import Pfx
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

    try:
        Pfx.load(pkcs12)["auth_safe"]["content_type"].native  # noqa: B018
    except (ValueError, TypeError, KeyError):
        raise InputError(
            "Tệp chứng thư không phải .p12 hoặc .pfx. Xuất lại chứng thư kèm khóa riêng.",
            field="certificate",
            code="certificate-unreadable",
        ) from None
    try:
        key, certificate, _others = load_key_and_certificates(pkcs12, passphrase.encode())
    except ValueError:
        raise InputError(
            "Mật khẩu của tệp chứng thư không đúng. Gõ lại mật khẩu.",
            field="passphrase",
            code="passphrase-wrong",
        ) from None
    if key is None or certificate is None:
        raise InputError(
            "Tệp chứng thư không có khóa riêng nên không ký được. Xuất lại kèm khóa riêng.",
            field="certificate",
            code="certificate-without-key",
        )
    _check_days(certificate, at)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise InputError(
            "Loại khóa của chứng thư này chưa ký PDF được (cần RSA hoặc ECDSA). Chọn chứng thư "
            "khác.",
            field="certificate",
            code="certificate-unsupported",
        )
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        usage = None
    if usage and not (usage.digital_signature or usage.content_commitment):
        raise InputError(
            "Chứng thư này không dùng để ký được (chỉ để mã hóa). Chọn chứng thư ký số.",
            field="certificate",
            code="certificate-not-for-signing",
        )
    return pyhanko.SimpleSigner.load_pkcs12_data(pkcs12, (), passphrase.encode())


def _check_days(certificate: Any, at: dt.datetime) -> None:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if at > ends:
        raise NotNow(
            f"Chứng thư hết hạn ngày {date_vi(ends.date())}. Gia hạn rồi ký lại.",
            code="certificate-expired",
        )
    if at < begins:
        raise NotNow(
            f"Chứng thư có hiệu lực từ ngày {date_vi(begins.date())}, chưa ký được. Kiểm tra cả "
            "ngày giờ của máy.",
            code="certificate-not-yet-valid",
        )


def _opened(pdf: bytes) -> Any:
    from pyhanko.pdf_utils.reader import PdfFileReader

    if not pdf.startswith(b"%PDF-"):
        raise InputError(
            "Đây không phải tệp PDF. Chọn lại tệp.", field="file", code="pdf-not-a-pdf"
        )
    if len(pdf) > MAX_BYTES:
        raise InputError(
            f"Tệp nặng {number_vi(len(pdf) / 1e6)} MB, quá mức {MAX_BYTES // 1_000_000} MB.",
            field="file",
            code="pdf-too-large",
        )
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        reader.root  # noqa: B018
    except Exception:
        # A file that was tampered with fails anywhere in the parser, in ways it does not name.
        raise _broken() from None
    if reader.encrypted:
        raise InputError(
            "Tệp PDF đặt mật khẩu nên không ký, không kiểm tra chữ ký được. Bỏ mật khẩu rồi làm "
            "lại.",
            field="file",
            code="pdf-protected",
        )
    return reader


def _broken() -> InputError:
    return InputError(
        "Tệp PDF bị hỏng, không đọc được. Lấy lại bản gốc.", field="file", code="pdf-broken"
    )


def _certificate(data: bytes) -> Any:
    from asn1crypto import pem, x509

    try:
        if pem.detect(data):
            _kind, _headers, data = pem.unarmor(data)
        made = x509.Certificate.load(data)
        made.public_key  # noqa: B018
    except (ValueError, TypeError, KeyError):
        raise InputError(
            "Tệp chứng thư của nơi cấp không đọc được (cần .pem, .crt hoặc .cer).",
            field="authority",
            code="certificate-unreadable",
        ) from None
    return made


def _library() -> Any:
    try:
        from pyhanko.sign import signers
    except ModuleNotFoundError:
        raise NotNow(
            "Chưa cài phần “signing” nên chưa ký, chưa kiểm tra chữ ký được. Cài một lần: "
            'pip install "vungmanh[signing]".',
            code="extra-missing",
        ) from None
    # An authority that is not known is one of our answers, not an error to write down.
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    return signers
