"""Adoptions of models as a worker meets them in the log: none may be later than its state was made under."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from onefold.customer.identity.adoption import ENTITY, Adoption, adoption_in
from onefold.kernel.errors import Damaged
from onefold.pipeline.ports import Opened


def adoptions_in(batch: Sequence[Opened]) -> Iterator[Adoption]:
    """Those that frames say, in order; `Damaged` where one cannot be opened, so that nobody knows it."""
    for sequence, frame, bodies in batch:
        if frame.entity == ENTITY:
            if bodies is None:
                raise Damaged(
                    "That a model was adopted stands in the log and cannot be opened.",
                    detail=f"Sequence {sequence}.",
                    hint="Restore the file of data keys from a backup.",
                )
            for event, body in zip(frame.events, bodies, strict=True):
                yield adoption_in(body, event.occurred_at)


def check_adoptions(batch: Sequence[Opened], number: int) -> None:
    """`Damaged` where a frame says that another model is in force than the state's, of this number.

    The state goes no further then: rows under two models would be no function of anything.
    """
    for it in adoptions_in(batch):
        if it.number > number:
            raise Damaged(
                "The log says that another model was adopted than the state was made under.",
                detail=f"Adoption {it.number} in the log, {number} in the state.",
                hint="Stop, and start again: the state is then made anew from the log.",
            )
