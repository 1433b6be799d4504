import type { MemoryBudget } from '../../recommendation.ts'
import { sizeText } from '../../text/size-text.ts'
import { type Slice, stackedBar } from './bars.ts'
import { html, type Markup } from './markup.ts'

const colours = ['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6']

/** The whole limit: every part of the worst case, then what is left for the page cache, then the reserve. */
export function slicesOf({ limit, reserve, worstCase, parts }: MemoryBudget): readonly (Slice & { reason: string })[] {
  return [
    ...parts.map((part, at) => ({ ...part, colour: colours[at % colours.length] as string })),
    {
      name: 'left for the page cache',
      bytes: Math.max(0, limit - reserve - worstCase),
      colour: 'free',
      reason: 'what nothing above takes even at worst; the kernel keeps files in it, and in everything that is idle',
    },
    {
      name: 'reserve',
      bytes: reserve,
      colour: 'kept',
      reason: 'the operating system, and what is not counted',
    },
  ]
}

export function memorySection(memory: MemoryBudget): Markup {
  const slices = slicesOf(memory)
  const percent = (bytes: number): string => `${Math.round((1000 * bytes) / memory.limit) / 10}%`
  const label = `${sizeText(memory.limit)} of memory: ${slices.map(({ name, bytes }) => `${name} ${sizeText(bytes)}`).join(', ')}`
  return html`<section aria-labelledby="memory"><h2 id="memory">Memory at worst</h2>
<p class="soft">Every session at work with all its sorts and hashes, every autovacuum worker and one index build, all at once.</p>
${stackedBar(slices, label)}
<div class="scale" aria-hidden="true"><span>0</span><span>limit ${sizeText(memory.limit)}</span></div>
<table class="cards" role="table"><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Part</th><th role="columnheader" scope="col" class="number">Memory</th><th role="columnheader" scope="col" class="number">Of the limit</th><th role="columnheader" scope="col">How it is reckoned</th></tr></thead>
<tbody role="rowgroup">${slices.map(
    ({ name, bytes, colour, reason }) =>
      html`<tr role="row"><th role="rowheader" scope="row" class="label"><span class="swatch" style="background:var(--${colour})"></span>${name}</th><td role="cell" class="number" data-bytes="${bytes}">${sizeText(bytes)}</td><td role="cell" class="number">${percent(bytes)}</td><td role="cell">${reason}</td></tr>`,
  )}
<tr role="row" class="total"><th role="rowheader" scope="row">Limit</th><td role="cell" class="number">${sizeText(memory.limit)}</td><td role="cell" class="number">100%</td><td role="cell">at worst ${sizeText(memory.worstCase)}, ${percent(memory.worstCase)}</td></tr></tbody></table></section>`
}
