import { quoteShell } from '../text/quote-shell.ts'
import type { Output } from './output.ts'

/**
 * One flag a line, quoted as xargs and a shell read it: `athena tune … --output flags | xargs postgres -D data`. A bare
 * `postgres $(…)` would take the quotes for part of the values and split them at blanks.
 */
export const flags: Output = {
  name: 'flags',
  summary: '-c name=value for each setting, for xargs postgres',
  render({ settings }) {
    const lines = settings.map(({ name, value }) => `-c ${quoteShell(`${name}=${value}`)}`)
    return [{ name: 'flags', content: `${lines.join('\n')}\n` }]
  },
}
