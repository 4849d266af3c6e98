"""The pragmas of SQLite by what they speak of: those that no statement's answer hangs on, and all that SQLite knows.

Source: "PRAGMA Statements" of SQLite 3.54.
"""

from __future__ import annotations

OF_THE_FILE_ALONE = frozenset({
    "synchronous", "cache_size", "cache_spill", "temp_store", "temp_store_directory", "automatic_index", "fullfsync",
    "checkpoint_fullfsync", "read_uncommitted", "page_size", "auto_vacuum", "cell_size_check",
})  # fmt: skip
"""Set, they answer no row and change how SQLite keeps its file or its memory, never what a statement answers."""

KNOWN = OF_THE_FILE_ALONE | {
    "analysis_limit", "application_id", "busy_timeout", "case_sensitive_like", "collation_list", "compile_options",
    "count_changes", "data_version", "database_list", "defer_foreign_keys", "empty_result_callbacks", "encoding",
    "foreign_key_check", "foreign_key_list", "foreign_keys", "freelist_count", "full_column_names", "function_list",
    "hard_heap_limit", "ignore_check_constraints", "incremental_vacuum", "index_info", "index_list", "index_xinfo",
    "integrity_check", "journal_mode", "journal_size_limit", "legacy_alter_table", "locking_mode", "max_page_count",
    "mmap_size", "module_list", "optimize", "page_count", "pragma_list", "query_only", "quick_check",
    "recursive_triggers", "reverse_unordered_selects", "schema_version", "secure_delete", "short_column_names",
    "shrink_memory", "soft_heap_limit", "table_info", "table_list", "table_xinfo", "threads", "trusted_schema",
    "user_version", "wal_autocheckpoint", "wal_checkpoint", "writable_schema",
    # Of builds with an option of their own.
    "activate_extensions", "hexkey", "hexrekey", "key", "lock_proxy_file", "lock_status", "parser_trace", "rekey",
    "sql_trace", "stats", "textkey", "textrekey", "vdbe_addoptrace", "vdbe_debug", "vdbe_listing", "vdbe_trace",
    # Known to earlier versions, of which an application may still be.
    "default_cache_size", "data_store_directory",
}  # fmt: skip
"""SQLite passes over any other name without an answer and without an error."""
