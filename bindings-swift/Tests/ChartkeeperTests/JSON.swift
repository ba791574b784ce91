// JSON as a value that can be compared.
import Foundation

enum JSON: Decodable, Equatable, Sendable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([JSON])
    case object([String: JSON])

    init(from decoder: Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([JSON].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: JSON].self))
        }
    }

    init(parsing text: String) throws {
        self = try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
    }

    /// A record of the binding under the names of the wire, its bytes as text.
    init(_ record: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dataEncodingStrategy = .custom { data, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(String(decoding: data, as: UTF8.self))
        }
        self = try JSONDecoder().decode(JSON.self, from: encoder.encode(record))
    }

    subscript(name: String) -> JSON {
        if case let .object(members) = self { members[name] ?? .null } else { .null }
    }

    var text: String? {
        if case let .text(text) = self { text } else { nil }
    }

    var number: Double? {
        if case let .number(number) = self { number } else { nil }
    }

    var list: [JSON] {
        if case let .list(list) = self { list } else { [] }
    }

    /// Whether a native record is the answer of a twin; what one of them leaves out is null or false in the other.
    func same(as answer: JSON) -> Bool {
        switch (self, answer) {
        case let (.list(ours), .list(theirs)):
            return ours.count == theirs.count && zip(ours, theirs).allSatisfy { $0.same(as: $1) }
        case (.object(let ours), .object(let theirs)):
            return Set(ours.keys).union(theirs.keys).allSatisfy { name in
                switch (ours[name], theirs[name]) {
                case let (ours?, theirs?): return ours.same(as: theirs)
                case let (only?, nil), let (nil, only?): return only == .null || only == .flag(false)
                default: return false
                }
            }
        default:
            return self == answer
        }
    }

    func without(_ names: [String]) -> JSON {
        guard case var .object(members) = self else { return self }
        for name in names { members[name] = nil }
        return .object(members)
    }

    func with(_ name: String, _ value: JSON) -> JSON {
        guard case var .object(members) = self else { return self }
        members[name] = value
        return .object(members)
    }

    /// The text of a request, which a twin takes.
    var source: String {
        func encode(_ text: String) -> String {
            String(decoding: (try? JSONEncoder().encode(text)) ?? Data(), as: UTF8.self)
        }
        switch self {
        case .null: return "null"
        case let .flag(flag): return flag ? "true" : "false"
        case let .number(number): return number == number.rounded() ? String(Int(number)) : String(number)
        case let .text(text): return encode(text)
        case let .list(list): return "[" + list.map(\.source).joined(separator: ",") + "]"
        case let .object(members):
            return "{" + members.map { encode($0.key) + ":" + $0.value.source }.joined(separator: ",") + "}"
        }
    }
}
