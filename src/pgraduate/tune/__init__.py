"""Tuning after the move: statements, indexes and settings, each change proven by execution."""
