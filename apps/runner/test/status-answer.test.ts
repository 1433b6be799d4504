import type { Status } from '@athena-pg/migrator'
import { expect, test } from 'vitest'
import { exitOf, statusAnswer } from '../src/status/status-answer.ts'
import { nextAfter, statusLines } from '../src/status/status-lines.ts'

const file = { package: 'shop', name: '2_b', id: '2_b@shop', stamp: '2', path: 'b.sql', text: '', checksum: 'new' }
const row = {
  sequence: '1',
  id: '1_a@shop',
  package: 'shop',
  version: '1.0.0',
  file: '1_a',
  checksum: 'old',
  variables: {},
  appliedAt: new Date(0),
  undone: null,
}
const one = (state: Status['functions'][number]['state']): Status['functions'][number] => ({
  package: 'shop',
  name: 'one',
  state,
})
const settled: Status = { applied: [row], pending: [], changed: [], functions: [one('applied')], invalidIndexes: [] }
const changed = { id: row.id, package: 'shop', file: '1_a', appliedChecksum: 'old', checksum: 'new' }

test.each<[string, Partial<Status>, number, string | undefined, string]>([
  ['everything is applied', {}, 0, undefined, 'everything is applied'],
  ['a file is pending', { pending: [file] }, 3, 'pending  shop/2_b', 'migrate up'],
  ['a function is new', { functions: [one('pending')] }, 3, 'pending  function shop/one', 'migrate up'],
  ['a function is another one', { functions: [one('changed')] }, 3, 'changed  function shop/one', 'migrate up'],
  ['a function has no file any more', { functions: [one('removed')] }, 3, 'removed  function shop/one', 'migrate up'],
  ['a function is not there', { functions: [one('missing')] }, 4, 'missing  function shop/one', 'DELETE FROM'],
  ['a file was changed', { changed: [changed] }, 4, 'changed  shop/1_a: applied with checksum old, now new', 'new'],
  ['a file is gone', { changed: [{ ...changed, checksum: undefined as never }] }, 4, 'now gone', 'migrate new'],
  ['an index is invalid', { invalidIndexes: ['athena.i'] }, 4, 'invalid  index athena.i', 'athena migrate drift,'],
  ['one is half down', { applied: [{ ...row, undone: 2 }] }, 4, 'half down shop/1_a: 2 statements', 'migrate down'],
  [
    'it drifted and is pending',
    { pending: [file], invalidIndexes: ['athena.i'] },
    4,
    'pending  shop/2_b',
    'athena migrate drift,',
  ],
])('where %s', (_, found, exit, line, next) => {
  const answer = statusAnswer({ ...settled, ...found })
  expect(exitOf[answer.state]).toBe(exit)
  if (line !== undefined) expect(statusLines(answer).join('\n')).toContain(line)
  expect(nextAfter(answer)).toContain(next)
})
