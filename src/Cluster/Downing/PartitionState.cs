namespace AkkaScale.Cluster.Downing;

/// <summary>State of <see cref="PartitionMachine"/>; one owner.</summary>
internal sealed class PartitionState
{
    /// <summary>The set that has been unreachable without a change since <see cref="StableSince"/>.</summary>
    public IReadOnlySet<string> Unreachable { get; set; } = new HashSet<string>();

    public TimeSpan StableSince { get; set; }

    public TimeSpan? LastTickAt { get; set; }

    /// <summary>A claim is with the database.</summary>
    public bool IsClaiming { get; set; }

    /// <summary>Of each live member that was unreachable lately, for how long.</summary>
    public Dictionary<string, UnreachableTime> Flapping { get; } = new(StringComparer.Ordinal);
}
