import { readFileSync } from 'node:fs'
import chartkeeper from '../../bindings-node/index.js'

const keeper = new chartkeeper.Chartkeeper()
const record = chartkeeper.Record.parse(readFileSync('examples/data/patient.fhir.json'))
const verdict = keeper.validateCode('icd10cm', 'S52.501', { on: '2026-01-15' })
console.log(verdict.reason, verdict.suggestions[0])
const errors = keeper.check(record, '2025-11-10').filter(({ severity }) => severity === 'error')
console.log(...errors.map(({ code }) => code))
const done = keeper.deidentify(record, { policy: 'hipaa-safe-harbor', asOf: '2025-11-10' })
console.log(done.output.length, 'bytes left,', done.manifest.length, 'changes')
