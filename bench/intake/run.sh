#!/bin/sh
# Page intake beside the bare sum of its parts. PAGES may be set.
set -eu
exec "$("$(dirname "$0")/../_build.sh")/jz-bench-intake" "${PAGES:-60}"
