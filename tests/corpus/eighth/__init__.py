"""The eighth batch of plans: the ordinary ones, keyed without a look at the reader."""
