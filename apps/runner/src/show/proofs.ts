import type { Violation } from '@athena-pg/policy'
import type { ConfProof } from '../prove/prove-conf.ts'
import type { PoolerProof } from '../prove/prove-pgbouncer.ts'
import type { Refusal } from '../prove/refusals.ts'
import { asTable } from './as-table.ts'

/** One binary's judgement. */
export interface Proof extends Pick<ConfProof, 'refusals' | 'checked' | 'notChecked'> {
  readonly binary: string
  readonly version: string
  readonly verdict: 'accepted' | 'refused'
  readonly sharedMemory: number | null
  readonly estimatedSharedMemory: number | null
  readonly hugePages: number | null
  readonly violations: readonly Violation[]
}

export function proofLines(proofs: readonly Proof[], pgbouncer: PoolerProof | null): string[] {
  const head = ['PostgreSQL', 'verdict', 'settings', 'shared memory', 'budgeted', 'huge pages', 'binary']
  const rows = proofs.map((proof) => [
    proof.version,
    proof.verdict,
    String(proof.checked),
    megabytes(proof.sharedMemory),
    megabytes(proof.estimatedSharedMemory),
    proof.hugePages === null ? '-' : String(proof.hugePages),
    proof.binary,
  ])
  return [...asTable(head, rows), ...proofs.flatMap(faultLines), ...poolerLines(pgbouncer)]
}

function faultLines({ version, binary, refusals, violations, notChecked }: Proof): string[] {
  const unchecked = Map.groupBy(notChecked, ({ reason }) => reason)
  const lines = [
    ...refusals.flatMap(refusalLines),
    ...violations.flatMap(({ message, hint }) => [`  ${message}`, `    ${hint}`]),
    ...[...unchecked].map(
      ([reason, each]) => `  not checked: ${each.map(({ setting }) => setting).join(', ')}: ${reason}`,
    ),
  ]
  return lines.length === 0 ? [] : ['', `PostgreSQL ${version}, ${binary}:`, ...lines]
}

function refusalLines({ setting, line, message, detail, hint }: Refusal): string[] {
  const where = [line === undefined ? undefined : `line ${line}`, setting]
    .filter((part) => part !== undefined)
    .join(', ')
  return [
    `  refused: ${where === '' ? '' : `${where}: `}${message}`,
    ...(detail === undefined ? [] : [`    detail: ${detail}`]),
    ...(hint === undefined ? [] : [`    hint: ${hint}`]),
  ]
}

function poolerLines(pgbouncer: PoolerProof | null): string[] {
  if (pgbouncer === null) return []
  const { verdict, version, messages } = pgbouncer
  return [
    '',
    `PgBouncer${version === undefined ? '' : ` ${version}`}: ${verdict}`,
    ...messages.map((each) => `  ${each}`),
  ]
}

function megabytes(bytes: number | null): string {
  return bytes === null ? '-' : `${Math.round(bytes / 2 ** 20)} MB`
}
