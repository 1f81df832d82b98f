using AkkaScale.Sharding.Ports;

namespace AkkaScale.Sharding.Shards;

/// <summary>Sorts gathered writes into one slice a shard, in order of arrival.</summary>
internal sealed class LaneBatch
{
    private readonly Dictionary<ShardLoop, int> _indexOf = [];

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

    public void Add(ShardLoop loop, ShardWrite write)
    {
        if (!_indexOf.TryGetValue(loop, out var index))
        {
            index = Parts.Count;
            _indexOf.Add(loop, index);
            var part = new Part(loop, write.Generation);
            Parts.Add(part);
            Slices.Add(new ShardSlice(loop.Shard, loop.Epoch, part.Events, part.Results, part.Snapshots)
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
    internal sealed class Part(ShardLoop loop, int generation)
    {
        public ShardLoop Loop { get; } = loop;

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
                // Two of one channel would meet in a row; the later one says all the earlier said.
                Settlements.RemoveAll(earlier => earlier.Sender == settlement.Sender && earlier.Receiver == settlement.Receiver);
                Settlements.Add(settlement);
            }

            if (write.Remembered is { } remembered)
            {
                Remembered.RemoveAll(earlier => earlier.Entity == remembered.Entity);
                Remembered.Add(remembered);
            }
        }
    }
}
