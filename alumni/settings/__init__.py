"""How a group is set up: what it says, who joins how, where it stands; and new groups, made or proposed."""
