#!/bin/sh
# Replaces the API of docker-compose.yml by the image and the settings of now, while a second one answers in its
# place: the service `front` finds both by one name, and no delivery fails. The workers come first (docs/docker.md).
set -eu

take_away() { docker compose rm --stop --force api-standby >/dev/null 2>&1; }
trap take_away EXIT
trap 'exit 130' INT TERM HUP

take_away
if ! docker compose up --detach --wait --wait-timeout 60 --no-deps api-standby; then
  echo 'The new API does not become healthy. Nothing was replaced. Its log ends with:' >&2
  docker compose logs --no-log-prefix --tail 20 api-standby >&2
  exit 1
fi
docker compose up --detach --wait --no-deps api
