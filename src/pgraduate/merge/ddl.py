"""A table of the catalog written as SQLite's CREATE TABLE, and statements under another name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgraduate.model.catalog import Column, ForeignKey, Index, Table
from pgraduate.sqlite.ddl_tokens import Kind, significant
from pgraduate.sqlite.names import quote


def create_table(table: Table, uniques: Sequence[Index]) -> str:
    """Write what the merged table is; its keys come from the model, not from any file's text."""
    lines = [_column(table, column) for column in table.columns]
    if table.primary_key and table.rowid_alias is None:
        lines.append(f"PRIMARY KEY ({_names(table.primary_key)})")
    for index in uniques:
        keys = ", ".join(f"{quote(key.column or '')} COLLATE {quote(key.collation)}" for key in index.keys)
        lines.append(f"UNIQUE ({keys})")
    for check in table.checks:
        name = f"CONSTRAINT {quote(check.name)} " if check.name else ""
        lines.append(f"{name}CHECK ({check.expression_sql})")
    lines += map(_foreign_key, table.foreign_keys)
    options = ["WITHOUT ROWID"] * table.without_rowid + ["STRICT"] * table.strict
    body = ",\n".join(f"    {line}" for line in lines)
    return f"CREATE TABLE {quote(table.name)} (\n{body}\n){' ' if options else ''}{', '.join(options)}"


def _column(table: Table, column: Column) -> str:
    return " ".join([quote(column.name), *_clauses(table, column)])


def _clauses(table: Table, column: Column) -> Iterator[str]:
    if column.name == table.rowid_alias:
        yield "INTEGER PRIMARY KEY" + (" AUTOINCREMENT" if table.autoincrement else "")
        return
    if column.declared:
        yield column.declared
    if column.not_null:
        yield "NOT NULL"
    if column.generated is not None:
        yield f"GENERATED ALWAYS AS ({column.generated_sql}) {column.generated.upper()}"
    elif column.default_sql is not None:
        yield (
            f"DEFAULT ({column.default_sql})"
            if _is_expression(column.default_sql)
            else f"DEFAULT {column.default_sql}"
        )
    if column.collation != "BINARY":
        yield f"COLLATE {quote(column.collation)}"


def _is_expression(default: str) -> bool:
    """PRAGMA table_info gives an expression without its parentheses, and any other default as it stood."""
    tokens = significant(default)
    signed = len(tokens) == 2 and tokens[0].text in "+-" and tokens[1].kind is Kind.NUMBER
    return not (len(tokens) == 1 or signed)


def _foreign_key(key: ForeignKey) -> str:
    name = f"CONSTRAINT {quote(key.name)} " if key.name else ""
    parents = f" ({_names(key.parent_columns)})" if key.parent_columns else ""
    text = f"{name}FOREIGN KEY ({_names(key.columns)}) REFERENCES {quote(key.parent)}{parents}"
    text += f" ON UPDATE {key.on_update}" if key.on_update != "NO ACTION" else ""
    text += f" ON DELETE {key.on_delete}" if key.on_delete != "NO ACTION" else ""
    return text + (" DEFERRABLE INITIALLY DEFERRED" if key.deferred else "")


def _names(names: Sequence[str]) -> str:
    return ", ".join(map(quote, names))


def renamed(sql: str, kind: str, name: str) -> str:
    """Give a CREATE INDEX, VIEW or TRIGGER statement another object's name; the rest stays as it is."""
    tokens = significant(sql)
    place = next(number for number, token in enumerate(tokens) if token.keyword == kind) + 1
    if [token.keyword for token in tokens[place : place + 3]] == ["IF", "NOT", "EXISTS"]:
        place += 3
    if tokens[place + 1].kind is Kind.DOT:
        place += 2
    token = tokens[place]
    return sql[: token.start] + quote(name) + sql[token.end :]
