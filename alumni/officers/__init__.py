"""Officers: who acts for an agency or a mission, for which programmes and which country, and until when."""
