"""The command line: a module of verbs for each subject."""
