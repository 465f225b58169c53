#!/bin/sh
# Replaces the API of docker-compose.yml by the image and the settings of now, while a second one answers in its
# place: behind the proxy of the profile https no delivery fails. The workers come first (docs/docker.md, Upgrade).
set -eu

meanwhile=$(docker compose run --detach --no-deps --use-aliases api)
trap 'docker rm --force "$meanwhile" >/dev/null' EXIT
tries=60
until [ "$(docker inspect --format '{{.State.Health.Status}}' "$meanwhile")" = healthy ]; do
  tries=$((tries - 1))
  if [ "$tries" = 0 ]; then
    echo 'The new API does not become healthy. Nothing was replaced. Its log ends with:' >&2
    docker logs --tail 20 "$meanwhile" >&2
    exit 1
  fi
  sleep 1
done
docker compose up --detach --wait --no-deps api
# It answers what it has taken, then ends.
docker stop --time 20 "$meanwhile" >/dev/null
