# Placeholder until the demo stands; see CONTRIBUTING.
