#!/bin/sh
# Reads what backup.sh wrote from standard input, and puts it in the place of the three databases (docs/docker.md, Restore).
# Refuses a backup that was cut off, before it changes anything.
set -eu
backup=$(mktemp /var/lib/postgresql/data/restore.XXXXXX)
trap 'rm -f "$backup"' EXIT
cat >"$backup"
if [ "$(tail -n 1 "$backup")" != '-- threadkeeper: whole' ]; then
  echo 'This is no whole backup of Threadkeeper: its last line is missing. Nothing was changed.' >&2
  exit 1
fi
psql --username="$(sh /opt/threadkeeper/admin.sh)" --dbname=postgres --no-psqlrc --quiet --output=/dev/null --set=ON_ERROR_STOP=1 --file="$backup"
echo 'Restored.' >&2
