"""What pages say and how: dates and numbers in the reader's form, names of states and rules."""
