"""Vocabulary, errors, periods, number formats, uncertainty, settings and notebook parameters.
Imports nothing of ours.
"""
