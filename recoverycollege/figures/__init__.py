"""The college in numbers: for its coordinators, its owners, and for everybody where it wants to.

`facts` reads numbers and keys of rows, and never how somebody is called; `definitions` says what
each figure is; `rounding` what may be shown of it; `years` puts a year together; `freezing` keeps
one that is over; `tables` says it in words.
"""
