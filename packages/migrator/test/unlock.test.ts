import { expect, test } from 'vitest'
import { isWorking, type LockSession } from '../src/unlock.ts'

const session: LockSession = {
  lock: 'work',
  pid: 1,
  application: 'athena migrate up',
  user: 'app',
  client: null,
  age: 100,
  state: 'idle',
  stateAge: 100,
  query: '',
  waitsFor: [],
  progress: null,
}

test.each<[string, Partial<LockSession>, boolean]>([
  ['that runs a statement', { state: 'active' }, true],
  ['in an open transaction', { state: 'idle in transaction' }, true],
  ['that pauses before it tries for a lock again', { stateAge: 4 }, true],
  ['whose state is hidden from this role', { state: null, stateAge: null }, true],
  ['that has done nothing for long', {}, false],
  ['that keeps other runs out, and nothing else', { lock: 'runner', stateAge: 1 }, false],
])('a session %s: at work or not', (_, facts, expected) => {
  expect(isWorking({ ...session, ...facts })).toBe(expected)
})
