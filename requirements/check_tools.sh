#!/bin/sh
# Says what this machine lacks before anything is installed. Usage: check_tools.sh <python>
python=$1

fail() {
    echo "Cannot set up: $1" >&2
    exit 1
}

command -v "$python" >/dev/null 2>&1 ||
    fail "there is no $python. Install Python 3.11 or newer, or name one: make setup PYTHON=/path/to/python3"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    fail "$("$python" --version 2>&1) is too old; 3.11 or newer is needed. Name one: make setup PYTHON=/path/to/python3"
"$python" -c 'import venv, ensurepip' 2>/dev/null ||
    fail "$python cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv"
command -v git >/dev/null 2>&1 || fail "there is no git. Install it; tests look at what is under version control."
