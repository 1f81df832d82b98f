using System.Collections.Immutable;
using System.Collections.ObjectModel;
using AkkaScale.Cluster.Orders;
using AkkaScale.Sharding.Stuck;

namespace AkkaScale.Sharding.Allocation;

/// <summary>What a coordinator sees at one round.</summary>
internal sealed record SteeringRound
{
    /// <summary>By the coordinator's own monotonic clock.</summary>
    public required TimeSpan Now { get; init; }

    /// <summary>Address of each shard's home.</summary>
    public required IReadOnlyDictionary<int, string> Homes { get; init; }

    /// <summary>Shards that Akka is handing over at present.</summary>
    public IReadOnlySet<int> InProgress { get; init; } = new HashSet<int>();

    /// <summary>Regions of members that are up and can be reached, whether or not they may be given shards.</summary>
    public required IReadOnlyList<AllocationMember> Open { get; init; }

    /// <summary>Regions of all members.</summary>
    public required IReadOnlyList<AllocationMember> Regions { get; init; }

    /// <summary>Address of each lease's living holder, by shard; null: the database did not answer.</summary>
    public IReadOnlyDictionary<int, string>? Holders { get; init; }

    /// <summary>About shards of this region and about nodes; null: the database did not answer.</summary>
    public StandingOrders? Orders { get; init; }

    /// <summary>What former coordinators have let rest; once, at whichever round it is known.</summary>
    public IReadOnlyList<InheritedRest> Inherited { get; init; } = [];

    /// <summary>By shard: it cannot be handed over, and stays whoever wants it elsewhere.</summary>
    public IReadOnlyDictionary<int, StuckEntity> Stuck { get; init; } = ReadOnlyDictionary<int, StuckEntity>.Empty;

    /// <inheritdoc cref="AllocationInputs.Weights"/>
    public ImmutableArray<int> Weights { get; init; } = [];

    /// <summary>Whether a member cannot be reached.</summary>
    public bool IsCut { get; init; }

    /// <summary>For how long membership has not changed.</summary>
    public TimeSpan QuietFor { get; init; }
}

/// <summary>What is to be done after a round.</summary>
/// <param name="Moves">To be handed over now.</param>
/// <param name="Ended">Orders to be removed, each with a word for people.</param>
/// <param name="Touched">Shards that should be started somewhere.</param>
internal sealed record SteeringOutcome(
    IReadOnlyList<AllocationMove> Moves, IReadOnlyList<(ShardOrder Order, string Word)> Ended, IReadOnlyList<int> Touched);
