"""The door of an event: tickets, who has arrived, with and without a network, and badges."""
