import type { Setting } from '@athena-pg/policy'
import type { Held } from './keep-settings.ts'
import type { LiveSettings } from './live-setting.ts'

/** What a restart would refuse: no server knows how far the pools of its clients may grow. */
export function fewerConnections({ settings }: LiveSettings, held: Held, changed: readonly Setting[]): string[] {
  const now = Number(settings.get('max_connections')?.setting)
  const wanted = changed.find(({ name }) => name === 'max_connections')?.amount
  if (typeof wanted !== 'number' || wanted >= now) return []
  return [
    `max_connections goes down from ${now} to ${wanted} with the next restart; ${held.sessions} sessions are open now, and pools that add up to more will be refused`,
  ]
}
