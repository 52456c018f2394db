"""What all tests of a project say together: who was reached, what got better, a round's report."""
