"""The body of a webhook as a row; which object it is of stands at the path that the contract names."""

from __future__ import annotations

from typing import Any

from onefold.record.contracts.errors import Reason
from onefold.record.contracts.model import Webhook
from onefold.record.intake.envelopes.model import Unwrapped, faulty, message_id, read_message
from onefold.record.intake.model import Offered

WEBHOOK_BYTES_MAX = 256 << 10
_DEPTH_MAX = 16


def parse_webhook(webhook: Webhook, body: bytes, signed_id: str) -> Unwrapped:
    """One webhook that was proven. `signed_id` is the id its signature covers, if any; the contract's path
    goes before it, and without either a second sending is known by its row.
    """
    if len(body) > WEBHOOK_BYTES_MAX:
        return faulty(body, 1, Reason.MESSAGE_TOO_LARGE)
    message = read_message(body)
    if message is None:
        return faulty(body, 1, Reason.BAD_JSON)
    kind = _text_at(message, webhook.object)
    identity = (_text_at(message, webhook.id) if webhook.id else "") or signed_id
    offered = Offered(message, 1, message_id("webhook", identity) if identity else "")
    return Unwrapped((kind,) if kind else (), offered)


def _text_at(message: dict[str, Any], path: str) -> str:
    at: Any = message
    for part in path.split(".")[:_DEPTH_MAX]:
        at = at.get(part) if isinstance(at, dict) else None
    if isinstance(at, int) and not isinstance(at, bool):
        return str(at)
    return at if isinstance(at, str) else ""
