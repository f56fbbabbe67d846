#!/bin/sh
# Opens for whoever claims a name and shows that person's face.
#
# usage: door.sh FOLDER NAME PICTURE
#   FOLDER   templates NAME.json, made by: facewarden enrol NAME PICTURE... --into FOLDER/NAME.json
#   NAME     whom the person claims to be
#   PICTURE  what the camera saw
# $DOOR_OPEN is the command that opens; DOOR_LOG, if set, gets every verdict; DOOR_OPTIONS are options of verify,
# such as --template-key FILE.
# Exit status: that of verify, 0 if the door was opened; anything else leaves it shut.
set -u
[ $# -eq 3 ] || { echo "usage: door.sh FOLDER NAME PICTURE" >&2; exit 64; }
folder=$1 name=$2 picture=$3
case $name in
  "" | .* | */*) echo "door.sh: '$name' is no name" >&2; exit 64 ;;
esac
[ -n "${DOOR_OPEN:-}" ] || { echo "door.sh: DOOR_OPEN names no command" >&2; exit 64; }
# shellcheck disable=SC2086 # options are several words
facewarden verify --json ${DOOR_OPTIONS:-} --template "$folder/$name.json" -- "$picture" >>"${DOOR_LOG:-/dev/null}"
status=$?
if [ "$status" -eq 0 ]; then $DOOR_OPEN; fi
exit "$status"
