import type { ShadowOptions } from '@athena-pg/migrator/shadow'
import type { Context } from './context.ts'

/** Flag of every command that tries packages on a scratch database. */
export const shadowOption = {
  'shadow-url': {
    type: 'string',
    value: 'URL',
    description:
      'Make the scratch database on this server; else it is the embedded database (PostgreSQL 18), in memory',
  },
} as const

/** Where the scratch database is made; an interrupt removes it as well. */
export function shadowOf(context: Context<typeof shadowOption>): ShadowOptions {
  const url = context.options['shadow-url']
  if (url === undefined)
    context.talk('making a scratch database in memory: a few seconds (--shadow-url URL takes a server)')
  return { url, env: context.env, opened: context.atEnd }
}
