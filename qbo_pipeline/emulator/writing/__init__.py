"""A company's books as they are written: requests, checks, amounts, links, ends."""
