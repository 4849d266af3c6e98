"""The SQL of the application, one module per subject; every function takes an open connection first."""
