import { expect, test } from 'vitest'
import { html } from '../../src/outputs/html/markup.ts'
import { slicesOf } from '../../src/outputs/html/memory-section.ts'
import { render } from '../../src/outputs/index.ts'
import { recommend } from '../../src/recommend.ts'
import type { Recommendation } from '../../src/recommendation.ts'
import { GB, TB } from '../../src/units.ts'
import { machine } from '../machine.ts'
import { unbalanced } from './unbalanced.ts'

const report = (recommendation: Recommendation, profile?: string): string =>
  render(recommendation, 'html', profile === undefined ? {} : { profile })[0]?.content ?? ''

const several = [
  machine({ version: 17 }),
  machine({ memory: 2 * GB, cpus: 0.5, storage: 'hdd', workload: { kind: 'web', connections: 20 } }),
  machine({ memory: TB, cpus: 128, workload: { connections: 400, active: 200, pooled: true, rows: 50_000_000 } }),
].map((facts) => recommend(facts))

test('one file, every tag closed in order, the same each time', () => {
  for (const each of several) {
    const files = render(each, 'html')
    expect(files.map(({ name }) => name)).toEqual(['report.html'])
    expect(unbalanced(report(each))).toEqual([])
    expect(report(each)).toBe(report(each))
  }
})

test('the check of tags notices what is not closed, and what is closed in the wrong order', () => {
  expect(unbalanced('<p><b>x</p></b>')).not.toEqual([])
  expect(unbalanced('<ul><li>x</ul>')).not.toEqual([])
  expect(unbalanced('<p>1 < 2</p>')).not.toEqual([])
  expect(unbalanced('<p>a<br>b<wbr></p><svg><rect x="1"/></svg>')).toEqual([])
})

test('nothing comes from elsewhere, and there is no script', () => {
  for (const each of several) {
    const page = report(each)
    expect(page).not.toMatch(/<(script|link|img|iframe|object|embed|base)\b/i)
    expect(page).not.toMatch(/\bon[a-z]+\s*=\s*"/i)
    expect(page).not.toMatch(/@import|url\(/)
    const addresses = page.match(/(?:src|href|xlink:href)="[^"]*"/g) ?? []
    expect(addresses.length).toBeGreaterThan(0)
    for (const address of addresses) expect(address).toMatch(/^href="https:\/\/www\.postgresql\.org\/docs\/1[4-8]\//)
  }
})

test('text of others is text: in facts, warnings, reasons, table names and the name of the profile', () => {
  const hostile = `<script>alert("1")</script><img src=x onerror='y'>&lt;`
  const facts = machine({ pgvector: hostile, tls: { certificate: hostile, key: 'k' } })
  const clean = recommend(machine({ tls: { certificate: 'c', key: 'k' } }))
  const spoiled: Recommendation = {
    ...clean,
    facts,
    settings: clean.settings.map((setting) => ({ ...setting, value: hostile, default: hostile, reason: hostile })),
    warnings: [{ code: 'x', message: hostile, hint: hostile }],
    tables: [{ table: hostile, partitioned: false, parameters: [{ name: hostile, value: hostile, reason: hostile }] }],
    vectors: {
      ...clean.vectors,
      indexReason: hostile,
      parameters: [{ name: hostile, value: hostile, reason: hostile }],
    },
    pools: { ...clean.pools, reason: hostile },
    memory: {
      ...clean.memory,
      parts: clean.memory.parts.map((part) => ({ ...part, name: hostile as never, reason: hostile })),
    },
  }
  const page = report(spoiled, hostile)
  expect(page).not.toContain('<script')
  expect(page).not.toContain('<img')
  expect(page).toContain(
    '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&lt;img src=x onerror=&#39;y&#39;&gt;&amp;lt;',
  )
  expect(unbalanced(page)).toEqual([])
})

test('a template escapes what is put in, once', () => {
  const inner = html`<b>${'a & b'}</b>`
  expect(html`<p title="${'"'}">${[inner, inner]}</p>`.markup).toBe(
    '<p title="&quot;"><b>a &amp; b</b>\n<b>a &amp; b</b></p>',
  )
})

test('the chart is the whole limit: the parts are those of the budget, with what is left and the reserve', () => {
  for (const { memory } of several) {
    const slices = slicesOf(memory)
    expect(slices.reduce((sum, { bytes }) => sum + bytes, 0)).toBeCloseTo(memory.limit, 0)
    expect(slices.slice(0, -2).map(({ bytes }) => bytes)).toEqual(memory.parts.map(({ bytes }) => bytes))
    expect(new Set(slices.map(({ colour }) => colour)).size).toBe(slices.length)
  }
})

test('the numbers in the page sum to the limit, and the widths of the bar to all of it', () => {
  for (const each of several) {
    const page = report(each)
    const bytes = [...page.matchAll(/data-bytes="([\d.]+)"/g)].map((match) => Number(match[1]))
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeCloseTo(each.memory.limit, 0)
    const bar = /<svg class="stack".*?<\/svg>/s.exec(page)?.[0] ?? ''
    const widths = [...bar.matchAll(/ width="([\d.]+)"/g)].map((match) => Number(match[1]))
    expect(Math.abs(widths.reduce((sum, one) => sum + one, 0) - 1000)).toBeLessThan(1)
    expect(bar).toMatch(/role="img" aria-label="[^"]*shared memory/)
  }
})

test('every setting stands in it with value and reason, and so does everybody who is compared', () => {
  const recommendation = recommend(machine({ version: 18 }))
  const page = report(recommendation)
  const plain = page.replaceAll('<wbr>', '')
  for (const { name, reason } of recommendation.settings) {
    expect(plain).toContain(`<code>${name}</code>`)
    expect(plain).toContain(html`${reason}`.markup)
  }
  for (const name of ['guide', 'pgtune', 'timescaledb-tune', 'defaults']) expect(page).toContain(`>${name}</th>`)
})
