"""Selection: calls, their applications, the jury, its ranking and the decision."""
