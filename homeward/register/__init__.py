"""What is recorded about captured and deceased persons (GC III Arts. 70, 120, 122).

An entry is one person. Each source's words stand as a statement that is never changed; a correction is a further statement, so nothing
that stood there is lost. His state follows from dated events and is never typed over. This room knows nothing of enquiries.
"""
