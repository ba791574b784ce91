// One list of verbs: each one of `tests/vectors/verbs.json` exists, and nothing public is missing there.
'use strict'

const assert = require('node:assert')
const { test } = require('node:test')
const { camel, ck, verbs } = require('./shared')

/** The names of a class: its static ones and those of its prototype. */
function members(name, value) {
  const own = (holder) => Object.keys(Object.getOwnPropertyDescriptors(holder))
  const inherited = new Set([...own(Function.prototype), 'prototype', 'constructor'])
  return [...own(value), ...own(value.prototype)].filter((key) => !inherited.has(key)).map((key) => `${name}.${key}`)
}

test('the list of verbs is the public face', () => {
  const found = Object.entries(ck)
    .filter(([name]) => name !== 'ChartkeeperError')
    .flatMap(([name, value]) => (/^[A-Z]/.test(name) ? members(name, value) : [name]))
  const listed = verbs.flatMap(({ verb, node, twin }) => (twin ? [node, `Chartkeeper.${camel(verb)}Json`] : [node]))
  assert.deepStrictEqual(found.sort(), listed.sort())
})
