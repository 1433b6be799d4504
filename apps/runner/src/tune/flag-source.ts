import { AthenaError } from '@athena-pg/database'
import { type FactName, type FactSource, parseFacts } from '@athena-pg/policy'
import type { Values } from '../command.ts'
import { givenOptions } from './options.ts'

/** @throws AthenaError malformed_flag, with every fault at once */
export function flagSource(options: Values<typeof givenOptions>): FactSource {
  const given: Record<string, unknown> = {}
  const origin: Partial<Record<FactName, string>> = {}
  for (const flag of Object.keys(givenOptions) as (keyof typeof givenOptions)[]) {
    const name = flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()) as FactName
    if (options[flag] === undefined) continue
    given[name] = options[flag]
    origin[name] = options[flag] === false ? `--no-${flag}` : `--${flag}`
  }
  const { facts, faults } = parseFacts(given)
  const lines = faults.map(({ name, problem }) => `${origin[name as FactName]}: ${problem}`)
  if (lines.length === 0) return { facts, origin }
  throw new AthenaError({
    code: 'malformed_flag',
    message: lines.length === 1 ? (lines[0] as string) : `${lines.length} flags cannot be used`,
    detail: lines.length === 1 ? undefined : lines.join('\n'),
    hint: [...new Set(faults.flatMap(({ hint }) => hint ?? []))].join('\n') || 'See athena tune --help',
    exit: 2,
  })
}
