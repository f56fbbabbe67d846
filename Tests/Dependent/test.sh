#!/usr/bin/env bash
# Builds a program that depends on the package by its path, and holds its verdict against the tool's.
# test.sh TOOL OPTION…: the tool, and how Swift builds.
set -euo pipefail
cd "$(dirname "$0")/../.."
tool=$1
shift
swift build --package-path Tests/Dependent "$@" --product verify-pair
program=$(swift build --package-path Tests/Dependent "$@" --show-bin-path)/verify-pair
for case in "person-00008/000 person-00008/001 0" "person-00000/000 person-00008/000 1"; do
  read -r probe reference status <<<"$case"
  files="samples/whole/$probe.jpg samples/whole/$reference.jpg"
  # shellcheck disable=SC2086
  theirs=$($program models $files) && found=0 || found=$?
  # shellcheck disable=SC2086
  ours=$("$tool" verify --json $files) || true
  if [ "$theirs" != "$ours" ] || [ "$found" != "$status" ]; then
    echo "the program says $theirs ($found); the tool says $ours ($status)" >&2
    exit 1
  fi
done
echo "a program that depends on the package gives the tool's verdicts"
