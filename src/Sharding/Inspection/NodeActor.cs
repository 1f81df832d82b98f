using System.Globalization;
using System.Text.Json;
using Akka.Actor;
using Akka.Cluster.Sharding;
using AkkaScale.Entities;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Inspection;

/// <summary>Answers other nodes' questions about what this one has in memory. It wakes no entity and waits for none longer than a second.</summary>
internal sealed class NodeActor : ReceiveActor
{
    public const string Name = "akkascale-node";

    /// <summary>A state above it is folded from the journal by whoever asks: one message between nodes has a bound.</summary>
    private const int LargestState = 64 * 1024;

    private readonly ActorSystem _system = Context.System;
    private readonly EntitySharding _sharding;

    public NodeActor(EntitySharding sharding)
    {
        _sharding = sharding;
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

    public static Props Props(EntitySharding sharding) => Akka.Actor.Props.Create(() => new NodeActor(sharding));

    private IEnumerable<string> Unreached()
    {
        var cluster = Akka.Cluster.Cluster.Get(_system);
        return cluster.State.Members.Select(member => member.Address)
            .Where(address => cluster.FailureDetector.IsMonitoring(address) && !cluster.FailureDetector.IsAvailable(address))
            .Select(address => address.ToString());
    }

    private bool IsHost => Akka.Cluster.Cluster.Get(_system).SelfRoles.Contains(_sharding.Options.Role);

    private async Task<ResidentsAnswer> ResidentsAsync(AskResidents ask)
    {
        if (!_sharding.Kinds.Names.Contains(ask.Region) || !IsHost)
        {
            return new ResidentsAnswer([]);
        }

        var state = await _sharding.RefOf(ask.Region).Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Patience);
        return new ResidentsAnswer(state.Shards.ToDictionary(
            shard => int.Parse(shard.ShardId, NumberStyles.None, CultureInfo.InvariantCulture), shard => shard.EntityIds.Count));
    }

    private async Task<EntitiesAnswer> EntitiesAsync(AskEntities ask)
    {
        if (!_sharding.Kinds.Names.Contains(ask.Region) || !IsHost)
        {
            return new EntitiesAnswer([], false, []);
        }

        var state = await _sharding.RefOf(ask.Region).Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Patience);
        return EntityPortion.Of(
            state.Shards.Select(shard => (Number: int.Parse(shard.ShardId, NumberStyles.None, CultureInfo.InvariantCulture), Ids: shard.EntityIds.AsEnumerable()))
                .Where(shard => ask.Shard is null || shard.Number == ask.Shard),
            ask.After, ask.Limit);
    }

    private BusiestAnswer Busiest(AskBusiest ask)
    {
        var now = _sharding.Time.GetTimestamp();
        return new BusiestAnswer(
            [
                .. _sharding.Residents.Busiest(ask.Kind, ask.Limit, now)
                    .Select(busy => new BusyEntity(busy.Entity.Kind, busy.Entity.Id, _sharding.RegionOf(busy.Entity.Kind).NumberOf(busy.Entity.Id), busy.Messages)),
            ],
            _sharding.Residents.WindowOf(now).TotalSeconds);
    }

    private async Task<LookAnswer> LookAsync(AskLook ask)
    {
        if (_sharding.Residents.Find(new EntityKey(ask.Kind, ask.Id)) is not { } entity)
        {
            return new LookAnswer(false, 0, null);
        }

        var look = await entity.Ask<EntityLook>(LookAtEntity.Instance, Patience);
        return new LookAnswer(true, look.Version, look.State is { Length: <= LargestState } state ? JsonElement.Parse(state) : null);
    }

    private async Task<PassivationAnswer> PassivateAsync(AskPassivation ask)
    {
        if (_sharding.Residents.Find(new EntityKey(ask.Kind, ask.Id)) is not { } entity)
        {
            return new PassivationAnswer(false, false);
        }

        return new PassivationAnswer(true, (await entity.Ask<EntityPassivation>(PassivateEntity.Instance, Patience)).Accepted);
    }
}
