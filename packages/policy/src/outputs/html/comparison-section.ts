import type { Compared, Comparison } from '../../compare/compare-with.ts'
import { sizeText } from '../../text/size-text.ts'
import { barWithLimit } from './bars.ts'
import { html, type Markup, nothing } from './markup.ts'

const tone = { fits: 'good', 'eats the reserve': 'fair', 'over the limit': 'bad' } as const

/** Ours and the others, counted alike, as bars with a line at the limit; refusals; then their values side by side. */
export function comparisonSection({ compared, settings }: Comparison): Markup {
  const limit = compared[0]?.memory.limit ?? 0
  const most = Math.max(limit, ...compared.map(({ memory }) => memory.worstCase)) * 1.02
  const refused = compared.filter((each) => each.refused.length > 0)
  return html`<section aria-labelledby="compared"><h2 id="compared">Compared with others</h2>
<p class="soft">The memory that each would have the server take at worst, counted in the same way. The dashed line is the limit, ${sizeText(limit)}; beyond it the kernel ends processes.</p>
<table class="cards" role="table"><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Values of</th><th role="columnheader" scope="col">At worst</th><th role="columnheader" scope="col" class="number">Memory</th><th role="columnheader" scope="col" class="number">Of the limit</th><th role="columnheader" scope="col">Verdict</th></tr></thead>
<tbody role="rowgroup">${compared.map((each) => memoryRow(each, limit, most))}</tbody></table>
${refused.length === 0 ? nothing : html`<h3>Lines that a server of this build refuses</h3><ul>${refused.flatMap(({ name, refused }) => refused.map((each) => html`<li>${name}: <code>${each.name} = ${each.value}</code>, ${each.reason}. The server does not start.</li>`))}</ul>`}
<h3 id="values">Values side by side</h3>
<div class="wide" tabindex="0" role="region" aria-labelledby="values"><table class="values"><thead><tr><th scope="col">Setting</th>${compared.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${settings.map(
    ({ name, values }) =>
      html`<tr><th scope="row"><code>${name}</code></th>${compared.map((each) => html`<td>${values[each.name] ?? '–'}</td>`)}</tr>`,
  )}</tbody></table></div>
<h3>What was taken for them</h3>
<ul class="soft">${compared.filter(({ name }) => name !== 'ours').map(({ name, source, assumptions }) => html`<li>${name}: ${source}. ${assumptions.join(' ')}</li>`)}</ul></section>`
}

function memoryRow({ name, memory, share, verdict }: Compared, limit: number, most: number): Markup {
  const colour = { fits: 'bar', 'eats the reserve': 'fair', 'over the limit': 'bad' }[verdict]
  return html`<tr role="row"><th role="rowheader" scope="row" class="label">${name === 'ours' ? html`<b>ours</b>` : name}</th><td role="cell">${barWithLimit(memory.worstCase, limit, most, colour)}</td><td role="cell" class="number">${sizeText(memory.worstCase)}</td><td role="cell" class="number">${Math.round(share * 100)}%</td><td role="cell" class="label"><span class="${tone[verdict]}">${verdict}</span></td></tr>`
}
