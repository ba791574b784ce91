// What the tests share: the package, the folders of the workspace, the vectors.
'use strict'

const assert = require('node:assert')
const { readFileSync, readdirSync } = require('node:fs')
const { join } = require('node:path')

const workspace = join(__dirname, '../..')
const vectors = join(workspace, 'tests/vectors')
const json = (path) => JSON.parse(readFileSync(path, 'utf8'))

exports.ck = require('..')
exports.workspace = workspace
exports.patient = () => readFileSync(join(workspace, 'examples/data/patient.fhir.json'))
exports.verbs = json(join(vectors, 'verbs.json'))
exports.camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase())
exports.vectorFiles = () =>
  readdirSync(vectors)
    .filter((file) => file.endsWith('.json') && file !== 'verbs.json')
    .map((file) => [file.slice(0, -5), json(join(vectors, file))])

/** The answer of a twin under the names that JavaScript has. */
function renamed(value) {
  if (Array.isArray(value)) return value.map(renamed)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [exports.camel(name), renamed(held)]))
}

/** Native records as plain objects: text for bytes, without the fields that JSON leaves out of `answer`. */
function plain(value, answer) {
  if (Buffer.isBuffer(value)) return value.toString()
  if (Array.isArray(value)) return value.map((held, at) => plain(held, answer?.[at]))
  if (value === null || typeof value !== 'object') return value
  const kept = Object.entries(value).filter(([name, held]) => name in (answer ?? {}) || (held !== null && held !== false))
  return Object.fromEntries(kept.map(([name, held]) => [name, plain(held, answer?.[name])]))
}

/** Compares native records with the answer of a twin, field by field. */
exports.same = (native, answer) => {
  const expected = renamed(answer)
  assert.deepStrictEqual(plain(native, expected), expected)
}
