"""What stands where the data has no name; ``named`` says these words in the page's language."""

NOBODY, NOT_NAMED, WHOLE = "nobody named", "not named", "Whole book"
LEAD = "agree in the meeting"  # whoever leads the meeting says who
