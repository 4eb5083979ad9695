"""Sign what controllers are answered, and give out the certificate to check it with (OpenDSR 4, 6)."""

from __future__ import annotations

import base64

from onefold.kernel.errors import NotFound
from onefold.usecases.processor import CERTIFICATE
from onefold.usecases.rooms import Rooms

DOMAIN_HEADER, SIGNATURE_HEADER = "X-OpenDSR-Processor-Domain", "X-OpenDSR-Signature"


def signature_headers(rooms: Rooms, body: bytes, host: str = "") -> dict[str, str]:
    """The domain, and the signature over these very bytes where there is a key; `host` stands in for it."""
    processor = rooms.processor
    headers = {DOMAIN_HEADER: processor.domain or host}
    if processor.is_ready and processor.key is not None:
        headers[SIGNATURE_HEADER] = base64.b64encode(processor.key.sign(body)).decode()
    return headers


def certificate_address(rooms: Rooms) -> str:
    """Where the certificate is; empty where there is none, since nothing is signed then."""
    return rooms.processor.url(CERTIFICATE) if rooms.processor.is_ready else ""


def show_certificate(rooms: Rooms) -> bytes:
    """The certificate and those of its authority, PEM; `NotFound` where there is none."""
    processor = rooms.processor
    if not processor.is_ready or processor.key is None:
        raise NotFound(
            "Answers are not signed here.", hint="The how-to on subject requests says how to begin."
        )
    return processor.key.certificate
