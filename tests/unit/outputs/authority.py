"""A made-up authority and the certificates it gives, made anew for each run."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    pkcs12,
)
from cryptography.x509.oid import NameOID

AT = dt.datetime(2026, 3, 1, 8, 30, tzinfo=dt.UTC)
PASSPHRASE = "mật khẩu thử"
SIGNER = "Lường Thị Mẫu"


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


@dataclass(frozen=True)
class Authority:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def names(self, common: str, *, may_certify: bool = True) -> Authority:
        """Somebody below it who gives certificates too; `may_certify`: whether that is said."""
        key = ec.generate_private_key(ec.SECP256R1())
        return Authority(key, _named(common, key, self.certificate.subject, self.key, may_certify))

    def gives(
        self,
        *,
        begins: dt.datetime = AT - dt.timedelta(days=30),
        ends: dt.datetime = AT + dt.timedelta(days=30),
        signs: bool = True,
        with_key: bool = True,
        passphrase: str = PASSPHRASE,
        key: CertificateIssuerPrivateKeyTypes | None = None,
    ) -> bytes:
        """A certificate with its key as a .p12 file."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        usage = x509.KeyUsage(
            digital_signature=signs, content_commitment=signs, key_encipherment=not signs,
            data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
            encipher_only=False, decipher_only=False,
        )  # fmt: skip
        made = (
            x509.CertificateBuilder()
            .subject_name(_name(SIGNER))
            .issuer_name(self.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
            .add_extension(usage, critical=True)
            .sign(self.key, hashes.SHA256())
        )
        sealed = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
        if not with_key:
            return pkcs12.serialize_key_and_certificates(None, None, None, [made], sealed)
        return pkcs12.serialize_key_and_certificates(b"ky", key, made, [self.certificate], sealed)


def _named(
    common: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    may_certify: bool = True,
) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(common))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(AT - dt.timedelta(days=400))
        .not_valid_after(AT + dt.timedelta(days=400))
        .add_extension(x509.BasicConstraints(ca=may_certify, path_length=None), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )


def authority(common: str = "Nơi cấp chứng thư thử nghiệm") -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    return Authority(key, _named(common, key, _name(common), key))
