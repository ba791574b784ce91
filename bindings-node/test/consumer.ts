// A consumer that must compile under `tsc --strict`: what the types promise is what a user would write.
import { Chartkeeper, ChartkeeperError, Record, type PackInfo, type Span } from '..'

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

export function place(error: unknown): Span | null {
  if (!(error instanceof ChartkeeperError)) throw error
  // @ts-expect-error the kinds are a closed set
  if (error.kind === 'weather') return null
  return error.kind === 'input' ? error.span : null
}

// @ts-expect-error a record is read from bytes or text
Record.parse(3)
