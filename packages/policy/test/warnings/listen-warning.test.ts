import { expect, test } from 'vitest'
import { recommend } from '../../src/recommend.ts'
import { machine } from '../machine.ts'

const codes = (listen: string) => recommend(machine({ listen })).warnings.map(({ code }) => code)

test.each(['localhost', '127.0.0.1', '::1', 'localhost, 127.0.0.1, ::1'])('%s needs no certificate', (listen) => {
  expect(codes(listen)).not.toContain('tls_not_told')
})

test.each(['*', 'localhost, 10.0.0.5', '127.0.0.10'])('%s can be reached from elsewhere, so it does', (listen) => {
  expect(codes(listen)).toContain('tls_not_told')
})
