"""Drawings of the funnel chapter: from frames, numbers and formats to figures with a generated text
alternative. They import nothing of the chapter.
"""
