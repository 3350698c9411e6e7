"""Companies of any size whose records are functions of a seed."""
