"""What members and groups tell others of Japan: noted one by one, added up for everybody."""
