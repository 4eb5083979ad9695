"""The vault: what each token stood for, sealed under the keys of the people it is about.

Theory. Two designs were weighed (ADR 0028). Encrypting values deterministically (AES-SIV) needs no store, but
who has the one key turns back every token for ever: an erasure would have nothing to destroy. So a token is a
digest (rules.py), and a row for each (token, record) keeps the value, under the key of the record's subject.

- *Durable before it is shown.* `keep` returns when the rows are on the disk; whoever shows a token calls it
  first. A token that could not be kept does not leave.
- *Erasure.* The rows of who is erased are taken away and overwritten; whatever copy of them is left opens
  under no key any more. The ledger is asked as well, when something is kept and when it is looked for: a
  vault that is restored from a backup says nothing of people who were erased since. What is left of a token
  in somebody's file is a digest under a key that nobody hands out.
- *Nobody waits for pages.* A row is taken away within a turn. Sweeping its bytes out of the files takes up to
  minutes, and a view that waited for it would hold up every withdrawal: it comes after the turn. The ledger
  has the erasure by then, and nothing of it is kept any more. What a crash leaves, the store remembers.
- *Several people of one value* have a row each. Erasing one leaves the other's.
- *Rotation.* A new master key wraps the same data keys: rows and tokens stay as they are. The key of the
  tokens is as old as the cell: a new one would part what was handed out from what is shown, and could not
  take back anything.

A token nobody was ever shown, one of another cell and one of somebody who is erased have no row: they are
told apart by nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from onefold.kernel.errors import Damaged, Forgotten
from onefold.record.erasure.model import Erased
from onefold.record.erasure.ports import ErasedIds
from onefold.record.log.ports import SubjectKeys
from onefold.record.tokens.model import Minted, Sealed
from onefold.record.tokens.ports import TokenStore
from onefold.record.tokens.rules import kind_in

NONCE_BYTES = 12


class TokenVault:
    """The vault of one cell; thread-safe. Implements `Erasable`.

    `key` is what tokens are made with (`rules.token_key`), `entropy(n)` gives n unpredictable bytes.
    """

    room = "tokens"

    def __init__(
        self,
        key: bytes,
        keys: SubjectKeys,
        store: TokenStore,
        erased: ErasedIds,
        entropy: Callable[[int], bytes],
    ) -> None:
        self.key = key
        self._keys = keys
        self._store = store
        self._erased = erased
        self._entropy = entropy
        self._turn = threading.Lock()

    def keep(self, minted: Sequence[Minted]) -> None:
        """Writes down what tokens stand for; durable when it returns.

        `Forgotten` where one of them is about somebody who is erased: then nothing of it may be shown.
        """
        if not minted:
            return
        with self._turn:
            if any(self._is_gone(it.fragment_id, it.subject_id) for it in minted):
                raise _forgotten()
            known = self._store.known([(it.token, it.fragment_id) for it in minted])
            fresh = {place: it for it in minted if (place := (it.token, it.fragment_id)) not in known}
            if fresh:
                self._store.add(self._seal(list(fresh.values())))

    def rows(self, token: str) -> list[Minted]:
        """What a token stood for in each record that said it and is still known; none for any other text."""
        # Whatever was asked for, it is looked for: a text that is no token takes as long as one that is none
        # of ours.
        found = self._store.of(token if kind_in(token) else "")
        found = [it for it in found if not self._is_gone(it.fragment_id, it.subject_id)]
        keys = self._keys.find([it.subject_id for it in found])
        return [_opened(it, keys[it.subject_id]) for it in found if it.subject_id in keys]

    def erase(self, erased: Erased) -> int:
        """As the port says; rows."""
        return self._forget(erased.parties | erased.subjects | erased.fragments)

    def resume(self) -> int:
        """Finishes what a crash left, and takes away what a backup brought back; how many rows.

        It begins from what the vault holds: everything that ever expired is refused, and hardly any of it had
        a token.
        """
        return self._forget(self._store.held(self._erased.refused))

    def _forget(self, ids: AbstractSet[bytes]) -> int:
        with self._turn:
            found = self._store.forget(ids)
        self._store.sweep()
        return found

    def _is_gone(self, fragment_id: bytes, subject_id: bytes) -> bool:
        refused = self._erased.refused
        return fragment_id in refused or subject_id in refused

    def _seal(self, minted: Sequence[Minted]) -> list[Sealed]:
        keys = self._keys.obtain(list({it.subject_id for it in minted}))
        if any(it.subject_id not in keys for it in minted):
            raise _forgotten()
        rows = []
        for it in minted:
            nonce = self._entropy(NONCE_BYTES)
            row = Sealed(it.token, it.fragment_id, it.subject_id, it.field, b"")
            sealed = AESGCM(keys[it.subject_id]).encrypt(nonce, it.value.encode(), _bound(row))
            rows.append(Sealed(it.token, it.fragment_id, it.subject_id, it.field, nonce + sealed))
        return rows


class NoTokens:
    """For a gate without a vault: it makes no tokens, and what would be one is hidden."""

    key = b""

    def keep(self, minted: Sequence[Minted]) -> None:
        """Nothing was made that could be kept."""
        assert not minted, "tokens are made where they can be kept"


def _opened(row: Sealed, key: bytes) -> Minted:
    nonce, sealed = row.sealed[:NONCE_BYTES], row.sealed[NONCE_BYTES:]
    try:
        value = AESGCM(key).decrypt(nonce, sealed, _bound(row))
    except (InvalidTag, ValueError) as error:
        raise Damaged(
            "A row of the token vault does not open under its subject's key.",
            hint="Restore the vault from a backup; until then the token cannot be turned back.",
        ) from error
    return Minted(row.token, row.fragment_id, row.subject_id, row.field, value.decode())


def _bound(row: Sealed) -> bytes:
    """What a row's value is bound to: it opens in no other row."""
    return b"\0".join((row.token.encode(), row.fragment_id, row.subject_id, row.field.encode()))


def _forgotten() -> Forgotten:
    return Forgotten("The customer was erased.", detail="Nothing is known of them but that they were.")
