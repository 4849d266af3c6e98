"""One table from several of its name: the columns of all, the constraints that all of them know.

A constraint that only some files declare is not laid on the rows and the writers of the others.  Where a column's
type, collation or default differs, one file's definition counts, by decision.  A row of a file that lacks a column
gets what SQLite's ALTER TABLE ADD COLUMN would give it: the default where it is a constant, else NULL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pgraduate.errors import Refused
from pgraduate.merge.questions import Questions
from pgraduate.merge.search import is_search
from pgraduate.model.catalog import Catalog, Column, ForeignKey, Index, Table
from pgraduate.model.decision import Option
from pgraduate.model.finding import Severity
from pgraduate.model.merge import Origin
from pgraduate.model.names import fold_name
from pgraduate.sqlite.ddl_tokens import Kind, significant

UniqueKey = tuple[tuple[str, str], ...]
"""Folded column and collation, in the key's order."""

_LITERALS = (Kind.STRING, Kind.NUMBER, Kind.BLOB)


@dataclass(frozen=True, slots=True)
class Share:
    """A source's table of the name, by the source's place among the sources."""

    place: int
    source: str
    table: Table
    uniques: tuple[Index, ...]
    """Those of UNIQUE constraints."""
    made: tuple[Index, ...] = ()
    """Unique indexes of CREATE UNIQUE INDEX over whole columns of every row."""


@dataclass(frozen=True, slots=True)
class Shape:
    """`as_is` is the first file's own CREATE TABLE where every file declares the same.

    `uniques` and `made` are those that every file declares, in one of the two ways.
    """

    table: Table
    uniques: tuple[Index, ...]
    shares: tuple[Share, ...]
    origins: tuple[Origin, ...]
    as_is: bool
    made: tuple[Index, ...] = ()

    @property
    def loaded(self) -> tuple[Column, ...]:
        return tuple(filter(_is_stored, self.table.columns))

    @property
    def natural_keys(self) -> tuple[Index, ...]:
        """Give the unique keys besides the primary one; a key over generated columns settles with its columns."""
        stored = {fold_name(column.name) for column in self.loaded}
        indexes = (*self.uniques, *self.made)
        return tuple(index for index in indexes if stored.issuperset(name for name, _ in unique_key(index)))


def shares_of(name: str, catalogs: Sequence[Catalog]) -> tuple[Share, ...]:
    found = []
    for place, catalog in enumerate(catalogs):
        for table in catalog.tables:
            if fold_name(table.name) == name:
                indexes = catalog.indexes_of(table.name)
                uniques = tuple(index for index in indexes if index.origin == "unique")
                made = tuple(index for index in indexes if index.origin == "create" and is_whole(index))
                found.append(Share(place, catalog.name, table, uniques, made))
    return tuple(found)


def is_whole(index: Index) -> bool:
    """Whether an index keeps whole columns unique in every row."""
    return index.unique and index.where_sql is None and all(key.column is not None for key in index.keys)


def _is_stored(column: Column) -> bool:
    return column.generated is None and not column.hidden


def unify(shares: Sequence[Share], questions: Questions) -> Shape:
    """Make one table of the shares; raise Refused where they have different primary keys."""
    first = shares[0].table
    if len(shares) == 1:
        origin = Origin(shares[0].source, first.name, _names(first), ("NULL",) * len(_names(first)))
        return Shape(first, shares[0].uniques, tuple(shares), (origin,), True, shares[0].made)
    _require_mergeable(shares)
    common = _common(shares, shares[0].uniques)
    made = _common(shares, shares[0].made)
    by_source = [{fold_name(column.name): column for column in share.table.columns} for share in shares]
    names = list(dict.fromkeys(name for columns in by_source for name in columns))
    differing = [text for name in names for text in _differences(name, shares, by_source)]
    if not differing and all(_rest(share) == _rest(shares[0]) for share in shares):
        return Shape(first, common, tuple(shares), _origins(shares, by_source, names, {}), True, made)
    chosen = _choose(first.name, shares, differing, questions)
    columns = tuple(_column(name, by_source, chosen) for name in names)
    known = {fold_name(column.name): column for column in columns}
    table = replace(
        first,
        columns=columns,
        autoincrement=any(share.table.autoincrement for share in shares),
        without_rowid=all(share.table.without_rowid for share in shares),
        strict=all(share.table.strict for share in shares),
        foreign_keys=_foreign_keys(shares),
        checks=tuple(
            check
            for check in first.checks
            if all(_text(check.expression_sql) in _checks(share.table) for share in shares)
        ),
    )
    _report(first.name, shares, table, (*common, *made), questions)
    return Shape(table, common, tuple(shares), _origins(shares, by_source, names, known), False, made)


def _common(shares: Sequence[Share], indexes: Sequence[Index]) -> tuple[Index, ...]:
    """Choose the indexes whose key every file keeps unique."""
    known = [{unique_key(other) for other in (*share.uniques, *share.made)} for share in shares]
    return tuple(index for index in indexes if all(unique_key(index) in keys for keys in known))


def _require_mergeable(shares: Sequence[Share]) -> None:
    first = shares[0]
    for share in shares[1:]:
        one, other = first.table, share.table
        if "virtual" in (one.kind, other.kind):
            _require_same_search(first, share)
        keys = [tuple(map(fold_name, table.primary_key)) for table in (one, other)]
        if keys[0] != keys[1] or (one.rowid_alias is None) != (other.rowid_alias is None):
            raise Refused(
                f"{first.source} and {share.source} have different primary keys for the table",
                where=f"table {one.name}",
                hint="without --target-schema every file becomes a schema of its own",
            )


def _require_same_search(first: Share, share: Share) -> None:
    one, other = first.table, share.table
    if not (is_search(one) and is_search(other)):
        why = "which has no rows of its own that could be merged"
    elif _tokens(one.sql) != _tokens(other.sql):
        why = "declared otherwise"
    else:
        return
    raise Refused(
        f"a virtual table stands in {first.source} and in {share.source}, {why}",
        where=f"table {one.name}",
        hint="without --target-schema every file becomes a schema of its own",
    )


def _tokens(sql: str) -> list[str]:
    return [fold_name(token.text) for token in significant(sql)]


def _differences(name: str, shares: Sequence[Share], by_source: Sequence[Mapping[str, Column]]) -> list[str]:
    """Name what differs about one column, file by file."""
    holders = [
        (share.source, columns[name]) for share, columns in zip(shares, by_source, strict=True) if name in columns
    ]
    spelled = holders[0][1].name
    found = []
    if len(holders) < len(shares):
        found.append(f"{spelled} only in {', '.join(source for source, _ in holders)}")
    for what, values in (
        ("type", [column.declared or "none" for _, column in holders]),
        ("default", [column.default_sql or "none" for _, column in holders]),
        ("NOT NULL", ["yes" if column.not_null else "no" for _, column in holders]),
        ("collation", [column.collation for _, column in holders]),
        ("generated value", [column.generated_sql or "none" for _, column in holders]),
    ):
        if len({_text(value) for value in values}) > 1:
            said = ", ".join(f"{value} in {source}" for (source, _), value in zip(holders, values, strict=True))
            found.append(f"{what} of {spelled}: {said}")
    return found


def _choose(name: str, shares: Sequence[Share], differing: Sequence[str], questions: Questions) -> str:
    only = [text for text in differing if " only in " in text]
    other = len(differing) - len(only)
    for text in differing:
        questions.find("MERGE_COLUMN", Severity.NOTICE, f"{questions.schema}.{name}", text)
    if not differing:
        return "first"
    fill = "a row of a file that lacks a column gets its constant default, else NULL"
    return questions.ask(
        "merge_shape",
        name,
        f"Table {name} has another shape in each file. Whose definition counts where a column differs?",
        f"{len(only)} columns stand in some files only; {other} definitions differ",
        (
            Option("first", f"that of the first file, {shares[0].source}; {fill}"),
            Option("last", f"that of the last file, {shares[-1].source}; {fill}"),
        ),
        "first",
    )


def _column(name: str, by_source: Sequence[Mapping[str, Column]], chosen: str) -> Column:
    holders = [columns[name] for columns in by_source if name in columns]
    base = holders[0 if chosen == "first" else -1]
    everywhere = len(holders) == len(by_source)
    filled = everywhere or _fill(base) != "NULL"
    not_null = all(column.not_null for column in holders) and filled
    if any((column.generated is None) != (holders[0].generated is None) for column in holders) or not everywhere:
        base = replace(base, generated=None, generated_sql=None)
    return replace(base, name=holders[0].name, not_null=not_null)


def _fill(column: Column) -> str:
    """Give the literal that SQLite's ADD COLUMN would write into rows that stand already."""
    tokens = significant(column.default_sql or "NULL")
    signed = len(tokens) == 2 and tokens[0].text in "+-" and tokens[1].kind is Kind.NUMBER
    only = tokens[0] if len(tokens) == 1 else None
    if signed or (only and (only.kind in _LITERALS or only.keyword in ("TRUE", "FALSE"))):
        return "".join(token.text for token in tokens)
    if only and not only.keyword.startswith("CURRENT_") and only.keyword != "NULL":
        # SQLite takes a name in a default for a text.
        return "'" + only.name.replace("'", "''") + "'"
    return "NULL"


def _origins(
    shares: Sequence[Share],
    by_source: Sequence[Mapping[str, Column]],
    names: Sequence[str],
    known: Mapping[str, Column],
) -> tuple[Origin, ...]:
    origins = []
    for share, columns in zip(shares, by_source, strict=True):
        merged = known or by_source[0]
        loaded = [name for name in names if _is_stored(merged[name])]
        origins.append(
            Origin(
                share.source,
                share.table.name,
                tuple(columns[name].name if name in columns else None for name in loaded),
                tuple("NULL" if name in columns else _fill(merged[name]) for name in loaded),
            )
        )
    return tuple(origins)


def _names(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if _is_stored(column))


def _rest(share: Share) -> tuple[object, ...]:
    """What two tables of one shape share besides their columns."""
    table = share.table
    return (
        table.autoincrement,
        table.without_rowid,
        table.strict,
        _checks(table),
        {unique_key(index) for index in share.uniques},
        {_foreign(key) for key in table.foreign_keys},
    )


def _foreign(key: ForeignKey) -> str:
    return fold_name(repr(key))


def _foreign_keys(shares: Sequence[Share]) -> tuple[ForeignKey, ...]:
    found: dict[tuple[object, ...], ForeignKey] = {}
    for share in shares:
        for key in share.table.foreign_keys:
            columns = tuple(map(fold_name, key.columns))
            found.setdefault((columns, fold_name(key.parent), tuple(map(fold_name, key.parent_columns))), key)
    return tuple(found.values())


def _checks(table: Table) -> frozenset[str]:
    return frozenset(_text(check.expression_sql) for check in table.checks)


def _text(sql: str) -> str:
    """Compare SQL as text, without regard to white space; it never takes two different things for one."""
    return " ".join(sql.split())


def unique_key(index: Index) -> UniqueKey:
    """Give what a unique index compares: its columns, folded, and how."""
    return tuple((fold_name(key.column or ""), key.collation) for key in index.keys)


def _report(
    name: str, shares: Sequence[Share], table: Table, common: Sequence[Index], questions: Questions
) -> None:
    """Say which constraints stand in some files only, and are therefore not laid on the merged rows."""
    kept = {_text(check.expression_sql) for check in table.checks}
    known = {unique_key(index) for index in common}
    lost = [
        f"CHECK ({check.expression_sql}) of {share.source}"
        for share in shares
        for check in share.table.checks
        if _text(check.expression_sql) not in kept
    ]
    lost += [
        f"UNIQUE ({', '.join(key.column or '' for key in index.keys)}) of {share.source}"
        for share in shares
        for index in share.uniques
        if unique_key(index) not in known
    ]
    if lost:
        questions.ask(
            "merge_constraints",
            name,
            f"Some files constrain {name} where others do not. Leave those constraints out?",
            "; ".join(lost),
            (Option("common", "only what every file declares stands", leaves_behind=True),),
            "common",
        )
