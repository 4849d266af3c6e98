"""The sample data: what the rows look like, and which of them are dirty."""
