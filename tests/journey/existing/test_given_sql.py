"""The recipes of Prisma and Rails, on schemas as these leave them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
from support.cli import pgraduate
from support.frameworks import APPLICATIONS

PRISMA = """
CREATE TABLE "_prisma_migrations" ("id" TEXT PRIMARY KEY, "checksum" TEXT, "migration_name" TEXT, "finished_at" DATETIME);
INSERT INTO "_prisma_migrations" VALUES ('s1', 'other', '20230101000000_first', 1704067200000);
CREATE TABLE "User" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "email" TEXT NOT NULL, "role" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL, "profile" JSONB, "balance" DECIMAL NOT NULL, "active" BOOLEAN NOT NULL,
    "visits" INTEGER NOT NULL, "avatar" BLOB);
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
INSERT INTO "User" VALUES (3, 'a@x', 'ADMIN', 1704067200123, '{"b": 1, "a": [1.50, null]}', 12.5, 1, 7, x'00ff'),
    (9, 'b@x', 'USER', 1704067200000, NULL, 3, 0, 0, NULL), (40, 'gone', 'USER', 1704067200000, NULL, 0, 0, 0, NULL);
DELETE FROM "User" WHERE id = 40;
CREATE TABLE "Post" ("id" TEXT NOT NULL PRIMARY KEY, "title" TEXT NOT NULL, "authorId" INTEGER NOT NULL, "parentId" TEXT,
    "updatedAt" DATETIME NOT NULL, "views" BIGINT NOT NULL,
    FOREIGN KEY ("authorId") REFERENCES "User" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    FOREIGN KEY ("parentId") REFERENCES "Post" ("id") ON DELETE SET NULL ON UPDATE CASCADE);
INSERT INTO "Post" VALUES ('c1', 'child', 3, 'p1', 1704067200999, 3000000000), ('p1', 'parent', 9, NULL, 1704067200999, 1);
"""

RAILS = """
CREATE TABLE "schema_migrations" ("version" varchar NOT NULL PRIMARY KEY);
INSERT INTO schema_migrations VALUES ('20240101000000');
CREATE TABLE "ar_internal_metadata" ("key" varchar NOT NULL PRIMARY KEY, "value" varchar, "created_at" datetime(6) NOT NULL,
    "updated_at" datetime(6) NOT NULL);
INSERT INTO ar_internal_metadata VALUES ('environment', 'development', '2024-01-01 10:00:00.5', '2024-01-01 10:00:00.5');
CREATE TABLE "authors" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar, "admin" boolean DEFAULT 0 NOT NULL,
    "settings" json DEFAULT '{}' NOT NULL, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL);
INSERT INTO authors VALUES (1, 'Ada', 1, '{"theme":"dark"}', '2024-01-01 10:00:00.123456', '2024-01-01 10:00:00.000000');
CREATE TABLE "articles" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "author_id" integer NOT NULL, "title" varchar(50),
    "body" text, "price" decimal(8,2), "published_on" date, "photo" blob, "created_at" datetime(6) NOT NULL,
    "updated_at" datetime(6) NOT NULL, CONSTRAINT "fk" FOREIGN KEY ("author_id") REFERENCES "authors" ("id"));
INSERT INTO articles VALUES (1, 1, 'Engines', 'text', 12.25, '2024-02-29', x'01', '2024-01-01 10:00:00.123456',
    '2024-01-01 10:00:00.000000');
"""


def arrive(name: str, sql: str, target: str, directory: Path) -> list[str]:
    """Load a source of a framework into the schema that it makes; give the reasons that keep the exit code from 0."""
    with closing(sqlite3.connect(directory / f"{name}.db")) as source, source:
        source.executescript(sql)
    with psycopg.connect(target) as connection:
        connection.execute((APPLICATIONS / f"{name}.sql").read_bytes())
    result = pgraduate(
        "run", directory / f"{name}.db", "--to", target, "--policy", "existing", "--json", cwd=directory
    )
    assert result.document.get("verdict") == "equal", result.out + result.err
    return list(result.document["why"])


def test_prisma(target: str, tmp_path: Path) -> None:
    assert arrive("prisma", PRISMA, target, tmp_path) == [
        "rows:public._prisma_migrations decided by the safe option: keep",
        "table _prisma_migrations of public not carried: the target's rows stay",
    ]
    with psycopg.connect(target) as connection:
        assert connection.execute(
            """SELECT "role"::text, "createdAt"::text, "profile"::text, "active" FROM "User" WHERE id = 3"""
        ).fetchone() == ("ADMIN", "2024-01-01 00:00:00.123", '{"a": [1.50, null], "b": 1}', True)
        assert connection.execute("""INSERT INTO "User" (email) VALUES ('c@x') RETURNING id""").fetchone() == (41,)
        assert connection.execute("SELECT migration_name FROM _prisma_migrations").fetchall() == [
            ("20240101000000_init",)
        ]


def test_rails(target: str, tmp_path: Path) -> None:
    assert arrive("rails", RAILS, target, tmp_path) == [
        "rows:public.schema_migrations decided by the safe option: keep",
        "rows:public.ar_internal_metadata decided by the safe option: keep",
        "table ar_internal_metadata of public not carried: the target's rows stay",
    ]
    with psycopg.connect(target) as connection:
        row = connection.execute(
            "SELECT a.title, u.settings->>'theme' FROM articles a JOIN authors u ON u.id = author_id"
        )
        assert row.fetchone() == ("Engines", "dark")
        assert connection.execute("SELECT nextval('articles_id_seq')").fetchone() == (2,)
