// The main job on one record: check it, fix one code, de-identify it, answer an attorney's request, and say what
// was withheld and why.
//
// `node examples/node/job.mjs [FILE]`, from the root of a checkout; FILE is any FHIR R4 JSON.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import chartkeeper from '../../bindings-node/index.js'

const { Chartkeeper, Ledger, Record } = chartkeeper

/** The day on which all of this happens: the library has no clock. */
const TODAY = '2025-11-10'

const file = process.argv[2] ?? 'examples/data/patient.fhir.json'
const keeper = new Chartkeeper()
const record = Record.parse(readFileSync(file))
console.log(`record      ${record.format}, ${record.toBytes().length} bytes, ${record.chart().length} entries`)

const findings = check(record)
const fixed = fixOneCode(record, findings)
deidentify(fixed)
answerAttorney(fixed)

function check(record) {
  const findings = keeper.check(record, TODAY)
  console.log(`\ncheck       ${findings.length} findings`)
  for (const { severity, message, line, path } of findings.filter((finding) => finding.severity !== 'note')) {
    console.log(`  ${severity.padEnd(9)} ${message} (line ${line}, ${path})`)
  }
  return findings
}

/** Completes the first code that lacks a character; which one it needs, a coder confirms. */
function fixOneCode(record, findings) {
  const incomplete = ['missing_7th_character', 'placeholder_required']
  const finding = findings.find(({ code }) => incomplete.includes(code))
  if (!finding) {
    console.log('\nfix         no code lacks a character')
    return record
  }
  const code = JSON.parse(record.toBytes().subarray(finding.span.start, finding.span.end).toString())
  const [better] = keeper.validateCode('icd10cm', code).suggestions
  console.log(`\nfix         ${code} -> ${better} at ${finding.path}`)
  return record.withReplaced(finding.path, better)
}

function deidentify(record) {
  const done = keeper.deidentify(record, { policy: 'hipaa-safe-harbor', asOf: TODAY })
  console.log(`\ndeidentify  ${done.policy}: ${done.output.length} bytes left, ${done.manifest.length} changes`)
  printCounts(done.manifest.map(({ action, label }) => `${action} ${label}`))
}

/** The first number of the patient that the chart has; the request names the patient by it. */
function patientNumber(record) {
  const person = record.chart().find(({ kind }) => kind === 'person')
  return person?.fields.find(({ name }) => name === 'identifier.value')?.text ?? ''
}

function answerAttorney(record) {
  const request = JSON.parse(readFileSync('examples/data/attorney-request.json', 'utf8'))
  request.patient = { identifier: { value: patientNumber(record) } }
  const folder = mkdtempSync(join(tmpdir(), 'chartkeeper-'))
  const ledger = Ledger.open(join(folder, 'ledger'), Buffer.alloc(32, 7))
  const { output, decision, receipt } = keeper.release(request, record, ledger)
  const withheld = decision.segments.filter(({ outcome }) => outcome !== 'release')
  const going = decision.segments.length - withheld.length
  console.log(`\nrelease     ${decision.outcome}: ${going} of ${decision.segments.length} entries go`)
  const titles = new Map(decision.reasons.map(({ rule, title }) => [rule, title]))
  printCounts(withheld.map(({ rule, citation }) => `withheld: ${titles.get(rule) ?? ''} (${rule}, ${citation})`))
  for (const { text, citation } of decision.obligations) console.log(`  duty  ${text} (${citation})`)
  if (output && receipt) {
    console.log(`  copy  ${output.length} bytes; it is entry ${receipt.index} of the ledger`)
    ledger.verify()
  }
  rmSync(folder, { recursive: true })
}

/** Each text once, in order, with how often it stands. */
function printCounts(texts) {
  const counts = new Map()
  for (const text of texts.sort()) counts.set(text, (counts.get(text) ?? 0) + 1)
  for (const [text, count] of counts) console.log(`  ${String(count).padStart(5)} ${text}`)
}
