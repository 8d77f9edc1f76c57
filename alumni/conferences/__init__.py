"""A conference of days: sessions to choose from, recommendations and whom they were handed to, delegations."""
