#!/bin/sh
# Lists, searches and look-ups at size. PEOPLE and PAGES may be set.
set -eu
exec "$("$(dirname "$0")/../_build.sh")/jz-bench" "${PEOPLE:-1000000}" "${PAGES:-1000000}"
