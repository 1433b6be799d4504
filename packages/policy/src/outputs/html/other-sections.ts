import type { PoolAdvice, TableAdvice, Warning } from '../../recommendation.ts'
import { html, type Markup, nothing } from './markup.ts'

export function warningsSection(warnings: readonly Warning[]): Markup {
  if (warnings.length === 0) return nothing
  return html`<section class="warned" aria-labelledby="warnings"><h2 id="warnings">${warnings.length === 1 ? 'One warning' : `${warnings.length} warnings`}</h2>
<ul>${warnings.map(({ code, message, hint }) => html`<li><b>${message.replace(/\.$/, '')}.</b> ${hint ?? ''} <span class="source">${code}</span></li>`)}</ul></section>`
}

export function poolsSection({ usable, direct, application, pooler, reason }: PoolAdvice): Markup {
  const rows: [string, string][] = [
    ['Usable connections of the server', String(usable)],
    ['Kept free for migrations, monitoring and people', String(direct)],
    ['Application processes', String(application.processes)],
    ['Pool of each process', `${application.min} to ${application.max}`],
    ...(pooler === undefined
      ? []
      : ([
          ['PgBouncer, transaction mode', `${pooler.poolSize}, and ${pooler.reserve} in reserve`],
          ['PgBouncer, session mode', String(pooler.sessionPoolSize)],
          ['Clients of PgBouncer', String(pooler.clients)],
        ] as [string, string][])),
  ]
  return html`<section aria-labelledby="pools"><h2 id="pools">Connections and pools</h2>
<p>${reason}</p>
<table class="cards" role="table"><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Who</th><th role="columnheader" scope="col">Connections</th></tr></thead><tbody role="rowgroup">${rows.map(
    ([who, count]) =>
      html`<tr role="row"><th role="rowheader" scope="row">${who}</th><td role="cell">${count}</td></tr>`,
  )}</tbody></table></section>`
}

export function tablesSection(tables: readonly TableAdvice[]): Markup {
  if (tables.length === 0) return nothing
  return html`<section aria-labelledby="tables"><h2 id="tables">Settings of single tables</h2>
${tables.map(
  ({ table, parameters }) =>
    html`<h3><code>${table}</code></h3><table class="cards" role="table"><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Parameter</th><th role="columnheader" scope="col">Value</th><th role="columnheader" scope="col">Reason</th></tr></thead><tbody role="rowgroup">${parameters.map(
      ({ name, value, reason }) =>
        html`<tr role="row"><th role="rowheader" scope="row"><code>${name}</code></th><td role="cell" data-label="Value"><code>${value}</code></td><td role="cell">${reason}</td></tr>`,
    )}</tbody></table>`,
)}</section>`
}
