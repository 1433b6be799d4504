import { sizeText } from '../../text/size-text.ts'
import { MB } from '../../units.ts'
import type { VectorAdvice, VectorBuild } from '../../vectors/vector-advice.ts'
import { barWithLimit } from './bars.ts'
import { countText } from './count-text.ts'
import { html, type Markup, nothing } from './markup.ts'

/** Which index with which parameters, and at how many rows its build outgrows the memory it gets. */
export function vectorSection({
  index,
  indexReason,
  embeddingType,
  embeddingReason,
  parameters,
  build,
  size,
}: VectorAdvice): Markup {
  return html`<section aria-labelledby="vectors"><h2 id="vectors">Vectors</h2>
<p>Index: <b>${index}</b>. ${indexReason}</p>
<p>Embeddings: <b>${embeddingType}</b>. ${embeddingReason}</p>
${
  parameters.length === 0
    ? nothing
    : html`<table class="cards" role="table"><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Parameter</th><th role="columnheader" scope="col">Value</th><th role="columnheader" scope="col">Reason</th></tr></thead><tbody role="rowgroup">${parameters.map(
        ({ name, value, reason }) =>
          html`<tr role="row"><th role="rowheader" scope="row"><code>${name}</code></th><td role="cell" data-label="Value"><code>${value}</code></td><td role="cell">${reason}</td></tr>`,
      )}</tbody></table>`
}
${size === undefined ? nothing : html`<p>On disk, for ${countText(size.rows)} rows: HNSW ${sizeText(size.hnsw)}, IVFFlat ${sizeText(size.ivfflat)}. ${size.reason}</p>`}
<h3>Building an HNSW index</h3>
<p>${build.reason}</p>
<p>In the session that builds: <code>maintenance_work_mem = ${Math.floor(build.maintenanceWorkMem / MB)}MB</code>, <code>max_parallel_maintenance_workers = ${build.parallelWorkers}</code>; <code>/dev/shm</code> of ${sizeText(build.sharedMemory)} at least. A row takes ${build.bytesPerRow} bytes while the index is built: from <b>${countText(build.spillsAtRows)} rows</b> in a partition on the build spills to disk and gets slow.</p>
${proposals(build)}
${buildTable(build)}</section>`
}

function proposals({ proposals }: VectorBuild): Markup {
  if (proposals.length === 0) return nothing
  return html`<p>The largest partition does not fit. What would let it:</p><ul>${proposals.map(({ text }) => html`<li>${text}</li>`)}</ul>`
}

/** Around the spill point, with the rows that are expected among them. */
function buildTable({ bytesPerRow, maintenanceWorkMem, spillsAtRows, largestPartition }: VectorBuild): Markup {
  const expected = largestPartition === undefined ? [] : [largestPartition]
  const steps = [0.25, 0.5, 1, 2].map((factor) => Math.round(spillsAtRows * factor))
  const counts = [...new Set([...steps, ...expected])].sort((a, b) => a - b)
  // The limit stays on the scale where there is no row to draw.
  const most = Math.max(Math.max(...counts) * bytesPerRow, maintenanceWorkMem) * 1.02
  return html`<table class="cards" role="table"><caption>Memory of a build by rows in the partition; the dashed line is maintenance_work_mem</caption><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col" class="number">Rows</th><th role="columnheader" scope="col">Memory</th><th role="columnheader" scope="col" class="number">Bytes</th><th role="columnheader" scope="col">Build</th></tr></thead>
<tbody role="rowgroup">${counts.map((rows) => {
    const fits = rows <= spillsAtRows
    return html`<tr role="row"><th role="rowheader" scope="row" class="number">${countText(rows)}${expected.includes(rows) ? ' (expected)' : ''}</th><td role="cell">${barWithLimit(rows * bytesPerRow, maintenanceWorkMem, most, fits ? 'bar' : 'bad')}</td><td role="cell" class="number">${sizeText(rows * bytesPerRow)}</td><td role="cell" class="label"><span class="${fits ? 'good' : 'bad'}">${fits ? 'in memory' : 'spills'}</span></td></tr>`
  })}</tbody></table>`
}
