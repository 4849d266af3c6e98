"""INSERT, UPDATE and DELETE: the values that are written, and what happens where a row conflicts."""
