namespace AkkaScale.Cluster.Downing;

internal abstract record PartitionEffect
{
    private PartitionEffect()
    {
    }

    /// <summary>Claim that these stay, and that every other live member of the generation is sent away. Answered by Answered.</summary>
    internal sealed record Prevail(long Generation, IReadOnlyCollection<string> Mine, string Reason) : PartitionEffect;
}
