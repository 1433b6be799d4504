import { expect, test } from 'vitest'
import { recommend } from '../../src/recommend.ts'
import { machine } from '../machine.ts'

const found = (listen: string | undefined, pooled = true) =>
  recommend(
    machine({ ...(listen !== undefined && { listen }), workload: { connections: 100, active: 40, pooled } }),
  ).warnings.find(({ code }) => code === 'pooler_shut_out')

test.each(['10.0.0.5', '::1, 10.0.0.5', 'db.example.com'])(
  'a server that listens on %s shuts its pooler out',
  (listen) => {
    expect(found(listen)?.hint).toBe(`Listen there as well: --listen 'localhost, ${listen}'.`)
    expect(found(`localhost, ${listen}`)).toBeUndefined()
  },
)

test.each([undefined, '*', '0.0.0.0', '127.0.0.1, 10.0.0.5', 'LocalHost'])(
  'one that listens on %s does not',
  (listen) => {
    expect(found(listen)).toBeUndefined()
  },
)

test('without a pooler there is nothing to shut out', () => {
  expect(found('10.0.0.5', false)).toBeUndefined()
})
