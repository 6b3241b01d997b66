#!/usr/bin/env bash
# Installs what is missing, starts Kafka, the stream and JupyterLab, and prints the address to open.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: ./launch_bootcamp.sh [options]
       ./launch_bootcamp.sh --stop

Everything for the notebooks, on this machine alone: installs what is missing, starts Kafka,
a stream of alerts and JupyterLab, and prints the address to open. Launched again, it
leaves what runs as it is and prints the same address.

  --no-browser      open no browser
  --port PORT       port of JupyterLab on 127.0.0.1 (8888, or a free one)
  --kafka-port PORT port of Kafka on 127.0.0.1 (the one it had last, else 9092)
  --notebooks DIR   folder of notebooks (notebooks)
  --data PATH, --topic NAME, --every SECONDS, --fast, --survey NAME, --engine ENGINE, --loop
                    what is streamed, and how: see ./launch_alert_system.sh --help
  --stop            end JupyterLab, its kernels, the stream and Kafka; notebooks and data stay
  --help            this text
TEXT
}

die() {
  printf 'launch_bootcamp.sh: %s; --help shows the options\n' "$1" >&2
  exit 2
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
alerts() { node "$root/dist/cli/main.js" "$@"; }

stop=no
stream=(--keep)
lab=()
given=$#
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) usage; exit 0 ;;
    --stop) stop=yes ;;
    --no-browser) lab+=("$1") ;;
    --loop | --fast) stream+=("$1") ;;
    --port | --kafka-port | --notebooks | --data | --topic | --every | --survey | --engine)
      [ $# -ge 2 ] || die "$1 needs a value"
      case "$1" in
        --port | --notebooks) lab+=("$1" "$2") ;;
        --kafka-port) stream+=(--port "$2") ;;
        --data) lab+=("$1" "$2"); stream+=("$1" "$2") ;;
        *) stream+=("$1" "$2") ;;
      esac
      case "$1 $2" in
        # what concerns JupyterLab alone would be found out last, when everything else runs
        --notebooks\ *) [ -d "$2" ] || die "$1 needs a folder, got $2" ;;
        --port\ *)
          { [ "$2" -ge 0 ] && [ "$2" -le 65535 ]; } 2> /dev/null || die "$1 needs a port between 0 and 65535, got $2"
          ;;
        # a Kafka that is started here is not the one that the environment names, or .env, which fills in what is not set
        '--engine local' | '--engine docker') export KAFKA_BOOTSTRAP= ;;
      esac
      shift
      ;;
    *) die "unknown option $1" ;;
  esac
  shift
done

if [ "$stop" = yes ]; then
  [ "$given" -eq 1 ] || die '--stop stands alone'
  [ -f "$root/dist/cli/main.js" ] || { printf 'nothing was started here yet\n' >&2; exit 0; }
  trap 'exit 130' INT TERM
  status=0
  alerts lab stop || status=$?
  alerts stream stop || status=$?
  alerts down || status=$?
  printf 'Next time: ./launch_bootcamp.sh\n' >&2
  exit "$status"
fi

need "${BOOTCAMP_PYTHON:-python3}" 'Python' 'sudo apt-get install python3 python3-venv (Debian, Ubuntu) or brew install python (macOS)'
prepare "$root"
alerts setup --no-kafka
alerts stream start "${stream[@]}"
alerts lab start ${lab[@]+"${lab[@]}"}
printf '\nNext: open that address and begin with 1_alerts_and_visits.ipynb.\nStop everything: ./launch_bootcamp.sh --stop\n' >&2
