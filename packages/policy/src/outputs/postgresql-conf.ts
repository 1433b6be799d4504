import { entryOf } from '../catalogue/entry-of.ts'
import type { Setting } from '../recommendation.ts'
import { budgetTable } from '../text/budget-table.ts'
import { comment } from '../text/comment.ts'
import { head, warningLines } from '../text/head.ts'
import { quoteConf } from '../text/quote-conf.ts'
import type { Output } from './output.ts'

export const postgresqlConf: Output = {
  name: 'postgresql.conf',
  summary: 'A whole postgresql.conf, the reason above each setting',
  render(recommendation, options) {
    const { facts, settings, memory } = recommendation
    const lines = [
      ...head(`postgresql.conf for PostgreSQL ${facts.postgres.version}`, recommendation, options),
      '#',
      '# What it takes at worst:',
      ...budgetTable(memory).map((line) => `#   ${line}`),
      ...warningLines(recommendation),
      '#',
      "# What is not named here keeps PostgreSQL's default.",
    ]
    for (const topic of new Set(settings.map((setting) => setting.topic))) {
      lines.push('', `## ${topic}`)
      for (const setting of settings.filter((each) => each.topic === topic)) {
        lines.push(...comment(setting.reason), assignment(setting))
      }
    }
    return [{ name: 'postgresql.conf', content: `${lines.join('\n')}\n` }]

    function assignment({ name, value }: Setting): string {
      const type = entryOf(facts.postgres.version, name)?.type ?? 'string'
      return `${name} = ${quoteConf({ type }, value)}`
    }
  },
}
