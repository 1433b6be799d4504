import type { LiveSettings } from './live-setting.ts'
import { serverValue } from './server-value.ts'
import { isSame, shown } from './setting-value.ts'

/** Settings that somebody wrote into the files and that the next reload, whoever asks for it, brings into effect. */
export function unapplied(live: LiveSettings, except: ReadonlySet<string>): string[] {
  const names = new Set((live.files ?? []).map(({ name }) => name))
  return [...names]
    .filter((name) => name !== '' && !except.has(name))
    .flatMap((name) => {
      const found = serverValue(live, name)
      if (found?.written === undefined || found.isOverridden) return []
      const { setting, value, written } = found
      if (setting.context === 'postmaster' || setting.context === 'internal') return []
      // The server writes some texts in a case of its own: DateStyle `ISO, MDY`.
      const isInEffect = isSame(setting, value, written) || value.toLowerCase() === written.toLowerCase()
      return isInEffect ? [] : [`${name} ${shown(setting, value)} → ${written}`]
    })
}
