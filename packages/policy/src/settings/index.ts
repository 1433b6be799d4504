import type { SettingRule } from '../setting-rule.ts'
import { memory } from './memory.ts'

/** Sections of a postgresql.conf, in the order in which they are printed. */
export const topics: readonly { readonly title: string; readonly rules: readonly SettingRule[] }[] = [
  { title: 'Memory', rules: memory },
]
