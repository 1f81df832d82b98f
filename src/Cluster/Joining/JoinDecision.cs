namespace AkkaScale.Cluster.Joining;

internal abstract record JoinDecision
{
    private JoinDecision()
    {
    }

    internal sealed record KeepProbing(string Reason) : JoinDecision;

    /// <summary>Write the generation into the own row; if that succeeds, join these. For the founder it is its own address.</summary>
    internal sealed record JoinSeeds(long Generation, IReadOnlyList<string> Addresses) : JoinDecision;

    /// <summary>Try to found the generation after this one; if that succeeds, join oneself.</summary>
    internal sealed record TryFound(long Generation, string? Founder) : JoinDecision;
}
