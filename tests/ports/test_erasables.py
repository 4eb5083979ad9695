"""Every room of the eraser keeps the promises of its port."""

from __future__ import annotations

import asyncio
import uuid
import zipfile

from onefold.app.folder import read_folder
from onefold.kernel.ids import CellKey
from onefold.record.erasure.model import Erased
from onefold.record.log.frames import decode_header
from onefold.record.tokens.model import Minted
from onefold.record.tokens.rules import token_of
from onefold.testing.biometrics import FuzzyMatcher, noisy, sample_of
from onefold.usecases.answer_request import complete_request
from onefold.usecases.open_request import AskedRequest, open_request
from onefold.usecases.request_views import Kind, Proof
from onefold.usecases.search_customers import search_customers
from tests.canaries import canary, customer_of, permit
from tests.ports.erasable import ErasableSuite


class TestLog(ErasableSuite):
    """Segments: the ciphertext goes."""

    room = "log"

    def holds(self, rooms, n):
        opened = rooms.eraser.sealer.open(rooms.eraser.frames.scan())
        return any(canary(n).encode() in body for _, _, bodies in opened for body in bodies or ())

    def erased(self, rooms):
        """All of the person's frames, the account's too: they have several subjects."""
        found = super().erased(rooms)
        subjects = {
            decode_header(it.header).subject_id
            for it, (_, _, bodies) in zip(
                rooms.eraser.frames.scan(),
                rooms.eraser.sealer.open(rooms.eraser.frames.scan()),
                strict=True,
            )
            if any(canary(1).encode() in body for body in bodies or ())
        }
        return type(found)(found.parties, frozenset(subjects), found.fragments, found.words)


class TestQuarantine(ErasableSuite):
    """Segments of rows that nobody could place."""

    room = "quarantine"

    def holds(self, rooms, n):
        quarantine = rooms.door.quarantine
        return any(
            canary(n).encode() in quarantine.read(sequence)[1] for sequence, _ in quarantine.headers(0)
        )


class TestExports(ErasableSuite):
    """Files that were released."""

    room = "exports"

    def holds(self, rooms, n):
        return self.words_in(self.exports, n)


class TestPackages(ErasableSuite):
    """Answers to requests for access."""

    room = "packages"

    def prepare(self, rooms, data):
        self.packages = {}
        for n in (1, 2):
            request = str(uuid.uuid4())
            asked = AskedRequest(
                id=request, kind=Kind.ACCESS, customer=customer_of(rooms, n), proof=Proof.DOCUMENT
            )
            open_request(permit(rooms, "open_request"), rooms, asked)
            complete_request(permit(rooms, "answer_request"), rooms, request)
            self.packages[n] = read_folder(data).packages / f"{request}.zip"

    def holds(self, rooms, n):
        return self.packages[n].is_file()

    def test_a_package_goes_with_any_record_that_is_in_it(self, rooms):
        party = bytes.fromhex(customer_of(rooms, 1))
        one = next(iter(self.erased(rooms).fragments - {party}))
        assert self.erasable(rooms).erase(Erased(frozenset(), frozenset(), frozenset({one}))) == 1
        assert not self.holds(rooms, 1)
        assert self.holds(rooms, 2)

    def test_a_package_whose_bytes_are_damaged_goes_too(self, rooms):
        whole = self.packages[1].read_bytes()
        nobody = Erased(frozenset({bytes(16)}), frozenset(), frozenset())
        with zipfile.ZipFile(self.packages[1]) as archive:
            at = archive.getinfo("records.json").header_offset + 30 + len("records.json")
        for damaged in (
            whole[:at] + bytes(64) + whole[at + 64 :],
            whole[:at] + b"\xff" * 64 + whole[at + 64 :],
        ):
            self.packages[1].write_bytes(damaged)
            assert self.erasable(rooms).erase(nobody) == 1
        assert self.holds(rooms, 2)

    def test_what_cannot_be_read_and_what_a_crash_left_behind_goes_too(self, rooms):
        self.packages[1].write_bytes(b"no zip")
        left = self.packages[1].with_name(f".{self.packages[1].name}.new")
        left.write_bytes(b"half")
        nobody = Erased(frozenset({bytes(16)}), frozenset(), frozenset())
        assert self.erasable(rooms).erase(nobody) == 1
        assert not left.exists()
        assert self.holds(rooms, 2)


class TestState(ErasableSuite):
    """Rows, search terms, the index of conversations: derived, and on the disk."""

    room = "state"

    def holds(self, rooms, n):
        found = search_customers(permit(rooms, "search_customers"), rooms, f"{canary(n)}@bank.uz")
        heard = rooms.reader.heard((canary(n),), ())
        return bool(found.items or heard)


class TestTokens(ErasableSuite):
    """Rows that say what tokens stood for."""

    room = "tokens"

    def prepare(self, rooms, data):
        self.folder, vault = data, rooms.tokens
        assert vault in rooms.eraser.last
        self.tokens = {}
        for n in (1, 2):
            party, email = bytes.fromhex(customer_of(rooms, n)), f"{canary(n)}@bank.uz"
            self.tokens[n] = token_of(CellKey(vault.key), "email", email)
            vault.keep([Minted(self.tokens[n], party, party, "email", email)])

    def holds(self, rooms, n):
        return any(canary(n) in it.value for it in rooms.tokens.rows(self.tokens[n]))

    def test_no_file_holds_a_byte_of_the_row(self, rooms):
        [row] = rooms.tokens._store.of(self.tokens[1])
        database = read_folder(self.folder).tokens
        files = [database, database.with_name(f"{database.name}-wal")]
        assert any(row.sealed in it.read_bytes() for it in files if it.exists())
        self.erasable(rooms).erase(self.erased(rooms))
        assert not any(row.sealed in it.read_bytes() for it in files if it.exists())


class TestCuts(ErasableSuite):
    """Views that are kept to be given out again."""

    room = "cuts"

    def prepare(self, rooms, data):
        allowed = permit(rooms, "show_customer")
        for n in (1, 2):
            party = bytes.fromhex(customer_of(rooms, n))
            answer = asyncio.run(rooms.gate.view_soon(allowed, party))
            assert canary(n).encode() in answer

    def holds(self, rooms, n):
        kept = rooms.gate._cutting._kept
        return any(canary(n).encode() in it.made.made for it in kept._held.values())


class TestTries(ErasableSuite):
    """Of whom a sample was brought that did not agree, and who was known by theirs."""

    room = "tries"

    def prepare(self, rooms, data):
        for n in (1, 2):
            party, now = bytes.fromhex(customer_of(rooms, n)), rooms.clock.now_ms()
            rooms.tries.begin(party, "desk", now)
            rooms.tries.agreed(party, "line", now)
            rooms.tries.begin(party, "desk", now)

    def holds(self, rooms, n):
        party = bytes.fromhex(customer_of(rooms, n))
        askers = rooms.tries._askers.values()
        of_askers = [key for it in askers for key in (*it.agreed, *(whose for _, whose in it.failed))]
        return party in (*rooms.tries._failed, *of_askers)


class TestBiometrics(ErasableSuite):
    """What the engine keeps; the references themselves are rows of the log and the state."""

    room = "biometrics"

    def prepare(self, rooms, data):
        assert rooms.biometrics in rooms.eraser.last
        rooms.biometrics._matcher = FuzzyMatcher()
        self.kept = {}
        for n in (1, 2):
            party = bytes.fromhex(customer_of(rooms, n))
            self.kept[n] = party, rooms.biometrics.enrol(party, "face", 1, sample_of(canary(n)))

    def holds(self, rooms, n):
        party, protected = self.kept[n]
        return rooms.biometrics.agrees(party, "face", 1, protected, noisy(sample_of(canary(n))))


class TestEveryRoomIsTried:
    """A room that joins the eraser has a suite here."""

    def test_each_room_of_the_eraser_has_a_suite(self):
        assert {it.room for it in ErasableSuite.__subclasses__()} >= {
            "log",
            "quarantine",
            "exports",
            "packages",
            "state",
            "tokens",
            "cuts",
            "tries",
            "biometrics",
        }
