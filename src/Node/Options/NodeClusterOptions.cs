namespace AkkaScale.Node.Options;

/// <summary>What all members of a cluster share. Bound from section AkkaScale:Cluster.</summary>
public sealed class NodeClusterOptions
{
    /// <summary>Recorded in the store at the first start; another name on the same store is refused. Also names the actor system.</summary>
    public string Name { get; set; } = "akkascale";

    /// <summary>Of each region; null: as Sharding:ShardCount says.</summary>
    public int? ShardCount { get; set; }

    /// <summary>How long a process counts as alive without a sign of life.</summary>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether a process whose session and links have ended is dead at once. Off, it is dead when it has not renewed.</summary>
    public bool DetectEndedProcesses { get; set; } = true;

    /// <summary>Every setting that cannot work, with what to change; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (Name.Length is 0 or > 63 || !char.IsAsciiLetterOrDigit(Name[0])
            || !Name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
        {
            yield return "Cluster:Name must have 1 to 63 characters, all of them letters, digits, hyphens or underscores, and begin with a letter or a digit.";
        }

        if (ShardCount is < 1 or > 100_000)
        {
            yield return FormattableString.Invariant($"Cluster:ShardCount is {ShardCount}: set 1 to 100,000.");
        }

        if (TimeToLive < TimeSpan.FromMilliseconds(500) || TimeToLive > TimeSpan.FromMinutes(1))
        {
            yield return $"Cluster:TimeToLive is {TimeToLive}: set 00:00:00.5 to 00:01:00.";
        }
    }
}
