import Chartkeeper
import Foundation

let keeper = try Chartkeeper()
let file = URL(fileURLWithPath: "examples/data/patient.fhir.json")
let record = try Record.parse(source: Data(contentsOf: file))
let verdict = try keeper.validateCode(system: "icd10cm", code: "S52.501", on: "2026-01-15")
print(verdict.reason ?? "valid", verdict.suggestions.first ?? "")
let errors = try keeper.check(record: record, asOf: "2025-11-10").filter { $0.severity == "error" }
print(errors.map(\.code).joined(separator: " "))
let done = try keeper.deidentify(record: record, policy: "hipaa-safe-harbor", asOf: "2025-11-10")
print(done.output.count, "bytes left,", done.manifest.count, "changes")
