"""Dagster around the rooms: assets, checks, jobs and schedules, thin, and nowhere else."""
