// A consumer that must compile under `tsc --strict`: what the types promise is what a user would write.
import {
  Chartkeeper,
  ChartkeeperError,
  Ledger,
  Record,
  Vault,
  readRecords,
  type Decision,
  type Finding,
  type ManifestEntry,
  type PackInfo,
  type Released,
  type Request,
  type Span,
  type Verdict,
} from '..'

export function read(source: Buffer | string): Buffer {
  const record: Record = Record.parse(source, 'fhir-r4-json')
  const format: string = record.format
  return format === 'fhir-r4-json' ? record.withReplaced('Patient.gender', 'female').toBytes() : Buffer.alloc(0)
}

export function packs(extra: Buffer[]): string[] {
  const keeper = new Chartkeeper(extra)
  const packs: PackInfo[] = keeper.packs()
  const twin: string = keeper.packsJson('{}')
  return [twin, ...packs.map((pack) => `${pack.name} from ${pack.effectiveFrom ?? 'always'}, ${pack.rows} rows`)]
}

const keeper = new Chartkeeper()

export function codes(): string[] {
  const verdict: Verdict = keeper.validateCode('icd10cm', 'E11.9', { on: '2026-03-14', sex: 'female', ageYears: 61 })
  const verdicts: Verdict[] = keeper.validateCodes('icd10cm', ['E11', 'E11.9'], '2026-03-14')
  // @ts-expect-error sexes are named as in FHIR
  keeper.validateCode('icd10cm', 'E11.9', { sex: 'f' })
  // @ts-expect-error what is not valid may have no title
  const title: string = verdict.title
  return [title, verdict.status, ...verdicts.flatMap((each) => [each.reason ?? 'valid', ...each.suggestions])]
}

export function checked(path: string): string[] {
  const lines: string[] = []
  for (const record of readRecords(path, { layout: 'ndjson' })) {
    const findings: Finding[] = keeper.check(record, '2026-03-14')
    lines.push(...findings.map(({ severity, code, line }) => `${severity} ${code} in line ${line}`))
  }
  return lines
}

export function deidentified(source: Buffer, seed: Buffer): [Buffer, ManifestEntry[]] {
  const vault = Vault.fromSeed(seed)
  const { output, manifest } = keeper.deidentify(Record.parse(source), { asOf: '2026-03-14', vault })
  return [output, manifest]
}

export function released(source: Buffer, folder: string, key: Buffer): Released | Decision {
  const request: Request = {
    on: '2026-03-14',
    requester: { role: 'attorney', name: 'A. Sample' },
    purpose: 'legal',
    authority: [{ kind: 'authorization', signed: true, signed_on: '2026-03-01' }],
  }
  // @ts-expect-error a request says on which day it was received
  const undated: Request = { requester: { role: 'individual' } }
  const record = Record.parse(source)
  const decision = keeper.decide(request, record)
  return decision.outcome === 'withhold' ? decision : keeper.release(undated, record, Ledger.open(folder, key))
}

export function place(error: unknown): Span | null {
  if (!(error instanceof ChartkeeperError)) throw error
  // @ts-expect-error the kinds are a closed set
  if (error.kind === 'weather') return null
  return error.kind === 'input' ? error.span : null
}

// @ts-expect-error a record is read from bytes or text
Record.parse(3)
