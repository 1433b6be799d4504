import { describe, expect, inject, test } from 'vitest'
import { emptyProject } from './project.ts'
import { nodes } from './run.ts'

const all = await nodes()
const [oldest, newest] = [
  all.reduce((a, b) => (a.major < b.major ? a : b)),
  all.reduce((a, b) => (a.major > b.major ? a : b)),
]

describe('athena-pg, installed with npm', () => {
  const project = emptyProject('npm', 'with-npm')
  test('installs', async () => {
    await project.install('athena-pg')
  })
  test.each(all)('on node $major', async (node) => {
    expect(await project.athena(['--version'], node)).toBe('0.1.0\n')
  })
  test('up', async () => {
    console.log(await project.athena(['migrate', 'up'], oldest))
    console.log(await project.athena(['migrate', 'up'], newest))
  })
})
describe('athena-pg, installed with pnpm', () => {
  const project = emptyProject('pnpm', 'with-pnpm')
  test('installs', async () => {
    await project.install('athena-pg')
  })
  test('up', async () => {
    console.log(await project.athena(['migrate', 'up'], oldest))
    console.log(await project.athena(['migrate', 'up'], newest))
  })
})
