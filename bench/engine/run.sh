#!/bin/sh
# Lists, searches and look-ups at size. PEOPLE and PAGES may be set.
set -eu
cd "$(dirname "$0")/../.."
cargo build --quiet --profile measure -p jz-bench
exec "${CARGO_TARGET_DIR:-target}/measure/jz-bench" "${PEOPLE:-1000000}" "${PAGES:-1000000}"
