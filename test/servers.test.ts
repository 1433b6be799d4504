import { expect, test, vi } from 'vitest'
import { allOrNone } from './servers.ts'

test('of servers that start together, one that fails stops the others, also those that come later', async () => {
  const stop = vi.fn(async () => {})
  const late = new Promise<{ stop(): Promise<void> }>((resolve) => setTimeout(resolve, 20, { stop }))
  const starting = [Promise.resolve({ stop }), Promise.reject(new Error('no such image')), late]
  await expect(allOrNone(starting)).rejects.toThrow('no such image')
  expect(stop).toHaveBeenCalledTimes(2)
})

test('servers that all start are left running', async () => {
  const stop = vi.fn(async () => {})
  expect(await allOrNone([Promise.resolve({ stop }), Promise.resolve({ stop })])).toHaveLength(2)
  expect(stop).not.toHaveBeenCalled()
})
