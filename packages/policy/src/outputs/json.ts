import type { Output } from './output.ts'

export const json: Output = {
  name: 'json',
  summary: 'All of it as one value: facts, settings, memory, pools, vectors, tables, warnings',
  render(recommendation) {
    return [{ name: 'recommendation.json', content: `${JSON.stringify(recommendation, undefined, 2)}\n` }]
  },
}
