from homeward.matching.testing import in_process_matcher

__all__ = ["in_process_matcher"]
