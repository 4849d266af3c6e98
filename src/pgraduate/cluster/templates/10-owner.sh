#!/bin/sh
# Runs once, on the first start with an empty volume: a plain owner role and the database that belongs to it.
# psql reads the names and the password from the environment; none of them stands in a command line.
PGPASSWORD="$POSTGRES_PASSWORD" psql --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres <<'SQL'
\getenv owner APP_OWNER
\getenv password APP_OWNER_PASSWORD
\getenv database APP_DATABASE
SET log_min_error_statement = panic;
CREATE ROLE :"owner" LOGIN PASSWORD :'password';
CREATE DATABASE :"database" OWNER :"owner";
SQL
