using AkkaScale.Cluster.Members;

namespace AkkaScale.Cluster.Downing;

/// <summary>State of <see cref="DeathMachine"/>; owned by the observing thread.</summary>
internal sealed class DeathState(string own)
{
    /// <summary>This process's incarnation.</summary>
    public string Own => own;

    /// <summary>When the last reading was received; null when the next one continues none.</summary>
    public TimeSpan? LastReceivedAt { get; set; }

    /// <summary>Others that are live or down, each with the counter it shows and since when.</summary>
    public Dictionary<string, Sighting> Sightings { get; } = new(StringComparer.Ordinal);

    /// <summary>The counter that this process's own row shows, and since when; null until it is seen.</summary>
    public Sighting? OwnRenewals { get; set; }

    /// <summary>Whose session lock was seen held since the readings are continuous.</summary>
    public HashSet<string> SeenLocked { get; } = new(StringComparer.Ordinal);

    /// <summary>When links last ended that the other side closed without a word.</summary>
    public Dictionary<string, TimeSpan> EndedLinks { get; } = new(StringComparer.Ordinal);

    public bool HasSeenOwn { get; set; }

    public bool IsLeaving { get; set; }

    public bool HasEnded { get; set; }

    /// <param name="Since">When the first reading that showed this was received.</param>
    internal readonly record struct Sighting(NodeState State, long Renewals, TimeSpan Since);
}
