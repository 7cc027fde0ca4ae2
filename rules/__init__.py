"""The rules: one folder a family, a page and a query a rule."""
