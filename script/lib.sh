# shellcheck shell=bash
# Shared by script/demo and script/test, which source it from the root of the checkout.
# Runs on bash 3.2 (macOS) and Git Bash as well.

say() { printf '== %s\n' "$*" >&2; }

die() {
  printf '%s: %s\n' "$0" "$*" >&2
  exit 2
}

# Everything pip is asked here is answered by the locks; a user's own pip settings other than
# where packages come from must not change the outcome.
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0
unset PYTHONHOME PYTHONPATH

# Whether the command "$@" is a Python this project runs on. It is run, not looked up: a version
# manager's shim exists and still fails.
suits() {
  "$@" -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] < (3, 15))' \
    </dev/null >/dev/null 2>&1
}

# Sets PYTHON_COMMAND to a Python that suits and can make virtual environments.
find_python() {
  local candidate without_venv=
  if [ -n "${PYTHON:-}" ]; then
    suits "$PYTHON" || die "\$PYTHON is '$PYTHON', which is not a working Python 3.11 to 3.14." \
      "Set it to one, or unset it to have one looked for."
  fi
  for candidate in ${PYTHON:+"$PYTHON"} python3.14 python3.13 python3.12 python3.11 python3 python; do
    suits "$candidate" || continue
    if "$candidate" -c 'import ensurepip, venv' </dev/null >/dev/null 2>&1; then
      PYTHON_COMMAND=$candidate
      return
    fi
    without_venv=$candidate
  done
  if [ -n "$without_venv" ]; then
    die "$without_venv cannot make virtual environments. Install its venv module" \
      "(on Debian and Ubuntu the package python3-venv) and run this again."
  fi
  die "needs Python 3.11, 3.12, 3.13 or 3.14, and found none that works on PATH." \
    "Install one, or name it: PYTHON=/path/to/python $0"
}

# Sets VENV_BIN to the folder of programs inside .venv, making .venv if it is missing or broken.
find_venv() {
  VENV_BIN=.venv/bin
  if [ -d .venv/Scripts ]; then VENV_BIN=.venv/Scripts; fi
  if suits "$VENV_BIN/python" && "$VENV_BIN/python" -m pip --version >/dev/null 2>&1; then return; fi
  find_python
  say "making .venv with $("$PYTHON_COMMAND" --version)"
  "$PYTHON_COMMAND" -m venv --clear .venv ||
    die "could not make the virtual environment .venv; the lines above say why."
  if [ -d .venv/Scripts ]; then VENV_BIN=.venv/Scripts; fi
}

# digest FILE...: one SHA-256 over their contents.
digest() {
  "$VENV_BIN/python" -c '
import hashlib, pathlib, sys
total = hashlib.sha256()
for name in sys.argv[1:]:
    total.update(hashlib.sha256(pathlib.Path(name).read_bytes()).digest())
print(total.hexdigest())' "$@"
}

# is_current STAMP TEXT: whether the file STAMP holds TEXT, so that the step was done before.
is_current() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# pip_install ARGUMENT...: into .venv, wheels only, so that nothing is compiled.
pip_install() {
  "$VENV_BIN/python" -m pip install --quiet --only-binary :all: "$@" </dev/null ||
    die "could not install packages; the lines above say why. Without a network connection," \
      "point pip at a mirror (PIP_INDEX_URL) or at a folder of wheels (PIP_FIND_LINKS)."
}

# What a stamp of requirements/LOCK.txt holds; the place of the checkout is part of it because an
# editable install and its programs name it.
packages_stamp() { printf '%s %s' "$(digest "requirements/$1.txt" pyproject.toml)" "$(pwd -P)"; }

# ensure_packages LOCK...: installs requirements/LOCK.txt of the first lock, and this project itself,
# into .venv, unless that was done before for any of the locks as they are now.
ensure_packages() {
  local lock
  find_venv
  for lock in "$@"; do
    if is_current ".venv/stamp-$lock" "$(packages_stamp "$lock")"; then return; fi
  done
  say "installing the packages of requirements/$1.txt into .venv"
  pip_install --require-hashes -r "requirements/$1.txt"
  pip_install --no-deps --no-build-isolation --editable .
  packages_stamp "$1" >".venv/stamp-$1"
}
