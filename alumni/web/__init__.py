"""HTTP glue. Knows Flask, knows no room."""
