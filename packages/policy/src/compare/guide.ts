import type { ServerFacts } from '../facts/server-facts.ts'
import { GB, MB } from '../units.ts'
import type { Tool, ToolSetting } from './tool.ts'

interface Size {
  readonly name: string
  readonly memory: number
  readonly settings: readonly ToolSetting[]
}

const connections = 200
const large: readonly ToolSetting[] = [
  { name: 'max_connections', amount: connections },
  { name: 'shared_buffers', amount: 16 * GB },
  { name: 'effective_cache_size', amount: 48 * GB },
  { name: 'maintenance_work_mem', amount: 2 * GB },
  { name: 'work_mem', amount: 100 * MB },
  { name: 'random_page_cost', amount: 1 },
  { name: 'effective_io_concurrency', amount: 500 },
  { name: 'max_parallel_workers', amount: 8 },
  { name: 'max_parallel_workers_per_gather', amount: 4 },
]
// max_connections is of section 2, xlarge of section 9, which changes three values of large.
const sizes: readonly Size[] = [
  {
    name: 'small',
    memory: 4 * GB,
    settings: [
      { name: 'max_connections', amount: connections },
      { name: 'shared_buffers', amount: 256 * MB },
      { name: 'effective_cache_size', amount: GB },
      { name: 'maintenance_work_mem', amount: 64 * MB },
      { name: 'work_mem', amount: 16 * MB },
    ],
  },
  {
    name: 'medium',
    memory: 16 * GB,
    settings: [
      { name: 'max_connections', amount: connections },
      { name: 'shared_buffers', amount: 4 * GB },
      { name: 'effective_cache_size', amount: 12 * GB },
      { name: 'maintenance_work_mem', amount: GB },
      { name: 'work_mem', amount: 40 * MB },
      { name: 'random_page_cost', amount: 1.1 },
      { name: 'effective_io_concurrency', amount: 200 },
    ],
  },
  { name: 'large', memory: 64 * GB, settings: large },
  {
    name: 'xlarge',
    memory: 128 * GB,
    settings: [
      { name: 'max_connections', amount: 500 },
      { name: 'shared_buffers', amount: 32 * GB },
      { name: 'effective_cache_size', amount: 96 * GB },
      ...large.slice(3),
    ],
  },
]

/** The values that the optimization guide prints for the size that is nearest, by the ratio of the memories. */
export const guide: Tool = {
  name: 'guide',
  source: 'PostgreSQL Optimization Guide, sections 2, 4 and 9',
  settings: (facts) => sizeOf(facts).settings,
  assumptions(facts) {
    const { name, memory } = sizeOf(facts)
    return [`Its values are fixed: those of "${name}", which is for about ${memory / GB} GB.`]
  },
}

function sizeOf({ memory }: ServerFacts): Size {
  const distance = (size: Size): number => Math.abs(Math.log(memory / size.memory))
  return sizes.reduce((nearest, size) => (distance(size) < distance(nearest) ? size : nearest))
}
