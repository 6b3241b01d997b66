# Sourced by the launch scripts: checks what npm and Python need, then installs and builds as far as that is not done.
# shellcheck shell=bash

# A program that is missing costs one sentence, and is found before anything is downloaded.
need() {
  command -v "$1" > /dev/null 2>&1 && return
  printf '%s is missing\n  → %s\n' "$2" "$3" >&2
  exit 1
}

# installed ROOT: every package of the lock file is there in the version it names. By content, because Git and copying
# leave times that say nothing. What is optional may be for another machine.
installed() {
  node -e '
    const read = (file) => JSON.parse(require("fs").readFileSync(process.argv[1] + "/" + file, "utf8")).packages;
    const [wanted, there] = [read("package-lock.json"), read("node_modules/.package-lock.json")];
    const isThere = ([path, { version, optional }]) => path === "" || optional || there[path]?.version === version;
    process.exit(Object.entries(wanted).every(isThere) ? 0 : 1);
  ' "$1" 2> /dev/null
}

# prepare ROOT: leaves ROOT/node_modules and ROOT/dist up to date
prepare() {
  need node 'Node.js' 'install Node.js 22 from https://nodejs.org, or: brew install node@22 (macOS)'
  if ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; then
    printf 'Node.js 20.19 or newer is needed, found %s\n  → install Node.js 22 from https://nodejs.org\n' "$(node --version)" >&2
    exit 1
  fi
  if ! installed "$1"; then
    need npm 'npm' 'it comes with Node.js from https://nodejs.org; on Debian: sudo apt-get install npm'
    printf 'Installing the Node packages (about a minute)\n' >&2
    (cd "$1" && npm ci --no-audit --no-fund --loglevel=error >&2)
  fi
  # tests are no part of the build; -newer compares with the file that the build writes last or nearly so
  if [ ! -f "$1/dist/index.js" ] || [ -n "$(find "$1/src" -name '*.ts' ! -name '*.test.ts' -newer "$1/dist/index.js")" ]; then
    printf 'Building the library\n' >&2
    (cd "$1" && npm run --silent build >&2)
  fi
}
