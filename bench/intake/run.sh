#!/bin/sh
# Page intake beside the bare sum of its parts. PAGES may be set.
set -eu
cd "$(dirname "$0")/../.."
cargo build --quiet --profile measure -p jz-bench-intake
exec "${CARGO_TARGET_DIR:-target}/measure/jz-bench-intake" "${PAGES:-60}"
