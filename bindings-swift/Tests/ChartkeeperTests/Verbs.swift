// How the request of a twin becomes a call of the native verb: one row a verb.
import Foundation

@testable import Chartkeeper

struct Verb: Sendable {
    /// The native verb with the values of the request; its answer under the names of the wire.
    let native: @Sendable (Chartkeeper, JSON) throws -> JSON
    /// The twin.
    let twin: @Sendable (Chartkeeper) -> (String) throws -> String
    /// Fields of the answer that only the twin has: a native record holds the tree itself.
    var twinOnly: [String] = []
}

func record(_ request: JSON) throws -> Record {
    if request["table"] != .null {
        return try Record.parseTable(
            source: Data((request["source"].text ?? "").utf8), table: .parse(json: request["table"].source))
    }
    return try parsed(request, "source")
}

func parsed(_ request: JSON, _ name: String) throws -> Record {
    try Record.parse(source: Data((request[name].text ?? "").utf8), format: request["format"].text)
}

/// The policy as a native call has it: a name, or the text of one of the user's own.
func policy(_ request: JSON) -> String {
    switch request["policy"] {
    case .null: "hipaa-safe-harbor"
    case let .text(name): name
    case let policy: policy.source
    }
}

func ledger(_ request: JSON) throws -> Ledger {
    try Ledger.open(path: request["ledger"].text ?? "", signingKey: request["signing_key"].text.map(bytes))
}

func reidentification(_ asked: JSON) -> ReidentifyRequest {
    ReidentifyRequest(
        token: asked["token"].text ?? "", requester: .init(name: asked["requester"]["name"].text ?? ""),
        purpose: asked["purpose"].text ?? "", on: asked["on"].text ?? "")
}

func text(_ bytes: Data) -> JSON {
    .text(String(decoding: bytes, as: UTF8.self))
}

/// The bytes of hexadecimal digits.
func bytes(_ digits: String) -> Data {
    let all = Array(digits)
    return Data(stride(from: 0, to: all.count - 1, by: 2).compactMap { UInt8(String(all[$0...($0 + 1)]), radix: 16) })
}

func sex(_ name: String) -> Sex? {
    switch name {
    case "female": .female
    case "male": .male
    case "other": .other
    case "unknown": .unknown
    default: nil
    }
}

func claim(_ request: JSON) -> Claim {
    let setting: Setting? =
        switch request["setting"].text {
        case "inpatient": .inpatient
        case "outpatient": .outpatient
        case "professional": .professional
        default: nil
        }
    return Claim(
        from: request["from"].text ?? "", through: request["through"].text, setting: setting,
        typeOfBill: request["type_of_bill"].text, sex: request["sex"].text.flatMap(sex),
        ageYears: request["age_years"].number.map { UInt16($0) },
        diagnoses: request["diagnoses"].list.map { .init(code: $0["code"].text ?? "", poa: $0["poa"].text) },
        procedures: request["procedures"].list.map { .init(code: $0["code"].text ?? "", date: $0["date"].text) },
        lines: request["lines"].list.map {
            .init(
                code: $0["code"].text ?? "", modifiers: $0["modifiers"].list.compactMap(\.text),
                units: $0["units"].number, date: $0["date"].text)
        })
}

func known(_ request: JSON) -> Known? {
    let known = request["known"]
    guard known != .null else { return nil }
    func texts(_ name: String) -> [String] { known[name].list.compactMap(\.text) }
    return Known(
        names: texts("names"), organisations: texts("organisations"), places: texts("places"),
        numbers: texts("numbers"), allow: texts("allow"),
        patterns: known["patterns"].list.map { .init(label: $0["label"].text ?? "", pattern: $0["pattern"].text ?? "") },
        threshold: known["threshold"].number.map { Float($0) }, explain: known["explain"] == .flag(true))
}

let verbs: [String: Verb] = [
    "packs": Verb(
        native: { keeper, _ in try JSON(keeper.packs()) },
        twin: Chartkeeper.packsJson
    ),
    "parse": Verb(
        native: { _, request in
            let parsed = try record(request)
            return .object(["format": .text(parsed.format()), "bytes": .number(Double(parsed.toBytes().count))])
        },
        twin: Chartkeeper.parseJson,
        twinOnly: ["nodes", "resources"]
    ),
    "chart": Verb(
        native: { _, request in try JSON(record(request).chart()) },
        twin: Chartkeeper.chartJson
    ),
    "replace": Verb(
        native: { _, request in
            let changed = try record(request)
                .withReplaced(path: request["path"].text ?? "", value: request["value"].text ?? "")
            return .object(["output": text(changed.toBytes())])
        },
        twin: Chartkeeper.replaceJson
    ),
    "validate_code": Verb(
        native: { keeper, request in
            try JSON(
                keeper.validateCode(
                    system: request["system"].text ?? "", code: request["code"].text ?? "",
                    on: request["on"].text, sex: request["sex"].text.flatMap(sex),
                    ageYears: request["age_years"].number.map { UInt16($0) },
                    principal: request["principal"] == .flag(true)))
        },
        twin: Chartkeeper.validateCodeJson
    ),
    "validate_codes": Verb(
        native: { keeper, request in
            try JSON(
                keeper.validateCodes(
                    system: request["system"].text ?? "", codes: request["codes"].list.compactMap(\.text),
                    on: request["on"].text))
        },
        twin: Chartkeeper.validateCodesJson
    ),
    "find_codes": Verb(
        native: { keeper, request in
            try JSON(
                keeper.findCodes(
                    system: request["system"].text ?? "", query: request["query"].text ?? "",
                    on: request["on"].text, limit: request["limit"].number.map { UInt32($0) } ?? 10))
        },
        twin: Chartkeeper.findCodesJson
    ),
    "check_claim": Verb(
        native: { keeper, request in try JSON(keeper.checkClaim(claim: claim(request))) },
        twin: Chartkeeper.checkClaimJson
    ),
    "check": Verb(
        native: { keeper, request in
            try JSON(keeper.check(record: record(request), asOf: request["as_of"].text ?? ""))
        },
        twin: Chartkeeper.checkJson
    ),
    "deidentify": Verb(
        native: { keeper, request in
            let vault = try request["seed"].text.map { try Vault.fromSeed(seed: bytes($0)) }
            return try JSON(
                keeper.deidentify(
                    record: record(request), policy: policy(request), key: request["key"].text.map { Data($0.utf8) },
                    asOf: request["as_of"].text, vault: vault, patient: request["patient"].text,
                    shiftDays: request["shift_days"].number.map { Int32($0) }))
        },
        twin: Chartkeeper.deidentifyJson
    ),
    "verify_deidentified": Verb(
        native: { keeper, request in
            try JSON(
                keeper.verifyDeidentified(
                    original: parsed(request, "original"), output: parsed(request, "output"),
                    policy: policy(request)))
        },
        twin: Chartkeeper.verifyDeidentifiedJson
    ),
    "reidentify": Verb(
        native: { keeper, request in
            let vault = try Vault.open(
                path: request["vault"].text ?? "", key: bytes(request["vault_key"].text ?? ""))
            return try JSON(
                keeper.reidentify(vault: vault, request: reidentification(request["request"]), ledger: ledger(request)))
        },
        twin: Chartkeeper.reidentifyJson
    ),
    "uncharted": Verb(
        native: { _, request in try JSON(record(request).uncharted()) },
        twin: Chartkeeper.unchartedJson
    ),
    "suggest_table": Verb(
        native: { _, request in
            let source = Data((request["source"].text ?? "").utf8)
            return try JSON(parsing: TableMap.suggest(source: source, format: request["format"].text ?? "").json())
        },
        twin: Chartkeeper.suggestTableJson
    ),
    "code": Verb(
        native: { keeper, request in
            try keeper.code(
                system: request["system"].text ?? "", code: request["code"].text ?? "", on: request["on"].text
            ).map { try JSON($0) } ?? .null
        },
        twin: Chartkeeper.codeJson
    ),
    "diff_codes": Verb(
        native: { keeper, request in
            try JSON(
                keeper.diffCodes(
                    system: request["system"].text ?? "", releaseA: request["release_a"].text ?? "",
                    releaseB: request["release_b"].text ?? ""))
        },
        twin: Chartkeeper.diffCodesJson
    ),
    "check_suggested_codes": Verb(
        native: { keeper, request in
            try JSON(
                keeper.checkSuggestedCodes(
                    note: request["note"].text ?? "", codes: request["codes"].list.compactMap(\.text),
                    on: request["on"].text))
        },
        twin: Chartkeeper.checkSuggestedCodesJson
    ),
    "convert_unit": Verb(
        native: { keeper, request in
            try JSON(
                keeper.convertUnit(
                    value: request["value"].number ?? 0, from: request["from"].text ?? "",
                    to: request["to"].text ?? ""))
        },
        twin: Chartkeeper.convertUnitJson
    ),
    "compile_pack": Verb(
        native: { _, request in
            let asked = request["request"]
            let wanted = PackRequest(
                format: asked["format"].text ?? "", release: asked["release"].text ?? "",
                effectiveFrom: asked["effective_from"].text, effectiveTo: asked["effective_to"].text,
                system: asked["system"].text, licence: asked["licence"].text)
            let source = Data(base64Encoded: request["source"].text ?? "") ?? Data()
            return .object(["pack": .text(try compilePack(source: source, request: wanted).base64EncodedString())])
        },
        twin: Chartkeeper.compilePackJson
    ),
    "to_fhir": Verb(
        native: { _, request in try JSON(record(request).toFhir()) },
        twin: Chartkeeper.toFhirJson
    ),
    "find_identifiers": Verb(
        native: { keeper, request in
            try JSON(keeper.findIdentifiers(text: request["text"].text ?? "", known: known(request)))
        },
        twin: Chartkeeper.findIdentifiersJson
    ),
    "find_identifiers_in": Verb(
        native: { keeper, request in
            try JSON(
                keeper.findIdentifiersIn(
                    texts: request["texts"].list.compactMap(\.text), known: known(request)))
        },
        twin: Chartkeeper.findIdentifiersInJson
    ),
    "deidentify_text": Verb(
        native: { keeper, request in
            try JSON(
                keeper.deidentifyText(
                    text: request["text"].text ?? "", policy: policy(request),
                    key: request["key"].text.map { Data($0.utf8) }, asOf: request["as_of"].text,
                    known: known(request), patient: request["patient"].text))
        },
        twin: Chartkeeper.deidentifyTextJson
    ),
    "deidentify_texts": Verb(
        native: { keeper, request in
            try JSON(
                keeper.deidentifyTexts(
                    texts: request["texts"].list.compactMap(\.text), policy: policy(request),
                    key: request["key"].text.map { Data($0.utf8) }, asOf: request["as_of"].text,
                    known: known(request), patient: request["patient"].text))
        },
        twin: Chartkeeper.deidentifyTextsJson
    ),
    "assess_risk": Verb(
        native: { keeper, request in try JSON(keeper.assessRisk(request: .parse(json: request.source))) },
        twin: Chartkeeper.assessRiskJson
    ),
    "anonymize_table": Verb(
        native: { keeper, request in try JSON(keeper.anonymizeTable(request: .parse(json: request.source))) },
        twin: Chartkeeper.anonymizeTableJson
    ),
    "check_authorization": Verb(
        native: { keeper, request in
            try JSON(
                keeper.checkAuthorization(
                    authorization: .parse(json: request["authorization"].source), on: request["on"].text ?? "",
                    jurisdictions: request["jurisdictions"].list.compactMap(\.text)))
        },
        twin: Chartkeeper.checkAuthorizationJson
    ),
    "letter": Verb(
        native: { keeper, request in
            let facts = request["facts"] == .null ? JSON.object([:]) : request["facts"]
            return try JSON(
                keeper.letter(
                    request: .parse(json: request["request"].source), record: record(request),
                    kind: request["kind"].text ?? "", facts: .parse(json: facts.source)))
        },
        twin: Chartkeeper.letterJson
    ),
    "diff_laws": Verb(
        native: { keeper, request in
            let cases = try request["cases"].list.map {
                try LawCase(request: .parse(json: $0["request"].source), record: record($0))
            }
            return try JSON(keeper.diffLaws(packs: request["packs"].list.compactMap(\.text), cases: cases))
        },
        twin: Chartkeeper.diffLawsJson
    ),
    "decide": Verb(
        native: { keeper, request in
            try JSON(keeper.decide(request: .parse(json: request["request"].source), record: record(request)))
        },
        twin: Chartkeeper.decideJson
    ),
    "release": Verb(
        native: { keeper, request in
            try JSON(
                keeper.release(
                    request: .parse(json: request["request"].source), record: record(request),
                    ledger: ledger(request)))
        },
        twin: Chartkeeper.releaseJson
    ),
    "checkpoint": Verb(
        native: { _, request in try JSON(ledger(request).checkpoint()) },
        twin: Chartkeeper.checkpointJson
    ),
    "prove": Verb(
        native: { _, request in
            try JSON(ledger(request).prove(index: request["index"].number.map { UInt64($0) } ?? 0))
        },
        twin: Chartkeeper.proveJson
    ),
    "verify": Verb(
        native: { _, request in .object(["entries": .number(Double(try ledger(request).verify()))]) },
        twin: Chartkeeper.verifyJson
    ),
    "read_records": Verb(
        native: { _, request in
            let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
            try Data((request["source"].text ?? "").utf8).write(to: file)
            defer { try? FileManager.default.removeItem(at: file) }
            let reader = try readRecords(path: file.path, request: .parse(json: request.without(["source"]).source))
            var records: [JSON] = []
            while true {
                do {
                    guard let record = try reader.next() else { break }
                    records.append(
                        .object([
                            "format": .text(record.format()), "bytes": .number(Double(record.toBytes().count)),
                        ]))
                } catch let error as ChartkeeperError {
                    records.append(
                        .object([
                            "error": .object([
                                "kind": .text(error.kind), "code": .text(error.code), "message": .text(error.message),
                                "path": error.path.map(JSON.text) ?? .null,
                                "span": try error.span.map { try JSON($0) } ?? .null,
                            ])
                        ]))
                }
            }
            return .object(["records": .list(records), "progress": try JSON(reader.progress())])
        },
        twin: Chartkeeper.readRecordsJson,
        twinOnly: ["nodes", "resources"]
    ),
    "deidentify_folder": Verb(
        native: { keeper, request in
            try JSON(
                keeper.deidentifyFolder(
                    input: request["input"].text ?? "", output: request["output"].text ?? "", policy: policy(request),
                    key: request["key"].text.map { Data($0.utf8) }))
        },
        twin: Chartkeeper.deidentifyFolderJson
    ),
    "decrypt": Verb(
        native: { keeper, request in
            try JSON(
                keeper.decrypt(
                    policy: policy(request), key: Data((request["key"].text ?? "").utf8),
                    request: reidentification(request["request"]), ledger: ledger(request)))
        },
        twin: Chartkeeper.decryptJson
    ),
    "accounting": Verb(
        native: { _, request in
            try JSON(
                ledger(request).accounting(
                    patient: request["patient"].text ?? "", asOf: request["as_of"].text ?? ""))
        },
        twin: Chartkeeper.accountingJson
    ),
    "export_audit": Verb(
        native: { _, request in
            try JSON(
                parsing: ledger(request).exportAudit(
                    recorded: request["recorded"].text ?? "", source: request["source"].text ?? ""))
        },
        twin: Chartkeeper.exportAuditJson
    ),
]
