using AkkaScale.Cluster;
using AkkaScale.Cluster.Membership;
using AkkaScale.Cluster.Ownership;

namespace AkkaScale.Tests.Unit.Versions;

/// <summary>The part of a cluster store that the registry of event types needs.</summary>
internal sealed class RegistryStore : IClusterStore
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _gate = Opened();
    private int _registrations;

    public List<(string Kind, string Type)> Types { get; } = [];

    public IReadOnlyList<MemberSnapshot> Members { get; set; } = [];

    public bool IsAway { get; set; }

    /// <summary>What the next registration answers, whatever it did.</summary>
    public WriteOutcome? NextOutcome { get; set; }

    public string LastBy { get; private set; } = "";

    public int Registrations => Volatile.Read(ref _registrations);

    public static MemberSnapshot Member(string name, string version, params string[] reads) => new(
        new Incarnation(Guid.NewGuid()), name, "", "", [MemberSnapshot.EntityRole], version, MemberStatus.Up, 0, default, "")
    {
        Reads = ReadableVersions.Of([("cart", 1, reads)]),
    };

    /// <summary>Registrations wait until <see cref="Release"/>.</summary>
    public void Hold() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _gate.SetResult();

    public async Task<WriteOutcome> RegisterEventTypeAsync(string kind, string eventType, string by, CancellationToken cancellationToken)
    {
        await _gate.Task.WaitAsync(cancellationToken);
        Interlocked.Increment(ref _registrations);
        if (IsAway)
        {
            return WriteOutcome.Unknown;
        }

        lock (_lock)
        {
            var (told, isRefused) = (NextOutcome, Types.Contains((kind, eventType)) || Members.Any(member => !member.Reads!.ReadsEvent(kind, eventType)));
            (NextOutcome, LastBy) = (null, by);
            if (!isRefused)
            {
                Types.Add((kind, eventType));
            }

            return told ?? (isRefused ? WriteOutcome.Refused : WriteOutcome.Applied);
        }
    }

    public Task<IReadOnlyList<WrittenEventType>> ReadEventTypesAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return IsAway
                ? throw new StoreUnavailableException("away")
                : Task.FromResult<IReadOnlyList<WrittenEventType>>([.. Types.Select(type => new WrittenEventType(type.Kind, type.Type, default, ""))]);
        }
    }

    public Task<ClusterReading> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(new ClusterReading(
        new ClusterIdentity("test", 1, 1, "", 0), new CoordinatorTerm(null, 0), [.. Members], [], []));

    public Task<ClusterIdentity> OpenAsync(string clusterName, int shardCount, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<WriteOutcome> JoinAsync(MemberSnapshot self, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ILease OpenLease(Incarnation self) => throw new NotSupportedException();

    public Task<WriteOutcome> ChangeStatusAsync(StatusChange change, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<WriteOutcome> PublishUnreachableAsync(Incarnation self, IReadOnlyList<Incarnation> peers, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<WriteOutcome> ClaimCoordinatorAsync(CoordinatorTerm expected, Incarnation self, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<WriteOutcome> WriteTargetsAsync(CoordinatorTerm term, IReadOnlyList<ShardTarget> targets, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<ShardEpoch>> AcquireAsync(
        Incarnation self, IReadOnlyList<ShardClaim> claims, string acquiredBy, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ShardEpoch>> ReleaseAsync(
        Incarnation self, IReadOnlyList<ShardEpoch> shards, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ShardEpoch>> HandOverAsync(Incarnation self, IReadOnlyList<HandOver> shards, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<ShardDecision>> ReadDecisionsAsync(int shard, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<WriteOutcome> SetNodeOrderAsync(NodeOrder order, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<WriteOutcome> ClearNodeOrderAsync(string nodeName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<WriteOutcome> PinAsync(ShardPin pin, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<WriteOutcome> MoveAsync(ShardMove move, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<WriteOutcome> UnpinAsync(int shard, CancellationToken cancellationToken) => throw new NotSupportedException();

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }
}
