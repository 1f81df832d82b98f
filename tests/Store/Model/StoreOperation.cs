using AkkaScale.Entities;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using static AkkaScale.Tests.Store.Model.StoreText;

namespace AkkaScale.Tests.Store.Model;

/// <summary>One call of a store with all its arguments, whatever was done before: a list of operations stays a list of operations when some are left out.</summary>
internal abstract record StoreOperation
{
    /// <summary>What it was made to show; with its outcome, a situation that is counted.</summary>
    public string Tag { get; init; } = "";

    /// <summary>Shards and entities whose rows are compared afterwards.</summary>
    public virtual IEnumerable<int> Shards => [];

    public virtual IEnumerable<EntityKey> Entities => [];

    /// <summary>For whoever reads the list.</summary>
    public abstract string Text { get; }

    /// <summary>Does it; its outcome as text.</summary>
    public abstract Task<string> ApplyAsync(StoreParty party);

    public sealed override string ToString() => Tag.Length == 0 ? Text : $"{Text}  ({Tag})";

    internal sealed record Join(MemberSnapshot Member) : StoreOperation
    {
        public override string Text => $"join {Of(Member)}";

        public override async Task<string> ApplyAsync(StoreParty party) =>
            $"{await (await party.ClusterAsync(Member.Incarnation)).JoinAsync(Member, CancellationToken.None)}";
    }

    /// <summary>Many join and are dead at once.</summary>
    internal sealed record JoinAndDie(IReadOnlyList<MemberSnapshot> Members) : StoreOperation
    {
        public override string Text => $"{Members.Count} join and die, from {Of(Members[0])}";

        public override async Task<string> ApplyAsync(StoreParty party)
        {
            var outcomes = new List<string>();
            var cluster = (await party.ObserverAsync()).Cluster;
            foreach (var member in Members)
            {
                var joined = await cluster.JoinAsync(member, CancellationToken.None);
                var died = await cluster.ChangeStatusAsync(
                    new StatusChange(member.Incarnation, [MemberStatus.Joining], MemberStatus.Dead, null, "died"), CancellationToken.None);
                outcomes.Add($"{joined} {died}");
            }

            return string.Join(", ", outcomes.Distinct());
        }
    }

    internal sealed record Change(StatusChange Status) : StoreOperation
    {
        public override string Text =>
            $"{Of(Status.Member)} from {string.Join('/', Status.From)} to {Status.To} at counter {Status.RenewCounter?.ToString() ?? "any"} \"{Status.Reason}\"";

        public override async Task<string> ApplyAsync(StoreParty party) =>
            $"{await (await party.ObserverAsync()).Cluster.ChangeStatusAsync(Status, CancellationToken.None)}";
    }

    internal sealed record Publish(Incarnation Self, IReadOnlyList<Incarnation> Peers) : StoreOperation
    {
        public override string Text => $"{Of(Self)} cannot reach [{string.Join(',', Peers.Select(Of))}]";

        public override async Task<string> ApplyAsync(StoreParty party) =>
            $"{await (await party.ClusterAsync(Self)).PublishUnreachableAsync(Self, Peers, CancellationToken.None)}";
    }

    internal sealed record Renew(Incarnation Self, long Expected) : StoreOperation
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

        public override string Text => $"{Of(Self)} renews at {Expected}";

        public override async Task<string> ApplyAsync(StoreParty party)
        {
            var outcome = (await party.LeaseAsync(Self)).Renew(Expected, Patience, out var counter);
            return $"{outcome} {counter}";
        }
    }

    internal sealed record Claim(CoordinatorTerm Expected, Incarnation Self) : StoreOperation
    {
        public override string Text => $"{Of(Self)} wants to coordinate after {Of(Expected)}";

        public override async Task<string> ApplyAsync(StoreParty party) =>
            $"{await (await party.ClusterAsync(Self)).ClaimCoordinatorAsync(Expected, Self, CancellationToken.None)}";
    }

    internal sealed record WriteTargets(CoordinatorTerm Term, IReadOnlyList<ShardTarget> Targets, int Times) : StoreOperation
    {
        public override string Text => $"{Of(Term)} writes{(Times > 1 ? $" {Times} times" : "")} {StoreText.Of(Targets.Select(Of))}";

        public override async Task<string> ApplyAsync(StoreParty party)
        {
            var cluster = (await party.ObserverAsync()).Cluster;
            var outcomes = new HashSet<WriteOutcome>();
            for (var time = 0; time < Times; time++)
            {
                outcomes.Add(await cluster.WriteTargetsAsync(Term, Targets, CancellationToken.None));
            }

            return string.Join(", ", outcomes);
        }
    }

    internal sealed record Order(NodeOrder Ordered) : StoreOperation
    {
        public override string Text => $"order {Of(Ordered)}";

        public override async Task<string> ApplyAsync(StoreParty party) =>
            $"{await (await party.ObserverAsync()).Cluster.SetNodeOrderAsync(Ordered, CancellationToken.None)}";
    }

    internal sealed record ClearOrder(string NodeName) : StoreOperation
    {
        public override string Text => $"no order for {NodeName}";

        public override async Task<string> ApplyAsync(StoreParty party) =>
            $"{await (await party.ObserverAsync()).Cluster.ClearNodeOrderAsync(NodeName, CancellationToken.None)}";
    }

    internal sealed record Pin(ShardPin Pinned) : StoreOperation
    {
        public override string Text => $"pin {Of(Pinned)}";

        public override async Task<string> ApplyAsync(StoreParty party) =>
            $"{await (await party.ObserverAsync()).Cluster.PinAsync(Pinned, CancellationToken.None)}";
    }

    internal sealed record Unpin(int Shard) : StoreOperation
    {
        public override string Text => $"unpin {Shard}";

        public override async Task<string> ApplyAsync(StoreParty party) =>
            $"{await (await party.ObserverAsync()).Cluster.UnpinAsync(Shard, CancellationToken.None)}";
    }

    internal sealed record Move(ShardMove Ordered) : StoreOperation
    {
        public override string Text => $"move {Of(Ordered)}";

        public override async Task<string> ApplyAsync(StoreParty party) =>
            $"{await (await party.ObserverAsync()).Cluster.MoveAsync(Ordered, CancellationToken.None)}";
    }

    internal sealed record Acquire(Incarnation Self, IReadOnlyList<ShardClaim> Claims, string By) : StoreOperation
    {
        public override string Text =>
            $"{Of(Self)} acquires by {By} {string.Join(", ", Claims.Select(claim => $"{claim.Shard} of {Of(claim.ExpectedOwner)}@{claim.ExpectedEpoch}"))}";

        public override async Task<string> ApplyAsync(StoreParty party)
        {
            try
            {
                return Of(await (await party.ClusterAsync(Self)).AcquireAsync(Self, Claims, By, CancellationToken.None));
            }
            catch (ArgumentException)
            {
                return "too many";
            }
        }
    }

    internal sealed record HandOver(Incarnation Self, IReadOnlyList<LegacyCluster.Ownership.HandOver> Given) : StoreOperation
    {
        public override string Text =>
            $"{Of(Self)} hands over {string.Join(", ", Given.Select(shard => $"{shard.Shard}@{shard.Epoch} to {Of(shard.Target)} as {shard.HandoffId}"))}";

        public override async Task<string> ApplyAsync(StoreParty party) =>
            Of(await (await party.ClusterAsync(Self)).HandOverAsync(Self, Given, CancellationToken.None));
    }

    internal sealed record Release(Incarnation Self, IReadOnlyList<ShardEpoch> Released) : StoreOperation
    {
        public override string Text => $"{Of(Self)} releases {Of(Released)}";

        public override async Task<string> ApplyAsync(StoreParty party) =>
            Of(await (await party.ClusterAsync(Self)).ReleaseAsync(Self, Released, CancellationToken.None));
    }

    internal sealed record Append(Incarnation Owner, IReadOnlyList<ShardSlice> Slices, IReadOnlyList<string> Tags) : StoreOperation
    {
        public override string Text => $"{Of(Owner)} appends{string.Concat(Slices.Select(slice => $"\n      {StoreText.Of(slice)}"))}";

        public override IEnumerable<int> Shards => Slices.Select(slice => slice.Shard).Distinct();

        public override IEnumerable<EntityKey> Entities => Slices
            .SelectMany(slice => slice.Events.Select(row => row.Entity)
                .Concat(slice.Results.Select(result => result.Entity))
                .Concat(slice.Snapshots.Select(snapshot => snapshot.Entity)))
            .Where(entity => !entity.Id.Contains('\0') && !entity.Id.EndsWith('\ud800'))
            .Distinct();

        public override async Task<string> ApplyAsync(StoreParty party)
        {
            var outcomes = await (await party.WriterAsync(Owner)).AppendAsync(Slices);
            return string.Join(", ", outcomes.Select(outcome =>
                (outcome.Status == SliceStatus.Written) == (outcome.Detail.Length == 0) ? $"{outcome.Status}" : $"{outcome.Status} saying \"{outcome.Detail}\""));
        }
    }

    internal sealed record Prune(DateTimeOffset Before) : StoreOperation
    {
        public override string Text => $"prune results before {Of(Before)}";

        public override async Task<string> ApplyAsync(StoreParty party) =>
            $"{await (await party.ObserverAsync()).Journal.PruneResultsAsync(Before, CancellationToken.None)}";
    }

    internal sealed record ReadDecisions(int Shard) : StoreOperation
    {
        public override string Text => $"read the decisions on shard {Shard}";

        public override async Task<string> ApplyAsync(StoreParty party) =>
            Of((await (await party.ObserverAsync()).Cluster.ReadDecisionsAsync(Shard, CancellationToken.None)).Select(Of));
    }

    internal sealed record RaiseGeneration : StoreOperation
    {
        public override string Text => "the database is another one";

        public override IEnumerable<int> Shards => Enumerable.Range(0, StoreParty.ShardCount);

        public override async Task<string> ApplyAsync(StoreParty party)
        {
            await party.RaiseGenerationAsync();
            return "raised";
        }
    }
}
