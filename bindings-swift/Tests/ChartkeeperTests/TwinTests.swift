// The twins whose answers no file can hold: the loaded packs, and a ledger with its own random salt.
import Foundation
import Testing

@testable import Chartkeeper

/// A request of the individual for their own record: it must be released, and the accounting leaves it out.
let own = """
    {"on": "2026-03-02", "patient": {"identifier": {"value": "17"}}, "requester": {"role": "individual", "name": "Sample"},
     "identity_verified": true, "authority_verified": true, "purpose": "individual_request",
     "scope": {"whole_record": true}, "authority": []}
    """
let bundle = """
    {"resourceType": "Bundle", "type": "collection", "entry": [
      {"resource": {"resourceType": "Patient", "id": "p", "identifier": [{"value": "17"}]}},
      {"resource": {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "weight"},
        "subject": {"reference": "Patient/p"}, "valueQuantity": {"value": 70.10, "unit": "kg"}}}]}
    """

@Suite struct TwinTests {
    let keeper: Chartkeeper
    let folder: URL
    let key = Data(0..<32)

    init() throws {
        keeper = try Chartkeeper()
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    }

    @Test("packs")
    func packs() throws {
        #expect(try JSON(keeper.packs()).same(as: JSON(parsing: keeper.packsJson(request: "{}"))))
        #expect(try Set(keeper.packs().map(\.system)).isSuperset(of: ["icd10cm", "fhir"]))
    }

    @Test("a release is recorded before it is handed out")
    func release() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let ledger = try Ledger.open(path: folder.path, signingKey: key)
        let released = try keeper.release(
            request: .parse(json: own), record: .parse(source: Data(bundle.utf8)), ledger: ledger)
        #expect(String(decoding: try #require(released.output), as: UTF8.self).contains("70.10"))
        let receipt = try #require(released.receipt)
        #expect(try (receipt.index, receipt.treeSize, ledger.verify()) == (0, 1, 1))
        #expect(try receipt.root == ledger.checkpoint().root)
        #expect(try ledger.prove(index: 0).leafHash == receipt.leafHash)
    }

    @Test("the twins of the ledger answer as the verbs")
    func twins() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let place: [String: JSON] = [
            "ledger": .text(folder.path), "signing_key": .text(key.map { String(format: "%02x", $0) }.joined()),
        ]
        func request(_ more: [String: JSON] = [:]) -> String {
            JSON.object(place.merging(more) { $1 }).source
        }
        let released = try JSON(
            parsing: keeper.releaseJson(request: request(["source": .text(bundle), "request": JSON(parsing: own)])))
        #expect(released["receipt"]["index"] == .number(0))
        let ledger = try Ledger.open(path: folder.path, signingKey: key)
        func same(_ native: JSON, _ twin: String) throws -> Bool { try native.same(as: JSON(parsing: twin)) }
        #expect(try same(JSON(ledger.checkpoint()), keeper.checkpointJson(request: request())))
        #expect(try same(JSON(ledger.prove(index: 0)), keeper.proveJson(request: request(["index": .number(0)]))))
        #expect(
            try same(
                .object(["entries": .number(Double(ledger.verify()))]), keeper.verifyJson(request: request())))
        let asked: [String: JSON] = ["patient": .text("17"), "as_of": .text("2026-12-31")]
        #expect(
            try same(
                JSON(ledger.accounting(patient: "17", asOf: "2026-12-31")),
                keeper.accountingJson(request: request(asked))))
        let export: [String: JSON] = ["recorded": .text("2026-12-31T12:00:00Z"), "source": .text("Riverside Clinic")]
        let audit = try ledger.exportAudit(recorded: "2026-12-31T12:00:00Z", source: "Riverside Clinic")
        #expect(try same(JSON(parsing: audit), keeper.exportAuditJson(request: request(export))))
        #expect(audit.contains("AuditEvent"))
    }

    @Test("records are read line by line, and a vault counts its tokens")
    func lines() throws {
        let file = folder.appendingPathExtension("ndjson")
        try Data((#"{"resourceType":"Patient","id":"a"}"# + "\nno record\n").utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let records = try readRecords(path: file.path, request: .parse(json: #"{"layout":"ndjson"}"#))
        let first = try #require(try records.next())
        let vault = try Vault.fromSeed(seed: key)
        _ = try keeper.deidentify(record: first, vault: vault)
        #expect(vault.count() == 1)
        #expect(throws: ChartkeeperError.self) { _ = try records.next() }
        #expect(try records.next() == nil)
        #expect(records.progress() == Progress(bytes: 46, records: 1, rejected: 1))
    }

    @Test("a folder is de-identified, with progress")
    func folders() throws {
        final class Watcher: FolderWatcher, @unchecked Sendable {
            var records: UInt64 = 0
            func goesOn(progress: FolderProgress) -> Bool {
                records = progress.records
                return true
            }
        }
        let input = folder.appendingPathComponent("in")
        try FileManager.default.createDirectory(at: input, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data((#"{"resourceType":"Patient","id":"a"}"# + "\nno record\n").utf8)
            .write(to: input.appendingPathComponent("Patient.ndjson"))
        let watcher = Watcher()
        let report = try keeper.deidentifyFolder(
            input: input.path, output: folder.appendingPathComponent("out").path, threads: 2, watcher: watcher)
        #expect(report.files == 1 && report.records == 1 && report.refused.count == 1 && report.complete)
        #expect(watcher.records == 1)
    }
}
