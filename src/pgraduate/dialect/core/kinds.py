"""What is known of an expression before it runs: SQLite's class of its value and PostgreSQL's form of it.

The same text means different things to SQLite for different classes and affinities, so every translated expression
carries both.  Each kind has one form in PostgreSQL, and only `Typed.representation` departs from it: a column as it
stands in its table, which `render` turns into the form of its kind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from sqlglot import exp

from pgraduate.model.representation import Representation
from pgraduate.model.storage import Affinity, StorageClass


class Kind(Enum):
    """The classes that a value can have; NULL is always possible beside them."""

    NULL = "null"
    INTEGER = "integer"
    """Form: an integer type, or boolean for a predicate."""
    REAL = "real"
    """Form: double precision."""
    NUMBER = "number"
    """INTEGER or REAL, known only at run time.  Form: numeric, whose scale is 0 exactly for an INTEGER."""
    TEXT = "text"
    BLOB = "blob"
    """Form: bytea."""
    ANY = "any"
    """A class that depends on the data.  Form: the compat type any_value, which holds the class."""

    @property
    def is_numeric(self) -> bool:
        return self in (Kind.INTEGER, Kind.REAL, Kind.NUMBER)

    @property
    def storage_class(self) -> StorageClass | None:
        return _CLASSES.get(self)


_CLASSES = {
    Kind.NULL: StorageClass.NULL, Kind.INTEGER: StorageClass.INTEGER, Kind.REAL: StorageClass.REAL,
    Kind.TEXT: StorageClass.TEXT, Kind.BLOB: StorageClass.BLOB,
}  # fmt: skip

FORMS = {
    Kind.INTEGER: "bigint", Kind.REAL: "double precision", Kind.NUMBER: "numeric", Kind.TEXT: "text",
    Kind.BLOB: "bytea", Kind.NULL: "text",
}  # fmt: skip

NUMERIC_AFFINITIES = frozenset({Affinity.INTEGER, Affinity.REAL, Affinity.NUMERIC})

Constant = int | float | str | bytes | None


class Missing(Enum):
    """The mark of an expression that is not a constant (None is the constant NULL)."""

    VALUE = "not a constant"


@dataclass(frozen=True, slots=True)
class Typed:
    """A translated expression.

    `affinity` is None where SQLite gives the expression none; `collation` is the one of a column or of COLLATE
    (then `collated` is set); `by_bytes` says that PostgreSQL already compares this text by its bytes.
    """

    node: exp.Expr
    kind: Kind
    type: str
    affinity: Affinity | None = None
    collation: str | None = None
    collated: bool = False
    representation: Representation | None = None
    constant: Constant | Missing = Missing.VALUE
    by_bytes: bool = False
    computed: tuple[exp.Expr, exp.Expr] | None = None
    """A NUMBER's node and the same in double precision, for a place that makes a REAL of it anyway; it counts only
    as long as the node is this one."""
    element: tuple[exp.Expr, exp.Expr] | None = None
    """The node of an element of JSON, and the JSON that new JSON takes up for it; it counts only as long as the node
    is this one."""
    is_json: bool = False
    """A text that JSON functions take as JSON, not as a string."""
    not_null: bool = False
    never_number: bool = False
    """A text that never looks like a number, such as a date."""
    keeps_class: bool = False
    """Some values' classes are kept apart and cannot be known here."""
    source: str | None = None
    """The name that SQLite gives a result column made of this expression, where it is a column."""

    @property
    def as_real(self) -> exp.Expr | None:
        """The same number computed in double precision, where that is known."""
        return self.computed[1] if self.computed is not None and self.computed[0] is self.node else None

    @property
    def as_json(self) -> exp.Expr | None:
        """The JSON that new JSON takes up for this value, where that is known."""
        return self.element[1] if self.element is not None and self.element[0] is self.node else None

    @property
    def is_constant(self) -> bool:
        return not isinstance(self.constant, Missing)

    @property
    def is_predicate(self) -> bool:
        return self.type == "boolean" and self.representation is None

    def bare(self) -> Typed:
        """Forget what only a column or a cast has: affinity and collation."""
        return replace(self, affinity=None, collation=None, collated=False, source=None)


def typed(node: exp.Expr, kind: Kind, type: str | None = None) -> Typed:
    """Make an expression of a kind in that kind's form, or in the type given; ANY needs the type's full name."""
    return Typed(node, kind, type or FORMS[kind])


def predicate(node: exp.Expr) -> Typed:
    """Make a PostgreSQL boolean, which to SQLite is the INTEGER 0 or 1."""
    return Typed(node, Kind.INTEGER, "boolean")
