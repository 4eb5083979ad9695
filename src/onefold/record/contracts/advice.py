"""What to do next about a row that is not taken, by reason, in the words of the person who mends it."""

from __future__ import annotations

from onefold.record.contracts.errors import REFUSALS, Reason

_SEND = "Ask the source to send it right, then give these rows up as sent again."
_PUT_IN = "Put the right value in and hand it in again, or ask the source to send it right."
_SHAPE = (
    "The file was cut off or written otherwise than the contract says. Ask for it again, load it, and give"
    " these rows up as sent again."
)
_DIGEST = "Nothing of it is kept, so it cannot be handed in. Ask the source to send it right."
_DOCUMENT = (
    "Open it where it came from, mend it there, and load it again; then give this row up as sent again."
)

_ADVICE: dict[Reason, str] = {
    Reason.REQUIRED_MISSING: (
        "Put the value in and hand it in again. If it may be empty, let the contract say so, publish it, and"
        " hand the rows in as they are."
    ),
    Reason.KEY_MISSING: "Without its key nobody knows what the row is. " + _SEND,
    Reason.SUBJECT_MISSING: "Say whom it is about and hand it in again, or give it up.",
    Reason.BAD_TYPE: _PUT_IN + " If all of them are so, the contract may state the wrong type.",
    Reason.BAD_INTEGER: _PUT_IN,
    Reason.BAD_FLAG: _PUT_IN + " If all of them are so, let the contract map the source's words.",
    Reason.BAD_DATE: _PUT_IN + " If all of them are so, let the contract name the format.",
    Reason.BAD_INSTANT: _PUT_IN + " If all of them are so, let the contract name the format.",
    Reason.BAD_AMOUNT: _PUT_IN + " Amounts are exact in their currency, without signs of thousands.",
    Reason.BAD_CURRENCY: "Put the three-letter code in, such as EUR, and hand it in again.",
    Reason.BAD_REFERENCE: _PUT_IN,
    Reason.UNKNOWN_VALUE: (
        "If the code is right, add it to the contract, publish it, and hand the rows in as they are. If it is"
        " wrong, put the right one in."
    ),
    Reason.BEYOND_LIMITS: _PUT_IN + " If the limits are too narrow, change them in the contract.",
    Reason.UNKNOWN_PURPOSE: "Map the source's word to one of our purposes in the contract, or put one in.",
    Reason.QUALITY_RULE: _PUT_IN + " If the rule is too strict, change it in the contract.",
    Reason.UNPROVEN_GRANT: (
        "A consent counts only with when and how it was given. Ask the source for its evidence; without it,"
        " give the row up."
    ),
    Reason.TOO_LONG: "Shorten the value and hand it in again, or ask the source why it is so long.",
    Reason.FUTURE_DATE: (
        "Hand it in again once the day has come. If the clock or the zone of the source is wrong, have it"
        " mended there."
    ),
    Reason.KEY_REPEATED: (
        "The source said two things of one key at once. Ask which is right; give the other up as a duplicate."
    ),
    Reason.BAD_TEXT: (
        "Let the contract name the encoding that the file has, or ask for it in UTF-8; load it again, and"
        " give these rows up as sent again."
    ),
    Reason.BAD_JSON: _SHAPE,
    Reason.TOO_DEEP: _SHAPE,
    Reason.RAGGED_ROW: _SHAPE,
    Reason.OPEN_QUOTE: _SHAPE,
    Reason.LINE_TOO_LONG: _DIGEST,
    Reason.MESSAGE_TOO_LARGE: _DIGEST,
    Reason.BAD_ENVELOPE: _DIGEST,
    Reason.DOCUMENT_EMPTY: _DOCUMENT,
    Reason.DOCUMENT_TOO_LARGE: _DOCUMENT,
    Reason.DOCUMENT_TOO_DEEP: _DOCUMENT,
    Reason.BAD_DOCUMENT: _DOCUMENT,
    Reason.UNKNOWN_SCHEMA: "Register the schema, or have the source use one that is; then let it send again.",
    Reason.TOMBSTONE_UNHEARD: (
        "Name the property that the key is in the topic's configuration, and read the topic again; then give"
        " the row up."
    ),
    Reason.UNKNOWN_CALL: (
        "If the message is meant, add it to the contract and let the source send it again; else have the"
        " source stop. Nothing of it is kept."
    ),
    Reason.MUST_NOT_STORE: (
        "The source sends what must not be here; nothing of it is kept. Tell its owner, then give the row up."
    ),
    Reason.SNAPSHOT_OLDER: "A newer delivery was taken. Load this one as a backfill, or give it up.",
    Reason.SUBJECT_ERASED: "The person was erased. Tell the source to stop sending, and give the row up.",
}


UNREAD = frozenset(
    {
        Reason.BAD_TEXT,
        Reason.BAD_JSON,
        Reason.TOO_DEEP,
        Reason.RAGGED_ROW,
        Reason.OPEN_QUOTE,
        Reason.LINE_TOO_LONG,
        Reason.MESSAGE_TOO_LARGE,
        Reason.BAD_ENVELOPE,
        Reason.DOCUMENT_EMPTY,
        Reason.DOCUMENT_TOO_LARGE,
        Reason.DOCUMENT_TOO_DEEP,
        Reason.BAD_DOCUMENT,
        Reason.UNKNOWN_SCHEMA,
        Reason.TOMBSTONE_UNHEARD,
        Reason.UNKNOWN_CALL,
    }
)
"""What came could not be taken apart, or nobody knows what it is: there is no row to hand in again."""


def is_mendable(reason: str) -> bool:
    """Whether rows held for a reason can be handed in again, as far as the reason tells."""
    return reason not in UNREAD and reason not in REFUSALS


def advice(reason: str) -> str:
    """What to do next; empty for a reason of another release."""
    return _ADVICE[Reason(reason)] if reason in set(Reason) else ""
