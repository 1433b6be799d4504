import { AthenaError } from '@athena-pg/database'
import { outputs, type Recommendation, render } from '@athena-pg/policy'
import type { Platform } from './platform.ts'

interface Advice {
  readonly who: string
  readonly why: string
  /** Output of the policy that is the right change there. */
  readonly output: string
  readonly hint: string
}

const advice: Readonly<Record<Exclude<Platform, 'embedded'>, Advice>> = {
  patroni: {
    who: 'Patroni',
    why: 'Patroni writes the configuration of every member; what ALTER SYSTEM sets beats it on one member only, and is lost or in the way at the next failover.',
    output: 'patroni',
    hint: 'patronictl edit-config --apply FILE, with what is printed on stdout; then patronictl list shows what waits for a restart.',
  },
  cloudnativepg: {
    who: 'CloudNativePG',
    why: 'The operator writes the configuration of every instance from the Cluster resource.',
    output: 'cloudnativepg',
    hint: 'Put what is printed on stdout into the Cluster resource, and kubectl apply it: the operator reloads and restarts by itself.',
  },
  rds: {
    who: 'Amazon RDS',
    why: 'Settings are kept in a parameter group; ALTER SYSTEM is not allowed.',
    output: 'rds',
    hint: 'Put what is printed on stdout into the parameter group of the instance or cluster.',
  },
  cloud_sql: {
    who: 'Cloud SQL',
    why: 'Settings are database flags of the instance; ALTER SYSTEM is not allowed.',
    output: 'postgresql.conf',
    hint: 'gcloud sql instances patch INSTANCE --database-flags=…: it replaces all flags, so name those that are to stay.',
  },
  azure: {
    who: 'Azure Database for PostgreSQL',
    why: 'Settings are server parameters; ALTER SYSTEM is not allowed.',
    output: 'postgresql.conf',
    hint: 'az postgres flexible-server parameter set --name NAME --value VALUE, for each.',
  },
  supabase: {
    who: 'Supabase',
    why: 'The platform sets the server up by its size; its owner may set some settings for roles and databases only.',
    output: 'postgresql.conf',
    hint: 'ALTER ROLE … SET for session settings; the documentation of Supabase (custom Postgres config) says what else can be set.',
  },
  neon: {
    who: 'Neon',
    why: 'The platform sets the server up by its compute size.',
    output: 'postgresql.conf',
    hint: 'ALTER ROLE … SET and ALTER DATABASE … SET for session settings.',
  },
}

/** @returns the right change for that platform, and the error that says so */
export function refusePlatform(
  platform: Platform,
  recommendation: Recommendation | undefined,
): { readonly lines: readonly string[]; readonly error: AthenaError } {
  if (platform === 'embedded' || recommendation === undefined) return { lines: [], error: embedded() }
  const { who, why, output, hint } = advice[platform]
  const name = outputs.some((each) => each.name === output) ? output : 'postgresql.conf'
  const lines = render(recommendation, name).flatMap(({ content }) => content.trimEnd().split('\n'))
  const error = new AthenaError({
    code: 'settings_managed_elsewhere',
    message: `${who} manages the settings of this server`,
    detail: `${why} Nothing was changed.`,
    hint: `${hint} The same by: athena tune --from-server --output ${name}`,
  })
  return { lines, error }
}

function embedded(): AthenaError {
  return new AthenaError({
    code: 'embedded_not_tunable',
    message: 'the embedded database has no settings worth tuning',
    detail: 'PGlite is one process with one session; it is tuned by being replaced by a server.',
    hint: 'Give --database-url URL of a server.',
  })
}
