import type { Recommendation } from '../recommendation.ts'
import { alterSystem } from './alter-system.ts'
import { cloudnativepg } from './cloudnativepg.ts'
import { dockerCompose } from './docker-compose.ts'
import { flags } from './flags.ts'
import { htmlReport } from './html-report.ts'
import { indexBuild } from './index-build.ts'
import { json } from './json.ts'
import { patroni } from './patroni.ts'
import { pgHbaConf } from './pg-hba-conf.ts'
import { pgbouncerIni } from './pgbouncer-ini.ts'
import { pool } from './pool.ts'
import { postgresqlConf } from './postgresql-conf.ts'
import { rds } from './rds.ts'
import { sysctl } from './sysctl.ts'
import { tables } from './tables.ts'

export interface OutputFile {
  readonly name: string
  readonly content: string
}

/** One file in outputs/ each. */
export interface Output {
  readonly name: string
  /** One line for help. */
  readonly summary: string
  render(recommendation: Recommendation, options: RenderOptions): readonly OutputFile[]
}

export interface RenderOptions {
  /** shared_memory_size_in_huge_pages as a server or `postgres -C` told it; else estimated. */
  readonly hugePages?: number
  /** Name of the profile the facts came from, for titles. */
  readonly profile?: string
}

export const outputs: readonly Output[] = [
  postgresqlConf,
  alterSystem,
  flags,
  dockerCompose,
  cloudnativepg,
  patroni,
  rds,
  pgbouncerIni,
  pool,
  pgHbaConf,
  sysctl,
  tables,
  indexBuild,
  htmlReport,
  json,
]

export function render(
  recommendation: Recommendation,
  name: string,
  options: RenderOptions = {},
): readonly OutputFile[] {
  const output = outputs.find((each) => each.name === name)
  if (output === undefined) throw new RangeError(`no output ${name}`)
  return output.render(recommendation, options)
}
