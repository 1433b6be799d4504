import type { Output } from '../render.ts'

export const postgresqlConf: Output = {
  name: 'postgresql.conf',
  summary: 'A whole postgresql.conf, the reason above each setting',
  render({ settings }) {
    const lines = settings.flatMap(({ name, value, reason }) => [`# ${reason}`, `${name} = ${value}`])
    return [{ name: 'postgresql.conf', content: `${lines.join('\n')}\n` }]
  },
}
