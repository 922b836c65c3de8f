"""How connectors walk vendors' lists: from page to page, and one id after the other. Knows no vendor."""
