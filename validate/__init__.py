"""Do other people's programs agree with what an edition says? ``make validate``."""
