"""Events, answers, calendars."""
