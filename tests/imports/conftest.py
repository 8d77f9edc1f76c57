from tests.rosters.conftest import office, olga

__all__ = ["office", "olga"]
