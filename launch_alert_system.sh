#!/usr/bin/env bash
# Starts Kafka and publishes a night of alerts in the background, visit by visit.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: ./launch_alert_system.sh [options]
       ./launch_alert_system.sh --stop

Starts Kafka, empties the topic and publishes a night of alerts visit by visit in the
background; returns when the first visit is in Kafka. Launched again, it begins anew.

  --data PATH       folder or file of alerts, or "simulated"; default: the newest night in
                    data/, else the simulated night
  --topic NAME      topic to publish to (ztf-stream; for LSST lsst-stream)
  --every SECONDS   seconds from visit to visit (1; for LSST 38, as its simulated visits)
  --fast            instead: as fast as possible
  --loop            begin again after the last visit
  --append          add to what the topic holds, instead of emptying it first
  --survey NAME     whose packets the simulated night holds: ztf, or lsst, 4 visits of 10,000
  --stamps WHICH    cutouts of the LSST night: some, all or none (some)
  --alerts N, --visits N
                    a smaller or larger LSST night (10,000 a visit; 4)
  --engine ENGINE   local (Java), docker, external (KAFKA_BOOTSTRAP) or auto
  --port PORT       port of Kafka on 127.0.0.1 (the one it had last, else 9092)
  --profile NAME    instead of starting Kafka: broker and login to use (see .env.example)
  --stop            end the stream; Kafka and what it holds stay
  --help            this text
TEXT
}

# the project this file is of, also when it is called through a link
self="${BASH_SOURCE[0]}"
while [ -L "$self" ]; do
  link="$(readlink "$self")"
  case "$link" in /*) self="$link" ;; *) self="$(dirname "$self")/$link" ;; esac
done
root="$(CDPATH='' cd -- "$(dirname "$self")" > /dev/null && pwd)"
# shellcheck source=docker/prepare.sh
. "$root/docker/prepare.sh"

for argument in "$@"; do
  case "$argument" in
    -h | --help) usage; exit 0 ;;
    --stop)
      [ $# -eq 1 ] || { printf 'launch_alert_system.sh: --stop stands alone; --help shows the options\n' >&2; exit 2; }
      [ -f "$root/dist/cli/main.js" ] || { printf 'nothing was started here yet\n' >&2; exit 0; }
      node "$root/dist/cli/main.js" stream stop
      printf 'Kafka goes on. Next: ./launch_alert_system.sh for a new stream, or npx alerts down\n' >&2
      exit 0
      ;;
  esac
done

prepare "$root"
exec node "$root/dist/cli/main.js" stream start "$@"
