"""The columns that the row streams fill, in their order; all others take their defaults."""

from __future__ import annotations

COLUMNS = {
    "tools": "id, tool_name, display_name, description, version, config, enabled, fallback_tool, created_at",
    "tool_calls": """tool_call_id, workflow_id, tool_name, arguments, output, success, duration_ms, cost, error,
        called_at""",
    "hook_events": "event_id, workflow_id, event_type, payload, processed, received_at",
    "cost_entries": "workflow_id, phase, service, units, unit_price, amount, currency, recorded_at",
    "operation_patterns": """id, pattern_signature, category, description, occurrence_count, confidence,
        is_automated, sample, first_seen, last_seen""",
    "pattern_occurrences": "pattern_id, workflow_id, similarity, matched_on, detected_at",
    "projects": "id, slug, name, parent_id, archived, settings, created_on",
    "operators": "id, email, display_name, role, is_active, token_digest, last_seen_at",
    "workflow_templates": "name, version, description, definition, created_at",
    "template_steps": "template_name, template_version, position, phase, tool_name, optional",
    "workflow_tags": "workflow_id, tag, tagged_at",
    "workflow_notes": "workflow_id, author_id, body, pinned, created_at",
    "workflow_artifacts": "workflow_id, file_name, media_type, content, sha256, created_at",
    "workflow_archive": """workflow_id, title, status, started_at, finished_at, actual_cost, snapshot, reason,
        archived_at""",
    "budgets": "project_id, month, amount, alert_at",
    "price_list": "service, unit_price, currency, valid_from",
    "alerts": "project_id, workflow_id, severity, message, acknowledged, acknowledged_by, raised_at",
    "webhook_deliveries": "event_id, url, attempt, status_code, response, delivered_at",
    "schedules": "project_id, template_name, template_version, cron, enabled, next_run_at",
    "settings": "name, value, updated_at",
    "report_cache": "cache_key, body, stored_at, ttl_seconds",
    "saved_searches": "operator_id, name, filters",
    "audit_log": "actor, action, subject, detail, recorded_at",
    "phase_queue": """id, queue_id, workflow_id, phase_number, phase_name, status, priority, depends_on, payload,
        attempts, claimed_by, claimed_at, result, created_at, finished_at""",
    "phase_locks": "lock_name, owner, acquired_at, expires_at",
}
HISTORY_COLUMNS = {
    "workflows": """id, workflow_id, title, status, source, runner, started_at, finished_at, duration_seconds,
        queue_seconds, retry_count, steps_completed, steps_total, estimated_cost, efficiency_score, quality_score,
        error_message, result, created_at, updated_at, project_id, template_name, template_version, branch,
        priority, is_scheduled, complexity, phase_durations, cost_breakdown, units_in, units_cached, units_out,
        anomaly_flags, recommendations, hour_of_day, day_of_week, requested_by, request_text""",
    "phases": """workflow_id, title, status, source, started_at, finished_at, duration_seconds, steps_completed,
        steps_total, error_message, created_at, updated_at, worker""",
}
