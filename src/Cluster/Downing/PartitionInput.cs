namespace AkkaScale.Cluster.Downing;

/// <summary>What the watch over partitions learns. Times are of this process's own monotonic clock.</summary>
internal abstract record PartitionInput
{
    private PartitionInput()
    {
    }

    /// <summary>To be given several times within a renew interval: after a longer silence counting begins anew.</summary>
    internal sealed record Tick(TimeSpan Now, PartitionView View) : PartitionInput;

    /// <summary>A claim was answered, or failed.</summary>
    /// <param name="Won">False too where the answer is not known: then the rows will show it.</param>
    internal sealed record Answered(TimeSpan Now, bool Won) : PartitionInput;
}
