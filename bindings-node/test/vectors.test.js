// The shared vectors, on the native verbs and on their `_json` twins.
//
// A vector holds the `request` of the twin, and what is to come of it: the whole answer (`expect`) or fields of an
// error (`error`). The native verb is called with the same values, and its records are compared field by field.
'use strict'

const assert = require('node:assert')
const { mkdtempSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { test } = require('node:test')
const { camel, ck, same, vectorFiles, verbs } = require('./shared')

const keeper = new ck.Chartkeeper()
const record = ({ source, format, table }) =>
  table ? ck.Record.parseTable(source, table) : ck.Record.parse(source, format)
/** The policy as a native call has it: a name, or the text of one of the user's own. */
const policy = ({ policy }) => (policy && typeof policy === 'object' ? JSON.stringify(policy) : policy)
const hex = (text) => Buffer.from(text, 'hex')
const ledger = ({ ledger, signing_key }) => ck.Ledger.open(ledger, signing_key && hex(signing_key))

const textOptions = (request) => ({
  policy: policy(request),
  asOf: request.as_of,
  key: request.key && Buffer.from(request.key),
  known: request.known,
  patient: request.patient,
})

/** How the request of a twin becomes a call of the native verb. */
const native = {
  packs: () => keeper.packs(),
  parse: (request) => {
    const parsed = record(request)
    return { format: parsed.format, bytes: parsed.toBytes().length }
  },
  chart: (request) => record(request).chart(),
  replace: (request) => ({ output: record(request).withReplaced(request.path, request.value).toBytes() }),
  validate_code: ({ system, code, on, sex, age_years: ageYears, principal }) =>
    keeper.validateCode(system, code, { on: on ?? undefined, sex, ageYears, principal }),
  validate_codes: ({ system, codes, on }) => keeper.validateCodes(system, codes, on),
  find_codes: ({ system, query, on, limit }) => keeper.findCodes(system, query, on, limit),
  check_claim: (request) => keeper.checkClaim(request),
  check: (request) => keeper.check(record(request), request.as_of),
  deidentify: (request) =>
    keeper.deidentify(record(request), {
      policy: policy(request),
      patient: request.patient,
      shiftDays: request.shift_days,
      asOf: request.as_of,
      key: request.key && Buffer.from(request.key),
      vault: request.seed && ck.Vault.fromSeed(hex(request.seed)),
    }),
  verify_deidentified: (request) => {
    const [original, output] = [request.original, request.output].map((source) => ck.Record.parse(source, request.format))
    return keeper.verifyDeidentified(original, output, policy(request))
  },
  reidentify: (request) => keeper.reidentify(ck.Vault.open(request.vault, hex(request.vault_key)), request.request, ledger(request)),
  uncharted: (request) => record(request).uncharted(),
  suggest_table: ({ source, format }) => ck.Record.suggestTable(source, format),
  code: ({ system, code, on }) => keeper.code(system, code, on),
  diff_codes: ({ system, release_a, release_b }) => keeper.diffCodes(system, release_a, release_b),
  check_suggested_codes: ({ note, codes, on }) => keeper.checkSuggestedCodes(note, codes, on),
  convert_unit: ({ value, from, to }) => keeper.convertUnit(value, from, to),
  compile_pack: ({ source, request }) => ({
    pack: ck.Chartkeeper.compilePack(Buffer.from(source, 'base64'), request).toString('base64'),
  }),
  to_fhir: (request) => record(request).toFhir(),
  find_identifiers: ({ text, known }) => keeper.findIdentifiers(text, known),
  find_identifiers_in: ({ texts, known }) => keeper.findIdentifiersIn(texts, known),
  deidentify_text: (request) => keeper.deidentifyText(request.text, textOptions(request)),
  deidentify_texts: (request) => keeper.deidentifyTexts(request.texts, textOptions(request)),
  assess_risk: (request) => keeper.assessRisk(request),
  anonymize_table: (request) => keeper.anonymizeTable(request),
  check_authorization: ({ authorization, on, jurisdictions }) => keeper.checkAuthorization(authorization, on, jurisdictions),
  letter: (request) => keeper.letter(request.request, record(request), request.kind, request.facts),
  diff_laws: ({ packs, cases }) =>
    keeper.diffLaws(packs, cases.map((one) => ({ request: one.request, record: record(one) }))),
  decide: (request) => keeper.decide(request.request, record(request)),
  release: (request) => keeper.release(request.request, record(request), ledger(request)),
  checkpoint: (request) => ledger(request).checkpoint(),
  prove: (request) => ledger(request).prove(request.index),
  verify: (request) => ({ entries: ledger(request).verify() }),
  read_records: ({ source, ...how }) => {
    const path = join(mkdtempSync(join(tmpdir(), 'chartkeeper-')), 'records')
    writeFileSync(path, source)
    const reader = ck.readRecords(path, how)
    const records = []
    for (;;) {
      try {
        const { done, value } = reader.next()
        if (done) return { records, progress: reader.progress }
        records.push({ format: value.format, bytes: value.toBytes().length })
      } catch (thrown) {
        const { kind, code, message, path, span } = thrown
        records.push({ error: { kind, code, message, path, span } })
      }
    }
  },
  deidentify_folder: (request) =>
    keeper.deidentifyFolder(request.input, request.output, { policy: policy(request), key: request.key && Buffer.from(request.key) }),
  decrypt: (request) =>
    keeper.decrypt(policy(request), Buffer.from(request.key), request.request, ledger(request)),
  accounting: (request) => ledger(request).accounting(request.patient, request.as_of),
  export_audit: ({ recorded, source, ...place }) => ledger(place).exportAudit({ recorded, source }),
}
/** Fields of an answer that only the twin has: a native record holds the tree itself. */
const twinOnly = { parse: ['nodes', 'resources'], read_records: ['nodes', 'resources'] }
/** Verbs whose answer is a document, with the names of the wire. */
const documents = ['suggest_table']
/** Twins whose answers no file can hold, because packs grow and a ledger has its own salt: see twins.test.js. */
const elsewhere = ['packs', 'release', 'checkpoint', 'prove', 'verify', 'accounting']

for (const [verb, vectors] of vectorFiles()) {
  for (const { name, request: given, expect, error } of vectors) {
    // A new folder of its own where the request asks for a ledger.
    const home = () => join(mkdtempSync(join(tmpdir(), 'chartkeeper-')), 'ledger')
    const request = given.ledger === '$TEMP' ? { ...given, ledger: home() } : given
    const twin = () => JSON.parse(keeper[`${camel(verb)}Json`](JSON.stringify(request)))
    test(`${verb}: ${name}`, () => {
      if (error) {
        refused(twin, error)
        // The shape of a JSON document is the twin's alone: a native call has JavaScript's arguments.
        if (error.code !== 'invalid_request') refused(() => native[verb](request), error)
        return
      }
      const answer = twin()
      assert.deepStrictEqual(answer, expect)
      for (const part of answer?.records ?? [answer]) for (const field of twinOnly[verb] ?? []) delete part[field]
      if (documents.includes(verb)) assert.deepStrictEqual(native[verb](request), answer)
      else same(native[verb](request), answer)
    })
  }
}

function refused(call, expected) {
  assert.throws(call, (thrown) => {
    // Keys and seeds are buffers of a length that the conversion itself checks, with a plain error.
    if (expected.code === 'invalid_argument' && thrown.code === 'InvalidArg') return true
    assert.ok(thrown instanceof ck.ChartkeeperError, `a typed error, not ${thrown}`)
    for (const [field, value] of Object.entries(expected)) assert.deepStrictEqual(thrown[field], value, field)
    return true
  })
}

test('every twin has vectors, or a test of its own', () => {
  const twins = verbs.filter(({ twin }) => twin).map(({ verb }) => verb)
  const files = vectorFiles().map(([verb]) => verb)
  assert.deepStrictEqual(twins.filter((verb) => !files.includes(verb)), elsewhere)
  assert.deepStrictEqual(Object.keys(native).sort(), twins.sort())
})
