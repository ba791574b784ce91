#!/usr/bin/env bash
# Seeds of policies: the embedded ones, and some that extend them. seeds/policy.sh FOLDER.
set -euo pipefail
folder=$1
cp "$(dirname "$0")"/../../data/policies/{hipaa-*,gdpr-*,research-*}.json "$folder"
echo '{"name":"x","extends":"hipaa-safe-harbor","conforms_to":"hipaa-safe-harbor","labels":{"name":"token"}}' > "$folder/own"
echo '{"name":"x","keys":{"accepted":true},"labels":{"date":[{"shift_dates":{"window":7}},"year"]}}' > "$folder/list"
