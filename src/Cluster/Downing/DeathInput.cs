using AkkaScale.Cluster.Members;

namespace AkkaScale.Cluster.Downing;

/// <summary>What the observing thread learns. Times are of this process's own monotonic clock.</summary>
internal abstract record DeathInput
{
    private DeathInput()
    {
    }

    /// <summary>A reading was answered. It must have asked for this process's own incarnation by name.</summary>
    internal sealed record Read(ClusterReading Reading, TimeSpan SentAt, TimeSpan ReceivedAt) : DeathInput;

    /// <summary>The other side closed this process's link to an incarnation without a word.</summary>
    internal sealed record LinkEnded(string Incarnation, TimeSpan At) : DeathInput;

    internal sealed record ReadFailed(TimeSpan Now) : DeathInput;

    /// <summary>This process is about to leave: its row may say so from now on.</summary>
    internal sealed record Leaving : DeathInput;
}
