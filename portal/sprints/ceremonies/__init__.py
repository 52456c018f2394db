"""What ends a sprint with people around it: demonstrations, retrospectives, and their actions."""
