"""The words that several rooms share: frozen data, no behaviour that needs a database."""
