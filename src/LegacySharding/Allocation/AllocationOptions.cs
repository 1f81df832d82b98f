namespace AkkaScale.LegacySharding.Allocation;

/// <summary>Settings of the coordinator's allocation, the same on every member. Bound from section AkkaScale:Allocation, validated at start.</summary>
public sealed class AllocationOptions
{
    public const string Weighted = "weighted";
    public const string LeastShards = "least-shards";

    public const string Automatic = "automatic";
    public const string Manual = "manual";

    /// <summary>weighted or least-shards.</summary>
    public string Name { get; set; } = Weighted;

    /// <summary>
    /// automatic or manual. With manual the coordinator moves no shard for the balance: it places those without a living owner, and follows orders, pins
    /// and drains. Balance then comes by applying a plan.
    /// </summary>
    public string Rebalance { get; set; } = Automatic;

    /// <summary>For so long a shard that an operator moved is left alone by the balance, 0 to 7 days.</summary>
    public TimeSpan MoveRest { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Shards that may be on their way from a live owner to another member at a time, 1 to 65,536. Generous, so that a new member has its share
    /// within a few seconds: a shard that waits for its turn is served where it is. Shards without a living owner never wait for it.
    /// </summary>
    public int MaxMovingShards { get; set; } = 256;

    /// <summary>Of those, the ones that leave one member, and the ones that go to one member; 1 to 65,536.</summary>
    public int MaxMovingShardsPerNode { get; set; } = 64;

    /// <summary>Weighted only: what a message per second weighs, 0 to 1,000.</summary>
    public double MessageWeight { get; set; } = 1;

    /// <summary>Weighted only: what an entity in memory weighs, 0 to 1,000. By default a thousand weigh as much as a message per second.</summary>
    public double ResidentWeight { get; set; } = 0.001;

    /// <summary>Weighted only: what any shard weighs beside its load, 0.001 to 1,000; it makes an idle cluster balance by count.</summary>
    public double ShardWeight { get; set; } = 1;

    /// <summary>
    /// Weighted only: nothing moves between two members before the difference of their loads exceeds this part of the average load, 0 to 10. Once
    /// something moves, it goes on to a quarter of it.
    /// </summary>
    public double Hysteresis { get; set; } = 0.25;

    /// <summary>Weighted only: the time over which messages are averaged, 1 s to 1 h.</summary>
    public TimeSpan LoadWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The allocation of that name.</summary>
    public IAllocation Create() => Name switch
    {
        Weighted => new WeightedAllocation(this),
        LeastShards => new LeastShardsAllocation(),
        _ => throw new InvalidOperationException($"There is no allocation named {Name}."),
    };

    /// <summary>Every setting that cannot work, with what to change; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (Name is not (Weighted or LeastShards))
        {
            yield return $"Allocation:Name is \"{Name}\": set {Weighted} or {LeastShards}.";
        }

        if (Rebalance is not (Automatic or Manual))
        {
            yield return $"Allocation:Rebalance is \"{Rebalance}\": set {Automatic} or {Manual}.";
        }

        if (MoveRest < TimeSpan.Zero || MoveRest > TimeSpan.FromDays(7))
        {
            yield return FormattableString.Invariant($"Allocation:MoveRest is {MoveRest}: set 0 to 7 days.");
        }

        if (MaxMovingShards is < 1 or > 65_536)
        {
            yield return FormattableString.Invariant($"Allocation:MaxMovingShards is {MaxMovingShards}: set 1 to 65536.");
        }

        if (MaxMovingShardsPerNode is < 1 or > 65_536)
        {
            yield return FormattableString.Invariant($"Allocation:MaxMovingShardsPerNode is {MaxMovingShardsPerNode}: set 1 to 65536.");
        }

        foreach (var (key, weight, least) in new[]
        {
            (nameof(MessageWeight), MessageWeight, 0), (nameof(ResidentWeight), ResidentWeight, 0), (nameof(ShardWeight), ShardWeight, 0.001),
        })
        {
            if (!(weight >= least && weight <= 1_000))
            {
                yield return FormattableString.Invariant($"Allocation:{key} is {weight}: set {least} to 1000.");
            }
        }

        if (!(Hysteresis is >= 0 and <= 10))
        {
            yield return FormattableString.Invariant($"Allocation:Hysteresis is {Hysteresis}: set 0 to 10 (0.25 means a quarter of the average load).");
        }

        if (LoadWindow < TimeSpan.FromSeconds(1) || LoadWindow > TimeSpan.FromHours(1))
        {
            yield return FormattableString.Invariant($"Allocation:LoadWindow is {LoadWindow}: set 1 second to 1 hour.");
        }
    }
}
