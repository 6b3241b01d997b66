#!/usr/bin/env bash
# Downloads nights of real ZTF alerts and the catalogue of variable stars into data/.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=docker/prepare.sh
. "$root/docker/prepare.sh"

usage() {
  cat <<'TEXT'
Usage: ./download_ztf_alert_data.sh [NIGHT ...] [--folder DIR] [--parallel N] [--keep-archive] [--no-catalog]

Downloads nights (UTC dates as YYYYMMDD or YYYY-MM-DD, or ranges 20181129..20181203) of the public ZTF alert archive
into data/<night>/ and the General Catalogue of
Variable Stars into data/catalogs/gcvs.csv. Without a date: 20181129, a small night of 499 alerts (22 MB).
What is there already is not fetched again; a broken or interrupted download goes on where it stopped.

  --folder DIR     where to put it (default: data/ of this project)
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

folder="$root/data"
catalog=yes
nights=()
options=()
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) usage; exit 0 ;;
    --folder | --parallel)
      [ $# -ge 2 ] || die "$1 needs a value; --help shows how"
      if [ "$1" = --folder ]; then folder="$2"; else options+=("$1" "$2"); fi
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
alerts() {
  node "$root/dist/cli/main.js" "$@"
}

status=0
alerts download "${nights[@]}" --folder "$folder" ${options[@]+"${options[@]}"} || status=$?
[ "$status" -ne 2 ] || exit 2
if [ "$catalog" = yes ]; then
  alerts download --catalog --folder "$folder" || status=$?
fi
if [ "$status" -ne 0 ]; then
  printf '\nNot everything could be fetched; the same command tries again and keeps what is there.\n' >&2
  exit "$status"
fi
printf '\nThe data are in %s. Next: ./launch_bootcamp.sh\n' "$folder"
