#!/bin/sh
# Sees to it that this machine has a Chromium for the console's tests. Usage: check_chromium.sh; CHROMIUM names another.
set -eu

fail() {
    echo "Cannot test the console: $1" >&2
    exit 1
}

if [ -n "${CHROMIUM:-}" ]; then
    [ -x "$CHROMIUM" ] || fail "CHROMIUM names $CHROMIUM, which cannot be run."
    exit 0
fi
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Debian's package chromium: the console's tests drive it (CHROMIUM= names another browser)"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >&2 ||
        fail "apt-get could not install the package chromium; its message is above."
    exit 0
fi
fail "there is no Chromium. On Debian and Ubuntu: apt-get install chromium; elsewhere name one: make test CHROMIUM=/path/to/it"
