#!/bin/sh
# Seeds of the narrative target: the notes of the training part, each a file.
set -eu
into=$1
awk -v into="$into" '/^%%% /{n++; next} {print > (into "/note-" n)}' "$(dirname "$0")/../../../tests/notes/train.txt"
