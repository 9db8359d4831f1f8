"""What `mpi check` and `mpi explain` show: a measure to proofread, worked examples, one household."""
