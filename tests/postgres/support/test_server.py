import psycopg


def test_a_test_gets_an_empty_database_of_a_plain_owner(connection: psycopg.Connection) -> None:
    row = connection.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    assert row == ("owner", False)
