import { outputs } from '@athena-pg/policy'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyRecommendation } from './any-facts.ts'

test.each(outputs)('$name: the same facts give the same files, whole lines without blanks at their ends', (output) => {
  fc.assert(
    fc.property(anyRecommendation, (recommendation) => {
      if (output.name === 'pgbouncer.ini' && recommendation.pools.pooler === undefined) return
      const files = output.render(recommendation, {})
      expect(output.render(recommendation, {})).toEqual(files)
      expect(new Set(files.map(({ name }) => name)).size).toBe(files.length)
      for (const { content } of files) {
        expect(content).toMatch(/\S\n$/)
        expect(content.split('\n').filter((line) => /\s$/.test(line))).toEqual([])
      }
    }),
    { numRuns: 30 },
  )
})
