"""GraphQL as far as a vendor's API needs it: documents, a schema, checking, executing. Knows no vendor."""
