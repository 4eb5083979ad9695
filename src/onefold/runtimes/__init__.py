"""Drivers of the pipeline."""
