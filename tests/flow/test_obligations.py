"""Obligations are done: files say where they come from, counts are in steps, addresses leave as tokens."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from onefold.app.folder import CONFIG, read_folder
from onefold.app.house import LocalHouse
from onefold.gate.model import Actor, Permit
from onefold.gate.obligations import LEAST_GROUP, REST
from onefold.gate.policy_files import checked, shipped
from onefold.gate.untold import UNTOLD
from onefold.kernel.errors import CallerError, Refused, Unavailable
from onefold.kernel.ids import id_from_text
from onefold.record.audit.model import AuditFilter, AuditRecord
from onefold.record.tokens.rules import kind_in
from onefold.usecases.activate_segment import activate_segment
from onefold.usecases.answer_request import complete_request
from onefold.usecases.count_audience import count_audience
from onefold.usecases.marking import COLUMN
from onefold.usecases.open_request import AskedRequest, open_request
from onefold.usecases.request_views import Kind, Proof
from onefold.usecases.reveal_token import reveal_token
from onefold.usecases.rooms import Rooms
from tests.flow.server import make_world

SEGMENT = "balance-dip-fewer-logins"
REQUEST = "5d1a6f7e-3f7b-4f6b-9d52-6a0f7d0c9a11"
COUNTING = "marketers count whom they could reach"
REACHING = "marketers reach customers over the channels of marketing, by files that say where they come from"
ANSWERING = "privacy officers answer for everything that is held"
TOKENS_ALONE = """
@id("marketers see no addresses")
forbid (
  principal == Role::"marketer",
  action in [Action::"see_in_full", Action::"see_masked"],
  resource == FieldClass::"pii"
);

@id("marketers see tokens of addresses")
permit (principal == Role::"marketer", action == Action::"see_token", resource == FieldClass::"pii");
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("obligations") / "data"
    make_world(folder, 150)
    (folder / "contacting.yaml").write_text("version: 1")
    return folder


@pytest.fixture
def rooms(data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rooms]:
    """The rooms, and a segment that everybody is in."""
    with LocalHouse().working(data) as found:
        everybody = found.reader.customers(b"", 1000)
        for module in ("activate_segment", "count_audience"):
            monkeypatch.setattr(f"onefold.usecases.{module}.members", lambda *_: everybody)
        yield found


def obliging(rooms: Rooms, monkeypatch: pytest.MonkeyPatch, name: str, obliges: str, more: str = "") -> None:
    """The policies with another obligation said by one of them."""
    texts = {it: text.replace('@obliges("watermark")\n', "") for it, text in shipped().items()}
    named = f'@id("{name}")\n'
    assert named in texts["roles.cedar"]
    said = f'{named}@obliges("{obliges}")\n' if obliges else named
    texts["roles.cedar"] = texts["roles.cedar"].replace(named, said) + more
    monkeypatch.setattr(rooms.gate, "_policies", checked(texts))


def permit(
    rooms: Rooms, action: str, role: str = "marketer", purpose: str = "marketing", channel: str = "web"
) -> Permit:
    return rooms.gate.permit(Actor(role, (role,), rooms.cell), action, purpose, channel)


def newest(rooms: Rooms, kind: str) -> AuditRecord:
    return rooms.audit.page(AuditFilter(kind=kind), limit=1).items[0]


def rows_of(data: Path, file: str) -> list[dict[str, str]]:
    with (data / "exports" / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


@pytest.mark.parametrize(
    ("channel", "columns"),
    [("email", ["customer", "email", "language", COLUMN]), ("app", ["customer", "language", COLUMN])],
)
def test_each_row_of_a_file_says_who_released_it_when_for_what_and_where_that_is_written(
    rooms, data, channel, columns
):
    sent = activate_segment(permit(rooms, "activate_segment", channel=channel), rooms, SEGMENT)
    rows = rows_of(data, sent.file)
    assert 0 < len(rows) == sent.released
    assert list(rows[0]) == columns
    mark = newest(rooms, "mark")
    assert {it[COLUMN] for it in rows} == {sent.mark}
    who, at, what, record = sent.mark.split("; ")
    assert (who, what, record) == ("marketer", f"marketing over {channel}", f"audit record {mark.id}")
    assert at[:10] == sent.at[:10]
    assert (mark.actor, mark.purpose, mark.details["file"]) == ("marketer", "marketing", sent.file)
    assert newest(rooms, "activation").obligations == ("redact", "watermark")


def test_without_that_obligation_a_file_is_as_it_was(rooms, data, monkeypatch):
    obliging(rooms, monkeypatch, REACHING, "")
    sent = activate_segment(permit(rooms, "activate_segment", channel="email"), rooms, SEGMENT)
    assert sent.mark == ""
    assert list(rows_of(data, sent.file)[0]) == ["customer", "email", "language"]


def test_a_file_whose_origin_cannot_be_written_down_is_not_made(rooms, data, monkeypatch):
    asked = permit(rooms, "activate_segment")
    before = sorted((data / "exports").iterdir())

    def full(*_: object) -> list[int]:
        raise Unavailable("The disk is full.")

    monkeypatch.setattr(rooms.audit._commit, "append", full)
    with pytest.raises(Unavailable):
        activate_segment(asked, rooms, SEGMENT)
    assert sorted((data / "exports").iterdir()) == before


def test_a_package_says_where_it_comes_from_in_the_comment_of_the_zip(rooms, data, monkeypatch):
    obliging(rooms, monkeypatch, ANSWERING, "watermark")
    # The same policy allows what has no file, and that is refused.
    with pytest.raises(Refused, match="obliges to watermark"):
        permit(rooms, "show_customer", "privacy_officer", "compliance", "cli")
    customer = rooms.reader.customers(b"", 1)[0].hex()
    monkeypatch.undo()
    asked = AskedRequest(id=REQUEST, kind=Kind.ACCESS, customer=customer, proof=Proof.DOCUMENT)
    open_request(permit(rooms, "open_request", "privacy_officer", "compliance", "cli"), rooms, asked)
    obliging(rooms, monkeypatch, ANSWERING, "watermark")
    answering = permit(rooms, "answer_request", "privacy_officer", "compliance", "cli")
    complete_request(answering, rooms, REQUEST)
    with zipfile.ZipFile(io.BytesIO(rooms.packages.read(f"{REQUEST}.zip"))) as archive:
        assert archive.testzip() is None
        said = archive.comment.decode()
    assert said.endswith(f"; compliance over cli; audit record {newest(rooms, 'mark').id}")


def test_whoever_may_only_aggregate_is_told_no_small_number_of_an_audience(rooms, monkeypatch):
    exact = count_audience(permit(rooms, "count_audience"), replace(rooms, least_group=1), SEGMENT)
    obliging(rooms, monkeypatch, COUNTING, "aggregate")
    told = count_audience(permit(rooms, "count_audience"), rooms, SEGMENT)
    assert told.least == LEAST_GROUP
    assert told.obligations == ("aggregate", "redact")
    assert newest(rooms, "audience_count").obligations == ("aggregate", "redact")
    for name in ("members", "reachable"):
        assert getattr(told, name) == getattr(exact, name) // LEAST_GROUP * LEAST_GROUP
    parts = {it.reason: it.customers for it in exact.left_out}
    hidden = [it for it in parts if it.startswith(("consent", "suppressed")) and parts[it] < LEAST_GROUP]
    parts[UNTOLD] = parts.get(UNTOLD, 0) + sum(parts.pop(it) for it in hidden)
    large = {it: count for it, count in parts.items() if count >= LEAST_GROUP}
    assert hidden, "a world in which no reason is rare"
    small = sum(parts.values()) - sum(large.values())
    assert {it.reason: it.customers for it in told.left_out} == {
        it: count // LEAST_GROUP * LEAST_GROUP for it, count in large.items()
    } | {REST: small // LEAST_GROUP * LEAST_GROUP}


def test_a_house_says_itself_what_is_a_small_group(rooms, data, monkeypatch):
    obliging(rooms, monkeypatch, COUNTING, "aggregate")
    coarse = count_audience(permit(rooms, "count_audience"), replace(rooms, least_group=50), SEGMENT)
    assert (coarse.least, coarse.members % 50) == (50, 0)
    config = data / CONFIG
    text = config.read_text("utf-8")
    assert read_folder(data).least_group == LEAST_GROUP
    try:
        config.write_text(text.replace("least_group = 10", "least_group = 25"), "utf-8")
        assert read_folder(data).least_group == 25
        for wrong in ("1", "true", '"many"'):
            config.write_text(text.replace("least_group = 10", f"least_group = {wrong}"), "utf-8")
            with pytest.raises(CallerError, match="least_group"):
                read_folder(data)
    finally:
        config.write_text(text, "utf-8")


def test_a_file_holds_tokens_where_its_maker_sees_no_more_and_each_can_be_turned_back(
    rooms, data, monkeypatch
):
    in_full = activate_segment(permit(rooms, "activate_segment", channel="email"), rooms, SEGMENT)
    addresses = {it["customer"]: it["email"] for it in rows_of(data, in_full.file)}
    obliging(rooms, monkeypatch, REACHING, "watermark", TOKENS_ALONE)
    sent = activate_segment(permit(rooms, "activate_segment", channel="email"), rooms, SEGMENT)
    tokens = {it["customer"]: it["email"] for it in rows_of(data, sent.file)}
    assert sent.obligations == ("redact", "token", "watermark")
    assert tokens.keys() == addresses.keys()
    assert {kind_in(it) for it in tokens.values()} == {"email"}
    asked = permit(rooms, "reveal_token", "privacy_officer", "compliance", "cli")
    for customer, token in list(tokens.items())[:20]:
        [item] = reveal_token(asked, rooms, [token], "mistake").items
        assert item.value == addresses[customer]
        assert id_from_text(item.customer) in rooms.reader.customers(b"", 1000)
