-- Roles, their rights and default privileges: for schema lib, from lib
-- Run by the owner of the tables; CREATE ROLE needs CREATEROLE, and the last statement of each role
-- a right over it.
-- Log-ins are an administrator's. A log-in inherits the rights of a role that is granted to it, but not its
-- search_path, which has to be set for the log-in as well.

-- app role a"b: the application: reads and writes rows, changes no table
SELECT 'CREATE ROLE "a""b" NOLOGIN' WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'a"b') \gexec
GRANT CONNECT ON DATABASE :"DBNAME" TO "a""b";
GRANT USAGE ON SCHEMA "lib" TO "a""b";
GRANT USAGE ON SCHEMA "pgraduate_compat" TO "a""b";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "lib" TO "a""b";
ALTER DEFAULT PRIVILEGES IN SCHEMA "lib" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "a""b";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA "lib" TO "a""b";
ALTER DEFAULT PRIVILEGES IN SCHEMA "lib" GRANT USAGE, SELECT ON SEQUENCES TO "a""b";
ALTER ROLE "a""b" IN DATABASE :"DBNAME" SET search_path = "lib", "$user", "public";

-- readonly role r'o: people and reports: reads rows
SELECT 'CREATE ROLE "r''o" NOLOGIN' WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'r''o') \gexec
GRANT CONNECT ON DATABASE :"DBNAME" TO "r'o";
GRANT USAGE ON SCHEMA "lib" TO "r'o";
GRANT USAGE ON SCHEMA "pgraduate_compat" TO "r'o";
GRANT SELECT ON ALL TABLES IN SCHEMA "lib" TO "r'o";
ALTER DEFAULT PRIVILEGES IN SCHEMA "lib" GRANT SELECT ON TABLES TO "r'o";
GRANT SELECT ON ALL SEQUENCES IN SCHEMA "lib" TO "r'o";
ALTER DEFAULT PRIVILEGES IN SCHEMA "lib" GRANT SELECT ON SEQUENCES TO "r'o";
ALTER ROLE "r'o" IN DATABASE :"DBNAME" SET search_path = "lib", "$user", "public";

-- monitor role m: a monitoring agent: reads the server's statistics, and no row
SELECT 'CREATE ROLE "m" NOLOGIN' WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'm') \gexec
GRANT pg_monitor TO "m";
GRANT CONNECT ON DATABASE :"DBNAME" TO "m";
GRANT USAGE ON SCHEMA "lib" TO "m";
ALTER ROLE "m" IN DATABASE :"DBNAME" SET search_path = "lib", "$user", "public";
