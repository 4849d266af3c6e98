"""Indexes: candidates from a workload, what they would cost and save, the choice, the proof, the change."""
