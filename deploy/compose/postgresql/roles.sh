#!/bin/sh
# Makes the database roles of docker-compose.yml, each with the databases that are its own, and gives them the passwords of
# the environment (THREADKEEPER_PASSWORD, TEMPORAL_PASSWORD). May be repeated: so a new password in .env is in force after
# `docker compose up --detach`. It comes by the server's socket, where nobody is asked for a password.
set -eu

admin=$(sh /opt/threadkeeper/admin.sh)

psql --username=$admin --dbname=postgres --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --set=admin=$admin <<'SQL'
-- A password is in no log of the server.
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
\getenv threadkeeper_password THREADKEEPER_PASSWORD
\getenv temporal_password TEMPORAL_PASSWORD

SELECT format('CREATE ROLE %I LOGIN', role) FROM unnest(ARRAY['threadkeeper', 'temporal']) AS role
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec
ALTER ROLE threadkeeper PASSWORD :'threadkeeper_password';
-- temporal-sql-tool asks for a database that is there already.
ALTER ROLE temporal CREATEDB PASSWORD :'temporal_password';
SELECT 'ALTER ROLE postgres PASSWORD NULL' WHERE :'admin' = 'postgres' \gexec

SELECT format('CREATE DATABASE %I', name) FROM unnest(ARRAY['threadkeeper', 'temporal', 'temporal_visibility']) AS name
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = name) \gexec
ALTER DATABASE threadkeeper OWNER TO threadkeeper;
ALTER DATABASE temporal OWNER TO temporal;
ALTER DATABASE temporal_visibility OWNER TO temporal;
-- Its owner may: neither reads the other's.
REVOKE CONNECT ON DATABASE threadkeeper, temporal, temporal_visibility FROM PUBLIC;
SQL

# What an earlier docker-compose.yml made for Temporal belongs to threadkeeper.
if [ $admin = threadkeeper ]; then
  for database in temporal temporal_visibility; do
    psql --username=$admin --dbname=$database --no-psqlrc --quiet --set=ON_ERROR_STOP=1 <<'SQL'
SELECT format('ALTER TABLE %s OWNER TO temporal', oid::regclass) FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relowner <> 'temporal'::regrole \gexec
SELECT format('ALTER FUNCTION %s OWNER TO temporal', oid::regprocedure) FROM pg_proc AS p
  WHERE pronamespace = 'public'::regnamespace AND proowner <> 'temporal'::regrole
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e') \gexec
SQL
  done
fi
