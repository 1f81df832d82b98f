namespace AkkaScale.Journal.Writing;

/// <summary>Who writes: the cluster and owner of the lease rows, and the writer's own id in the rows.</summary>
internal sealed record AppendNames(string Cluster, string Owner, string Writer);
