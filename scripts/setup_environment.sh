#!/usr/bin/env bash
# Make or update .venv from requirements.lock, then install the package itself into it.
#
# Every file that is installed is checked against a hash of the lock. The package is built with the
# locked setuptools, so nothing outside the lock is ever fetched. Usage: setup_environment.sh PYTHON

set -euo pipefail

readonly python=${1:?usage: setup_environment.sh PYTHON}
readonly venv_python=.venv/bin/python

fail() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

check_python() {
    command -v "$python" >/dev/null 2>&1 ||
        fail "no '$python' on PATH. Install Python 3.11 or newer, or name it: make PYTHON=/path/to/python3 ..."
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "'$python' is $("$python" -V 2>&1); Python 3.11 or newer is needed. Name it: make PYTHON=python3.12 ..."
}

venv_works() {
    [[ -x $venv_python ]] && "$venv_python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'
}

install_with_uv() {
    venv_works || {
        rm -rf .venv
        uv venv --quiet --python "$(command -v "$python")" .venv
    }
    uv pip sync --quiet --require-hashes --python "$venv_python" requirements.lock
    uv pip install --quiet --no-deps --no-build-isolation --python "$venv_python" --editable .
}

make_venv() {
    rm -rf .venv
    "$python" -m venv .venv >.venv.log 2>&1 && rm -f .venv.log && return
    rm -rf .venv
    cat .venv.log >&2
    rm -f .venv.log
    fail "'$python -m venv' does not work here. On Debian and Ubuntu: apt install python3-venv; or install uv, which needs no venv module."
}

install_with_pip() {
    { venv_works && "$venv_python" -m pip --version >/dev/null 2>&1; } || make_venv
    "$venv_python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
    "$venv_python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
}

check_python
started=$SECONDS
if command -v uv >/dev/null 2>&1; then
    tool=uv
else
    tool=pip
fi
printf 'setup: installing requirements.lock into .venv with %s and %s; the first time takes a few minutes\n' \
    "$tool" "$("$python" -V 2>&1)"
"install_with_$tool"
printf 'setup: done in %d s\n' "$((SECONDS - started))"
