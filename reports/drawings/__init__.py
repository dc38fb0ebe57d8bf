"""Drawings as SVG: geometry in Python, shapes in Jinja (`templates/report/*.svg`).

Every drawing has its table beside it, made from the same values, for who cannot see it. Colours are
told apart by the colour-blind and in grey: `looks.py`.
"""
