"""What one member tells another about the office's keys, sealed: the envelope.

crypto_box (X25519, XSalsa20-Poly1305) proves the sender to the recipient. Sender and recipient stand inside once more:
without that an envelope could be played back to its sender as if it came from the other side. What goes to the printed
key is sealed a second time with the secret that only its desks hold.
"""

from __future__ import annotations

import base64
import json

from desktop_app.sync.device_keys import DeviceKeys, checked_public_key
from desktop_app.sync.membership import Member, MemberKind, OfficeState, canonical, from_content, to_content
from desktop_app.sync.sealing import derived_key

_FORMAT = 1
_STEP_BYTES = 2048  # the hub shall not count keys and members
_LONGEST = 240 * 1024
_SHAPE_ERRORS = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


class EnvelopeBroken(Exception):
    """The envelope was altered, is not for this key or not from this sender, or says nothing usable."""


def sealed_envelope(state: OfficeState, sender: DeviceKeys, recipient: Member) -> str:
    """Return the state sealed to a member, as text. Each call gives another text."""
    from nacl.public import Box, PrivateKey, PublicKey

    inner = canonical(
        {"v": _FORMAT, "from": sender.public_key, "to": recipient.public_key, "state": to_content(state)}
    ).encode()
    inner += b" " * (-len(inner) % _STEP_BYTES)
    if recipient.kind is MemberKind.RECOVERY:
        inner = _under_secret(inner, recipient.recovery_secret)
    box = Box(PrivateKey(sender.private_key), PublicKey(checked_public_key(recipient.public_key)))
    return base64.b64encode(box.encrypt(inner)).decode("ascii")


def opened_envelope(text: str, sender: str, own: DeviceKeys, recovery_secret: bytes = b"") -> OfficeState:
    """Return what `sender` told `own`; with `recovery_secret`, what was told to the printed key.

    Raises:
        EnvelopeBroken: nothing of the kind.
    """
    from nacl.exceptions import CryptoError
    from nacl.public import Box, PrivateKey, PublicKey

    try:
        if len(text) > _LONGEST:
            raise ValueError("too long")
        raw = base64.b64decode(text.encode("ascii"), validate=True)
        box = Box(PrivateKey(own.private_key), PublicKey(checked_public_key(sender)))
        inner = box.decrypt(raw)
        if recovery_secret:
            inner = _from_under_secret(inner, recovery_secret)
        content = json.loads(inner)
        if (content["v"], content["from"], content["to"]) != (_FORMAT, sender, own.public_key):
            raise ValueError("for somebody else, from somebody else, or newer")
        return from_content(content["state"])
    except (CryptoError, *_SHAPE_ERRORS) as error:
        raise EnvelopeBroken("no envelope for this key from this sender") from error


def _under_secret(inner: bytes, secret: bytes) -> bytes:
    from nacl.secret import Aead

    return bytes(Aead(derived_key(secret, "ql-recover-seal")).encrypt(inner, b"quartierslotse recovery"))


def _from_under_secret(inner: bytes, secret: bytes) -> bytes:
    from nacl.secret import Aead

    return Aead(derived_key(secret, "ql-recover-seal")).decrypt(inner, b"quartierslotse recovery")
