// Records and errors: what goes in comes out, and nothing that is thrown quotes a record.
'use strict'

const assert = require('node:assert')
const { test } = require('node:test')
const { inspect } = require('node:util')
const { ck, patient } = require('./shared')

const SECRET = 'Zyxwvut'
const SOURCE = `{ "resourceType" : "Patient",\n\t"name": [{"family": "${SECRET}"}], "multipleBirthInteger": 1.50 }`

function caught(call) {
  try {
    call()
  } catch (error) {
    return error
  }
  assert.fail('nothing was thrown')
}

test('the source comes out as it went in', () => {
  const source = patient()
  assert.ok(ck.Record.parse(source).toBytes().equals(source))
  assert.ok(ck.Record.parse(source.toString()).toBytes().equals(source))
})

test('a record does not change with the buffer it was read from', () => {
  const source = Buffer.from(SOURCE)
  const record = ck.Record.parse(source)
  source.fill(0)
  assert.strictEqual(record.toBytes().toString(), SOURCE)
})

test('one leaf is replaced and nothing else', () => {
  const record = ck.Record.parse(SOURCE)
  const changed = record.withReplaced('Patient.name[0].family', 'Nuñez')
  assert.strictEqual(changed.toBytes().toString(), SOURCE.replace(SECRET, 'Nuñez'))
  assert.strictEqual(record.toBytes().toString(), SOURCE)
})

test('objects are of their classes', () => {
  const record = ck.Record.parse(SOURCE)
  assert.ok(record instanceof ck.Record)
  assert.ok(new ck.Chartkeeper() instanceof ck.Chartkeeper)
  assert.ok(!inspect(record).includes(SECRET))
})

test('errors of the core are typed', () => {
  const error = caught(() => ck.Record.parse('{"resourceType": "Patient", "name": ['))
  assert.ok(error instanceof ck.ChartkeeperError && error instanceof Error)
  const { name, kind, code, message, path, span } = error
  assert.deepStrictEqual(
    { name, kind, code, message, path, span },
    {
      name: 'ChartkeeperError',
      kind: 'input',
      code: 'truncated',
      message: 'the source ends before the record does, at byte 37',
      path: null,
      span: { start: 37, end: 37 },
    },
  )
  assert.strictEqual(caught(() => new ck.Chartkeeper([Buffer.from('not a pack')])).code, 'pack_malformed')
})

test('wrong types are not errors of the core', () => {
  assert.ok(!(caught(() => ck.Record.parse(3)) instanceof ck.ChartkeeperError))
})

test('no error quotes the record', () => {
  for (const source of [`{"resourceType": "Patient", "${SECRET}": }`, `{"id": "${SECRET}`, `${SECRET} {}`]) {
    assert.ok(!inspect(caught(() => ck.Record.parse(source))).includes(SECRET))
  }
})
