"""Every compat function that a translation may call, with its volatility.

The installed functions are checked against this list, and a translation cannot call what is not in it.
"""

from __future__ import annotations

from enum import Enum


class Volatility(Enum):
    IMMUTABLE = "i"
    STABLE = "s"
    VOLATILE = "v"


_IMMUTABLE = (
    "to_text", "to_number", "to_real", "to_integer", "number", "number_of", "sum_operand", "number_sum",
    "add", "subtract", "multiply", "divide", "modulo", "shift_left", "shift_right", "round", "typeof_number",
    "compare_text", "is_number",
    "any_value", "any_value_of", "any_text", "any_number", "any_operand", "any_absolute", "any_real", "any_integer",
    "any_figure", "any_numeric", "any_blob", "any_typeof", "any_quote", "any_json", "any_length", "any_substr",
    "any_instr", "numeric_affinity", "real_affinity", "text_affinity", "any_nocase", "any_rtrim", "text_of_any",
    "blob_of_any", "any_shown", "any_min", "any_max",
    "date_text", "timestamp_text", "epoch_value",
    "nocase", "like", "glob", "substr", "instr", "char", "quote", "hex", "unhex", "zeroblob", "printf",
    "json_valid", "json_value", "json_part", "json_path", "json_pretty", "json_type",
    "json_array_length", "json_quote", "json_set", "json_insert", "json_replace", "json_remove", "json_patch",
    "json_each", "json_tree", "json_inner",
    "operand", "exp", "ln", "log", "sqrt", "power", "acos", "acosh", "asin", "atanh", "remainder",
    "fixed_date", "fixed_time", "fixed_datetime", "fixed_julianday", "fixed_unixepoch", "fixed_unixepoch_subsec",
    "fixed_strftime", "fixed_timediff", "search_vector", "search_query",
)  # fmt: skip
_STABLE = (
    "date", "time", "datetime", "julianday", "unixepoch", "unixepoch_subsec", "strftime", "timediff",
    "sqlite_master", "pragma_table_info", "pragma_table_xinfo", "pragma_index_list", "pragma_index_info",
    "pragma_index_xinfo", "pragma_foreign_key_list", "pragma_table_list", "page_count", "foreign_key_check",
    "user_version", "application_id", "busy_timeout", "synchronous", "sqlite_temp_master", "connection_number",
)  # fmt: skip
_VOLATILE = (
    "random", "randomblob", "sqlite_sequence", "restart_sequence", "keep_number", "wait_for_locks", "integrity_check",
)  # fmt: skip

COMPAT: dict[str, Volatility] = (
    dict.fromkeys(_IMMUTABLE, Volatility.IMMUTABLE)
    | dict.fromkeys(_STABLE, Volatility.STABLE)
    | dict.fromkeys(_VOLATILE, Volatility.VOLATILE)
)
