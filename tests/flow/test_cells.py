"""Nothing crosses a cell (law L9): two cells that were told the same things, under the same keys and logins.

That is the hardest case for the wall: one installation of a firm that is in two countries, with one vault.
"""

from __future__ import annotations

import inspect
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from onefold.app.demo import CELL, LOGINS, PASSWORD
from onefold.app.folder import create_folder, read_folder
from onefold.app.house import LocalHouse
from onefold.app.rooms import LOGS
from onefold.app.vaults import databases
from onefold.channels.api.endpoint import Access
from onefold.channels.api.routes import ENDPOINTS
from onefold.channels.cli.main import run
from onefold.kernel.errors import CallerError, Damaged
from onefold.kernel.ids import ID_BYTES, Cell
from onefold.usecases.model import CLIENT, TOKEN
from tests.flow.server import CONTRACTS, Server
from tests.flow.test_leaks import GRANTED, call, commands, label

pytestmark = pytest.mark.xdist_group("cells")
ELSEWHERE = Cell(CELL.tenant, "kz")
NEVER = "0" * 32
ABOUT_ONE = [it for it in ENDPOINTS if it.access is Access.PERMIT and "{customer}" in it.path]
MAY = GRANTED | {"balance_history": "rm", "break_glass": "banker", "unmerge_customer": "steward"}
MAY |= dict.fromkeys(("enrol_biometric", "revoke_biometric"), "agent")
MAY |= dict.fromkeys(("erase_customer", "lift_suppression", "place_hold"), "privacy")
KINDS = ("session", "service token", "access token", "write key")
SAID = {"messageId": "m-1", "userId": "u-1", "traits": {"email": "wanda@post.example"}}
DATABASES = ["subject-keys.db", "quarantine-keys.db", "tokens.db", "schemas.db"]
DATABASES += ["door.db", "audit-index.db", "state.db"]
NO_IDS = ("said", "keys", "sqlite_")
"""Tables of words, and of digests of values alone, by which records of one cell find each other."""
_CONSENT = "{} marketing --channel sms --evidence said --for servicing --login agent"
_PROBE = f"{{}} --modality voice --over call --probe {__file__} --login agent"
COMMANDS = {
    "show": "{} --login agent",
    "explain": "{} --login steward",
    "unmerge": "{} --fragment 11111111111111111111111111111111 --reason test --login steward",
    "erase": "{} --because request --login privacy",
    "suppress": "{} --channel sms --login agent",
    "lift": "{} --channel sms --login privacy",
    "consent show": "{} --login privacy",
    "consent history": "{} --login privacy",
    **dict.fromkeys(("consent grant", "consent withdraw", "consent object"), _CONSENT),
    "biometric revoke": "{} --modality voice --login agent",
    **dict.fromkeys(("biometric enrol", "biometric verify"), _PROBE),
    "request open": "access {} --login privacy",
    "hold place": "{} --matter case --reason test --login privacy",
}


class House(NamedTuple):
    """One cell with somebody in it: its folder, who they are there, and a write key."""

    data: Path
    customer: str
    write_key: str


def made(data: Path, cell: Cell, keys: Path | None = None) -> House:
    """A cell with the same contracts and logins, and the same keys where they are given, told of somebody."""
    folder, house = create_folder(data, cell, None), LocalHouse()
    if keys is not None:
        shutil.copytree(keys, folder.keys)
    house.create(data, cell, [CONTRACTS], None)
    users = house.users(data)
    for login, roles in LOGINS.items():
        users.add(login, PASSWORD, roles)
    key = house.new_write_key(data, "digital")
    with Server(data) as server, server.signed_in("rm") as client:
        assert server.send("/v1/identify", SAID, key).status_code == 200
        found: list[dict[str, Any]] = []
        while not found:
            found = client.get("/api/customers", params={"q": "wanda@post.example"}).json()["items"]
        server.stop()
    return House(data, found[0]["customer"], key)


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, House]:
    """Two cells, nothing of which is open."""
    here = made(tmp_path_factory.mktemp("here") / "data", CELL)
    return here, made(tmp_path_factory.mktemp("there") / "data", ELSEWHERE, here.data / "keys")


@pytest.fixture(scope="module")
def server(houses: tuple[House, House], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server of the first of them."""
    with Server(copied(houses[0], tmp_path_factory.mktemp("served"))) as server:
        yield server


@pytest.fixture(scope="module")
def credentials(
    houses: tuple[House, House], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """Every kind of credential of the other cell, as a request carries it, all of them good there."""
    data, house = copied(houses[1], tmp_path_factory.mktemp("elsewhere")), LocalHouse()
    may = ("relationship_manager", "servicing", ["search_customers", "show_customer"], 1)
    token = house.new_machine(data, TOKEN, "reports", *may)[1]
    client = house.new_machine(data, CLIENT, "partner", *may)
    with Server(data) as there, there.signed_in("rm") as person:
        form = {"grant_type": "client_credentials"}
        access = httpx.post(f"{there.url}/oauth/token", data=form, auth=client).json()["access_token"]
        found: dict[str, dict[str, Any]] = {
            "session": {"cookies": dict(person.cookies), "headers": {"X-CSRF": person.headers["X-CSRF"]}},
            "service token": {"headers": {"Authorization": f"Bearer {token}"}},
            "access token": {"headers": {"Authorization": f"Bearer {access}"}},
            "write key": {"auth": (houses[1].write_key, "")},
        }
        for kind, it in found.items():
            place = "/v1/track" if kind == "write key" else f"/api/customers/{houses[1].customer}"
            method = "POST" if kind == "write key" else "GET"
            with httpx.Client(**it, timeout=60) as known:
                assert known.request(method, there.url + place).status_code not in (401, 403), kind
        there.stop()
    return found | {"client": {"auth": client}}


def copied(it: House, to: Path) -> Path:
    """A copy of a cell's folder, with what lies beside it."""
    shutil.copytree(it.data.parent, to, dirs_exist_ok=True)
    return to / it.data.name


def bare(answer: httpx.Response, *ids: str) -> tuple[int, str, list[str]]:
    """An answer without what names the request: status, body, and which headers there are."""
    body = answer.text
    for it in ids:
        body = body.replace(it, "an id")
    return answer.status_code, body, sorted(answer.headers)


# ------------------------------------------------------------------ ids of another cell


def test_the_same_words_make_another_customer_in_another_cell(houses):
    assert houses[0].customer != houses[1].customer


@pytest.fixture(scope="module")
def people(server: Server) -> Iterator[dict[str, httpx.Client]]:
    """Whoever may do anything with one customer, signed in."""
    with ExitStack() as stack:
        logins = {MAY[it.action] for it in ABOUT_ONE}
        yield {login: stack.enter_context(server.signed_in(login)) for login in logins}


@pytest.mark.parametrize("it", ABOUT_ONE, ids=label)
def test_a_customer_of_another_cell_is_as_one_that_never_was(server, houses, people, it):
    client = people[MAY[it.action]]
    foreign = call(server, it, houses[1].customer, client, houses[1].customer)
    never = call(server, it, NEVER, client, NEVER)
    assert foreign.status_code in (403, 404, 422), foreign.text
    assert bare(foreign, houses[1].customer) == bare(never, NEVER)


def test_every_command_about_one_customer_is_tried():
    about_one = {
        name
        for name, callback in commands().items()
        if (it := inspect.signature(callback).parameters.get("customer")) and it.default is it.empty
    }
    assert about_one == COMMANDS.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_tells_a_customer_of_another_cell_from_one_that_never_was(houses, tmp_path, name, capsys):
    data = copied(houses[0], tmp_path)
    said = []
    for customer in (houses[1].customer, NEVER):
        with pytest.raises(SystemExit) as ended:
            run(LocalHouse(), [*f"{name} {COMMANDS[name]}".format(customer).split(), "--data", str(data)])
        said.append((ended.value.code, *(it.replace(customer, "an id") for it in capsys.readouterr())))
    assert said[0] == said[1]
    assert said[0][0] == 1, said[0]
    assert "There is no such customer." in said[0][2]


# ------------------------------------------------------------------ credentials of another cell


def never_made(it: Any) -> Any:
    """A credential of the same form that nobody was ever given."""
    if isinstance(it, str):
        return it[:-8] + "A" * 8 if len(it) > 8 else it
    if isinstance(it, dict):
        return {key: never_made(value) for key, value in it.items()}
    return tuple(never_made(value) for value in it)


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_is_known_elsewhere_is_a_stranger_at_every_address(server, credentials, kind):
    guarded = [it for it in ENDPOINTS if it.access is not Access.OPEN]
    with (
        httpx.Client(**credentials[kind], timeout=60) as known_elsewhere,
        httpx.Client(**never_made(credentials[kind]), timeout=60) as stranger,
    ):
        for it in guarded:
            foreign = call(server, it, NEVER, known_elsewhere)
            made_up = call(server, it, NEVER, stranger)
            assert foreign.status_code == 401, (label(it), foreign.text)
            assert bare(foreign) == bare(made_up), label(it)


def test_a_client_of_another_cell_is_given_no_access(server, credentials):
    form, known = {"grant_type": "client_credentials"}, credentials["client"]
    answers = [httpx.post(f"{server.url}/oauth/token", data=form, **it) for it in (known, never_made(known))]
    assert answers[0].status_code == 401
    assert bare(answers[0]) == bare(answers[1])


# ------------------------------------------------------------------ files of another cell


def ids_in(data: Path) -> dict[str, set[bytes]]:
    """By table, every value in the databases of a folder that can be an id: 16 bytes."""
    found: dict[str, set[bytes]] = {}
    for path in databases(read_folder(data)):
        if not path.is_file():
            continue
        with closing(sqlite3.connect(path)) as base:
            for (table,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                if table.startswith(NO_IDS):
                    continue
                rows = base.execute(f'SELECT * FROM "{table}"').fetchall()
                ids = {it for row in rows for it in row if isinstance(it, bytes) and len(it) == ID_BYTES}
                found[f"{path.name} {table}"] = ids
    return found


def test_no_id_of_one_cell_is_in_a_database_of_another(houses):
    here, there = ids_in(houses[0].data), ids_in(houses[1].data)
    assert {it: len(ids) for it, ids in here.items()} == {it: len(ids) for it, ids in there.items()}
    assert len([it for it, ids in here.items() if ids]) >= 5
    assert not set().union(*here.values()) & set().union(*there.values())


@pytest.mark.parametrize("name", DATABASES)
def test_a_database_of_another_cell_is_not_taken_for_ones_own(houses, tmp_path, name):
    data = copied(houses[0], tmp_path)
    ours, theirs = (read_folder(it).of_cell / name for it in (data, houses[1].data))
    shutil.copyfile(theirs, ours)
    with pytest.raises(CallerError, match=f"files of another cell: {name}"), LocalHouse().working(data):
        pass
    assert ours.read_bytes() == theirs.read_bytes()


@pytest.mark.parametrize("name", LOGS)
def test_a_log_of_another_cell_is_not_taken_for_ones_own(houses, tmp_path, name):
    data = copied(houses[0], tmp_path)
    ours, theirs = (read_folder(it).log(name) for it in (data, houses[1].data))
    shutil.rmtree(ours)
    shutil.copytree(theirs, ours)
    with pytest.raises((CallerError, Damaged)), LocalHouse().working(data):
        pass


def test_the_whole_of_another_cell_is_not_taken_for_ones_own(houses, tmp_path):
    """A backup that was put back into the wrong folder: its settings and the files, or the files alone."""
    data = copied(houses[0], tmp_path)
    theirs = houses[1].data / "cells"
    shutil.rmtree(data / "cells")
    shutil.copytree(theirs, data / "cells")
    with pytest.raises(CallerError, match=r"names the cell demo/uz and holds demo/kz"):
        read_folder(data)
    (data / "cells" / "demo" / "kz").rename(data / "cells" / "demo" / "uz")
    with pytest.raises((CallerError, Damaged)), LocalHouse().working(data):
        pass
