using AkkaScale.Cluster;
using AkkaScale.Cluster.Membership;
using AkkaScale.Cluster.Ownership;
using AkkaScale.Hosting.Options;
using AkkaScale.Journal.Care;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;
using AkkaScale.Sharding.Shards;

namespace AkkaScale.Hosting.Transfers;

/// <summary>What an import has written.</summary>
internal sealed record ImportAnswer(
    string Cluster, int ShardCount, string FromCluster, int FromShardCount, DateTimeOffset ExportedAt, long Events, long Entities, long Results, double Seconds);

/// <summary>
/// Writes an export into an empty store that no node runs on, whatever its shard count. It does so as a member that owns every shard, through the same fenced
/// append as any other: so nothing can begin to write beside it unnoticed, and no second way into the journal has to be right.
/// </summary>
internal sealed class JournalImport(NodeStore store, AkkaScaleOptions options, Incarnation self, TimeProvider time, Action<long, long> progress)
{
    private const int RowsAtATime = 1_000;
    private const int BytesAtATime = 2 * 1024 * 1024;

    private readonly Dictionary<int, long> _epochs = [];
    private readonly Dictionary<int, long> _positions = [];
    private readonly HashSet<EntityKey> _entities = [];
    private readonly Dictionary<int, Slice> _waiting = [];
    private (int Rows, long Bytes) _gathered;
    private int _shardCount;

    /// <exception cref="ExportException">The file is not a whole export; nothing was written.</exception>
    /// <exception cref="ClusterRefusedException">The store is not empty, or in use.</exception>
    /// <exception cref="StoreUnavailableException">It ended half-way: the store is of no use and has to be emptied.</exception>
    public async Task<ImportAnswer> RunAsync(string path, string clusterName, int shardCount, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var (header, counts, types) = await LookThroughAsync(path, cancellationToken);
        _shardCount = shardCount > 0 ? shardCount : header.ShardCount;
        var name = clusterName.Length > 0 ? clusterName : header.Cluster;
        await OfflineStore.OpenAsync(store, options, name, _shardCount, time, cancellationToken);
        await CheckEmptyAsync(cancellationToken);
        await JoinAsync(types, cancellationToken);
        await using (var writer = store.Journal.OpenWriter(self, lane: 0))
        {
            await WriteAsync(writer, path, counts, cancellationToken);
        }

        await LeaveAsync(cancellationToken);
        return new ImportAnswer(
            name, _shardCount, header.Cluster, header.ShardCount, header.At, counts.Events, _entities.Count, counts.Results,
            Math.Round(time.GetElapsedTime(began).TotalSeconds, 3));
    }

    /// <summary>Once through the whole file before anything is written: what is cut short or damaged is refused, not half imported.</summary>
    private static async Task<(ExportHeader Header, ExportCounts Counts, HashSet<(string Kind, string Type)> Types)> LookThroughAsync(
        string path, CancellationToken cancellationToken)
    {
        using var reader = await ExportReader.OpenAsync(path, cancellationToken);
        var (counts, types, heads) = (ExportCounts.None, new HashSet<(string, string)>(), new Dictionary<EntityKey, long>());
        await foreach (var row in reader.RowsAsync(cancellationToken))
        {
            counts = counts.With(row);
            if (row is StoreRow.Event { Row: var happened })
            {
                types.Add((happened.Entity.Kind, happened.EventType));
                var head = heads.GetValueOrDefault(happened.Entity);
                if (happened.SequenceNr != head + 1)
                {
                    throw new ExportException($"{happened.Entity} has event {happened.SequenceNr} after {head}: the export is not one of a sound journal.");
                }

                heads[happened.Entity] = happened.SequenceNr;
            }
        }

        return (reader.Header, counts, types);
    }

    private async Task CheckEmptyAsync(CancellationToken cancellationToken)
    {
        for (var shard = 0; shard < _shardCount; shard++)
        {
            if (await store.Journal.ReadHeadAsync(shard, cancellationToken) > 0)
            {
                throw new ClusterRefusedException("The store holds events already: an import needs an empty one.");
            }
        }
    }

    private async Task JoinAsync(IEnumerable<(string Kind, string Type)> types, CancellationToken cancellationToken)
    {
        var member = new MemberSnapshot(
            self, "import", "", "", ["import"], AkkaScaleNodeBuilder.ProductVersion, MemberStatus.Joining, 0, time.GetUtcNow(), "importing a journal");
        Applied(await store.Cluster.JoinAsync(member, cancellationToken), "The import cannot join");
        foreach (var (kind, type) in types.OrderBy(type => type.Kind, StringComparer.Ordinal).ThenBy(type => type.Type, StringComparer.Ordinal))
        {
            // Refused: it stands there already.
            if (await store.Cluster.RegisterEventTypeAsync(kind, type, "import", cancellationToken) == WriteOutcome.Unknown)
            {
                throw new StoreUnavailableException("The event types cannot be registered.");
            }
        }

        var reading = await store.Cluster.ReadAsync(cancellationToken);
        foreach (var portion in reading.Owners.Chunk(IClusterStore.MaxShardsPerTransaction))
        {
            var claims = portion.Select(row => new ShardClaim(row.Shard, row.Owner, row.Epoch)).ToArray();
            var granted = await store.Cluster.AcquireAsync(self, claims, "import", cancellationToken);
            if (granted.Count < claims.Length)
            {
                throw new ClusterRefusedException("Shards of the store are owned: a node has run on it and did not leave in order. Empty the store.");
            }

            foreach (var shard in granted)
            {
                _epochs[shard.Shard] = shard.Epoch;
            }
        }
    }

    private async Task WriteAsync(IJournalWriter writer, string path, ExportCounts counts, CancellationToken cancellationToken)
    {
        var all = counts.Events + counts.Results;
        var done = 0L;
        using var reader = await ExportReader.OpenAsync(path, cancellationToken);
        await foreach (var row in reader.RowsAsync(cancellationToken))
        {
            Gather(row);
            progress(++done, all);
            if (_gathered.Rows >= RowsAtATime || _gathered.Bytes >= BytesAtATime)
            {
                await AppendAsync(writer);
            }
        }

        await AppendAsync(writer);
    }

    private void Gather(StoreRow row)
    {
        _gathered.Rows++;
        switch (row)
        {
            case StoreRow.Event { Row: var happened }:
                _entities.Add(happened.Entity);
                _gathered.Bytes += happened.Payload.Length + happened.Answer.Length;
                var shard = ShardHash.ShardOf(happened.Entity.Id, _shardCount);
                var position = _positions[shard] = _positions.GetValueOrDefault(shard) + 1;
                SliceOf(happened.Entity).Events.Add(happened with { Shard = shard, Position = position, Epoch = _epochs[shard] });
                break;
            case StoreRow.Result { Row: var result }:
                SliceOf(result.Entity).Results.Add(result);
                break;
        }
    }

    private Slice SliceOf(EntityKey entity)
    {
        var shard = ShardHash.ShardOf(entity.Id, _shardCount);
        if (!_waiting.TryGetValue(shard, out var slice))
        {
            _waiting.Add(shard, slice = new Slice());
        }

        return slice;
    }

    private async Task AppendAsync(IJournalWriter writer)
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        var slices = _waiting.OrderBy(pair => pair.Key).Select(pair => pair.Value.Of(pair.Key, _epochs[pair.Key])).ToArray();
        var outcomes = await writer.AppendAsync(slices);
        for (var index = 0; index < outcomes.Length; index++)
        {
            if (outcomes[index].Status != SliceStatus.Written)
            {
                throw new StoreUnavailableException(
                    $"The import stopped at shard {slices[index].Shard}: {outcomes[index].Status}, {outcomes[index].Detail}. Empty the store before the next try.");
            }
        }

        _waiting.Clear();
        _gathered = default;
    }

    private async Task LeaveAsync(CancellationToken cancellationToken)
    {
        foreach (var portion in _epochs.Select(shard => new ShardEpoch(shard.Key, shard.Value)).OrderBy(shard => shard.Shard).Chunk(IClusterStore.MaxShardsPerTransaction))
        {
            await store.Cluster.ReleaseAsync(self, portion, cancellationToken);
        }

        Applied(
            await store.Cluster.ChangeStatusAsync(new StatusChange(self, [MemberStatus.Joining], MemberStatus.Removed, null, "imported a journal"), cancellationToken),
            "The import cannot leave");
    }

    private static void Applied(WriteOutcome outcome, string what)
    {
        if (outcome != WriteOutcome.Applied)
        {
            throw new StoreUnavailableException($"{what}: the store answers {outcome.ToString().ToLowerInvariant()}.");
        }
    }

    private sealed class Slice
    {
        public List<JournalEvent> Events { get; } = [];

        public List<StoredResult> Results { get; } = [];

        public ShardSlice Of(int shard, long epoch) => new(shard, epoch, Events, Results, []);
    }
}
