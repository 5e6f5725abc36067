"""The program `rolecluster` as a part of other programs.

`Worker` keeps one `rolecluster worker` process and answers Arrow batches by it;
`rolecluster.spark` and `rolecluster.ray` do so on every machine of a cluster. The program is the
one named by the environment variable ROLECLUSTER_PROGRAM, else `rolecluster` on the path.
"""

from rolecluster.worker import Worker, WorkerError

__all__ = ["Worker", "WorkerError"]
