// Runs every vector of tests/vectors/ through the native verb and through its JSON twin, and compares both with what
// the vector expects, as the tests of the other languages do.
import Foundation
import Testing

@testable import Chartkeeper

let workspace = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../..").standardizedFileURL
let vectorFolder = workspace.appendingPathComponent("tests/vectors")

struct Vector: CustomTestStringConvertible, Sendable {
    let verb: String
    let test: JSON
    var testDescription: String { "\(verb): \(test["name"].text ?? "")" }
}

func vectorFiles() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: vectorFolder.path)
        .filter { $0.hasSuffix(".json") && $0 != "verbs.json" }
        .map { String($0.dropLast(5)) }
        .sorted()
}

func read(_ file: String) throws -> [JSON] {
    try JSON(parsing: String(contentsOf: vectorFolder.appendingPathComponent(file), encoding: .utf8)).list
}

func vectors() throws -> [Vector] {
    try vectorFiles().flatMap { verb in try read(verb + ".json").map { Vector(verb: verb, test: $0) } }
}

@Suite struct VectorTests {
    let keeper: Chartkeeper

    init() throws {
        keeper = try Chartkeeper()
    }

    @Test("native verb and twin", arguments: try vectors())
    func vector(_ vector: Vector) throws {
        let verb = try #require(verbs[vector.verb], "a verb without Swift: \(vector.verb)")
        let request = try atHome(vector.test["request"])
        defer { if let ledger = request["ledger"].text { try? FileManager.default.removeItem(atPath: ledger) } }
        let expected = vector.test["error"]
        if expected != .null {
            // A request that JSON gets wrong is often one that Swift's types do not let anybody write.
            if expected["code"].text != "invalid_request" {
                try expectFailure(expected) { _ = try verb.native(keeper, request) }
            }
            try expectFailure(expected) { _ = try verb.twin(keeper)(request.source) }
            return
        }
        let expect = vector.test["expect"]
        #expect(try JSON(parsing: verb.twin(keeper)(request.source)) == expect)
        let native = try verb.native(keeper, request)
        #expect(native.same(as: told(expect, verb)), "\(native.source)")
    }

    /// The answer without what only the twin tells, of each record where it has several.
    func told(_ answer: JSON, _ verb: Verb) -> JSON {
        guard case let .list(records) = answer["records"] else { return answer.without(verb.twinOnly) }
        return answer.with("records", .list(records.map { $0.without(verb.twinOnly) }))
    }

    /// The request with a new folder of its own where it asks for a ledger.
    func atHome(_ request: JSON) throws -> JSON {
        guard request["ledger"] == .text("$TEMP") else { return request }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        return request.with("ledger", .text(folder.path))
    }

    /// Compares the fields that the vector names; one that it gives as null must be nil.
    func expectFailure(_ expected: JSON, _ call: () throws -> Void) throws {
        var thrown: ChartkeeperError?
        do { try call() } catch let error as ChartkeeperError { thrown = error }
        let error = try #require(thrown, "nothing was thrown")
        let span = try error.span.map { try JSON($0) } ?? JSON.null
        let found: [String: JSON] = [
            "kind": .text(error.kind), "code": .text(error.code), "message": .text(error.message),
            "path": error.path.map(JSON.text) ?? .null, "span": span,
        ]
        guard case let .object(fields) = expected else { return }
        for (name, value) in fields { #expect(found[name] == value, "\(name)") }
    }

    @Test("every twin has vectors, or a test of its own")
    func everyTwin() throws {
        let twins = try read("verbs.json").filter { $0["twin"] == .flag(true) }.compactMap { $0["verb"].text }
        #expect(Set(twins) == Set(verbs.keys))
        // No file can hold their answers: packs grow, and a ledger has a salt of its own. See TwinTests.swift.
        let elsewhere: Set = ["packs", "release", "checkpoint", "prove", "verify", "accounting"]
        #expect(Set(twins).subtracting(try vectorFiles()) == elsewhere)
    }
}
