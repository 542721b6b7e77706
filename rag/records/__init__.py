"""Patient records: read, kept encrypted, asked together with the literature. Knows the literature only by its
answers."""
