#!/bin/sh
# Builds everything that is measured, in one call so that it is compiled once; prints the folder.
set -eu
cd "$(dirname "$0")/.."
cargo build --quiet --profile measure --bins --examples \
    -p juanzong -p jz-bench -p jz-bench-intake -p jz-imaging -p jz-demo >&2
target="${CARGO_TARGET_DIR:-target}"
(cd "$target/measure" && pwd)
