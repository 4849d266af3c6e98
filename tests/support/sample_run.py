"""A run's journal made by hand: every kind of entry, fixed times and figures, names that try to break a page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pgraduate.journal import Journal

Entry = dict[str, Any]

HOSTILE = '"><script>alert(`x|y`)</script>\u202e\x1b[31m'
SOURCE_SQL = "CREATE TRIGGER audit AFTER UPDATE ON orders\nBEGIN\n  SELECT load_extension('<x>');\nEND"


def write(directory: Path, entries: Iterable[Entry]) -> Journal:
    """Write entries as one run's journal, a second apart."""
    directory.mkdir(parents=True, exist_ok=True)
    journal = Journal("20260314-092653-589", directory)
    lines = [
        json.dumps(
            {"type": "", "at": f"2026-03-14T09:{number // 60:02}:{number % 60:02}+00:00", "step": ""} | entry
        )
        for number, entry in enumerate(entries)
    ]
    journal.path.write_text("".join(line + "\n" for line in lines), "utf-8")
    return journal


def opened() -> Entry:
    return {
        "type": "run_opened",
        "format": 1,
        "run_id": "20260314-092653-589",
        "sources": ["/srv/shop/shop.db"],
        "target": "host=db.internal dbname=shop user=shop_owner",
        "policy": "declared",
        "version": "0.1.0",
    }


def started(step: str) -> Entry:
    return {"type": "step_started", "step": step, "verb": step.rpartition("-")[0]}


def ended(step: str, seconds: float, outcome: str = "done", **content: Any) -> Entry:
    verb = step.rpartition("-")[0]
    return {"type": "step_ended", "step": step, "verb": verb, "outcome": outcome, "seconds": seconds} | content


def fact(step: str, name: str, /, **value: Any) -> Entry:
    return {"type": "fact", "step": step, "name": name, "value": value}


def server(step: str) -> Entry:
    return {
        "type": "server",
        "step": step,
        "system_identifier": "7301948262170645531",
        "version": "17.5",
        "version_number": 170005,
        "host": "db.internal",
        "port": 5433,
        "database": "shop",
        "role": "shop_owner",
        "superuser": False,
        "encoding": "UTF8",
        "tls": "TLSv1.3",
    }


def copied(name: str, rows: int, size: int, seconds: float, step: str = "copy-1") -> Entry:
    return fact(
        step, "table copied", source="shop", schema="shop", name=name, rows=rows, bytes=size, seconds=seconds
    )


def compared(name: str, rows: int, cells: int, step: str = "verify-1", **more: Any) -> Entry:
    result = {
        "source": "shop",
        "schema": "shop",
        "name": name,
        "source_table": name,
        "rows_source": rows,
        "rows_target": rows,
        "cells": cells,
        "differing": 0,
        "quarantined": 0,
        "kept_classes": 0,
        "digest": "9f2c" * 8,
        "differences": [],
    }
    return fact(step, "table", **(result | more))


def item(kind: str, name: str, outcome: str, reason: str = "", **more: Any) -> Entry:
    content = {"kind": kind, "name": name, "outcome": outcome, "reason": reason, "target": None, "source_sql": None}
    return fact("verify-1", "object", **(content | more))


def prepared() -> list[Entry]:
    """A run up to its plan: assess, backup, schema."""
    return [
        opened(),
        started("assess-1"),
        fact(
            "assess-1",
            "source",
            name="shop",
            path="/srv/shop/shop.db",
            bytes=48_234_496,
            encoding="UTF-8",
            tables=5,
            views=2,
            triggers=2,
            indexes=7,
            journal_mode="wal",
        ),
        {
            "type": "finding",
            "step": "assess-1",
            "code": "FOREIGN_KEYS_NOT_IN_FILE",
            "severity": "notice",
            "where": "shop.order_lines",
            "what": "SQLite checks foreign keys only where the connection asks for it, which no file tells.",
            "hint": "Look for PRAGMA foreign_keys in the application.",
        },
        ended("assess-1", 1.482),
        started("backup-1"),
        fact("backup-1", "sealed", source="shop", digest="3b7e" * 16, bytes=48_250_880),
        {"type": "figure", "step": "backup-1", "name": "sealed bytes", "value": 48_250_880, "unit": "bytes"},
        ended("backup-1", 0.731),
        started("schema-1"),
        server("schema-1"),
        fact(
            "schema-1",
            "columns",
            schema="shop",
            table=HOSTILE,
            columns=[
                {
                    "name": "id",
                    "type": "bigint",
                    "representation": "integer",
                    "reason": "all values are of class integer",
                    "refuses": ["a text that is not a number", "a blob"],
                },
                {"name": HOSTILE, "type": "text", "representation": "text", "reason": HOSTILE, "refuses": []},
            ],
        ),
        fact(
            "schema-1",
            "plan",
            source="shop",
            schema="shop",
            tables=5,
            objects={"carried": 14, "translated": 2, "not_carried": 1},
        ),
        {
            "type": "decision",
            "step": "schema-1",
            "id": "orphans:shop.order_lines(order_id)",
            "question": "Rows of order_lines point to orders that do not exist. What becomes of them?",
            "options": [
                {
                    "key": "leave the key out",
                    "effect": "all rows arrive, the key is not made",
                    "leaves_behind": True,
                },
                {"key": "not valid", "effect": "the key is made for new rows only", "leaves_behind": False},
            ],
            "evidence": "some rows have no parent; the census names them",
            "safe": None,
            "answer": "not valid",
            "answered_by": "pgraduate.toml",
        },
        {
            "type": "decision",
            "step": "schema-1",
            "id": "nul:shop.notes(body)",
            "question": "Some texts hold a NUL character, which PostgreSQL's text cannot.",
            "options": [
                {"key": "quarantine", "effect": "the bytes are kept apart, the row arrives", "leaves_behind": True},
                {"key": "refuse", "effect": "nothing is written", "leaves_behind": False},
            ],
            "evidence": "texts in notes.body",
            "safe": "quarantine",
            "answer": "quarantine",
            "answered_by": "safe option",
        },
        {
            "type": "operation_planned",
            "step": "schema-1",
            "operation": "create_schema",
            "subject": "shop",
            "statements": ['CREATE SCHEMA "shop"'],
            "undo": ['DROP SCHEMA "shop"'],
            "facts": {},
        },
        {
            "type": "operation_applied",
            "step": "schema-1",
            "operation": "create_schema",
            "subject": "shop",
            "holds": True,
            "why": "",
        },
        ended("schema-1", 0.264),
    ]


def complete() -> list[Entry]:
    """A run that came to its end: equal, with a quarantined cell and a trigger left behind."""
    return [
        *prepared(),
        started("copy-1"),
        server("copy-1"),
        copied("customers", 48_213, 6_303_744, 0.872),
        copied("orders", 187_402, 14_221_312, 2.318),
        copied("order_lines", 611_038, 23_117_824, 6.944),
        copied("notes", 1_207, 402_688, 0.093),
        copied(HOSTILE, 3, 96, 0.004),
        ended("copy-1", 11.027),
        started("verify-1"),
        server("verify-1"),
        compared("customers", 48_213, 433_917),
        compared("orders", 187_402, 1_499_216),
        compared("order_lines", 611_038, 3_666_228, kept_classes=19),
        compared("notes", 1_207, 6_035, quarantined=1),
        compared(HOSTILE, 3, 6, source_table=HOSTILE),
        fact(
            "verify-1",
            "view",
            source="shop",
            name="sales_by_month",
            rows_source=74,
            rows_target=74,
            differing=0,
            within_tolerance=38,
            error=None,
        ),
        item("view", "sales_by_month", "translated", "strftime became to_char", target="shop.sales_by_month"),
        item("index", "orders_by_customer", "carried", target="shop.orders_by_customer"),
        item("trigger", "audit", "not_carried", "it calls load_extension", source_sql=SOURCE_SQL),
        fact("verify-1", "verdict", verdict="equal", exit_code=3, why=["the trigger audit was not carried"]),
        ended("verify-1", 8.115),
    ]


def different() -> list[Entry]:
    """A run whose comparison found rows that differ."""
    rows = [
        {"key": "(17)", "kind": "missing", "columns": [], "source": [], "target": []},
        {"key": "(23)", "kind": "changed", "columns": ["total", "paid|at"], "source": [], "target": []},
    ]
    return [
        *prepared(),
        started("copy-1"),
        copied("orders", 187_402, 14_221_312, 2.318),
        ended("copy-1", 11.027),
        started("verify-1"),
        compared("orders", 187_402, 1_499_216, rows_target=187_401, differing=2, differences=rows),
        fact("verify-1", "verdict", verdict="different", exit_code=4, why="Rows of orders differ."),
        ended("verify-1", 8.115),
    ]


def failed() -> list[Entry]:
    """A run whose copy lost its server."""
    return [
        *prepared(),
        started("copy-1"),
        server("copy-1"),
        copied("customers", 48_213, 6_303_744, 0.872),
        ended(
            "copy-1",
            3.402,
            "failed",
            code="TARGET_UNUSABLE",
            message="the server closed the connection",
            where="table shop.orders",
            hint="look into the server's log, then run the same command again",
            exit_code=7,
        ),
    ]


def killed() -> list[Entry]:
    """A run that ended in the middle of its copy, without a word."""
    return [*prepared(), started("copy-1"), copied("customers", 48_213, 6_303_744, 0.872)]
