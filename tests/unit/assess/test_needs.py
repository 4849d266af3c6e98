"""The extrapolation of a sample, and what is said without one."""

from __future__ import annotations

from pgraduate.assess.needs import Sample, SampledTable, needs


def test_each_table_is_extrapolated_by_its_own_rows() -> None:
    wide = SampledTable("wide", 100, 1_000, 50_000, 2.0)
    narrow = SampledTable("narrow", 10, 10, 8_192, 0.5)
    found = needs(Sample((wide, narrow), 1.1, 1_100, "PostgreSQL 15"), "")
    part = 1_010 / 110
    assert found.disk.value == 508_192
    assert found.seconds.value == 2.0 * 10 + 0.5 + 1.1 * part
    assert found.wal.value == round(1_100 * part)
    assert "110 of 1,010 rows" in found.basis


def test_empty_tables_need_what_they_take() -> None:
    found = needs(Sample((SampledTable("none", 0, 0, 8_192, 0.1),), 0.2, 64, "PostgreSQL 15"), "")
    assert (found.disk.value, found.wal.value) == (8_192, 64)


def test_without_a_sample_nothing_is_a_number() -> None:
    found = needs(None, "no target was named")
    assert [str(figure) for figure in (found.disk, found.seconds, found.wal)] == ["not measured"] * 3
    assert found.basis == "not measured: no target was named"
