import { alterSystem } from './outputs/alter-system.ts'
import { cloudnativepg } from './outputs/cloudnativepg.ts'
import { dockerCompose } from './outputs/docker-compose.ts'
import { flags } from './outputs/flags.ts'
import { htmlReport } from './outputs/html-report.ts'
import { indexBuild } from './outputs/index-build.ts'
import { json } from './outputs/json.ts'
import { patroni } from './outputs/patroni.ts'
import { pgHbaConf } from './outputs/pg-hba-conf.ts'
import { pgbouncerIni } from './outputs/pgbouncer-ini.ts'
import { pool } from './outputs/pool.ts'
import { postgresqlConf } from './outputs/postgresql-conf.ts'
import { rds } from './outputs/rds.ts'
import { sysctl } from './outputs/sysctl.ts'
import { tables } from './outputs/tables.ts'
import type { Recommendation } from './recommendation.ts'

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
