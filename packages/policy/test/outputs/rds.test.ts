import { catalogue, type Recommendation, render } from '@athena-pg/policy'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unitOf } from '../../src/catalogue/setting-values.ts'
import { anyRecommendation, recommended } from './any-facts.ts'

interface Call {
  DBParameterGroupName: string
  Parameters: { ParameterName: string; ParameterValue: string; ApplyMethod: string }[]
}

function calls(recommendation: Recommendation): Call[] {
  return render(recommendation, 'rds')
    .filter(({ name }) => name.endsWith('.json'))
    .map(({ content }) => JSON.parse(content))
}

test('a call has at most 20 parameters, and none twice', () => {
  fc.assert(
    fc.property(anyRecommendation, (recommendation) => {
      const all = calls(recommendation)
      expect(all.every(({ Parameters }) => Parameters.length > 0 && Parameters.length <= 20)).toBe(true)
      const names = all.flatMap(({ Parameters }) => Parameters.map(({ ParameterName }) => ParameterName))
      expect(new Set(names).size).toBe(names.length)
    }),
  )
})

test('numbers are whole ones of the unit that pg_settings has, and mean what was recommended', () => {
  fc.assert(
    fc.property(anyRecommendation, (recommendation) => {
      const { facts, settings } = recommendation
      for (const { ParameterName, ParameterValue } of calls(recommendation).flatMap(({ Parameters }) => Parameters)) {
        const entry = catalogue[facts.postgres.version][ParameterName]
        const { amount } = settings.find(({ name }) => name === ParameterName) ?? {}
        if (entry === undefined || typeof amount === 'string') continue
        if (entry.type === 'integer') expect(ParameterValue).toMatch(/^-?\d+$/)
        const meant = typeof amount === 'boolean' ? Number(amount) : amount
        const number = Number(ParameterValue)
        expect([ParameterName, number > 0 ? number * unitOf(entry) : number]).toEqual([ParameterName, meant])
      }
    }),
  )
})

test('shared_buffers counts in pages, and waits for a reboot', () => {
  const parameters = calls(recommended()).flatMap(({ Parameters }) => Parameters)
  expect(parameters).toContainEqual({
    ParameterName: 'shared_buffers',
    ParameterValue: '524288',
    ApplyMethod: 'pending-reboot',
  })
  expect(parameters).toContainEqual({ ParameterName: 'jit', ParameterValue: '0', ApplyMethod: 'immediate' })
})

test('what AWS keeps for itself is left out, with the reason in the notes', () => {
  const recommendation = recommended({ listen: '*', workload: { pitr: true } })
  const names = calls(recommendation).flatMap(({ Parameters }) => Parameters.map(({ ParameterName }) => ParameterName))
  const notes = render(recommendation, 'rds').at(-1)?.content
  for (const name of ['listen_addresses', 'archive_command', 'huge_pages']) {
    expect(names).not.toContain(name)
    expect(notes).toContain(`#   ${name}: `)
  }
})

test('a setting of pgvector goes to the database, since a parameter group has none', () => {
  const base = recommended()
  const efSearch = {
    ...base.settings[0],
    name: 'hnsw.ef_search',
    value: '100',
    amount: 100,
  } as (typeof base.settings)[0]
  const recommendation = { ...base, settings: [...base.settings, efSearch] }
  expect(JSON.stringify(calls(recommendation))).not.toContain('hnsw')
  expect(render(recommendation, 'rds').at(-1)?.content).toContain(
    "#   ALTER DATABASE athena SET hnsw.ef_search = '100';",
  )
})

test('the notes name every file', () => {
  const files = render(recommended(), 'rds', { profile: 'medium' })
  const notes = files.at(-1)
  expect(notes?.name).toBe('rds-notes.txt')
  for (const { name } of files.slice(0, -1)) expect(notes?.content).toContain(`file://${name}\n`)
  expect(notes?.content).toContain('--db-parameter-group-family postgres18 ')
})
