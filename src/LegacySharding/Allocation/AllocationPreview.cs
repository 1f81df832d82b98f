using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacySharding.Allocation;

/// <summary>What an allocation would do now, and the balance before and after. Travels between nodes and to operators as JSON.</summary>
/// <param name="LoadsKnown">False: shards count alike, because nobody has reported any load yet.</param>
/// <param name="Moves">How many are wanted; of these <paramref name="AtOnce"/> fit the bounds now and at most a thousand are shown.</param>
public sealed record AllocationPreview(
    string Allocation, bool LoadsKnown, int Moves, int AtOnce, IReadOnlyList<PreviewMember> Members, IReadOnlyList<PreviewMove> Shown)
{
    private const int MaxShown = 1_000;

    /// <summary>Runs the coordinator's own allocation on what the coordinator last saw.</summary>
    public static AllocationPreview Make(IAllocation allocation, string name, AllocationInputs inputs)
    {
        // With manual rebalancing this is how balance comes.
        inputs = inputs with { Rebalances = true };
        var now = allocation.Plan(inputs).Select(move => move.Shard).ToHashSet();
        var wanted = allocation.Plan(inputs with { MaxMovingShards = int.MaxValue, MaxMovingShardsPerNode = int.MaxValue });
        var names = inputs.Members.ToDictionary(member => member.Incarnation, member => member.NodeName);
        var after = inputs.Placements.ToDictionary(placement => placement.Shard, placement => placement.Target);
        foreach (var move in wanted)
        {
            after[move.Shard] = move.To;
        }

        var shares = inputs.Members.ToDictionary(member => member.Incarnation, _ => new Share());
        foreach (var placement in inputs.Placements)
        {
            var rate = inputs.Loads.IsEmpty ? 0 : inputs.Loads[placement.Shard].Rate;
            Find(placement.Target)?.Before(rate);
            Find(after[placement.Shard])?.After(rate);
        }

        return new AllocationPreview(
            name, !inputs.Loads.IsEmpty, wanted.Count, now.Count,
            [
                .. inputs.Members.OrderBy(member => member.NodeName, StringComparer.Ordinal).ThenBy(member => member.Incarnation)
                    .Select(member => shares[member.Incarnation].Show(member)),
            ],
            [
                .. wanted.Take(MaxShown).Select(move => new PreviewMove(
                    move.Shard, Name(inputs.Placements[move.Shard].Target), names[move.To], move.Reason, now.Contains(move.Shard), inputs.Placements[move.Shard].Epoch)),
            ]);

        Share? Find(Incarnation? member) => member is { } known ? shares.GetValueOrDefault(known) : null;

        string? Name(Incarnation? member) => member is { } known ? names.GetValueOrDefault(known) : null;
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, PreviewJson.Default.AllocationPreview);

    /// <exception cref="JsonException">Not such a document.</exception>
    public static AllocationPreview FromJson(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, PreviewJson.Default.AllocationPreview) ?? throw new JsonException("null is no preview");

    private sealed class Share
    {
        private int _shardsBefore;
        private int _shardsAfter;
        private double _rateBefore;
        private double _rateAfter;

        public void Before(double rate) => (_shardsBefore, _rateBefore) = (_shardsBefore + 1, _rateBefore + rate);

        public void After(double rate) => (_shardsAfter, _rateAfter) = (_shardsAfter + 1, _rateAfter + rate);

        public PreviewMember Show(AllocationMember member) => new(
            member.NodeName, member.IsDraining ? "drain" : member.IsCordoned ? "cordon" : null,
            _shardsBefore, Math.Round(_rateBefore, 1), _shardsAfter, Math.Round(_rateAfter, 1));
    }
}

/// <param name="Order">cordon, drain or null.</param>
/// <param name="RateBefore">Messages per second.</param>
public sealed record PreviewMember(string Name, string? Order, int ShardsBefore, double RateBefore, int ShardsAfter, double RateAfter);

/// <param name="From">Null: nobody who is up was to have it.</param>
/// <param name="AtOnce">False: it waits for others to arrive.</param>
/// <param name="Epoch">At which the coordinator saw the shard; null: its program does not tell.</param>
public sealed record PreviewMove(int Shard, string? From, string To, string Reason, bool AtOnce, long? Epoch = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AllocationPreview))]
internal sealed partial class PreviewJson : JsonSerializerContext;
