"""Tools, their calls, and events from outside."""

from __future__ import annotations

import sqlite3

from app.repositories import tools


def test_a_registered_tool_is_enabled(workflows: sqlite3.Connection) -> None:
    tools.register(workflows, "linter", "Linter", config={"strict": True})
    tool = tools.get(workflows, "linter")
    assert tool is not None
    assert (tool["enabled"], tool["config"], tool["timeout_seconds"]) == (True, {"strict": True}, 300)


def test_registering_again_updates_and_keeps_the_counters(workflows: sqlite3.Connection) -> None:
    tools.register(workflows, "linter", "Linter")
    tools.record_call(workflows, "call-1", "wf-1", "linter")
    tools.register(workflows, "linter", "Linter 2", version="2.0")
    tool = tools.get(workflows, "linter")
    assert tool is not None
    assert (tool["display_name"], tool["version"], tool["total_calls"]) == ("Linter 2", "2.0", 1)


def test_registering_again_without_a_fallback_keeps_the_old_one(workflows: sqlite3.Connection) -> None:
    tools.register(workflows, "checker", "Checker")
    tools.register(workflows, "linter", "Linter", fallback_tool="checker")
    tools.register(workflows, "linter", "Linter")
    tool = tools.get(workflows, "linter")
    assert tool is not None
    assert tool["fallback_tool"] == "checker"


def test_enabled_tools_are_sorted_without_regard_to_case(workflows: sqlite3.Connection) -> None:
    for tool_name, display_name in (("b", "beta"), ("g", "Gamma"), ("a", "Alpha")):
        tools.register(workflows, tool_name, display_name)
    assert tools.enabled_tools(workflows) == ["a", "b", "g"]


def test_a_disabled_tool_is_not_listed(workflows: sqlite3.Connection) -> None:
    tools.register(workflows, "linter", "Linter")
    assert tools.set_enabled(workflows, "linter", False)
    assert tools.enabled_tools(workflows) == []


def test_a_call_reported_twice_is_kept_and_counted_once(workflows: sqlite3.Connection) -> None:
    tools.register(workflows, "linter", "Linter")
    assert tools.record_call(workflows, "call-1", "wf-1", "linter")
    assert not tools.record_call(workflows, "call-1", "wf-1", "linter")
    tool = tools.get(workflows, "linter")
    assert tool is not None
    assert tool["total_calls"] == 1


def test_calls_come_back_with_their_arguments(workflows: sqlite3.Connection) -> None:
    tools.record_call(
        workflows, "call-1", "wf-1", "linter", arguments={"path": "src"}, output=b"\x00\xff", cost=1e-6
    )
    (call,) = tools.calls_of(workflows, "wf-1")
    assert (call["arguments"], call["output_bytes"], call["cost"]) == ({"path": "src"}, 2, 1e-6)


def test_calls_are_found_by_an_argument(workflows: sqlite3.Connection) -> None:
    tools.record_call(workflows, "call-1", "wf-1", "linter", arguments={"path": "src"})
    tools.record_call(workflows, "call-2", "wf-1", "linter", arguments={"path": "docs"})
    assert tools.calls_with_argument(workflows, "path", "docs") == ["call-2"]


def test_usage_counts_calls_and_failures(workflows: sqlite3.Connection) -> None:
    tools.register(workflows, "linter", "Linter")
    tools.register(workflows, "idle", "Never called")
    tools.record_call(workflows, "call-1", "wf-1", "linter", duration_ms=100)
    tools.record_call(workflows, "call-2", "wf-1", "linter", duration_ms=205, success=False)
    used, idle = tools.usage(workflows)
    assert (used["calls"], used["failures"], used["average_ms"]) == (2, 1, 152.5)
    assert (idle["calls"], idle["failures"], idle["average_ms"]) == (0, 0, None)


def test_the_slowest_call_of_each_tool(workflows: sqlite3.Connection) -> None:
    for number, (tool_name, duration_ms) in enumerate((("linter", 10), ("linter", 70), ("packer", 300))):
        tools.record_call(workflows, f"call-{number}", "wf-1", tool_name, duration_ms=duration_ms)
    assert tools.slowest_calls(workflows) == [("packer", "call-2", 300), ("linter", "call-1", 70)]


def test_handled_events_are_no_longer_open(workflows: sqlite3.Connection) -> None:
    ids = [tools.record_event(workflows, f"ev-{number}", "push", {"n": number}, None) for number in range(3)]
    assert tools.close_events(workflows, ids[:2]) == 2
    assert [event["payload"] for event in tools.open_events(workflows)] == [{"n": 2}]


def test_an_event_may_arrive_twice(workflows: sqlite3.Connection) -> None:
    for _ in range(2):
        tools.record_event(workflows, "ev-1", "push", {}, None)
    assert len(tools.open_events(workflows)) == 2
