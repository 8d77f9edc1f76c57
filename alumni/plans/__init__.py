"""Action plans: what people of a cohort set out to do after their return, and what came of it."""
