// The parts of an error by name: what every other language calls them.
import Foundation

extension ChartkeeperError: LocalizedError {
    /// The class, such as `input` or `ledger`.
    public var kind: String {
        switch self { case let .Failure(kind, _, _, _, _): return kind }
    }

    /// The stable code of the catalogue.
    public var code: String {
        switch self { case let .Failure(_, code, _, _, _): return code }
    }

    /// The native path, where there is one.
    public var path: String? {
        switch self { case let .Failure(_, _, path, _, _): return path }
    }

    /// The byte span in the source, where there is one.
    public var span: Span? {
        switch self { case let .Failure(_, _, _, span, _): return span }
    }

    /// What happened, and where; never text of a record.
    public var message: String {
        switch self { case let .Failure(_, _, _, _, message): return message }
    }

    public var errorDescription: String? { message }
}
