# Sourced by the launch scripts: checks what npm and Python need, then installs and builds as far as that is not done.
# shellcheck shell=bash

# A program that is missing costs one sentence, and is found before anything is downloaded.
need() {
  command -v "$1" > /dev/null 2>&1 && return
  printf '%s is missing\n  → %s\n' "$2" "$3" >&2
  exit 1
}

# prepare ROOT: leaves ROOT/dist up to date
prepare() {
  need node 'Node.js' 'install Node.js 22 from https://nodejs.org, or: brew install node@22 (macOS)'
  if ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; then
    printf 'Node.js 20.19 or newer is needed, found %s\n  → install Node.js 22 from https://nodejs.org\n' "$(node --version)" >&2
    exit 1
  fi
  if [ ! -d "$1/node_modules" ]; then
    need npm 'npm' 'it comes with Node.js from https://nodejs.org; on Debian: sudo apt-get install npm'
    printf 'Installing the Node packages (once, about a minute)\n' >&2
    (cd "$1" && npm ci --no-audit --no-fund --loglevel=error >&2)
  fi
  # tests are no part of the build; -newer compares with the file that the build writes last or nearly so
  if [ ! -f "$1/dist/index.js" ] || [ -n "$(find "$1/src" -name '*.ts' ! -name '*.test.ts' -newer "$1/dist/index.js")" ]; then
    printf 'Building the library\n' >&2
    (cd "$1" && npm run --silent build >&2)
  fi
}
