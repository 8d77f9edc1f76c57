"""What groups keep on record: meetings that go round, delegations, minutes, resolutions, seats in councils."""
