"""Objectives, goals judged by five questions, and strategies with what they cost."""
