"""An oracle of our own: worlds are played, and what each person is to read is said first.

It knows what was promised (docs/policy.md, config/policy.toml) and what was done in the world that
was played. It does not know how Följsam decides.
"""
