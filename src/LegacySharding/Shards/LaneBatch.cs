using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.LegacySharding.Shards;

/// <summary>Sorts gathered writes into one slice a shard, in order of arrival.</summary>
internal sealed class LaneBatch
{
    private readonly Dictionary<ILaneShard, int> _indexOf = [];

    public List<Part> Parts { get; } = [];

    public List<ShardSlice> Slices { get; } = [];

    public int Events { get; private set; }

    public int Bytes { get; private set; }

    public void Clear()
    {
        _indexOf.Clear();
        Parts.Clear();
        Slices.Clear();
        Events = 0;
        Bytes = 0;
    }

    /// <summary>Adds a write unless it is behind a failed write of its generation, or its shard was dropped: then its callers have been told already.</summary>
    public void Add(ILaneShard shard, ShardWrite write)
    {
        if (shard.IsStopped || write.Generation <= shard.FailedGeneration)
        {
            return;
        }

        if (!_indexOf.TryGetValue(shard, out var index))
        {
            index = Parts.Count;
            _indexOf.Add(shard, index);
            var part = new Part(shard, write.Generation);
            Parts.Add(part);
            Slices.Add(new ShardSlice(shard.Shard, shard.Epoch, part.Events, part.Results, part.Snapshots));
        }

        Parts[index].Add(write);
        Events += Math.Max(1, write.Events.Count);
        Bytes += write.Bytes;
    }

    /// <summary>One shard's share of a batch. Writes of a later generation never join one of an earlier: the failure between them
    /// stops the earlier ones in the queue.</summary>
    internal sealed class Part(ILaneShard shard, int generation)
    {
        public ILaneShard Shard { get; } = shard;

        public int Generation { get; } = generation;

        public long LastToken { get; private set; }

        public List<JournalEvent> Events { get; } = [];

        public List<StoredResult> Results { get; } = [];

        public List<EntitySnapshot> Snapshots { get; } = [];

        public void Add(ShardWrite write)
        {
            LastToken = write.Token;
            Events.AddRange(write.Events);
            if (write.Result is { } result)
            {
                Results.Add(result);
            }

            if (write.Snapshot is { } snapshot)
            {
                // Only the newest snapshot of an entity is worth a row.
                Snapshots.RemoveAll(earlier => earlier.Entity == snapshot.Entity);
                Snapshots.Add(snapshot);
            }
        }
    }
}

/// <summary>A shard under one epoch, as its lane sees it.</summary>
internal interface ILaneShard
{
    int Shard { get; }

    long Epoch { get; }

    /// <summary>Nothing of it may be appended any more.</summary>
    bool IsStopped { get; }

    /// <summary>Generations up to this one have failed in the lane; touched by the lane alone.</summary>
    int FailedGeneration { get; set; }

    void Post(ShardInput input);
}
