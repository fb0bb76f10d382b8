#!/usr/bin/env bash
# Add PySpark to .venv from requirements-spark.lock, and say whether the Java that it needs is here.
# Usage: setup_spark.sh [FOLDER]: another FOLDER, such as .venv-spark, becomes an environment of its
# own that has PySpark and sees all that .venv has, while .venv stays without it.
#
# PySpark comes as source only; it is built with the locked setuptools, so nothing outside the lock
# is ever fetched. Without Java everything else works: only `--engine spark` needs it.

set -euo pipefail

readonly folder=${1:-.venv}
readonly base_python=.venv/bin/python
readonly venv_python=$folder/bin/python
readonly least_java=17

make_layer() {
    [[ -x $venv_python ]] && "$venv_python" -c 'import clientindex' 2>/dev/null && return
    rm -rf "$folder"
    "$base_python" -m venv --without-pip "$folder"
    # A line that begins with "import" is run when Python starts; it also reads the .pth files there.
    "$base_python" -c '
import sys, sysconfig
there = sysconfig.get_path("purelib")
own = sysconfig.get_path("purelib", vars={"base": sys.argv[1], "platbase": sys.argv[1]})
with open(f"{own}/beside.pth", "w", encoding="utf-8") as stream:
    stream.write(f"import site; site.addsitedir({there!r})\n")
' "$folder"
}

install_with_uv() {
    uv pip install --quiet --require-hashes --no-deps --no-build-isolation \
        --python "$venv_python" --requirements requirements-spark.lock
}

install_with_pip() {
    "$venv_python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
        --no-build-isolation -r requirements-spark.lock
}

find_java() {
    if [[ -n ${JAVA_HOME:-} ]]; then
        echo "$JAVA_HOME/bin/java"
    else
        command -v java || true
    fi
}

tell_java() {
    local java version
    java=$(find_java)
    version=$("${java:-false}" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1) || true
    if [[ -z $version ]]; then
        printf 'spark: no Java here. Runs with --engine spark need Java %d or newer on PATH or in JAVA_HOME; on Debian and Ubuntu: apt install openjdk-17-jre-headless.\n' "$least_java" >&2
    elif ((version < least_java)); then
        printf 'spark: %s is Java %s; runs with --engine spark need Java %d or newer on PATH or in JAVA_HOME.\n' "$java" "$version" "$least_java" >&2
    else
        printf 'spark: Java %s found\n' "$version"
    fi
}

started=$SECONDS
[[ $folder == .venv ]] || make_layer
printf 'spark: installing requirements-spark.lock into %s\n' "$folder"
if command -v uv >/dev/null 2>&1; then
    install_with_uv
else
    install_with_pip
fi
printf 'spark: done in %d s\n' "$((SECONDS - started))"
tell_java
