#!/usr/bin/env bash
# Builds a program that depends on the package by its path, and holds its verdict against the tool's.
# test-dependent SCRATCH TOOL: where to build, and the tool.
set -euo pipefail
cd "$(dirname "$0")/../.."
swift build --package-path Tests/Dependent --scratch-path "$1" --product verify-pair
program=$1/debug/verify-pair
for pair in "000 001 0" "001 000 0"; do
  read -r probe reference status <<<"$pair"
  files="samples/whole/person-00008/$probe.jpg samples/whole/person-00008/$reference.jpg"
  # shellcheck disable=SC2086
  theirs=$($program models $files) && found=0 || found=$?
  # shellcheck disable=SC2086
  ours=$($2 verify --json $files) || true
  if [ "$theirs" != "$ours" ] || [ "$found" != "$status" ]; then
    echo "the program says $theirs ($found); the tool says $ours ($status)" >&2
    exit 1
  fi
done
echo "a program that depends on the package gives the tool's verdicts"
