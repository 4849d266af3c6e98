"""What a person reads of a server's health: the trouble whole, the rest in a few lines."""

from __future__ import annotations

from typing import Any

from pgraduate.cli.doctor import text as doctor_text
from pgraduate.cli.maintain_check import text as check_text


def _diagnosis(symptom: str, *, troubled: bool) -> dict[str, Any]:
    figure = {"name": "databases", "value": 2048, "unit": "bytes", "step": "doctor-1"}
    return {
        "symptom": symptom,
        "troubled": troubled,
        "sentence": f"The sentence on {symptom}.",
        "figures": [figure],
        "changes": [],
        "findings": [],
        "steps": [{"what": f"Look at {symptom}", "command": "SELECT 1;", "risk": "reads only"}],
        "never": ["Do not restart."],
        "blind": [f"what hides behind {symptom}"],
    }


def test_a_symptom_without_trouble_is_short_among_others() -> None:
    document = {"diagnoses": [_diagnosis("disk", troubled=False), _diagnosis("connections", troubled=True)]}
    shown = doctor_text(document)
    assert "databases  2.0 KiB" in shown
    assert "pgraduate doctor disk says where to look" in shown
    assert "Look at disk" not in shown
    assert "what hides behind disk" not in shown
    assert "Look at connections" in shown
    assert "what hides behind connections" in shown


def test_a_symptom_that_was_asked_for_is_told_whole() -> None:
    shown = doctor_text({"diagnoses": [_diagnosis("disk", troubled=False)]})
    assert "Look at disk" in shown
    assert "Do not restart." in shown
    assert "what hides behind disk" in shown


def test_checks_that_ended_alike_stand_together_and_a_skipped_one_says_why() -> None:
    def examined(check: str, outcome: str, skipped: str = "") -> dict[str, Any]:
        return {"check": check, "outcome": outcome, "skipped": skipped, "blind": [], "examined": 1, "of": "things"}

    document = {
        "findings": [],
        "good": True,
        "examined": [
            examined("settings", "clean"),
            examined("slots", "nothing there"),
            examined("disk", "clean"),
            examined("unused", "not examined", "the counters are young"),
        ],
    }
    assert check_text(document).splitlines()[-4:] == [
        "examined:",
        "   2 clean          settings, disk",
        "   1 nothing there  slots",
        "   1 not examined   unused: the counters are young",
    ]
