// One list of verbs: each one of tests/vectors/verbs.json exists in Swift, and nothing public is missing there.
import Foundation
import Testing

@testable import Chartkeeper

/// How the documents that verbs take are read: other languages give them as plain data.
let documents: Set = [
    "AnonymizeTableRequest.parse", "AssessRiskRequest.parse", "Authority.parse", "LetterFacts.parse", "ReadRecordsRequest.parse", "Request.parse",
    "TableMap.parse",
]

/// The public members of the generated classes, as `Class.member`, and the public functions. A `Request` is what
/// verbs take, as other languages take a document: its constructor is
/// no verb, and neither are the functions of the generator.
func publicMembers() throws -> Set<String> {
    let file = workspace.appendingPathComponent("bindings-swift/Sources/Chartkeeper/Chartkeeper.swift")
    var members: Set<String> = []
    var current: Substring?
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        if let found = line.firstMatch(of: /^open class (\w+)/) {
            current = found.1
        } else if line.firstMatch(of: /^public struct FfiConverter/) != nil {
            current = nil
        } else if let current, let found = line.firstMatch(of: /^(?:open|public static) func `?(\w+)`?\(/) {
            members.insert("\(current).\(found.1)")
        } else if let found = line.firstMatch(of: /^public func (\w+)\(/), !found.1.hasPrefix("FfiConverter"), !found.1.hasPrefix("uniffi") {
            members.insert(String(found.1))
        }
    }
    return members.filter { !$0.hasSuffix(".json") && !documents.contains($0) }
}

func camel(_ name: String) -> String {
    let words = name.split(separator: "_")
    return words.prefix(1).joined() + words.dropFirst().map(\.capitalized).joined()
}

@Test("the list of verbs is the public face")
func verbList() throws {
    let listed = try read("verbs.json").flatMap { row in
        [row["swift"].text].compactMap { $0 }
            + (row["twin"] == .flag(true) ? ["Chartkeeper.\(camel(row["verb"].text ?? ""))Json"] : [])
    }
    #expect(try publicMembers() == Set(listed))
}
