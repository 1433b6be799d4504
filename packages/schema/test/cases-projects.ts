import { bytes, type Cases } from './cases.ts'

const now = '2026-11-22T12:00:00Z'

export const projectCases: Cases = {
  refusals: {
    projects: [
      [{ name: '' }, 'projects_name_size'],
      [{ name: bytes(256) }, 'projects_name_size'],
      [{ name: null }, '23502'],
      [{ path: ' ' }, 'projects_path_size'],
      [{ path: bytes(2001) }, 'projects_path_size'],
      [{ embedding_dimensions: 0 }, 'projects_embedding_dimensions_range'],
      [{ embedding_dimensions: 16001 }, 'projects_embedding_dimensions_range'],
      [{ consolidation_interval: '0 hours' }, 'projects_consolidation_interval_positive'],
      [{ metadata: '[]' }, 'projects_metadata_object'],
    ],
    search_settings: [
      [{ ef_search: 0 }, 'search_settings_ef_search_range'],
      [{ ef_search: 1001 }, 'search_settings_ef_search_range'],
      [{ probes: 0 }, 'search_settings_probes_range'],
      [{ max_scan_tuples: 0 }, 'search_settings_max_scan_tuples_range'],
      [{ exact_minimum_rows: -1 }, 'search_settings_exact_minimum_rows_range'],
      [{ exact_scan_factor: 'NaN' }, 'search_settings_exact_scan_factor_range'],
      [{ vector_candidates: 0 }, 'search_settings_candidates_range'],
      [{ text_candidates: -1 }, 'search_settings_candidates_range'],
      [{ recent_candidates: 10001 }, 'search_settings_candidates_range'],
      [{ semantic_weight: 1.1 }, 'search_settings_weights_range'],
      [{ text_weight: 'NaN' }, 'search_settings_weights_range'],
      [{ recency_weight: -0.1 }, 'search_settings_weights_range'],
      [{ recency_decay_per_day: 'Infinity' }, 'search_settings_recency_decay_range'],
      [{ similarity_threshold: -1.1 }, 'search_settings_similarity_threshold_range'],
      [{ rank_fusion: 'rrf' }, 'search_settings_rank_fusion_known'],
      [{ labile_window: '-1 hour' }, 'search_settings_labile_window_positive'],
    ],
    consolidations: [
      [{ strategy: 'Session windows' }, 'consolidations_strategy_format'],
      [{ status: 'done', finished_at: now }, 'consolidations_status_known'],
      [{ status: 'completed' }, 'consolidations_finished'],
      [{ finished_at: now }, 'consolidations_finished'],
      [{ events_from: now, events_until: now }, 'consolidations_period'],
      [{ event_count: -1 }, 'consolidations_counts_range'],
      [{ cluster_count: -1 }, 'consolidations_counts_range'],
      [{ memory_count: -1 }, 'consolidations_counts_range'],
      [{ parameters: '7' }, 'consolidations_parameters_object'],
    ],
  },
  nearMisses: {
    projects: [
      { name: bytes(255), path: bytes(2000) },
      { name: '日本語', path: null, embedding_dimensions: 16000, consolidation_interval: '1 second' },
    ],
    search_settings: [
      { ef_search: 1000, probes: 32768, vector_candidates: 1, text_candidates: 0, recent_candidates: 0 },
      { semantic_weight: 1, text_weight: 0, recency_weight: 0, similarity_threshold: -1, exact_minimum_rows: 0 },
      { rank_fusion: 'reciprocal_rank', exact_scan_factor: 0, recency_decay_per_day: 0 },
    ],
    consolidations: [
      { status: 'failed', finished_at: now, error: 'out of memory' },
      { status: 'completed', finished_at: now, events_from: '2026-11-01T00:00:00Z', events_until: now },
      { events_from: now, events_until: null },
    ],
  },
}
