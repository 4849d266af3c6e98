"""The settings benchmark: `make bench-settings`."""
