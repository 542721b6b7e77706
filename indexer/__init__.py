"""Turns files of medical literature into an index that explains itself. `rag` answers from it."""
