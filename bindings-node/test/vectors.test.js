// The shared vectors, on the native verbs and on their `_json` twins.
//
// A vector holds the `request` of the twin, and what is to come of it: the whole answer (`expect`) or fields of an
// error (`error`). The native verb is called with the same values, and its records are compared field by field.
'use strict'

const assert = require('node:assert')
const { test } = require('node:test')
const { camel, ck, vectorFiles, verbs } = require('./shared')

const keeper = new ck.Chartkeeper()
const record = ({ source, format }) => ck.Record.parse(source, format)

/** How the request of a twin becomes a call of the native verb. */
const native = {
  packs: () => keeper.packs(),
  parse: (request) => {
    const parsed = record(request)
    return { format: parsed.format, bytes: parsed.toBytes().length }
  },
  replace: (request) => ({ output: record(request).withReplaced(request.path, request.value).toBytes() }),
}
/** Fields of an answer that only the twin has: a native record holds the tree itself. */
const twinOnly = { parse: ['nodes', 'resources'] }

/** The answer of a twin under the names, and with the types, that JavaScript has. */
function renamed(value) {
  if (Array.isArray(value)) return value.map(renamed)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [camel(name), renamed(held)]))
}

/** Native records as plain objects: text for bytes. */
function plain(value) {
  if (Buffer.isBuffer(value)) return value.toString()
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, plain(held)]))
}

for (const [verb, vectors] of vectorFiles()) {
  for (const { name, request, expect, error } of vectors) {
    const twin = () => JSON.parse(keeper[`${camel(verb)}Json`](JSON.stringify(request)))
    test(`${verb}: ${name}`, () => {
      if (error) {
        for (const call of [twin, () => native[verb](request)]) {
          assert.throws(call, (thrown) => {
            assert.ok(thrown instanceof ck.ChartkeeperError, `a typed error, not ${thrown}`)
            for (const [field, value] of Object.entries(error)) assert.deepStrictEqual(thrown[field], value, field)
            return true
          })
        }
        return
      }
      const answer = twin()
      assert.deepStrictEqual(answer, expect)
      for (const field of twinOnly[verb] ?? []) delete answer[field]
      assert.deepStrictEqual(plain(native[verb](request)), renamed(answer))
    })
  }
}

test('every twin has vectors, or a test of its own', () => {
  const twins = verbs.filter(({ twin }) => twin).map(({ verb }) => verb)
  const files = vectorFiles().map(([verb]) => verb)
  // What packs are loaded grows with every release of the data.
  assert.deepStrictEqual(twins.filter((verb) => !files.includes(verb)), ['packs'])
  assert.deepStrictEqual(Object.keys(native).sort(), twins.sort())
})
