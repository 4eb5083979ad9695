"""A house learns who is who, adopts that, and goes back: all of the log, whole, and while it is served."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from onefold.adapters.files.models import ModelFolder
from onefold.adapters.sqlite.customer_reader import SqliteCustomerReader
from onefold.adapters.sqlite.store import SqliteState
from onefold.app import adopting, proof, succession
from onefold.app.contracts import Published
from onefold.app.creating import create
from onefold.app.demo import CELL, LOGINS, PASSWORD
from onefold.app.folder import DataFolder, read_folder
from onefold.app.house import LocalHouse
from onefold.app.model_records import NotesFollower
from onefold.app.readings import shelf_of
from onefold.app.rooms import open_rooms
from onefold.channels.cli.main import create_app, create_console
from onefold.customer.identity.adoption import FIRST, RULES, Adoption
from onefold.customer.identity.deciding import partition
from onefold.gate.model import Actor, Permit
from onefold.kernel.errors import CallerError, Damaged, NotFound, Refused, Unavailable
from onefold.pipeline.fingerprint import state_hash
from onefold.record.audit.model import AuditFilter, AuditRecord
from onefold.usecases.adopt_model import adopt_model, rollback_model
from onefold.usecases.compare_models import compare_models
from onefold.usecases.decide_judgement import decide_judgement
from onefold.usecases.models import ModelHouse, judgements_in, population_in, provider_of
from onefold.usecases.show_model import show_model
from onefold.usecases.train_model import train_model
from tests.clients import clients, put_contract
from tests.flow.server import CONTRACTS, Server

HOUSE = LocalHouse()
BY = "operator:nodira"
SOURCES = ("crm", "marketing")


def silent(task: str, done: int, total: int | None) -> None:
    """Watches nothing."""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sources of a world, with a model that was learned from them and not adopted."""
    place = tmp_path_factory.mktemp("models")
    HOUSE.world(place / "world", 800, 7, silent)
    data: Path = place / "data"
    HOUSE.create(data, CELL, [CONTRACTS / f"{it}.yaml" for it in SOURCES], None)
    HOUSE.users(data).add("rm", PASSWORD, LOGINS["rm"])
    for source in SOURCES:
        files = [place / "world" / source]
        HOUSE.load(data, source, files, as_of="2026-09-30", backfill=False, watch=silent)
    train(data)
    return data


@pytest.fixture
def folder(trained: Path, tmp_path: Path) -> DataFolder:
    """A copy of it to change."""
    for end in ("", "-checkpoints", "-erasures"):
        source = trained.with_name(trained.name + end)
        if source.exists():
            shutil.copytree(source, tmp_path / f"data{end}")
    return read_folder(tmp_path / "data")


def allowed(models: ModelHouse, action: str, who: str = BY, role: str = "engineer") -> Permit:
    """A permit of the house's own gate."""
    return models.gate.permit(Actor(who, (role,), models.cell), action, "stewardship", "cli")


def train(data: Path) -> str:
    """The version of what is learned now."""
    with HOUSE.models(data) as models:
        return train_model(allowed(models, "train_model"), models, silent).version


def learned(folder: DataFolder) -> str:
    """The version that is there."""
    with HOUSE.models(folder.root) as models:
        (version,) = models.shelf.versions()
    return version


def adopt(folder: DataFolder, version: str) -> bool:
    """Whether it is in force."""
    with HOUSE.models(folder.root) as models:
        return adopt_model(allowed(models, "adopt_model"), models, version, silent).succeeded.in_use


def rollback(folder: DataFolder) -> str:
    """What is in force then."""
    with HOUSE.models(folder.root) as models:
        return rollback_model(allowed(models, "adopt_model"), models, silent).version


def hash_of(folder: DataFolder) -> str:
    reader = SqliteCustomerReader(folder.state)
    try:
        return state_hash(reader)
    finally:
        reader.close()


def members(folder: DataFolder) -> dict[bytes, bytes]:
    """Whose every party record is."""
    reader = SqliteCustomerReader(folder.state)
    try:
        return population_in(reader, silent).members
    finally:
        reader.close()


def decided(folder: DataFolder, version: str) -> dict[bytes, bytes]:
    """Whose every party record has to be."""
    with HOUSE.models(folder.root) as models:
        portraits = population_in(models.reader, silent).portraits
        return partition(portraits, judgements_in(models.reader), provider_of(models.shelf, version))


def standing(folder: DataFolder) -> Adoption:
    state = SqliteState(folder.state)
    try:
        return state.adoption
    finally:
        state.close()


def is_as_replayed(folder: DataFolder) -> bool:
    return HOUSE.verify_state(folder.root, silent).same


def records(folder: DataFolder) -> list[AuditRecord]:
    """Of models, oldest first."""
    with open_rooms(folder, follow=False) as opened:
        return list(reversed(opened.rooms.audit.page(AuditFilter(kind="model"), limit=100).items))


# ------------------------------------------------------------------ learning


def test_what_is_learned_is_kept_for_its_owner_alone_and_changes_nothing(folder):
    before = hash_of(folder)
    path = folder.models / f"{learned(folder)}.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    kept = path.read_bytes()
    assert train(folder.root) == learned(folder), "the same data say the same"
    assert path.read_bytes() == kept
    assert hash_of(folder) == before
    assert standing(folder) == FIRST


def test_what_stewards_said_is_learned_from_and_shown(folder):
    bare = learned(folder)
    of: dict[bytes, list[bytes]] = {}
    for record, customer in sorted(members(folder).items()):
        of.setdefault(customer, []).append(record)
    pairs = [it[:2] for it in of.values() if len(it) > 1][:5]
    with open_rooms(folder) as opened:
        rooms = opened.rooms
        actor = Actor("farrukh", ("steward",), CELL)
        for one, other in pairs:
            judging = rooms.gate.permit(actor, "decide_judgement", "stewardship", "cli")
            decide_judgement(judging, rooms, one.hex(), other.hex(), verdict="same", reason="met them")
    version = train(folder.root)
    with HOUSE.models(folder.root) as models:
        shown = show_model(allowed(models, "show_model"), models, version).model
        silent_one = show_model(allowed(models, "show_model"), models, bare).model
    assert shown is not None
    assert silent_one is not None
    assert (shown.judged, silent_one.judged) == (5, 0)
    assert (shown.fields, shown.keys) == (silent_one.fields, silent_one.keys)
    assert shown.digest != silent_one.digest


def test_a_house_with_too_few_records_learns_nothing(tmp_path):
    create(tmp_path / "data", CELL, [put_contract(tmp_path)], None)
    with open_rooms(read_folder(tmp_path / "data")) as opened:
        opened.rooms.door.offer("bank", "client", clients(*range(150)))
        opened.rooms.barrier.wait_for(opened.rooms.log.last_sequence, 30)
    with pytest.raises(CallerError, match="too little"):
        train(tmp_path / "data")
    assert not (tmp_path / "data" / "models").exists()


def test_a_house_without_a_state_says_so(folder):
    succession.take_away(folder.state)
    with pytest.raises(Unavailable, match="no state to read yet"), HOUSE.models(folder.root):
        pass


def test_a_model_is_shown_whole_and_with_what_is_in_force(folder):
    version = learned(folder)
    with HOUSE.models(folder.root) as models:
        shown = show_model(allowed(models, "show_model"), models, version)
        bare = show_model(allowed(models, "show_model"), models)
        with pytest.raises(NotFound, match="no model of that version"):
            show_model(allowed(models, "show_model"), models, "none")
    assert (shown.in_force.version, bare.model) == (RULES, None)
    assert shown.model is not None
    assert shown.model.records == len(members(folder))
    fields = {it.name: it for it in shown.model.fields}
    for field in (fields[it] for it in ("email", "phone", "birth_date")):
        first, last = field.levels[0], field.levels[-1]
        assert first.matches > first.others, field.name
        assert min(first.weights) > max(last.weights), field.name


# ------------------------------------------------------------------ adopting


def test_customers_are_as_the_adopted_model_says_and_as_a_replay_says(folder):
    version = learned(folder)
    wanted, by_rules = decided(folder, version), members(folder)
    assert wanted != by_rules, "the test would show nothing"
    assert adopt(folder, version)
    assert members(folder) == wanted
    assert (standing(folder).number, standing(folder).version, standing(folder).actor) == (1, version, BY)
    assert is_as_replayed(folder)
    assert HOUSE.verify(folder.root).sound


def test_going_back_gives_the_very_state_of_before(folder):
    before = hash_of(folder)
    adopt(folder, learned(folder))
    assert hash_of(folder) != before
    assert rollback(folder) == RULES
    assert hash_of(folder) == before
    assert is_as_replayed(folder)
    with pytest.raises(CallerError, match="nothing to go back to"):
        rollback(folder)


def test_a_state_that_was_lost_is_made_under_the_model_that_the_log_names(folder):
    adopt(folder, learned(folder))
    before = hash_of(folder)
    for path in folder.of_cell.glob("state.db*"):
        path.unlink()
    with open_rooms(folder) as opened:
        opened.rooms.barrier.wait_for(opened.rooms.log.last_sequence, 60)
    assert standing(folder).number == 1
    assert hash_of(folder) == before


@pytest.mark.parametrize("harm", ["missing", "altered"])
def test_where_the_model_in_force_is_not_what_was_adopted_nothing_is_opened(folder, harm):
    version = learned(folder)
    adopt(folder, version)
    path = folder.models / f"{version}.json"
    kept = path.read_bytes()
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(kept.replace(b'"prior": -', b'"prior": -1'))
    with pytest.raises(Damaged, match="which is in force"), open_rooms(folder):
        pass
    with pytest.raises(Damaged, match="which is in force"):
        is_as_replayed(folder)
    assert rollback(folder) == RULES, "there is a way out"
    assert is_as_replayed(folder)


def test_what_is_in_force_is_not_adopted_again(folder):
    with pytest.raises(CallerError, match="in force already"):
        adopt(folder, RULES)
    with pytest.raises(NotFound):
        adopt(folder, "none")


def test_each_step_is_in_the_audit_once_with_who_took_it(folder):
    version = learned(folder)
    with HOUSE.models(folder.root) as models:
        compare_models(allowed(models, "compare_models", "operator:olga"), models, RULES, version, silent)
    adopt(folder, version)
    rollback(folder)
    for _ in range(2):
        found = records(folder)
        told = [(it.action, it.actor, it.details["version"], it.details.get("stage", "")) for it in found]
        assert told == [
            ("train_model", BY, version, ""),
            ("compare_models", "operator:olga", version, ""),
            ("adopt_model", BY, version, "begun"),
            ("adopt_model", BY, version, ""),
            ("rollback_model", BY, RULES, "begun"),
            ("rollback_model", BY, RULES, ""),
        ]
        assert {it.role for it in found if it.details.get("stage")} == {"engineer"}


@pytest.mark.parametrize(
    ("role", "action"),
    [
        ("agent", "show_model"),
        ("marketer", "compare_models"),
        ("steward", "train_model"),
        ("agent", "adopt_model"),
    ],
)
def test_who_may_not_is_refused_by_the_gate_and_that_is_in_the_audit(folder, role, action):
    before = hash_of(folder)
    with HOUSE.models(folder.root) as models, pytest.raises(Refused):
        allowed(models, action, "operator:x as nina", role)
    last = records(folder)[-1]
    assert (last.actor, last.role, last.action, last.outcome) == (
        "operator:x as nina",
        role,
        action,
        "refused",
    )
    assert last.reasons
    assert last.policy_version
    assert (standing(folder), hash_of(folder)) == (FIRST, before)


def test_a_permit_for_one_step_is_none_for_another(folder):
    version = learned(folder)
    with HOUSE.models(folder.root) as models:
        looking = allowed(models, "show_model")
        for step in (
            lambda: train_model(looking, models, silent),
            lambda: compare_models(looking, models, RULES, version, silent),
            lambda: adopt_model(looking, models, version, silent),
            lambda: rollback_model(looking, models, silent),
            lambda: show_model(allowed(models, "adopt_model"), models),
        ):
            with pytest.raises(Refused, match="for something else"):
                step()
    assert standing(folder) == FIRST


def test_where_it_cannot_be_kept_that_it_was_begun_nothing_is_built(folder, monkeypatch):
    version = learned(folder)

    def full(*_: object) -> None:
        raise Unavailable("The disk is full.")

    with HOUSE.models(folder.root) as models:
        asked = allowed(models, "adopt_model")
        monkeypatch.setattr(ModelFolder, "note", full)
        monkeypatch.setattr(models.successor, "succeed", lambda *_: pytest.fail("it was built"))
        with pytest.raises(Unavailable, match="The disk is full"):
            adopt_model(asked, models, version, silent)
    assert standing(folder) == FIRST


def test_a_login_acts_under_its_own_rights_on_the_command_line(folder):
    version = learned(folder)
    for login, roles in (("stew", ("steward",)), ("teller", ("agent",))):
        HOUSE.users(folder.root).add(login, PASSWORD, roles)
    app = create_app(HOUSE, create_console())

    def told(*words: str) -> Result:
        return CliRunner().invoke(app, ["model", *words, "--data", str(folder.root)])

    assert isinstance(told("adopt", version, "--login", "teller").exception, Refused)
    assert isinstance(told("adopt", version, "--login", "nobody").exception, NotFound)
    assert standing(folder) == FIRST
    assert told("adopt", version, "--login", "stew").exit_code == 0
    assert standing(folder).actor.endswith(" as stew")
    assert told("rollback").exit_code == 0, "the owner of the folder is an engineer to it"
    assert standing(folder).version == RULES


def test_what_others_do_meanwhile_comes_into_the_audit_of_who_has_it_open(folder):
    version = learned(folder)
    with open_rooms(folder, follow=False) as opened:
        following = NotesFollower(opened.rooms.audit, shelf_of(folder))
        with HOUSE.models(folder.root) as models:
            compare_models(allowed(models, "compare_models", "operator:olga"), models, RULES, version, silent)
        for _ in range(2):
            following.look()
        found = opened.rooms.audit.page(AuditFilter(kind="model"), limit=100).items
        assert [(it.action, it.actor) for it in found] == [
            ("compare_models", "operator:olga"),
            ("train_model", BY),
        ]


# ------------------------------------------------------------------ while it is served


@pytest.fixture
def not_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(succession, "TAKEN_SECONDS", 0.1)


@pytest.mark.usefixtures("not_waiting")
def test_while_somebody_else_has_the_folder_the_state_lies_ready(folder):
    version = learned(folder)
    wanted = decided(folder, version)
    with open_rooms(folder) as opened:
        before = opened.rooms.log.last_sequence
        assert not adopt(folder, version)
        assert standing(folder) == FIRST
        assert opened.rooms.log.last_sequence == before, "the log says it when it is so"
    with open_rooms(folder) as opened:
        opened.rooms.barrier.wait_for(opened.rooms.log.last_sequence, 30)
    assert members(folder) == wanted
    assert is_as_replayed(folder)


@pytest.mark.usefixtures("not_waiting")
def test_of_two_that_were_adopted_at_once_one_is_in_force(folder):
    version = learned(folder)
    with open_rooms(folder):
        assert not adopt(folder, version)
        late = folder.next_state.read_bytes()
    with open_rooms(folder):
        pass
    assert rollback(folder) == RULES
    folder.next_state.write_bytes(late)
    with open_rooms(folder):
        pass
    assert not folder.next_state.exists()
    assert (standing(folder).number, standing(folder).version) == (2, RULES)
    assert is_as_replayed(folder)


def test_a_running_server_goes_over_to_it_by_itself_and_back(folder):
    version = learned(folder)
    wanted, before = decided(folder, version), hash_of(folder)
    with Server(folder.root) as server:
        assert adopt(folder, version)
        server.until_ready()
        with server.signed_in("rm") as manager:
            for customer in sorted(set(wanted.values()))[:5]:
                assert manager.get(f"/api/customers/{customer.hex()}").status_code in (200, 403)
        assert members(folder) == wanted
        assert rollback(folder) == RULES
        server.until_ready()
        assert server.stop() == 0, "it is the same process, which ends when it is told to"
    assert hash_of(folder) == before
    assert is_as_replayed(folder)


@pytest.mark.parametrize("harm", ["missing", "altered"])
def test_a_model_that_changed_before_it_was_in_force_is_not_adopted_and_the_house_serves_on(
    folder, monkeypatch, harm
):
    version, before = learned(folder), hash_of(folder)
    path = folder.models / f"{version}.json"
    kept = path.read_bytes()

    def leave_and_harm(state: Path, of: DataFolder) -> None:
        succession.leave(state, of)
        path.unlink() if harm == "missing" else path.write_bytes(kept + b"\n")

    monkeypatch.setattr(adopting, "leave", leave_and_harm)
    with pytest.raises(CallerError, match="was not adopted"):
        adopt(folder, version)
    with open_rooms(folder, follow=False):
        assert not folder.next_state.exists()
    assert (standing(folder), hash_of(folder)) == (FIRST, before)
    with HOUSE.models(folder.root) as models:
        assert models.successor.history() == []
    monkeypatch.undo()
    path.write_bytes(kept)
    assert adopt(folder, version)
    assert standing(folder).number == 1


@pytest.mark.usefixtures("not_waiting")
def test_a_replay_that_was_overtaken_by_an_adoption_says_so_and_is_not_in_the_audit(
    folder, monkeypatch, tmp_path
):
    version = learned(folder)
    late: list[bytes] = []

    def overtaken(state: Path, of: DataFolder) -> bool:
        """The state is left when a model was adopted already, and a server takes it away."""
        succession.leave(state, of)
        late.append(of.next_state.read_bytes())
        succession.take_away(of.next_state)
        assert adopt(of, version)
        of.next_state.write_bytes(late[0])
        with open_rooms(of, follow=False):
            pass
        return succession.until_taken(of)

    monkeypatch.setattr(proof, "_alone", lambda *_: False)
    monkeypatch.setattr(proof, "hand_over", overtaken)
    before = Published(folder.contracts).entries()
    with pytest.raises(CallerError, match="adopted meanwhile"):
        HOUSE.replay(folder.root, tmp_path / "built", silent, adopt=True)
    assert (standing(folder).number, standing(folder).version) == (1, version)
    assert Published(folder.contracts).entries() == before
    assert is_as_replayed(folder)


STEPS = ("said", "caught up", "taken away")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.usefixtures("not_waiting")
def test_killed_in_the_middle_of_going_over_it_goes_on(folder, step):
    version = learned(folder)
    wanted = decided(folder, version)
    with open_rooms(folder):
        assert not adopt(folder, version)
    child = os.fork()
    if child == 0:
        _go_over_and_die(folder, step)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 9
    with open_rooms(folder) as opened:
        opened.rooms.barrier.wait_for(opened.rooms.log.last_sequence, 60)
    assert members(folder) == wanted
    assert standing(folder).number == 1
    assert is_as_replayed(folder)
    adopted = [it for it in records(folder) if it.action == "adopt_model" and "stage" not in it.details]
    assert len(adopted) == 1


def _go_over_and_die(folder: DataFolder, step: str) -> None:
    """Ends the process, unsaid and unclosed, in the middle."""

    def die(*_: object, **__: object) -> None:
        os._exit(9)

    def take_away_and_die(_: Path, state: Path) -> None:
        succession.take_away(state)
        os._exit(9)

    # Of a process that has nothing else to do; nobody puts it back.
    broken = pytest.MonkeyPatch()
    try:
        if step == "said":
            broken.setattr("onefold.app.workers.worker_at", die)
        else:
            last = die if step == "caught up" else take_away_and_die
            broken.setattr("onefold.app.workers.put_in_use", last)
        with open_rooms(folder, follow=False):
            pass
    finally:
        os._exit(1)


@pytest.mark.usefixtures("not_waiting")
def test_where_what_was_built_is_gone_it_is_made_anew_from_the_log(folder):
    version = learned(folder)
    wanted = decided(folder, version)
    with open_rooms(folder):
        assert not adopt(folder, version)
    child = os.fork()
    if child == 0:
        _go_over_and_die(folder, "said")
    os.waitpid(child, 0)
    succession.take_away(folder.next_state)
    assert standing(folder) == FIRST, "the log says otherwise"
    with open_rooms(folder) as opened:
        opened.rooms.barrier.wait_for(opened.rooms.log.last_sequence, 60)
    assert members(folder) == wanted
    assert is_as_replayed(folder)


# ------------------------------------------------------------------ comparing


def test_a_comparison_tells_what_adopting_then_does(folder):
    version = learned(folder)
    before = hash_of(folder)
    with HOUSE.models(folder.root) as models:
        there = compare_models(
            allowed(models, "compare_models"), models, RULES, version, silent, examples=1000
        )
        back = compare_models(
            allowed(models, "compare_models"), models, version, RULES, silent, examples=1000
        )
    assert hash_of(folder) == before
    was, wanted = members(folder), decided(folder, version)
    assert (there.old.customers, there.new.customers) == (len({*was.values()}), len({*wanted.values()}))
    assert there.records == len(was)
    assert sum(there.old.sizes) == there.old.customers
    assert there.moved == sum(was[it] != wanted[it] for it in was)
    joined = {it: {was[at] for at, of in wanted.items() if of == it} for it in wanted.values()}
    assert there.merges == sum(len(of) > 1 for of in joined.values()) == len(there.merging) > 0
    for change in there.merging:
        (one,) = change.after
        assert {bytes.fromhex(it.customer) for it in change.before} == joined[bytes.fromhex(one.customer)]
        assert one.records == list(wanted.values()).count(bytes.fromhex(one.customer))
    assert (there.merges, there.splits) == (back.splits, back.merges)
    adopt(folder, version)
    assert len({*members(folder).values()}) == there.new.customers


def test_a_model_is_the_same_as_itself(folder):
    with HOUSE.models(folder.root) as models:
        compared = compare_models(allowed(models, "compare_models"), models, RULES, RULES, silent)
    assert (compared.moved, compared.merges, compared.splits) == (0, 0, 0)
    assert all(not it.merging and not it.splitting for it in compared.segments)
