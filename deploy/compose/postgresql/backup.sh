#!/bin/sh
# Writes the three databases of docker-compose.yml as SQL to standard output (docs/docker.md, Backup). Nothing has to stop.
# The sessions come last: they know at least of all that was posted for the runs that Temporal's part holds.
set -eu
for database in temporal temporal_visibility threadkeeper; do
  pg_dump --username="$(sh /opt/threadkeeper/admin.sh)" --create --clean --if-exists --no-password "$database"
done
echo '-- threadkeeper: whole'
