#!/usr/bin/env bash
# Builds and pulls the images, starts Kafka's container and waits until it is healthy.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: ./setup_docker.sh [--kafka-only] [--help]

Builds the notebook image, pulls the Kafka image, starts Kafka's container and
waits until it answers. Works with "docker compose" and with "docker-compose".
Nothing of the bootcamp needs Docker: without it, Kafka runs on this machine's Java.

  --kafka-only   leave the notebook image out
  --help         this text

Environment (or .env): KAFKA_PORT (9092), COMPOSE_PROJECT_NAME (name of this folder)
TEXT
}

die() {
  printf 'setup_docker.sh: %s\n' "$1" >&2
  if [ $# -gt 1 ]; then printf '  → %s\n' "$2" >&2; fi
  exit 1
}

kafka_only=false
for argument in "$@"; do
  case "$argument" in
    --kafka-only) kafka_only=true ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done

# the project this file is of, also when it is called through a link
self="${BASH_SOURCE[0]}"
while [ -L "$self" ]; do
  link="$(readlink "$self")"
  case "$link" in /*) self="$link" ;; *) self="$(dirname "$self")/$link" ;; esac
done
root="$(CDPATH='' cd -- "$(dirname "$self")" > /dev/null && pwd)"
cd "$root"

without='nothing needs it here: ./launch_bootcamp.sh runs Kafka on this machine'\''s Java'
command -v docker > /dev/null 2>&1 || die 'Docker is not installed' "$without"

# A daemon that hangs must not hang this script; macOS has no timeout(1), so the wait is ours.
docker version --format '{{.Server.Version}}' > /dev/null 2>&1 &
asking=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
  kill -0 "$asking" 2> /dev/null || break
  sleep 0.5
done
if kill -0 "$asking" 2> /dev/null; then kill "$asking"; die 'the Docker daemon does not answer' "$without"; fi
wait "$asking" || die 'no Docker daemon answers' "start it, or leave it: $without"

if docker compose version > /dev/null 2>&1; then
  compose=(docker compose)
elif command -v docker-compose > /dev/null 2>&1; then
  compose=(docker-compose)
else
  die 'Docker answers, but neither docker compose nor docker-compose is there' 'install the Compose plugin: https://docs.docker.com/compose/install/'
fi
image=$(sed -n 's/^ *image: *\(apache\/kafka:.*\)$/\1/p' docker-compose.yml)
if docker image inspect "$image" > /dev/null 2>&1; then
  echo "$image is here"
else
  echo "Pulling $image"
  "${compose[@]}" pull kafka || die "could not pull $image" "check the network; or: $without"
fi
if [ "$kafka_only" = false ]; then
  echo 'Building the notebook image (a few minutes at the first time)'
  "${compose[@]}" build notebook || die 'could not build the notebook image' 'see the lines above; with --kafka-only it is left out'
fi

echo 'Starting Kafka'
"${compose[@]}" up -d kafka || die 'could not start the container' "is the port taken? choose another: KAFKA_PORT=9192 ./setup_docker.sh"
container=$("${compose[@]}" ps -q kafka)
waited=0
until [ "$(docker inspect -f '{{.State.Health.Status}}' "$container" 2> /dev/null)" = healthy ]; do
  if [ "$(docker inspect -f '{{.State.Running}}' "$container" 2> /dev/null)" != true ] || [ "$waited" -ge 120 ]; then
    "${compose[@]}" logs --tail 20 kafka >&2 || true
    die 'Kafka did not get healthy' 'see its log above'
  fi
  sleep 1
  waited=$((waited + 1))
done

echo "Kafka is healthy on $("${compose[@]}" port kafka 9092)"
echo
echo 'Next: ./launch_bootcamp.sh --engine docker'
