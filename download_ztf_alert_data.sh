#!/usr/bin/env bash
# Downloads nights of real ZTF alerts and the catalogue of variable stars into data/.
set -euo pipefail

# the project this file is of, also when it is called through a link
self="${BASH_SOURCE[0]}"
while [ -L "$self" ]; do
  link="$(readlink "$self")"
  case "$link" in /*) self="$link" ;; *) self="$(dirname "$self")/$link" ;; esac
done
root="$(CDPATH='' cd -- "$(dirname "$self")" > /dev/null && pwd)"
# shellcheck source=docker/prepare.sh
. "$root/docker/prepare.sh"

usage() {
  cat <<'TEXT'
Usage: ./download_ztf_alert_data.sh [NIGHT ...] [--folder DIR] [--parallel N] [--keep-archive] [--no-catalog]

Downloads nights (UTC dates as YYYYMMDD or YYYY-MM-DD, or ranges 20181129..20181203) of the public ZTF alert archive
into data/<night>/ and the General Catalogue of
Variable Stars into data/catalogs/gcvs.csv. Without a date: 20181129, a small night of 499 alerts (22 MB).
What is there already is not fetched again; a broken or interrupted download goes on where it stopped.

  --folder DIR     where to put it (default: BOOTCAMP_DATA, else data/ of this project)
  --parallel N     nights at a time (default: 2)
  --keep-archive   keep the tarballs, in DIR/.archive
  --no-catalog     leave the catalogue out

ZTF_ARCHIVE_URL and GCVS_URL change the addresses. "npx alerts download --list" shows the nights there are.
TEXT
}

die() {
  printf '%s\n' "$*" >&2
  exit 2
}

place=()
catalog=yes
nights=()
options=()
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) usage; exit 0 ;;
    --folder | --parallel)
      [ $# -ge 2 ] || die "$1 needs a value; --help shows how"
      if [ "$1" = --folder ]; then place=("$1" "$2"); else options+=("$1" "$2"); fi
      shift
      ;;
    --keep-archive) options+=("$1") ;;
    --no-catalog) catalog=no ;;
    -*) die "unknown option $1; --help shows what there is" ;;
    *) nights+=("$1") ;;
  esac
  shift
done
[ ${#nights[@]} -gt 0 ] || nights=(20181129)

prepare "$root"
# the command itself ends with 1 when it is interrupted, which is no reason to go on to the catalogue
trap 'exit 130' INT TERM
alerts() {
  node "$root/dist/cli/main.js" "$@"
}

status=0
alerts download "${nights[@]}" ${place[@]+"${place[@]}"} ${options[@]+"${options[@]}"} || status=$?
[ "$status" -ne 2 ] || exit 2
if [ "$catalog" = yes ]; then
  alerts download --catalog ${place[@]+"${place[@]}"} || status=$?
fi
if [ "$status" -ne 0 ]; then
  printf '\nNot everything could be fetched; the same command tries again and keeps what is there.\n' >&2
  exit "$status"
fi
printf '\nEverything is there. Next: ./launch_bootcamp.sh\n'
