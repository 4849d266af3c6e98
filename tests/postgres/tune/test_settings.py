"""Proposals for random machines: the server's own programs accept them, and nothing good is lowered."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator, Mapping

import psycopg
import pytest
from support.server import PrivateServer
from support.soak import SOAK, count, seed, tallied

from pgraduate.cluster import Administrator, Embedded
from pgraduate.errors import Refused
from pgraduate.model.operation import Plan
from pgraduate.postgres.target import Target
from pgraduate.tune.settings.altering import FILE, AlterSettings, plan_alter, read_file
from pgraduate.tune.settings.current import Setting, native_number, read_settings
from pgraduate.tune.settings.formulas import Proposal, propose
from pgraduate.tune.settings.machine import Machine, memory_of
from pgraduate.tune.settings.managed import parameter_group, provider_of
from pgraduate.tune.settings.preflight import boot, require_in_range

SEED = seed(20261128)
MACHINES, BOOTS = count(10, 200), count(3, 200)
MB, GB = 1 << 20, 1 << 30


def _machines() -> list[Machine]:
    print("seed", SEED)
    chosen = random.Random(SEED)
    return [
        Machine(
            memory=int(2 ** chosen.uniform(28, 41)),
            cores=chosen.choice([1, 2, 3, 4, 8, 24, 96, 192]),
            disk=chosen.choice(["fast", "slow", None]),
            data=int(2 ** chosen.uniform(20, 44)),
            wal_room=chosen.choice([None, int(2 ** chosen.uniform(26, 44))]),
            share=chosen.choice([0.5, 1.0]),
        )
        for _ in range(MACHINES)
    ]


@pytest.fixture
def current(server: PrivateServer) -> Mapping[str, Setting]:
    with psycopg.connect(server.superuser, autocommit=True) as connection:
        return read_settings(connection)


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """One embedded server for all tests of this file; each leaves it running."""
    server = Embedded(tmp_path_factory.mktemp("embedded") / "server", fsync=False)
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def administrator(embedded: Embedded) -> Iterator[Administrator]:
    """The embedded server's administrator; nothing is altered when the test begins and when it has ended."""
    found = _administrator(embedded)
    yield found
    with found.connect() as connection:
        connection.execute("ALTER SYSTEM RESET ALL")
        connection.execute("SELECT pg_reload_conf()")
        waits = connection.execute("SELECT count(*) FROM pg_settings WHERE pending_restart").fetchone()
    if waits != (0,):
        found.restart()


def _postgres_c(server: PrivateServer, proposals: tuple[Proposal, ...]) -> subprocess.CompletedProcess[str]:
    options = [part for item in proposals for part in ("-c", f"{item.name}={item.value}")]
    command = [str(server.binaries / "postgres"), "-D", str(server.directory / "data"), *options, "-C", "work_mem"]
    drop = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    return subprocess.run(command, capture_output=True, text=True, cwd=server.directory, check=False, **drop)  # type: ignore[call-overload]


def test_random_machines_are_accepted_by_the_server_and_lower_nothing(
    server: PrivateServer, current: Mapping[str, Setting]
) -> None:
    with tallied("Settings for random machines, in range and accepted by postgres -C", SEED) as tally:
        for machine in _machines():
            with tally.trying():
                proposals = propose(machine, current)
                require_in_range(proposals, current)
                done = _postgres_c(server, proposals)
                assert done.returncode == 0, (machine, done.stderr)
                _assert_nothing_is_lowered(machine, proposals, current)


def _assert_nothing_is_lowered(
    machine: Machine, proposals: tuple[Proposal, ...], current: Mapping[str, Setting]
) -> None:
    for item in proposals:
        if current[item.name].unit in ("kB", "8kB", "MB"):
            assert int(item.value.removesuffix("MB")) * MB > current[item.name].bytes, (machine, item)
    buffers = next((i for i in proposals if i.name == "shared_buffers"), None)
    if buffers is not None:
        assert int(buffers.value.removesuffix("MB")) * MB <= 0.4 * machine.memory * machine.share


def test_the_default_of_effective_cache_size_is_not_lowered_on_a_small_machine(
    current: Mapping[str, Setting],
) -> None:
    names = {item.name for item in propose(Machine(2 * GB, 2, None, 50 * MB), current)}
    assert "effective_cache_size" not in names
    assert "random_page_cost" in names  # the data fit into memory


def test_a_disk_that_was_not_measured_changes_nothing(current: Mapping[str, Setting]) -> None:
    names = {item.name for item in propose(Machine(2 * GB, 2, None, 500 * GB), current)}
    assert not names & {"random_page_cost", "effective_io_concurrency", "autovacuum_vacuum_cost_limit"}


def test_every_value_has_a_formula_a_reason_and_a_source(current: Mapping[str, Setting]) -> None:
    for item in propose(Machine(64 * GB, 16, "fast", 200 * GB, 900 * GB), current):
        assert item.formula
        assert item.reason
        assert item.source


@pytest.mark.parametrize(
    ("name", "value"), [("work_mem", "41kB"), ("random_page_cost", "-3"), ("wal_compression", "brotli")]
)
def test_values_out_of_range_are_refused_before_anything_is_started(
    current: Mapping[str, Setting], name: str, value: str
) -> None:
    with pytest.raises(Refused):
        require_in_range([Proposal(name, value, "", "", "", "", False)], current)


def test_a_boot_refuses_what_alter_system_accepts() -> None:
    with pytest.raises(Refused, match="does not start"):
        boot({"shared_preload_libraries": "nosuchlib"})


def test_random_machines_boot_with_their_memory_scaled_to_this_host(embedded: Embedded) -> None:
    with psycopg.connect(embedded.superuser_conninfo()) as connection:
        current = read_settings(connection)
    try:
        with tallied("Settings for random machines, a server booted with each", SEED) as tally:
            for number, machine in enumerate(_machines()[:BOOTS]):
                proposals = propose(machine, current, statistics=number % 2 == 0)
                with tally.trying():
                    _assert_boots(embedded, {item.name: item.value for item in proposals}, current)
    finally:
        embedded.stop()
        embedded.start()


def _assert_boots(embedded: Embedded, values: dict[str, str], current: Mapping[str, Setting]) -> None:
    """Start the server with the values and ask what it made of them; memory that this host has not is scaled down."""
    if int(values.get("shared_buffers", "0MB").removesuffix("MB")) * MB > memory_of() // 4:
        values["shared_buffers"] = "256MB"
    embedded.stop()
    running = Embedded(embedded.directory, fsync=False, settings=values)
    running.start()
    with psycopg.connect(running.superuser_conninfo()) as connection:
        taken = {name: item.setting for name, item in read_settings(connection).items()}
    for name, value in values.items():
        number = native_number(value, current[name].unit)
        assert value == taken[name] or number == float(taken[name]), (name, value, taken[name])


def test_planned_settings_boot_and_a_second_plan_is_empty(administrator: Administrator) -> None:
    machine = Machine(1 * GB, 4, "fast", 10 * GB, 100 * GB)
    plan = _plan(administrator, machine, restart=True)
    original = _file(administrator)
    boot(plan.facts["values"])
    AlterSettings().apply(administrator, plan)
    assert AlterSettings().check(administrator, plan).holds
    with administrator.connect() as connection:
        current = read_settings(connection)
        assert propose(machine, current) == ()
        assert not [item.name for item in current.values() if item.pending_restart]
    AlterSettings().apply(administrator, plan)
    for _ in range(2):
        AlterSettings().undo(administrator, plan)
        assert _file(administrator) == original


class _Killed(Exception):
    pass


class _Dying:
    """Connections that die when the n-th statement is about to be sent."""

    def __init__(self, administrator: Administrator, after: int) -> None:
        self._administrator = administrator
        self._left = after
        self.embedded = administrator.embedded

    def connect(self) -> psycopg.Connection:
        connection = self._administrator.connect()
        connection.cursor_factory = self._cursor()
        return connection

    def _cursor(self) -> type[psycopg.Cursor]:
        outer = self

        class Dying(psycopg.Cursor):  # type: ignore[type-arg]
            def execute(self, *arguments: object, **options: object) -> object:  # type: ignore[override]
                if outer._left == 0:
                    self.connection.pgconn.finish()
                    raise _Killed
                outer._left -= 1
                return super().execute(*arguments, **options)  # type: ignore[arg-type]

        return Dying


@pytest.mark.parametrize("by_hand", [False, True], ids=["written by the server", "edited by hand"])
def test_killed_at_every_statement_the_server_starts_and_undo_gives_the_bytes_back(
    by_hand: bool, embedded: Embedded, administrator: Administrator
) -> None:
    with administrator.connect() as connection:
        connection.execute("ALTER SYSTEM SET work_mem = '5MB'")
        connection.execute("ALTER SYSTEM SET log_line_prefix = '%m it''s '")
    data = embedded.status().data
    assert data is not None
    if by_hand:
        with (data / FILE).open("a") as file:
            file.write("# a remark\nwork_mem='6MB'\n")
    original = _file(administrator)
    plan = _plan(administrator, Machine(1 * GB, 4, "fast", 10 * GB, 100 * GB), restart=False)
    with tallied("Kills of tune settings apply and undo, before each statement") as tally:
        for act in (AlterSettings().apply, AlterSettings().undo):
            kills = 0
            while True:
                try:
                    act(_Dying(administrator, kills), plan)  # type: ignore[arg-type]
                    break
                except _Killed:
                    kills += 1
                with tally.trying():
                    if SOAK or kills % 7 == 0:
                        embedded.stop()
                        embedded.start()
            assert kills > 3
            if act == AlterSettings().apply:
                assert AlterSettings().check(administrator, plan).holds
    assert _file(administrator) == original
    embedded.stop()
    embedded.start()


def test_what_somebody_altered_since_is_not_undone(administrator: Administrator) -> None:
    plan = _plan(administrator, Machine(1 * GB, 4, "fast", 10 * GB), restart=False)
    AlterSettings().apply(administrator, plan)
    with administrator.connect() as connection:
        connection.execute("ALTER SYSTEM SET log_min_duration_statement = '1s'")
    with pytest.raises(Refused, match="log_min_duration_statement"):
        AlterSettings().undo(administrator, plan)


def test_a_parameter_group_has_the_servers_own_units(current: Mapping[str, Setting]) -> None:
    found = {
        item.ParameterName: (item.ParameterValue, item.ApplyMethod)
        for item in parameter_group(propose(Machine(8 * GB, 4, None, 1 * GB, 100 * GB), current), current)
    }
    assert found["shared_buffers"] == (str(2 * GB // 8192), "pending-reboot")
    assert found["checkpoint_timeout"] == ("900", "immediate")
    assert found["log_lock_waits"] == ("1", "immediate")
    assert "log_line_prefix" not in found


def test_a_provider_is_known_by_settings_that_only_it_has(current: Mapping[str, Setting]) -> None:
    assert provider_of(current) is None
    assert provider_of({**current, "rds.extensions": current["work_mem"]}) == "Amazon RDS"


def _administrator(server: Embedded) -> Administrator:
    return Administrator(lambda: Target(server.superuser_conninfo()).connect("administrator"), server)


def _plan(administrator: Administrator, machine: Machine, *, restart: bool) -> Plan:
    with administrator.connect() as connection:
        return plan_alter(connection, propose(machine, read_settings(connection)), restart=restart)


def _file(administrator: Administrator) -> str:
    with administrator.connect() as connection:
        return read_file(connection)
