"""Settings: what the machine is, what follows from it, whether a server starts with it, and the change itself."""
