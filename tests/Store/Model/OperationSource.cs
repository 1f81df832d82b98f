using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.Tests.Model;

namespace AkkaScale.Tests.Store.Model;

/// <summary>
/// Draws operations, with an eye on the model, so that most of them do something and every kind of refusal occurs. Whoever asks for one applies it to
/// the model before asking for the next.
/// </summary>
/// <param name="canRaise">Whether the store notices that its database is another one.</param>
internal sealed partial class OperationSource(Random random, StoreModel model, bool canRaise)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset LongAgo = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Text that is ordered, folded or quoted otherwise by whoever does not compare bytes, and the longest there may be.
    private static readonly string[] Ids =
        ["a", "A", "b", "ä", "it's \"x\"", "\ufffd", "😀", "z z", .. Enumerable.Range(0, 4).Select(LongId)];

    private static readonly string[] Kinds = ["thing", "other"];
    private static readonly string[] EventTypes = ["happened", "happened@2", "named", "Named"];
    private static readonly string[] NodeNames = ["node-1", "node-2", "Node-2", "nöde"];

    private readonly List<Incarnation> _members = [];
    private readonly Incarnation[] _strangers = [NewIncarnation(random), NewIncarnation(random)];
    private readonly Queue<StoreOperation> _next = new();
    private readonly List<(int Step, Func<StoreOperation> Make)> _rare = [];
    private int _step;

    private static IEnumerable<(EntityKey Entity, int Shard)> Placed { get; } =
        [.. Kinds.SelectMany((kind, nr) => Ids.Select((id, index) => (new EntityKey(kind, id), (index + (nr * 3)) % StoreParty.ShardCount)))];

    /// <summary>All entities there may be.</summary>
    public static IEnumerable<EntityKey> Entities => Placed.Select(placed => placed.Entity);

    /// <summary>So many operations of one seed; the same for the same arguments.</summary>
    public static async Task<List<StoreOperation>> DrawAsync(int seed, int count, bool canRaise)
    {
        await using var party = StoreParty.OfModel(out var model);
        var source = new OperationSource(new Random(seed), model, canRaise);
        source.Plan(count);
        var operations = new List<StoreOperation>(count);
        while (operations.Count < count)
        {
            var operation = source.Next();
            operations.Add(operation);
            await operation.ApplyAsync(party);
        }

        return operations;
    }

    private StoreOperation Next()
    {
        _step++;
        for (var index = 0; index < _rare.Count; index++)
        {
            if (_rare[index].Step == _step)
            {
                return _rare[index].Make();
            }
        }

        if (_next.TryDequeue(out var planned))
        {
            return planned;
        }

        if (UpMembers().Count < 2 && Chance(0.5))
        {
            return Revive();
        }

        var unowned = model.Read().Owners.Count(row => row.Owner is not { } owner || !IsUp(owner));
        return random.Next(103 + (4 * unowned)) switch
        {
            < 42 => Append(),
            < 60 => Look(),
            < 64 => HandOver(),
            < 67 => Release(),
            < 72 => Renew(),
            < 77 => Change(),
            < 80 => Join(),
            < 81 => Publish(),
            < 85 => Claim(),
            < 88 => WriteTargets(1),
            < 93 => Order(),
            < 95 => Pinning(),
            < 98 => Moving(),
            < 99 => new StoreOperation.Prune(At()),
            _ => Acquire(),
        };
    }

    // The first steps make a cluster; what is costly comes once in a run, at a moment of its own.
    private void Plan(int count)
    {
        for (var node = 0; node < 3; node++)
        {
            _next.Enqueue(new StoreOperation.Join(NewMember()));
            _next.Enqueue(new StoreOperation.Change(new StatusChange(_members[^1], [MemberStatus.Joining], MemberStatus.Up, null, "up")));
            _next.Enqueue(new StoreOperation.Acquire(
                _members[^1], [.. Enumerable.Range(node * 3, node == 2 ? 2 : 3).Select(shard => new ShardClaim(shard, null, 0))], "first"));
        }

        var begin = _next.Count + 1;
        Rarely(() => new StoreOperation.JoinAndDie([.. Enumerable.Range(0, 70).Select(_ => NewMember(isKept: false))]));
        Rarely(() => WriteTargets(101));
        Rarely(() => new StoreOperation.Acquire(
            Pick(_members), [.. Enumerable.Range(0, IClusterStore.MaxShardsPerTransaction + 1).Select(shard => new ShardClaim(shard, null, 0))], "too many"));
        Rarely(() =>
        {
            _next.Enqueue(new StoreOperation.Unpin(3));
            return new StoreOperation.Pin(new ShardPin(3, "node-1", "", "bob", At()));
        });
        Rarely(EndMove);
        if (canRaise)
        {
            Rarely(() => new StoreOperation.RaiseGeneration());
        }

        void Rarely(Func<StoreOperation> make) => _rare.Add((random.Next(begin, Math.Max(begin + 1, count)), make));
    }

    private List<Incarnation> UpMembers() => [.. _members.Where(IsUp)];

    private bool IsUp(Incarnation member) => model.Read().Members.Any(row => row.Incarnation == member && row.Status == MemberStatus.Up);

    private bool Chance(double probability) => random.NextDouble() < probability;

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    private List<T> Some<T>(IEnumerable<T> from, int atMost)
    {
        var shuffled = from.ToArray();
        random.Shuffle(shuffled);
        return [.. shuffled.Take(random.Next(1, atMost + 1))];
    }

    // Few different ones, so that orders by time meet equals; some finer than what is stored.
    private DateTimeOffset At() => Noon.AddSeconds(random.Next(12)).AddTicks(Chance(0.1) ? random.Next(100) : 0);

    private byte[] Bytes(int atMost)
    {
        var bytes = new byte[random.Next(1, atMost + 1)];
        random.NextBytes(bytes);
        return bytes;
    }

    private Guid NewId() => NewId(random);

    private static Guid NewId(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private static Incarnation NewIncarnation(Random random) => new(NewId(random));

    // 255 characters of four bytes that no index can compress.
    private static string LongId(int nr)
    {
        var random = new Random(nr);
        return string.Concat(Enumerable.Range(0, 255).Select(_ => char.ConvertFromUtf32(0x1f300 + random.Next(0x200))));
    }
}
