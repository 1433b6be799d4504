import type { Recommendation } from '../recommendation.ts'
import { alterSystem } from './alter-system.ts'
import { cloudnativepg } from './cloudnativepg.ts'
import { dockerCompose } from './docker-compose.ts'
import { flags } from './flags.ts'
import { htmlReport } from './html-report.ts'
import { indexBuild } from './index-build.ts'
import { json } from './json.ts'
import type { Output, OutputFile, RenderOptions } from './output.ts'
import { patroni } from './patroni.ts'
import { pgHbaConf } from './pg-hba-conf.ts'
import { pgbouncerIni } from './pgbouncer-ini.ts'
import { pool } from './pool.ts'
import { postgresqlConf } from './postgresql-conf.ts'
import { rds } from './rds.ts'
import { sysctl } from './sysctl.ts'
import { tables } from './tables.ts'

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

/**
 * @param name of one of `outputs`
 * @throws RangeError where there is no such output; PolicyError `not_pooled` for pgbouncer.ini of facts without a pooler
 */
export function render(
  recommendation: Recommendation,
  name: string,
  options: RenderOptions = {},
): readonly OutputFile[] {
  const output = outputs.find((each) => each.name === name)
  if (output === undefined) throw new RangeError(`no output ${name}`)
  return output.render(recommendation, options)
}
