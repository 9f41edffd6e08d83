"""The change log: one line for every change the matcher must see, in the transaction of the change itself.

The matcher process applies the lines in the order of their numbers, so its memory can always be rebuilt and a question
may demand "as of line N at least".
"""
