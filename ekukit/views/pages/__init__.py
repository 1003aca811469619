"""Pages without widgets: the product's own, documents, reports."""
