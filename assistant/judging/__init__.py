"""What the documents hold on a question: found, weighed, read, answered or refused."""
