"""Change one's own password: who is signed in says the present one, and every other session ends."""

from __future__ import annotations

from onefold.kernel.errors import CallerError, Refused, Unavailable
from onefold.usecases.rooms import Rooms
from onefold.usecases.sign_in import SignedIn
from onefold.usecases.ways import DIRECTORY, PROVIDER

KIND = "change_password"


def change_password(rooms: Rooms, login: str, present: str, wanted: str, address: str = "") -> SignedIn:
    """The epoch that a session holds for from now on; sessions of before are over.

    `Refused` where the present password is another one, or none of ours is used; `CallerError` for a new
    one that is the present one, too short, or soon guessed; `LockedOut` after too many wrong ones. A change
    and a wrong password are written down.
    """
    if login.startswith((DIRECTORY, PROVIDER)) or not rooms.ways.takes_password_of(login):
        raise Refused(
            "Your password is not kept here.",
            reasons=("you sign in over the directory or the provider of your firm",),
            hint="Change it there.",
        )
    rooms.attempts.begin(login, address)
    # Asked for first: what somebody else changes meanwhile must not be undone, nor lend its epoch.
    epoch = rooms.users.epoch(login)
    try:
        known = rooms.users.verify(login, present)
    except Unavailable:
        rooms.attempts.undecided(login, address)
        raise
    if known is None:
        rooms.gate.note(login, KIND, "refused", ("wrong password",))
        raise Refused(
            "That is not your present password.", hint="Type it again; after five wrong ones you wait."
        )
    rooms.attempts.succeeded(login, address)
    if wanted == present:
        raise CallerError("The new password is the present one.", hint="Choose another.")
    fresh = rooms.users.change_password(login, wanted, epoch)
    rooms.gate.note(login, KIND, "done", ())
    return SignedIn(login, fresh)
