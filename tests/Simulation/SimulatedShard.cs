namespace AkkaScale.Tests.Simulation;

/// <summary>A hosted shard: a memory that must be the journal's content, reduced to the journal's length.</summary>
internal sealed class SimulatedShard(long epoch)
{
    public long Epoch { get; } = epoch;

    /// <summary>Null while it loads.</summary>
    public long? Memory { get; set; }

    public bool IsWriting { get; set; }

    /// <summary>The handoff that has stopped intake; null while the shard serves.</summary>
    public string? StoppedFor { get; set; }
}

/// <summary>What a target was sent of a shard.</summary>
internal sealed record SimulatedCopy(int Shard, long Epoch, long Memory);
