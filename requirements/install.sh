#!/bin/sh
# Fills a virtual environment with exactly what a lock names, hashes checked. Usage: install.sh <environment> <lock>
# uv does not read pip's configuration; an index that is configured for pip holds here too.
set -eu
environment=$1
lock=$2

index=${UV_DEFAULT_INDEX:-${UV_INDEX_URL:-${PIP_INDEX_URL:-$(.venv/bin/python -m pip config get global.index-url 2>/dev/null || true)}}}
if [ -n "$index" ]; then
    export UV_DEFAULT_INDEX="$index"
fi

echo "Installing $lock into $environment"
[ -x "$environment/bin/python" ] || .venv/bin/uv venv --quiet --python .venv/bin/python "$environment"
.venv/bin/uv pip install --quiet --python "$environment/bin/python" --require-hashes --requirement "$lock"
