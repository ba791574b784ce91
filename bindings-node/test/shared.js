// What the tests share: the package, the folders of the workspace, the vectors.
'use strict'

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
