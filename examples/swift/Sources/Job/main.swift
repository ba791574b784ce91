// The main job on one record: check it, fix one code, de-identify it, answer an attorney's request, and say what
// was withheld and why.
//
// `scripts/swift.sh run examples/swift [FILE]`, from the root of a checkout; FILE is any FHIR R4 JSON.
import Chartkeeper
import Foundation

/// The day on which all of this happens: the library has no clock.
let today = "2025-11-10"

let file = CommandLine.arguments.dropFirst().first ?? "examples/data/patient.fhir.json"
let keeper = try Chartkeeper()
let record = try Record.parse(source: Data(contentsOf: URL(fileURLWithPath: file)))
print("record      \(record.format()), \(record.toBytes().count) bytes, \(record.chart().count) entries")

let findings = try check(record)
let fixed = try fixOneCode(record, findings)
try deidentify(fixed)
try answerAttorney(fixed)

func check(_ record: Record) throws -> [Finding] {
    let findings = try keeper.check(record: record, asOf: today)
    print("\ncheck       \(findings.count) findings")
    for finding in findings where finding.severity != "note" {
        print("  \(finding.severity)   \(finding.message) (line \(finding.line), \(finding.path))")
    }
    return findings
}

/// Completes the first code that lacks a character; which one it needs, a coder confirms.
func fixOneCode(_ record: Record, _ findings: [Finding]) throws -> Record {
    let incomplete = ["missing_7th_character", "placeholder_required"]
    guard let finding = findings.first(where: { incomplete.contains($0.code) }) else {
        print("\nfix         no code lacks a character")
        return record
    }
    let raw = record.toBytes()[Int(finding.span.start)..<Int(finding.span.end)]
    let code = try JSONDecoder().decode(String.self, from: raw)
    guard let better = try keeper.validateCode(system: "icd10cm", code: code).suggestions.first else { return record }
    print("\nfix         \(code) -> \(better) at \(finding.path)")
    return try record.withReplaced(path: finding.path, value: better)
}

func deidentify(_ record: Record) throws {
    let done = try keeper.deidentify(record: record, policy: "hipaa-safe-harbor", asOf: today)
    print("\ndeidentify  \(done.policy): \(done.output.count) bytes left, \(done.manifest.count) changes")
    printCounts(done.manifest.map { "\($0.action) \($0.label)" })
}

/// The first number of the patient that the chart has; the request names the patient by it.
func patientNumber(_ record: Record) -> String {
    let person = record.chart().first { $0.kind == "person" }
    return person?.fields.first { $0.name == "identifier.value" }?.text ?? ""
}

func answerAttorney(_ record: Record) throws {
    let text = try Data(contentsOf: URL(fileURLWithPath: "examples/data/attorney-request.json"))
    var request = try JSONSerialization.jsonObject(with: text) as? [String: Any] ?? [:]
    request["patient"] = ["identifier": ["value": patientNumber(record)]]
    let json = try String(decoding: JSONSerialization.data(withJSONObject: request), as: UTF8.self)

    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let ledger = try Ledger.open(path: folder.path, signingKey: Data(repeating: 7, count: 32))
    let released = try keeper.release(request: Request.parse(json: json), record: record, ledger: ledger)
    let decision = released.decision
    let withheld = decision.segments.filter { $0.outcome != "release" }
    let going = decision.segments.count - withheld.count
    print("\nrelease     \(decision.outcome): \(going) of \(decision.segments.count) entries go")
    printCounts(withheld.map { segment in
        let title = decision.reasons.first { $0.rule == segment.rule }?.title ?? ""
        return "withheld: \(title) (\(segment.rule), \(segment.citation))"
    })
    for obligation in decision.obligations {
        print("  duty  \(obligation.text) (\(obligation.citation))")
    }
    if let output = released.output, let receipt = released.receipt {
        print("  copy  \(output.count) bytes; it is entry \(receipt.index) of the ledger")
        _ = try ledger.verify()
    }
}

/// Each text once, in order, with how often it stands.
func printCounts(_ texts: [String]) {
    for (text, rows) in Dictionary(grouping: texts, by: { $0 }).sorted(by: { $0.key < $1.key }) {
        print("  \(String(rows.count)) \(text)")
    }
}
