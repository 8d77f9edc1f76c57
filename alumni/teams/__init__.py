"""Small teams inside a group or an event: a task, a page each, one idea handed in, words of mentors."""
