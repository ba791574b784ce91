// Records read one at a time, folders de-identified, values decrypted.
'use strict'

const assert = require('node:assert')
const { mkdirSync, mkdtempSync, readFileSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { test } = require('node:test')
const { ck } = require('./shared')

const lines = '{"resourceType":"Patient","id":"a","gender":"female"}\nno record\n{"resourceType":"Patient","id":"b"}\n'
const keeper = new ck.Chartkeeper()

function folder() {
  const home = mkdtempSync(join(tmpdir(), 'chartkeeper-'))
  mkdirSync(join(home, 'in'))
  writeFileSync(join(home, 'in', 'Patient.ndjson'), lines)
  return home
}

test('records of a file, with progress', () => {
  const records = ck.readRecords(join(folder(), 'in', 'Patient.ndjson'), { layout: 'ndjson' })
  assert.strictEqual(records.next().value.format, 'fhir-r4-json')
  assert.throws(() => records.next(), { kind: 'input' })
  assert.strictEqual([...records].length, 1)
  assert.deepStrictEqual({ ...records.progress }, { bytes: lines.length, records: 2, rejected: 1 })
})

test('a folder, with progress', () => {
  const home = folder()
  const seen = []
  const run = (progress) => keeper.deidentifyFolder(join(home, 'in'), join(home, 'out'), undefined, 2, progress)
  assert.throws(() => run(() => { throw new Error('enough') }), /enough/)
  const report = run((state) => { seen.push(state.records) })
  assert.deepStrictEqual([report.files + report.skipped, report.complete], [1, true])
  assert.match(readFileSync(join(home, 'out', 'Patient.ndjson'), 'utf8'), /"gender":"female"/)
})

test('a value that was encrypted comes back through the ledger', () => {
  const key = Buffer.from('an example key of thirty-two bytes and some')
  const policy = '{"name":"sealed","extends":"research-shifted","labels":{"name":{"action":"encrypt","rule":"own"}}}'
  const record = ck.Record.parse('{"resourceType":"Patient","id":"a","identifier":[{"value":"7"}],"name":[{"family":"Lovelace"}]}')
  const token = /enc1\.[^"]+/.exec(keeper.deidentify(record, { policy, key }).output.toString())[0]
  const ledger = ck.Ledger.open(join(folder(), 'ledger'))
  const request = { token, on: '2026-03-02', purpose: 'incidental finding', requester: { name: 'privacy office' } }
  assert.strictEqual(keeper.decrypt(policy, key, request, ledger).value, 'Lovelace')
  assert.strictEqual(ledger.verify(), 1)
})
