using AkkaScale.Sharding;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Shards;

namespace AkkaScale.Tests.Unit.Sharding;

public sealed class RememberedEntitiesTests
{
    private static readonly IEntityKind Kind = CounterKind.Create();

    [Fact]
    public void Remembered_entities_are_loaded_as_far_as_there_is_room_and_displace_nobody()
    {
        var shard = new ShardConversation(new ShardingOptions { MaxResidentEntities = 3 });
        shard.Ask(new Add(1), entity: "asked");
        shard.Recover();
        shard.AllDurable();
        shard.Say(Remember("asked", "r1", "r2", "r3"));
        Assert.Equal(["r1", "r2"], Loads(shard));
        Assert.Equal(3, shard.State.Entities.Count);
        Assert.Contains(new EntityKey("counter", "asked"), shard.State.Entities.Keys);
    }

    [Fact]
    public void One_that_is_asked_for_while_it_waits_is_asked_for_again_and_the_second_answer_changes_nothing()
    {
        var shard = new ShardConversation();
        shard.Say(Remember("r1"));
        var entity = shard.Recovering();
        Assert.False(entity.IsRequested);
        var caller = shard.Ask(new Add(2), entity: "r1");
        Assert.Same(entity, shard.Recovering());
        Assert.True(entity.IsRequested);
        shard.Ask(new Get(), entity: "r1");
        Assert.Empty(Loads(shard));

        shard.Recover(value: 5, version: 1, entity: entity);
        shard.AllDurable();
        shard.Recover(value: 5, version: 1, entity: entity);
        Assert.Equal(2, caller.Reply.Version);
        Assert.Equal(2, shard.State.Entities[new EntityKey("counter", "r1")].Version);
    }

    [Fact]
    public void A_shard_that_does_not_serve_loads_none()
    {
        var shard = new ShardConversation();
        shard.Say(new ShardInput.Drain());
        shard.Say(Remember("r1"));
        Assert.Empty(shard.Effects);
        Assert.Empty(shard.State.Entities);
    }

    [Fact]
    public void One_that_cannot_be_loaded_is_counted_so_that_somebody_looks_again()
    {
        var shard = new ShardConversation();
        shard.Say(Remember("r1", "r2"));
        var entities = shard.Effects.Select(effect => effect.Entity!).ToArray();
        shard.Say(new ShardInput.RecoveryFailed(entities[0], isUnreadable: false, "store away"));
        shard.Say(new ShardInput.RecoveryFailed(entities[1], isUnreadable: true, "damaged"));
        Assert.Equal(1, shard.State.RememberedFailures);
        Assert.Empty(shard.State.Entities);
    }

    private static ShardInput.Remember Remember(params string[] ids) => new([.. ids.Select(id => (new EntityKey("counter", id), Kind))]);

    private static IEnumerable<string> Loads(ShardConversation shard) =>
        shard.Effects.Where(effect => effect.Kind == ShardEffectKind.Recover).Select(effect => effect.Entity!.Key.Id);
}
