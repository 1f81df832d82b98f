using AkkaScale.Sharding.Ports;

namespace AkkaScale.Sharding.Shards;

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
            Slices.Add(new ShardSlice(shard.Shard, shard.Epoch, part.Events, part.Results, part.Snapshots)
            {
                Timers = part.Timers,
                Messages = part.Messages,
                Settlements = part.Settlements,
                Remembered = part.Remembered,
            });
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

        public List<TimerChange> Timers { get; } = [];

        public List<OutboxMessage> Messages { get; } = [];

        public List<OutboxSettlement> Settlements { get; } = [];

        public List<RememberedChange> Remembered { get; } = [];

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

            AddCompanions(write);
        }

        /// <summary>The last change of a timer, and of whether an entity is remembered, stands for all before it.</summary>
        private void AddCompanions(ShardWrite write)
        {
            foreach (var change in write.Timers)
            {
                Timers.RemoveAll(earlier => earlier.Entity == change.Entity && earlier.Name == change.Name);
                Timers.Add(change);
            }

            Messages.AddRange(write.Messages);
            if (write.Settlement is { } settlement)
            {
                Settle(settlement);
            }

            if (write.Remembered is { } remembered)
            {
                Remembered.RemoveAll(earlier => earlier.Entity == remembered.Entity);
                Remembered.Add(remembered);
            }
        }

        /// <summary>
        /// Two of one channel would meet in a row; the one of the higher number says all that the other says. That need not be the later one: a settlement
        /// whose write failed is written again behind newer ones.
        /// </summary>
        private void Settle(OutboxSettlement settlement)
        {
            var index = Settlements.FindIndex(other => other.Sender == settlement.Sender && other.Receiver == settlement.Receiver);
            if (index < 0)
            {
                Settlements.Add(settlement);
            }
            else if (settlement.Nr > Settlements[index].Nr || (settlement.Nr == Settlements[index].Nr && settlement.IsClosed))
            {
                Settlements[index] = settlement;
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
