#!/usr/bin/env bash
# Seeds of policies: the embedded ones, and some that extend them. seeds/policy.sh FOLDER.
set -euo pipefail
folder=$1
cp "$(dirname "$0")"/../../data/policies/{hipaa-*,gdpr-*,research-*}.json "$folder"
echo '{"name":"x","extends":"hipaa-safe-harbor","conforms_to":"hipaa-safe-harbor","labels":{"name":"token"}}' > "$folder/own"
echo '{"name":"x","keys":{"accepted":true},"labels":{"date":[{"shift_dates":{"window":7}},"year"]}}' > "$folder/list"
cat > "$folder/paths" <<'JSON'
{"fhirVersion":"R4","processingErrors":"skip","fhirPathRules":[{"path":"nodesByType('HumanName').use","method":"keep"},{"path":"Patient.name","method":"substitute","replaceWith":{"family":"x","given":["y"]}},{"path":"Resource.id","method":"cryptoHash"},{"path":"Observation.value as Quantity","method":"perturb","span":0.1,"rangeType":"proportional","roundTo":1},{"path":"nodesByType('date')","method":"dateshift"},{"path":"Patient.address.where(city='Boston').postalCode","method":"generalize","cases":{"$this.startsWith('02') and $this.length() > 3":"$this.substring(0,3)+'**'","$this in ('1'|'2')":"{}"},"otherValues":"keep"},{"path":"nodesByName('valueInteger') | Observation.component.value","method":"redact"}],"parameters":{"dateShiftKey":"k","cryptoHashKey":"k","enablePartialDatesForRedact":true}}
JSON
echo '{"fhirPathRules":[{"path":"Bundle.descendants().where(exists() and (count() >= 1 or -1 < 2)).first()","method":"redact"},{"path":"nodesByType(\u0027dateTime\u0027)","method":"generalize","cases":{"$this <= @2020-01-01 xor $this is date":"@2000"}}]}' > "$folder/paths2"
