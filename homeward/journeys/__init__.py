"""How a family comes: the network of places and legs, what is closed, the ways through it, and each journey with its check-ins.

The planner (`planner/`) is plain Python and knows neither the database nor the people. The network is a document with
versions: every fact in it says where it comes from, from when it is, and whether the bureau has confirmed it. Closures
stand beside it. A journey keeps the legs it was sent with; when something closes, a coordinator looks at the new way
before the family reads it. Nothing that a family carries says for whom or why she travels.
"""
