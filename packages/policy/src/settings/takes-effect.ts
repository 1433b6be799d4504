import type { CatalogueEntry } from '../catalogue/catalogue-entry.ts'
import type { TakesEffect } from '../recommendation.ts'

/** By the context that pg_settings has for a setting. */
export function takesEffect({ context }: CatalogueEntry): TakesEffect {
  if (context === 'postmaster') return 'restart'
  return context === 'backend' || context === 'superuser-backend' ? 'session' : 'reload'
}
