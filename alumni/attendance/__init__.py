"""Who comes to an event: answers, the line, questions, and what organisers decide about them."""
