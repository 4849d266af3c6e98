"""pgraduate takes an application from SQLite into production on PostgreSQL, and proves every step."""

__version__ = "0.1.0"
