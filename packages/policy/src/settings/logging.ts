import { sizeText } from '../text/size-text.ts'
import { MB, second } from '../units.ts'
import type { SettingRule } from './setting-rule.ts'

const loggingPage = 'PostgreSQL: Error Reporting and Logging'

export const logging: readonly SettingRule[] = [
  {
    name: 'log_min_duration_statement',
    value: ({ workload }) => ({ dw: 10 * second, mixed: second, desktop: second })[workload.kind as string] ?? 500,
    reason: ({ workload }) =>
      workload.kind === 'dw'
        ? 'Reports are slow by nature; these are the slowest.'
        : 'Far above what a search or a page takes.',
    source: { kind: 'rule of thumb', text: `${loggingPage}, log_min_duration_statement` },
  },
  {
    name: 'log_parameter_max_length',
    value: () => 0,
    reason: () => 'Parameters are memories and embeddings: private, and ten kilobytes each.',
    source: { kind: 'documentation', text: `${loggingPage}, log_parameter_max_length` },
  },
  {
    name: 'log_parameter_max_length_on_error',
    value: () => 0,
    reason: () => 'The same where a statement fails.',
    source: { kind: 'documentation', text: `${loggingPage}, log_parameter_max_length_on_error` },
  },
  {
    name: 'log_lock_waits',
    value: () => true,
    reason: () => "A migration that waits for an application's lock says so after deadlock_timeout.",
    source: { kind: 'documentation', text: `${loggingPage}, log_lock_waits` },
  },
  {
    name: 'log_temp_files',
    value: (_, get) => Math.max(get.number('work_mem'), 32 * MB),
    reason: (_, get) => `A sort or hash that did not fit into work_mem, ${sizeText(get.number('work_mem'))}, by far.`,
    source: { kind: 'documentation', text: `${loggingPage}, log_temp_files` },
  },
  {
    name: 'log_checkpoints',
    value: () => true,
    reason: () => 'Whether checkpoints come by time or too early by max_wal_size is seen nowhere else; 14 has it off.',
    source: { kind: 'documentation', text: `${loggingPage}, log_checkpoints` },
  },
  {
    name: 'log_statement',
    value: () => 'ddl',
    reason: () => 'Who changed a table, and when: rare, and wanted afterwards.',
    source: { kind: 'documentation', text: `${loggingPage}, log_statement` },
  },
  {
    name: 'log_line_prefix',
    value: () => '%m [%p] %q%u@%d/%a ',
    reason: () => 'Who and where, which the default leaves out.',
    source: { kind: 'documentation', text: `${loggingPage}, log_line_prefix` },
  },
  {
    name: 'log_recovery_conflict_waits',
    value: ({ workload }) => (workload.replicas > 0 ? true : undefined),
    reason: () => 'On a replica: a search that holds up replay.',
    source: { kind: 'documentation', text: `${loggingPage}, log_recovery_conflict_waits` },
  },
]
