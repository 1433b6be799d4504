import { describe, expect, test } from 'vitest'
import { builds } from '../../src/facts/builds.ts'
import { versions } from '../../src/facts/choices.ts'

describe.each(builds.map((build) => [build.name, build] as const))('%s', (_, { capabilities, source }) => {
  test('accepts at least what every build does, and io_method from 18 on', () => {
    for (const version of versions) {
      const { walCompression, toastCompression, ioMethod } = capabilities(version)
      expect(toastCompression).toContain('pglz')
      expect(walCompression.includes('pglz')).toBe(version >= 15)
      expect(ioMethod.includes('worker')).toBe(version >= 18)
    }
  })

  test('says where it was read', () => {
    expect(source).not.toBe('')
  })
})

test('only what is told to be rich gets lz4 or io_uring', () => {
  const lz4 = builds
    .filter(({ capabilities }) => capabilities(18).walCompression.includes('lz4'))
    .map(({ name }) => name)
  expect(lz4).toEqual(['debian', 'pgdg-docker', 'alpine', 'cnpg', 'supabase'])
  const uring = builds.filter(({ capabilities }) => capabilities(18).ioMethod.includes('io_uring'))
  expect(uring.map(({ name }) => name)).toEqual(['debian'])
})

test('of an unknown build no library is preloaded: without contrib the server would not start', () => {
  expect(builds.find(({ name }) => name === 'unknown')?.capabilities(18).libraries).toEqual([])
})
