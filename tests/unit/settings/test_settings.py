from __future__ import annotations

from pathlib import Path

import pytest

from pgraduate.errors import UsageError
from pgraduate.settings import FILE, Identifiers, Policy, load


def project(tmp_path: Path, text: str) -> Path:
    (tmp_path / FILE).write_text(text, "utf-8")
    return tmp_path


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    settings = load(tmp_path, environment={})
    assert (settings.target, settings.policy, settings.identifiers) == (
        "embedded",
        Policy.DECLARED,
        Identifiers.FOLD,
    )
    assert settings.target_schema is None
    assert settings.state == tmp_path / ".pgraduate"


def test_the_project_is_the_working_directory_where_none_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(environment={}).project == tmp_path


def test_the_file_is_read(tmp_path: Path) -> None:
    text = """
        [target]
        to = "host=db"
        [schema]
        policy = "faithful"
        identifiers = "exact"
        target_schema = "shop"
        [decisions]
        "nul:app.t(a)" = "quarantine"
        [types]
        "t.a" = "numeric(10,2)"
        [roles]
        app = "shop_app"
    """
    settings = load(project(tmp_path, text), environment={})
    assert settings.target == "host=db"
    assert (settings.policy, settings.identifiers) == (Policy.FAITHFUL, Identifiers.EXACT)
    assert settings.target_schema == "shop"
    assert settings.decisions == {"nul:app.t(a)": "quarantine"}
    assert settings.types == {"t.a": "numeric(10,2)"}
    assert settings.roles == {"app": "shop_app"}


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    place = project(tmp_path, '[target]\nto = "host=file"\n[schema]\npolicy = "rich"')
    settings = load(place, environment={"PGRADUATE_TO": "host=env", "PGRADUATE_POLICY": "faithful"})
    assert (settings.target, settings.policy) == ("host=env", Policy.FAITHFUL)


def test_flags_go_before_the_environment(tmp_path: Path) -> None:
    environment = {"PGRADUATE_TO": "host=env", "PGRADUATE_POLICY": "faithful"}
    settings = load(
        project(tmp_path, '[schema]\nidentifiers = "fold"\ntarget_schema = "file"'),
        target="host=flag",
        policy="existing",
        identifiers="exact",
        target_schema="flag",
        environment=environment,
    )
    assert (settings.target, settings.policy, settings.identifiers, settings.target_schema) == (
        "host=flag",
        Policy.EXISTING,
        Identifiers.EXACT,
        "flag",
    )


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[target", "not valid TOML"),
        ("[targets]\nto = 'x'", r"unknown section \[targets\]"),
        ("target = 'x'", "'target' must be a section"),
        ("[target]\nurl = 'x'", r"unknown key 'url' in \[target\]"),
        ("[schema]\npolicy = 'strict'", "policy 'strict' is not known"),
        ("[schema]\nidentifiers = 'upper'", "identifiers 'upper' is not known"),
        ("[decisions]\na = 1", r"the value of 'a' in \[decisions\] must be a text"),
        ("[types]\n't.a' = ['x']", r"the value of 't.a' in \[types\] must be a text"),
        ("[target]\nto = 5432", r"the value of 'to' in \[target\] must be a text"),
        ("[roles]\nowner = 'x'", r"unknown key 'owner' in \[roles\]"),
        ("[roles]\napp = ''", "the role for 'app' has no possible name"),
        (f"[roles]\napp = '{'ä' * 32}'", "the role for 'app' has no possible name"),
        ("[roles]\nmonitor = 'pg_monitor'", "'pg_monitor' is kept by PostgreSQL"),
        ("[roles]\nreadonly = 'public'", "'public' is kept by PostgreSQL"),
        ("[roles]\napp = 'x'\nreadonly = 'x'", "name the same role"),
        ("[schema]\ntarget_schema = 7", r"the value of 'target_schema' in \[schema\] must be a text"),
    ],
)
def test_what_is_not_understood_stops_the_command(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        load(project(tmp_path, text), environment={})


def test_a_file_that_is_not_utf8_stops_the_command(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'[target]\nto = "\xff"')
    with pytest.raises(UsageError, match="not valid TOML"):
        load(tmp_path, environment={})


def test_an_unknown_policy_in_the_environment_stops_the_command(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load(tmp_path, environment={"PGRADUATE_POLICY": "strict"})
    assert caught.value.hint == "known are: declared, existing, faithful, rich"


def test_jobs_come_from_the_file(tmp_path: Path) -> None:
    there = project(tmp_path, "[copy]\njobs = 4\n")
    assert load(there, environment={}).jobs == 4
    assert load(tmp_path / "elsewhere", environment={}).jobs is None


@pytest.mark.parametrize("value", ["0", "-1", "'4'", "true", "1.5"])
def test_jobs_are_a_whole_number_of_connections(tmp_path: Path, value: str) -> None:
    with pytest.raises(UsageError, match="'jobs' must be a whole number"):
        load(project(tmp_path, f"[copy]\njobs = {value}\n"), environment={})
