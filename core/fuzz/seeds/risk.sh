#!/usr/bin/env bash
# Seeds of the risk target: a few rows of each kind of column. seeds/risk.sh FOLDER.
set -euo pipefail
folder=$1
printf 'a,b\n31,02139\n33,02138\n52,02141\n55,02141\n' > "$folder/ages"
printf 'a,b\n2020-01-02,E11.9\n2020-02-03,E11.8\n2021-01-01,F10\n' > "$folder/dates"
printf 'a,b\n"x, ""y""",1\n"z",2.5\n' > "$folder/quotes"
