"""The seventh batch of plans as other hands draw them, keyed without a look at the reader."""
