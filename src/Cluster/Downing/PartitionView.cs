namespace AkkaScale.Cluster.Downing;

/// <summary>Who is there and who cannot be reached, as one process sees it; all by incarnation.</summary>
/// <param name="Members">
/// Live rows of the generation whose address and uid are members in Akka's gossip (joining, weakly up, up, leaving, exiting); this process
/// among them.
/// </param>
/// <param name="Unreachable">
/// Those of <paramref name="Members"/> whom *this process* cannot reach: where its own failure detector watches a member, by that alone;
/// else by Akka's gossip. A member whom only others cannot reach is not among them where that can be told. Never this process itself.
/// </param>
/// <param name="IsRecent">Whether the last reading of the database succeeded and began less than a renew interval ago.</param>
internal sealed record PartitionView(
    string Own, long Generation, IReadOnlySet<string> Members, IReadOnlySet<string> Unreachable, bool IsRecent);
