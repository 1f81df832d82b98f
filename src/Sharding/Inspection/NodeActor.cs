using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Akka.Actor;
using Akka.Cluster.Sharding;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Routing;

namespace AkkaScale.Sharding.Inspection;

/// <summary>Answers other nodes' questions about what this one has in memory. It wakes no entity and waits for none longer than a second.</summary>
internal sealed class NodeActor : ReceiveActor
{
    public const string Name = "akkascale-node";

    /// <summary>A state above it is folded from the journal by whoever asks: one message between nodes has a bound.</summary>
    private const int LargestState = 64 * 1024;

    private readonly ActorSystem _system = Context.System;

    public NodeActor()
    {
        Receive<AskUnreached>(_ => Sender.Tell(new UnreachedAnswer([.. Unreached()])));
        Receive<AskResidents>(ask => ResidentsAsync(ask).PipeTo(Sender, Self, answer => answer));
        Receive<AskEntities>(ask => EntitiesAsync(ask).PipeTo(Sender, Self, answer => answer));
        Receive<AskBusiest>(ask => Sender.Tell(Busiest(ask)));
        Receive<AskLook>(ask => LookAsync(ask).PipeTo(Sender, Self, answer => answer));
        Receive<AskPassivation>(ask => PassivateAsync(ask).PipeTo(Sender, Self, answer => answer));

        // Who asked has given up by then.
        Receive<Status.Failure>(static _ => { });
    }

    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(1);

    public static Props Props() => Akka.Actor.Props.Create(() => new NodeActor());

    private ResidentBook Residents => EntitySharding.Of(_system).Residents;

    private IEnumerable<string> Unreached()
    {
        var cluster = Akka.Cluster.Cluster.Get(_system);
        return cluster.State.Members.Select(member => member.Address)
            .Where(address => cluster.FailureDetector.IsMonitoring(address) && !cluster.FailureDetector.IsAvailable(address))
            .Select(address => address.ToString());
    }

    private async Task<ResidentsAnswer> ResidentsAsync(AskResidents ask) =>
        new((await ShardsAsync(ask.Region)).ToDictionary(shard => shard.Number, shard => shard.Ids.Count));

    private async Task<EntitiesAnswer> EntitiesAsync(AskEntities ask) => EntityPortion.Of(
        (await ShardsAsync(ask.Region)).Where(shard => ask.Shard is null || shard.Number == ask.Shard).Select(shard => (shard.Number, shard.Ids.AsEnumerable())),
        ask.After, ask.Limit);

    /// <summary>What this node has of a region; none where it hosts none of its shards.</summary>
    private async Task<IEnumerable<(int Number, IImmutableSet<string> Ids)>> ShardsAsync(string region)
    {
        var sharding = ClusterSharding.Get(_system);
        if (SteeredRegions.For(_system).Find(region) is null || !sharding.ShardTypeNames.Contains(region))
        {
            return [];
        }

        var state = await sharding.ShardRegion(region).Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Patience);
        return state.Shards.Select(shard => (int.Parse(shard.ShardId, NumberStyles.None, CultureInfo.InvariantCulture), shard.EntityIds));
    }

    private BusiestAnswer Busiest(AskBusiest ask)
    {
        var sharding = EntitySharding.Of(_system);
        var now = sharding.Time.GetTimestamp();
        return new BusiestAnswer(
            [
                .. sharding.Residents.Busiest(ask.Kind, ask.Limit, now)
                    .Select(busy => new BusyEntity(busy.Entity.Kind, busy.Entity.Id, sharding.RegionOf(busy.Entity.Kind).NumberOf(busy.Entity.Id), busy.Messages)),
            ],
            sharding.Residents.WindowOf(now).TotalSeconds);
    }

    private async Task<LookAnswer> LookAsync(AskLook ask)
    {
        if (Residents.Find(new EntityKey(ask.Kind, ask.Id)) is not { } entity)
        {
            return new LookAnswer(false, 0, null);
        }

        var look = await entity.Ask<EntityLook>(LookAtEntity.Instance, Patience);
        return new LookAnswer(true, look.Version, look.State is { Length: <= LargestState } state ? JsonElement.Parse(state) : null);
    }

    private async Task<PassivationAnswer> PassivateAsync(AskPassivation ask)
    {
        if (Residents.Find(new EntityKey(ask.Kind, ask.Id)) is not { } entity)
        {
            return new PassivationAnswer(false, false);
        }

        return new PassivationAnswer(true, (await entity.Ask<EntityPassivation>(PassivateEntity.Instance, Patience)).Accepted);
    }
}
