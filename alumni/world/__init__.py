"""Worlds: what a file describes, or an invented one for demonstrations and measurements. Both are written by `rows`."""
