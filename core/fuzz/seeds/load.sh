#!/usr/bin/env bash
# Seeds of loaders: the first byte chooses the format; a few lines of each kind. seeds/load.sh FOLDER.
set -euo pipefail
order=$'00001 A00     0 Cholera                                                      Cholera\n'
order+=$'00002 A009    1 Cholera, unspecified                                         Cholera, unspecified\n'
tables='<ICD10PCS.tabular><pcsTable><axis pos="1" values="1"><label code="0">x</label></axis></pcsTable></ICD10PCS.tabular>'
for format in $(seq 0 24); do
  prefix=$(printf "\\\\x%02x" "$format")
  printf "$prefix%s" "$order" > "$1/order-$format"
  printf "$prefix%s" "$tables" > "$1/tables-$format"
  printf "$prefix%s" $'E119    25000   10000\n' > "$1/mapping-$format"
  printf "$prefix%s" $'code,title,from,to\n99213,Visit,2021-01-01,\n' > "$1/csv-$format"
done
