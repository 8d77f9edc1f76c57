"""Which letters somebody wants and how often, whether they arrive, whether a profile is still right."""
