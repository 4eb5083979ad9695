"""Lifting what an older version wrote to the words of the present one, on reading; the log never changes.

Theory. The log is for ever and the code is not, so each thing in it says in which version it was written:

* **a segment** by its magic (`ONEFOLD1`) and flags;
* **a frame's header** by its first element. In version 1, which today's code writes, that is the cell, a
  text. Every later version begins with its number instead, so that no header can be taken for one of
  another version. Fields that are only appended, with a default, need no new version: MessagePack arrays
  that are shorter decode as they are;
* **a body** by the contract version that its header names. The contracts of sources are kept for ever, so
  their bodies need no lifting. Onefold's own contract comes with the code and only in its present version:
  when that changes incompatibly, the room whose words changed registers how an old body becomes a new one.

A *lift* is a pure total function from version n - 1 to version n. Lifts are composed, so each release writes
one and never touches those before: fold(lift(old events)) = fold(new events), and a replay after an upgrade
gives what it would have given if the new version had written everything. Identity is not theirs to change:
ids, instants, digests and seals are those of the bytes in the log, and a lift sees a body after it was opened
and a header after its bytes were used to open the body.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from onefold.kernel.errors import Damaged

HEADER_VERSION = 1
"""What today's code writes."""

Row = dict[str, Any]
HeaderLifts = dict[int, Callable[[list[Any]], list[Any]]]
"""From a version to the next one: fields in, fields out, without the leading number."""

HEADER_LIFTS: HeaderLifts = {}
"""None yet: every header ever written is of version 1."""

_ROW = msgspec.json.Decoder(Row)
_ENCODE = msgspec.json.Encoder().encode


class BodyLift(msgspec.Struct, frozen=True):
    """How a body of one object of a source, written under one contract version, reads under a later one."""

    source: str
    object: str
    version: str
    to: str
    lift: Callable[[Row], Row]


Lifted = Callable[[bytes], bytes]


class Upcasters:
    """The lifts of all rooms together, found by what a frame says of itself."""

    def __init__(self, bodies: Iterable[BodyLift] = ()) -> None:
        self._bodies: dict[tuple[str, str, str], BodyLift] = {}
        for it in bodies:
            named = it.source, it.object, it.version
            if named in self._bodies:
                raise AssertionError(f"two lifts start at {it.version} of {it.source}/{it.object}")
            self._bodies[named] = it

    def body(self, source: str, object_name: str, version: str) -> tuple[str, Lifted | None]:
        """The version in which a body can be read now, and how it gets there; None where it is as it was."""
        chain: list[Callable[[Row], Row]] = []
        passed = {version}
        while (found := self._bodies.get((source, object_name, version))) is not None:
            if found.to in passed:
                raise AssertionError(f"the lifts of {source}/{object_name} go in a circle")
            chain.append(found.lift)
            version = found.to
            passed.add(version)
        return version, _composed(chain) if chain else None


def header_fields(data: bytes, lifts: HeaderLifts = HEADER_LIFTS, present: int = HEADER_VERSION) -> list[Any]:
    """The fields of a stored header in the order of the present version; `Damaged` where nobody can tell."""
    try:
        fields = msgspec.msgpack.decode(data, type=list[Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Damaged("A frame header cannot be read.", detail=str(error)) from error
    version = 1
    if fields and type(fields[0]) is int:
        version, *fields = fields
        if version < 2:
            raise Damaged("A frame header cannot be read.", detail=f"It says it is of version {version}.")
    if version > present:
        raise Damaged(
            "A frame was written by a later version of Onefold.",
            detail=f"Its header is of version {version}, this one knows {present}.",
            hint="Go on with the version that wrote it; nothing was changed.",
        )
    while version < present:
        fields = lifts[version](fields)
        version += 1
    return fields


def _composed(chain: list[Callable[[Row], Row]]) -> Lifted:
    def lifted(body: bytes) -> bytes:
        row = _ROW.decode(body)
        for lift in chain:
            row = lift(row)
        return _ENCODE(row)

    return lifted
