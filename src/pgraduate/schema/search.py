"""The indexes that serve the searches of virtual tables, and the views over tables that are searched.

A search index is GIN over the words of the text columns, computed by `search_vector`, which no text makes fail; it
keeps itself current, whoever writes.  A box index is GiST over the first two dimensions of an R-Tree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pgraduate.dialect.schema_view import ColumnView, TableView
from pgraduate.model.catalog import Catalog, Table
from pgraduate.model.finding import Severity
from pgraduate.model.plan import ObjectPlan
from pgraduate.postgres.identifiers import fold, qualified, quote, unique
from pgraduate.schema.indexes import not_carried
from pgraduate.schema.room import Room
from pgraduate.schema.search_terms import has_text, term
from pgraduate.schema.view import COMPAT_SCHEMA, PlanView
from pgraduate.schema.virtual_tables import TREES, Mirror, dimensions, is_search, mirror_of


def searches(room: Room, mirrors: Mapping[str, Mirror], *, exact: bool) -> None:
    """Plan the views over searched tables, and the index behind every search."""
    for mirror in mirrors.values():
        _mirror(room, mirror, exact=exact)
    for table in room.tables:
        if is_search(table):
            columns = [column.name for column in table.columns if not column.unindexed]
            _search_index(room, table, table, columns)
        elif table.module in TREES:
            _box_index(room, table)


def show_mirror(view: PlanView, catalog: Catalog, source: str, target: str) -> None:
    """Let later translations read the view that stands for a full-text table over another."""
    mirror = mirror_of(catalog.table(source), catalog)
    content = view.table(mirror.content.name) if mirror is not None else None
    if mirror is not None and content is not None:
        view.add(_view(mirror, content, target, exact=target != fold(target)))


def _view(mirror: Mirror, content: TableView, target: str, *, exact: bool) -> TableView:
    names = unique([column.name for column, _ in mirror.columns], exact=exact)
    columns: list[ColumnView] = []
    for column, shown in mirror.columns:
        view = content.column(shown)
        assert view is not None
        columns.append(
            replace(view, source=column.name, target=names[column.name], generated=False, implicit=column.implicit)
        )
    number = mirror.table.rowid_alias if mirror.number is not None else None
    searched = tuple(
        view.source
        for (column, _), view in zip(mirror.columns, columns, strict=True)
        if not (column.unindexed or column.implicit) and has_text(view.type)
    )
    return TableView(
        mirror.table.name, content.schema, target, tuple(columns), number, is_view=True, searched=searched
    )


def _mirror(room: Room, mirror: Mirror, *, exact: bool) -> None:
    table = mirror.table
    content = room.translator.view.table(mirror.content.name)
    if content is None:
        reason = f"it searches the table {mirror.content.name}, which is not carried"
        room.docket.add(not_carried("virtual table", table.name, reason, table.sql))
        return
    name = room.names.relation(fold(table.name, exact=exact))
    view = _view(mirror, content, name, exact=exact)
    room.translator.show(view)
    target = qualified(room.schema, name)
    columns = ", ".join(quote(column.target) for column in view.columns)
    shown = ", ".join(f"c.{quote(room.column(mirror.content.name, source).target)}" for _, source in mirror.columns)
    # With a second relation in FROM the view takes no writes: one to the index is none to the searched table.
    read_only = "CROSS JOIN (SELECT) AS read_only"
    room.docket.add(
        ObjectPlan(
            "virtual table",
            table.name,
            "translated",
            f"a view of the table {mirror.content.name}, whose text it searches, and a GIN index on that table",
            "after rows",
            (
                f"CREATE VIEW {target} ({columns}) AS\n"
                f"SELECT {shown} FROM {room.qualified(mirror.content.name)} AS c {read_only}",
            ),
            (f"DROP VIEW IF EXISTS {target} RESTRICT",),
            source_sql=table.sql,
            target=target,
        )
    )
    columns_searched = [source for column, source in mirror.columns if not column.unindexed]
    _search_index(room, table, mirror.content, columns_searched)


def search_label(table: Table) -> str:
    """Name the search index of a full-text table among the objects of a plan."""
    return f"{table.name} search"


def _search_index(room: Room, table: Table, on: Table, columns: Sequence[str]) -> None:
    """Plan the index over the words of `columns` of the table `on`, for the full-text table `table`."""
    label = search_label(table)
    plans = [room.column(on.name, name) for name in columns]
    terms = [found for plan in plans if (found := term(plan)) is not None]
    for plan in plans:
        if term(plan) is None:
            room.docket.find(
                "SEARCH_WITHOUT_COLUMN",
                Severity.WARNING,
                f"{table.name}.{plan.source}",
                f"the search index leaves the column out: the text of a {plan.type} is not the same in every session",
            )
    if not terms:
        room.docket.add(not_carried("index", label, "no column that it searches has a text", table.sql))
        return
    name = room.names.relation(room.names.table(on.name), "search")
    target = qualified(room.schema, name)
    words = f"{qualified(COMPAT_SCHEMA)}.search_vector(VARIADIC ARRAY[{', '.join(terms)}])"
    room.docket.compat = True
    room.docket.add(
        ObjectPlan(
            "index",
            label,
            "translated",
            f"GIN over the words of its text, in place of the index of {table.module}; it keeps itself current",
            "after rows",
            (f"CREATE INDEX {quote(name)} ON {room.qualified(on.name)} USING gin ({words})",),
            (f"DROP INDEX IF EXISTS {target} RESTRICT",),
            target=target,
        )
    )
    _report_search(room, table, words)


def _report_search(room: Room, table: Table, words: str) -> None:
    room.docket.find(
        "SEARCH_BY_MATCH",
        Severity.WARNING,
        table.name,
        "statements with MATCH are translated; ranks and snippets are PostgreSQL's own",
        f"by hand: WHERE {words} @@ to_tsquery('simple', …); ts_rank and ts_headline give rank and snippet",
    )
    default = "unicode61" if table.module == "fts5" else "simple"
    tokenizer = table.options.get("tokenize", "").strip().lower() or default
    what, hint = _difference(tokenizer)
    if what:
        room.docket.find(
            "SEARCH_TOKENIZER",
            Severity.NOTICE,
            table.name,
            f"SQLite cuts its text by the tokenizer {tokenizer}: {what}",
            hint,
        )


def _difference(tokenizer: str) -> tuple[str, str]:
    """Say what a tokenizer does that PostgreSQL's configuration `simple` does not, and what does it."""
    words = tokenizer.replace('"', " ").replace("'", " ").replace("=", " ").split()
    if "trigram" in words:
        return (
            "it finds any three letters in a row, PostgreSQL's configuration simple whole words",
            "the extension pg_trgm has an index for LIKE and ILIKE",
        )
    if "porter" in words:
        return (
            "it finds English words by their stem, PostgreSQL's configuration simple as they are written",
            "the configuration english knows stems: make an index over to_tsvector('english', …)",
        )
    keeps = words[words.index("remove_diacritics") + 1 :][:1] == ["0"] if "remove_diacritics" in words else False
    if "unicode61" in words and not keeps:
        return (
            "it finds letters with and without diacritics alike, PostgreSQL's configuration simple does not",
            "the extension unaccent has a dictionary that does",
        )
    if set(words) <= {"unicode61", "simple", "remove_diacritics", "0"}:
        return "", ""
    return ("PostgreSQL's configuration simple may cut otherwise", "compare what both find for a few searches")


def _box_index(room: Room, table: Table) -> None:
    """Plan the index over an R-Tree's boxes: GiST over two dimensions, a btree where there is only one."""
    pairs = [tuple(quote(room.column(table.name, end.name).target) for end in ends) for ends in dimensions(table)]
    stem = room.names.table(table.name)
    name = room.names.relation(stem, "box")
    target = qualified(room.schema, name)
    if len(pairs) == 1:
        keys, what = f"({', '.join(pairs[0])})", "a btree over the one dimension"
    else:
        least, greatest = (", ".join(f"{pair[end]}::double precision" for pair in pairs[:2]) for end in (0, 1))
        corners = f"pg_catalog.point({least}), pg_catalog.point({greatest})"
        keys, what = f"USING gist (pg_catalog.box({corners}))", "GiST over boxes of the first two dimensions"
    room.docket.add(
        ObjectPlan(
            "index",
            f"{table.name} box",
            "translated",
            f"{what}, in place of the R-Tree",
            "after rows",
            (f"CREATE INDEX {quote(name)} ON {room.qualified(table.name)} {keys}",),
            (f"DROP INDEX IF EXISTS {target} RESTRICT",),
            target=target,
        )
    )
    _report_box(room, table, keys, len(pairs))


def _report_box(room: Room, table: Table, keys: str, count: int) -> None:
    if table.module == "rtree":
        room.docket.find(
            "BOX_PRECISION",
            Severity.NOTICE,
            table.name,
            "an R-Tree rounds a coordinate to 32 bits, outwards; the values arrive as they are, new ones keep 64 bits",
        )
    if count > 2:
        room.docket.find(
            "BOX_DIMENSIONS",
            Severity.NOTICE,
            table.name,
            f"the index holds two of {count} dimensions; conditions on the others are tested row by row",
        )
    if count > 1:
        room.docket.find(
            "BOX_SEARCH",
            Severity.NOTICE,
            table.name,
            "conditions on single coordinates are answered as before, but the index serves searches by box only",
            f"write: WHERE {keys.removeprefix('USING gist (').removesuffix(')')} && box(point(…), point(…))",
        )
