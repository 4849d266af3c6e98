"""The tuning benchmark: `make bench-tune`."""
