import { bytes, checks } from './checks.ts'

const now = '2026-11-22T12:00:00Z'

checks(
  'planning and code',
  {
    plans: [
      [{ name: ' ' }, 'plans_name_size'],
      [{ name: bytes(1001) }, 'plans_name_size'],
      [{ status: 'done' }, 'plans_status_known'],
      [{ status: 'completed' }, 'plans_completed'],
      [{ priority: 0 }, 'plans_priority_range'],
      [{ priority: 11 }, 'plans_priority_range'],
      [{ progress: 101 }, 'plans_progress_range'],
      [{ metadata: '1' }, 'plans_metadata_object'],
    ],
    tasks: [
      [{ title: '' }, 'tasks_title_size'],
      [{ status: 'open' }, 'tasks_status_known'],
      [{ status: 'completed' }, 'tasks_completed'],
      [{ priority: 0 }, 'tasks_priority_range'],
      [{ progress: -1 }, 'tasks_progress_range'],
      [{ estimated_hours: -0.5 }, 'tasks_hours_range'],
      [{ actual_hours: -0.5 }, 'tasks_hours_range'],
      [{ estimated_hours: 'NaN' }, 'tasks_hours_range'],
      [{ actual_hours: 'Infinity' }, 'tasks_hours_range'],
      [{ success_rate: 50 }, 'tasks_success_rate_range'],
      [{ metadata: '[]' }, 'tasks_metadata_object'],
    ],
    decisions: [
      [{ kind: 'Architectural' }, 'decisions_kind_format'],
      [{ title: '\t' }, 'decisions_title_size'],
      [{ status: 'accepted' }, 'decisions_status_known'],
      [{ confidence: 1.1 }, 'decisions_confidence_range'],
      [{ metadata: 'null' }, 'decisions_metadata_object'],
    ],
    scenarios: [
      [{ kind: 'best case' }, 'scenarios_kind_format'],
      [{ name: '' }, 'scenarios_name_size'],
      [{ risk: 'severe' }, 'scenarios_risk_known'],
      [{ probability: 1.5 }, 'scenarios_probability_range'],
      [{ status: 'ok' }, 'scenarios_status_known'],
      [{ metadata: '""' }, 'scenarios_metadata_object'],
    ],
    code_symbols: [
      [{ file_path: '' }, 'code_symbols_file_path_size'],
      [{ file_path: bytes(1001) }, 'code_symbols_file_path_size'],
      [{ kind: 'Class' }, 'code_symbols_kind_format'],
      [{ name: bytes(1001) }, 'code_symbols_name_size'],
      [{ ordinal: 0 }, 'code_symbols_ordinal_range'],
      [{ language: '' }, 'code_symbols_language_size'],
      [{ start_line: 0, end_line: 3 }, 'code_symbols_lines'],
      [{ start_line: 9, end_line: 8 }, 'code_symbols_lines'],
      [{ end_line: 0 }, 'code_symbols_lines'],
      [{ line_count: -1 }, 'code_symbols_line_count_range'],
      [{ semantic_hash: '' }, 'code_symbols_semantic_hash_size'],
      [{ semantic_hash: bytes(129) }, 'code_symbols_semantic_hash_size'],
      [{ complexity: -1 }, 'code_symbols_complexity_range'],
      [{ metadata: '[]' }, 'code_symbols_metadata_object'],
    ],
    code_links: [
      [{ kind: 'CALLS' }, 'code_links_kind_format'],
      [{ strength: -1 }, 'code_links_strength_range'],
      [{ strength: 'NaN' }, 'code_links_strength_range'],
      [{ strength: 'Infinity' }, 'code_links_strength_range'],
    ],
  },
  {
    plans: [
      { name: bytes(1000), priority: 1, progress: 0 },
      { priority: 10, progress: 100, status: 'completed', completed_at: now },
      ...['active', 'paused', 'cancelled', 'archived', 'superseded'].map((status) => ({ status })),
    ],
    tasks: [
      { title: 'x', priority: 10, progress: 100, estimated_hours: 0, actual_hours: null, success_rate: 1 },
      { status: 'completed', completed_at: now },
      ...['pending', 'in_progress', 'blocked', 'cancelled'].map((status) => ({ status })),
    ],
    decisions: [
      { kind: 'naming', confidence: 0 },
      { status: 'superseded' },
      ...['pending', 'validated', 'rejected'].map((status) => ({ status, superseded_by: null })),
    ],
    scenarios: [
      ...[null, 'low', 'medium', 'high', 'critical'].map((risk) => ({ risk })),
      ...['untested', 'testing', 'passed', 'failed'].map((status) => ({ status })),
      { probability: 0 },
      { probability: 1 },
    ],
    code_symbols: [
      { file_path: bytes(1000), ordinal: 2, semantic_hash: bytes(128) },
      { start_line: 1, end_line: 1, line_count: 0, complexity: 0 },
      { start_line: 7, end_line: null },
      { start_line: null, end_line: null, language: null },
    ],
    code_links: [{ strength: 0 }, { strength: 1e300 }],
  },
)
