// The types of a request are those of the core: same members, same names of roles and purposes.
'use strict'

const assert = require('node:assert')
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { test } = require('node:test')
const { workspace } = require('./shared')

const core = readFileSync(join(workspace, 'core/src/release/request.rs'), 'utf8')
const types = readFileSync(join(workspace, 'bindings-node/index.d.ts'), 'utf8')
const all = (text, pattern) => [...text.matchAll(pattern)].map((found) => found[1]).sort()
const snake = (name) => name.replace(/(?!^)([A-Z])/g, '_$1').toLowerCase()

test('every type has the members of the core', () => {
  const structs = [...core.matchAll(/pub struct (\w+) \{\n([^]*?)\n\}/g)]
  assert.ok(structs.length >= 12)
  for (const [, name, body] of structs) {
    const [, described] = types.match(new RegExp(`export interface ${name} \\{\\n([^]*?)\\n\\}`)) ?? assert.fail(name)
    const members = all(described, /^ {2}(\w+)\??:/gm).filter((member) => member !== 'kind')
    assert.deepStrictEqual(members, all(body, /^ {4}pub (\w+):/gm), name)
  }
})

test('roles and purposes are those of the core', () => {
  for (const name of ['Role', 'Purpose']) {
    const [, body] = core.match(new RegExp(`pub enum ${name} \\{\\n([^]*?)\\n\\}`))
    const [, described] = types.match(new RegExp(`export type ${name} =\\n((?: {2}\\| '\\w+'\\n)+)`))
    assert.deepStrictEqual(all(described, /'(\w+)'/g), all(body, /^ {4}(\w+),/gm).map(snake).sort(), name)
  }
})
