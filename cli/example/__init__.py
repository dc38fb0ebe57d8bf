"""The example that the demo plays: a plan, its people, and what the process leader knew.

Places and people are made up; addresses are at example.org. The facts (eight activities with vague
dates, five that run on, four goals of which one has no activity) are those of a real plan of 2024.
"""
