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

    private async Task<ResidentsAnswer> ResidentsAsync(AskResidents ask)
    {
        if (SteeredRegions.For(_system).Find(ask.Region) is null || !ClusterSharding.Get(_system).ShardTypeNames.Contains(ask.Region))
        {
            return new ResidentsAnswer([]);
        }

        var state = await ClusterSharding.Get(_system).ShardRegion(ask.Region).Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Patience);
        return new ResidentsAnswer(state.Shards.ToDictionary(
            shard => int.Parse(shard.ShardId, NumberStyles.None, CultureInfo.InvariantCulture), shard => shard.EntityIds.Count));
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
