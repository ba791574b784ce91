#!/usr/bin/env bash
# Seeds of the FHIR target: the eight bytes that choose the edits, then the source.
exec "$(dirname "$0")/deidentify.sh" "$1" 01234567
