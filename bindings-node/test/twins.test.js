// The twins whose answers no file can hold: the loaded packs, and a ledger with its own random salt.
'use strict'

const assert = require('node:assert')
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { after, test } = require('node:test')
const { camel, ck, same } = require('./shared')

const folder = mkdtempSync(join(tmpdir(), 'chartkeeper-'))
after(() => rmSync(folder, { recursive: true }))

const keeper = new ck.Chartkeeper()
const key = Buffer.from(Array.from({ length: 32 }, (_, at) => at))
/** A request of the individual for their own record. */
const own = {
  on: '2026-03-02',
  patient: { identifier: { value: '17' } },
  requester: { role: 'individual', name: 'Sample' },
  identity_verified: true,
  authority_verified: true,
  purpose: 'individual_request',
  scope: { whole_record: true },
  authority: [],
}
const source = `{"resourceType": "Bundle", "type": "collection", "entry": [
  {"resource": {"resourceType": "Patient", "id": "p", "identifier": [{"value": "17"}]}},
  {"resource": {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "weight"},
    "subject": {"reference": "Patient/p"}, "valueQuantity": {"value": 70.10, "unit": "kg"}}}]}`

test('packs', () => {
  const packs = keeper.packs()
  same(packs, JSON.parse(keeper.packsJson('{}')))
  assert.ok(packs.some(({ system }) => system === 'icd10cm'))
})

test('a release is recorded before it is handed out', () => {
  const ledger = ck.Ledger.open(join(folder, 'native'), key)
  const { output, decision, receipt } = keeper.release(own, ck.Record.parse(source), ledger)
  assert.match(decision.outcome, /release$/)
  assert.ok(output.includes('70.10'))
  assert.deepStrictEqual([receipt.index, receipt.treeSize, ledger.verify()], [0, 1, 1])
  assert.strictEqual(receipt.root, ledger.checkpoint().root)
  const { leafHash, root, entry } = ledger.prove(0)
  assert.deepStrictEqual({ leafHash, root, entry }, { leafHash: receipt.leafHash, root: receipt.root, entry: null })
})

test('the twins of the ledger answer as the verbs', () => {
  const place = { ledger: join(folder, 'twins'), signing_key: key.toString('hex') }
  const twin = (verb, more) => JSON.parse(keeper[`${camel(verb)}Json`](JSON.stringify({ ...place, ...more })))
  const released = twin('release', { source, request: own })
  assert.strictEqual(released.receipt.index, 0)
  assert.strictEqual(JSON.parse(released.output).resourceType, 'Bundle')
  const ledger = ck.Ledger.open(place.ledger, key)
  same(ledger.checkpoint(), twin('checkpoint'))
  same(ledger.prove(0), twin('prove', { index: 0 }))
  same({ entries: ledger.verify() }, twin('verify'))
  same(ledger.accounting('17', '2026-12-31'), twin('accounting', { patient: '17', as_of: '2026-12-31' }))
  assert.deepStrictEqual(ledger.accounting('17', '2026-12-31', { years: 3, summarise: true }), [])
  const asked = { recorded: '2026-12-31T12:00:00Z', source: 'Riverside Clinic' }
  const audit = JSON.parse(ledger.exportAudit(asked))
  assert.deepStrictEqual(audit, twin('export_audit', asked))
  assert.strictEqual(audit.entry[0].resource.resourceType, 'AuditEvent')
})

test('nothing is released without a ledger, or without a reason', () => {
  writeFileSync(join(folder, 'file'), 'not a folder')
  assert.throws(() => ck.Ledger.open(join(folder, 'file'), key), ck.ChartkeeperError)
  const ledger = ck.Ledger.open(join(folder, 'empty'), key)
  const { output, receipt } = keeper.release({ on: '2026-03-02' }, ck.Record.parse(source), ledger)
  assert.deepStrictEqual([output, receipt], [null, null])
})

test('a request with an unknown member is refused', () => {
  assert.throws(() => keeper.decide({ on: '2026-03-02', requestor: {} }, ck.Record.parse(source)), { code: 'invalid_request' })
})
