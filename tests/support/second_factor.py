"""Second factors for tests: rows, and an authenticator that signs as a browser would."""

import hashlib
import json
import secrets
from datetime import datetime, timedelta
from uuid import UUID

import pyotp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url, encode_cbor

from portal.people.accounts.models import Person
from portal.people.proconnect.models import FederatedIdentity
from portal.people.programmes.models import INSTALLATION
from portal.people.second_factor.code_rules import new_recovery_code
from portal.people.second_factor.models import FactorReset, OneTimeSecret, Passkey, RecoveryCode
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.secret_box import SecretBox
from portal.platform.kernel.services import get_service
from portal.platform.kernel.tokens import token_hash
from tests.support import factories as make
from tests.support.keeping import kept, write

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PRESENT_AND_VERIFIED, WITH_KEY = 0x05, 0x40


@kept
def passkey(person: Person, **given: object) -> Passkey:
    """Create a passkey that no authenticator holds."""
    usual = {
        "name": "Téléphone",
        "credential_id": secrets.token_urlsafe(16),
        "public_key": "",
        "sign_count": 0,
    }
    return write(Passkey(person_id=person.id, **usual | given))


def one_of_each(person: Person) -> dict[str, UUID]:
    """Give a person a link to ProConnect, and a passkey that an administrator asks to remove."""
    administrator = make.role(INSTALLATION, Role.ADMINISTRATOR)
    until = clock.now() + timedelta(days=1)
    write(FactorReset(person_id=person.id, requested_by_id=administrator.id, expires_at=until))
    linked = write(FederatedIdentity(person_id=person.id, issuer="https://provider.example", subject="s"))
    return {"passkey": passkey(person).id, "identity": linked.id}


def enrol(person: Person, secret: str = SECRET, *, recovery_codes: int = 3) -> list[str]:
    """Give a person one-time codes and return their recovery codes."""
    closed = get_service(SecretBox).close(secret)
    db.session.add(OneTimeSecret(person_id=person.id, closed_secret=closed, confirmed_at=clock.now()))
    codes = [new_recovery_code() for _ in range(recovery_codes)]
    db.session.add_all(RecoveryCode(person_id=person.id, code_hash=token_hash(code)) for code in codes)
    person.second_factor_at = clock.now()
    db.session.commit()
    return codes


def code(at: datetime | None = None, secret: str = SECRET) -> str:
    """Return the one-time code of a moment."""
    return pyotp.TOTP(secret).at(at or clock.now())


class Authenticator:
    """A passkey of an elliptic curve that makes and signs answers to challenges."""

    def __init__(self, host: str = "localhost", origin: str = "http://localhost") -> None:
        self.host, self.origin = host, origin
        self.id = secrets.token_bytes(16)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.count = 0
        self.flags = PRESENT_AND_VERIFIED

    def register(self, options: dict[str, object]) -> str:
        """Return the JSON of a new credential, as `credential.toJSON()` gives it."""
        numbers = self.key.public_key().public_numbers()
        point = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        held = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + encode_cbor(point)
        data = self._authenticator_data(self.flags | WITH_KEY) + held
        statement = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        answer = {"attestationObject": bytes_to_base64url(statement)}
        return self._answer(answer, "webauthn.create", options)

    def sign(self, options: dict[str, object]) -> str:
        """Return the JSON of a signature."""
        self.count += 1
        data = self._authenticator_data(self.flags)
        client = self._client_data("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        answer = {
            "authenticatorData": bytes_to_base64url(data),
            "signature": bytes_to_base64url(signature),
        }
        return self._answer(answer, "webauthn.get", options)

    def _authenticator_data(self, flags: int) -> bytes:
        hashed_host = hashlib.sha256(self.host.encode()).digest()
        return hashed_host + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client_data(self, kind: str, options: dict[str, object]) -> bytes:
        return json.dumps(
            {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        ).encode()

    def _answer(self, answer: dict[str, object], kind: str, options: dict[str, object]) -> str:
        client = bytes_to_base64url(self._client_data(kind, options))
        id_ = bytes_to_base64url(self.id)
        return json.dumps(
            {
                "id": id_,
                "rawId": id_,
                "type": "public-key",
                "clientExtensionResults": {},
                "response": answer | {"clientDataJSON": client},
            }
        )
