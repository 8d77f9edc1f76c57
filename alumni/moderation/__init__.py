"""Reports, decisions, suspensions, the log's page."""
