"""What a statement asks of each table: equal to, within a range, joined by, in the order of, grouped by, searched in.

The statement is parsed as PostgreSQL and its names are resolved by the catalog, scope by scope.  What is not
understood is left out: it costs a candidate and never a wrong one, since the planner judges every candidate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope, traverse_scope

from pgraduate.tune.indexes.catalog import Catalog, Table
from pgraduate.tune.indexes.terms import Term, bare, speaks_of_now, term_of, text_of
from pgraduate.workload.fingerprint import spaced, works_on_rows

_DEEPEST_VIEW = 8
_RANGES = (exp.GT, exp.GTE, exp.LT, exp.LTE)


@dataclass(frozen=True, slots=True)
class Order:
    term: Term
    descending: bool
    nulls_first: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on one table; `text` is its SQL, and it `is_fixed` where it has neither parameter nor moment."""

    text: str
    terms: tuple[Term, ...]
    is_fixed: bool
    of_now: bool


@dataclass(frozen=True, slots=True)
class Search:
    """Containment, full text or a pattern with a leading wildcard: what a btree cannot serve."""

    term: Term
    opclass: str


@dataclass(slots=True)
class Access:
    """What one reference to a table asks for; `needed` is None where every column is read."""

    table: Table
    equal: list[Term] = field(default_factory=list)
    ranges: list[Term] = field(default_factory=list)
    joins: list[Term] = field(default_factory=list)
    alternatives: list[Term] = field(default_factory=list)
    """Terms below an OR: each branch needs an index of its own."""
    prefixes: list[Term] = field(default_factory=list)
    order: list[Order] = field(default_factory=list)
    group: list[Term] = field(default_factory=list)
    searches: list[Search] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    needed: set[str] | None = field(default_factory=set)
    parameters: dict[str, str] = field(default_factory=dict)
    """The number of each parameter that a column is compared with for equality, and the column."""


@dataclass(frozen=True, slots=True)
class Write:
    """`columns` are those that an UPDATE sets, () for the others."""

    table: Table
    kind: Literal["insert", "update", "delete"]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """`understood` is False for a text that the parser refuses."""

    accesses: tuple[Access, ...] = ()
    write: Write | None = None
    understood: bool = True


def read_statement(sql: str, catalog: Catalog) -> Reading:
    """Read what a PostgreSQL statement asks of the catalog's tables."""
    if not works_on_rows(sql):
        return Reading(understood=False)
    try:
        tree = parse_one(spaced(sql), read="postgres")
        query, write = _query(tree, catalog)
        query = _without_views(query, catalog) if query is not None else None
        scopes = traverse_scope(query) if query is not None else []
    except (SqlglotError, ValueError):
        return Reading(understood=False)
    reader = _Reader(catalog)
    for scope in scopes:
        reader.read(scope)
    return Reading(tuple(reader.accesses), write)


def _query(tree: exp.Expr, catalog: Catalog) -> tuple[exp.Expr | None, Write | None]:
    """Give the query of a statement, that of an UPDATE or DELETE as the SELECT of its rows."""
    if isinstance(tree, exp.Insert):
        target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
        query = tree.expression if isinstance(tree.expression, exp.Query) else None
        return (None if isinstance(query, exp.Values) else query), _write(target, catalog, "insert")
    if isinstance(tree, exp.Update | exp.Delete):
        query = exp.select("1").from_(tree.this.copy())
        others = tree.args.get("using") or []
        if tree.args.get("from_"):
            others = [tree.args["from_"].this]
        for other in others:
            query = query.join(other.copy(), join_type="cross")
        if tree.args.get("where"):
            query = query.where(tree.args["where"].this.copy())
        if tree.args.get("with_"):
            query.set("with_", tree.args["with_"].copy())
        if isinstance(tree, exp.Delete):
            return query, _write(tree.this, catalog, "delete")
        names = tuple(item.this.name for item in tree.expressions if isinstance(item, exp.EQ))
        return query, _write(tree.this, catalog, "update", names)
    return (tree if isinstance(tree, exp.Query) else None), None


def _without_views(query: exp.Expr, catalog: Catalog) -> exp.Expr:
    """Put each view's query in its place; a view of views takes as many rounds as it is deep."""
    for _ in range(_DEEPEST_VIEW):
        found = False
        for table in list(query.find_all(exp.Table)):
            text = catalog.view(table.text("db"), table.name)
            if text is not None:
                inner = parse_one(spaced(text), read="postgres")
                assert isinstance(inner, exp.Query)
                table.replace(inner.subquery(table.alias_or_name))
                found = True
        if not found:
            break
    return query


def _write(
    target: exp.Expr, catalog: Catalog, kind: Literal["insert", "update", "delete"], names: tuple[str, ...] = ()
) -> Write | None:
    table = catalog.table(target.text("db"), target.name)
    return Write(table, kind, names) if table is not None else None


class _Reader:
    """Walks over the scopes of one statement; an inner scope may speak of an outer one's tables."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._known: dict[int, Mapping[str, Access]] = {}
        self.accesses: list[Access] = []

    def read(self, scope: Scope) -> None:
        here = self._sources(scope)
        self.accesses += here.values()
        for column in scope.columns:
            access = self._access(column, scope)
            if access is not None and access.needed is not None:
                access.needed.add(column.name)
        query = scope.expression
        if not isinstance(query, exp.Select):
            return
        for star in query.expressions:
            if star.is_star:
                for access in here.values():
                    access.needed = None
        for condition in _conditions(query):
            self._condition(condition, scope, below_or=False)
        self._order(query, scope)
        group = query.args.get("group")
        for item in group.expressions if group else ():
            self._add_term(item, scope, "group")

    def _sources(self, scope: Scope) -> Mapping[str, Access]:
        if id(scope) not in self._known:
            found = {}
            for alias, source in scope.sources.items():
                if isinstance(source, exp.Table):
                    table = self._catalog.table(source.text("db"), source.name)
                    if table is not None:
                        found[alias] = Access(table)
            self._known[id(scope)] = found
        return self._known[id(scope)]

    def _access(self, column: exp.Column, scope: Scope | None) -> Access | None:
        """Find the table that a column belongs to, looking outwards."""
        while scope is not None:
            here = self._sources(scope)
            if column.table:
                if column.table in scope.sources:
                    return here.get(column.table)
            else:
                for access in here.values():
                    if column.name in access.table.columns:
                        return access
            scope = scope.parent
        return None

    def _tables(self, node: exp.Expr, scope: Scope) -> list[Access | None]:
        found: list[Access | None] = []
        for column in node.find_all(exp.Column):
            access = self._access(column, scope)
            if not any(access is other for other in found):
                found.append(access)
        return found

    def _condition(self, node: exp.Expr, scope: Scope, *, below_or: bool) -> None:
        node = bare(node)
        if isinstance(node, exp.And):
            for part in node.flatten():
                self._condition(part, scope, below_or=below_or)
            return
        self._record(node, scope)
        if isinstance(node, exp.Or):
            for part in node.flatten():
                self._condition(part, scope, below_or=True)
        elif isinstance(node, exp.EQ | exp.NullSafeEQ):
            self._equality(node.this, node.expression, scope, below_or)
        elif isinstance(node, _RANGES):
            self._range(node.this, node.expression, scope, below_or)
        elif isinstance(node, exp.Between):
            self._range(node.this, node.args["low"], scope, below_or)
        elif isinstance(node, exp.In):
            self._membership(node, scope, below_or)
        elif isinstance(node, exp.Like | exp.ILike):
            self._pattern(node, scope)
        elif isinstance(node, exp.Is | exp.Column | exp.Not):
            self._add_term(node.this if not isinstance(node, exp.Column) else node, scope, _kind("equal", below_or))
        elif isinstance(node, exp.ArrayContainsAll | exp.JSONBContainsTopKey):
            self._search(node.this, scope, "json")
        elif isinstance(node, exp.MatchAgainst):
            for side in node.expressions:
                self._search(side, scope, "tsvector")

    def _record(self, node: exp.Expr, scope: Scope) -> None:
        """Keep a condition whole where it speaks of one table only: it may become an index's predicate."""
        accesses = self._tables(node, scope)
        if len(accesses) != 1 or accesses[0] is None or node.find(exp.Select):
            return
        (access,) = accesses
        assert access is not None
        terms = tuple(
            term
            for name in dict.fromkeys(column.name for column in node.find_all(exp.Column))
            if (term := term_of(exp.column(name), access.table, self._catalog))
        )
        moments = speaks_of_now(node)
        fixed = not moments and not node.find(exp.Parameter, exp.Placeholder, exp.Anonymous, exp.Interval)
        access.conditions.append(Condition(text_of(node), terms, fixed, moments))

    def _equality(self, left: exp.Expr, right: exp.Expr, scope: Scope, below_or: bool) -> None:
        if isinstance(left, exp.Tuple) and isinstance(right, exp.Tuple):
            for one, other in zip(left.expressions, right.expressions, strict=False):
                self._equality(one, other, scope, below_or)
            return
        for one, other in ((left, right), (right, left)):
            if one.find(exp.Column):
                joined = any(access is not self._one(one, scope) for access in self._tables(other, scope))
                inner = isinstance(other, exp.Subquery | exp.Select)
                kind = "joins" if (joined and not inner) else "equal"
                self._add_term(one, scope, _kind(kind, below_or))
                self._compared(one, other, scope)

    def _compared(self, node: exp.Expr, value: exp.Expr, scope: Scope) -> None:
        """Note the parameter that a bare column is compared with."""
        number, column = parameter_of(value), bare(node)
        if number is not None and isinstance(column, exp.Column) and (access := self._one(column, scope)):
            access.parameters[number] = column.name

    def _range(self, left: exp.Expr, right: exp.Expr, scope: Scope, below_or: bool) -> None:
        if isinstance(left, exp.Tuple) and isinstance(right, exp.Tuple):
            left, right = left.expressions[0], right.expressions[0]
        for one in (left, right):
            self._add_term(one, scope, _kind("ranges", below_or))

    def _membership(self, node: exp.In, scope: Scope, below_or: bool) -> None:
        query = node.args.get("query")
        self._add_term(node.this, scope, _kind("joins" if query else "equal", below_or))
        for item in node.expressions:
            self._compared(node.this, item, scope)
        inner = next((child for child in scope.subquery_scopes if query and child.expression is query.this), None)
        if inner is not None and isinstance(inner.expression, exp.Select) and inner.expression.expressions:
            self._add_term(inner.expression.expressions[0].unalias(), inner, "joins")

    def _pattern(self, node: exp.Like | exp.ILike, scope: Scope) -> None:
        pattern = node.expression
        text = pattern.this if isinstance(pattern, exp.Literal) else None
        if isinstance(node, exp.ILike) or (text is not None and text[:1] in ("%", "_")):
            self._search(node.this, scope, "trigram")
        else:
            self._add_term(node.this, scope, "prefixes")

    def _search(self, node: exp.Expr, scope: Scope, what: Literal["json", "tsvector", "trigram"]) -> None:
        access = self._one(node, scope)
        term = term_of(node, access.table, self._catalog) if access else None
        if access is None or term is None:
            return
        column = access.table.columns.get(term.column or "")
        if what == "trigram":
            if "pg_trgm" in self._catalog.extensions:
                access.searches.append(Search(term, "gin_trgm_ops"))
        elif what == "tsvector":
            access.searches.append(Search(term, "tsvector_ops"))
        elif column is not None and column.type == "jsonb":
            access.searches.append(Search(term, "jsonb_ops"))
        elif column is not None and column.type.endswith("[]"):
            access.searches.append(Search(term, "array_ops"))

    def _order(self, query: exp.Select, scope: Scope) -> None:
        order = query.args.get("order")
        if order is None:
            return
        named = {item.alias: item.this for item in query.expressions if isinstance(item, exp.Alias)}
        found: list[tuple[Access, Order]] = []
        for item in order.expressions:
            node = bare(item.this)
            if isinstance(node, exp.Literal) and node.is_int and int(node.this) <= len(query.expressions):
                node = query.expressions[int(node.this) - 1].unalias()
            elif isinstance(node, exp.Column) and not node.table and node.name in named:
                node = named[node.name]
            access = self._one(node, scope)
            term = term_of(node, access.table, self._catalog) if access else None
            if access is None or term is None or (found and found[0][0] is not access):
                break
            descending = bool(item.args.get("desc"))
            nulls = item.args.get("nulls_first")
            found.append((access, Order(term, descending, bool(nulls) if nulls is not None else descending)))
        for access, item in found:
            access.order.append(item)

    def _one(self, node: exp.Expr, scope: Scope) -> Access | None:
        accesses = self._tables(node, scope)
        return accesses[0] if len(accesses) == 1 else None

    def _add_term(self, node: exp.Expr, scope: Scope, kind: str) -> None:
        access = self._one(node, scope)
        term = term_of(node, access.table, self._catalog) if access else None
        if access is not None and term is not None:
            terms: list[Term] = getattr(access, kind)
            if term not in terms:
                terms.append(term)


def parameter_of(node: exp.Expr) -> str | None:
    """Give the number of a parameter, `$1`, which may be cast; None for anything else."""
    node = bare(node)
    while isinstance(node, exp.Cast):
        node = bare(node.this)
    return node.this.name if isinstance(node, exp.Parameter) else None


def _kind(kind: str, below_or: bool) -> str:
    return "alternatives" if below_or and kind != "joins" else kind


def _conditions(query: exp.Select) -> Iterator[exp.Expr]:
    where = query.args.get("where")
    if where is not None:
        yield where.this
    for join in query.args.get("joins") or ():
        if join.args.get("on") is not None:
            yield join.args["on"]
