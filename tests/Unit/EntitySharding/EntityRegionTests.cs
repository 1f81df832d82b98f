using AkkaScale.Entities;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Routing;

namespace AkkaScale.Tests.Unit.EntitySharding;

public sealed class EntityRegionTests
{
    private readonly EntityRegion _region = new("task", 128);

    /// <summary>The published XXH64 vectors for seed 0, of which the remainder by a prime is nearly all.</summary>
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("as", 0x1C330FB2D66BE179)]
    [InlineData("asd", 0x631C37CE72A97393)]
    [InlineData("asdf", 0x415872F599CEA71E)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Call me Ishmael. Some years ago--never mind how long precisely-", 0x02A2E85470D6FD96)]
    public void The_hash_agrees_with_the_published_vectors(string text, ulong expected) =>
        Assert.Equal((int)(expected % int.MaxValue), ShardHash.ShardOf(text, int.MaxValue));

    /// <summary>Never to change: stored entities would be looked for in other shards.</summary>
    [Theory]
    [InlineData("a", 256, 91)]
    [InlineData("asd", 256, 147)]
    [InlineData("t-b547b7cfbc", 256, 75)]
    [InlineData("Grüße", 256, 85)]
    [InlineData("a", 128, 91)]
    [InlineData("t-1", 128, 26)]
    [InlineData("t-b547b7cfbc", 128, 75)]
    [InlineData("Grüße", 128, 85)]
    [InlineData("任务", 128, 3)]
    [InlineData("😀", 128, 0)]
    [InlineData("a/b c%20-#", 128, 67)]
    public void An_id_keeps_its_shard(string id, int shards, int shard) => Assert.Equal(shard, ShardHash.ShardOf(id, shards));

    [Fact]
    public void Long_ids_hash_as_well() => Assert.InRange(ShardHash.ShardOf(new string('ü', 255), 7), 0, 6);

    [Fact]
    public void Ids_spread_evenly()
    {
        var counts = new int[128];
        for (var index = 0; index < 128_000; index++)
        {
            counts[ShardHash.ShardOf($"task-{index}", 128)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 800, 1_200));
    }

    [Fact]
    public void An_ask_is_routed_by_its_entity_and_one_that_cannot_be_read_too()
    {
        var key = new EntityKey("task", "Grüße");
        foreach (var message in new object[]
        {
            new EntityAsk(key, "any", default, default), new UnreadableAsk(key, "", "ask@2", default),
        })
        {
            Assert.Equal(("Grüße", "85"), (_region.EntityId(message), _region.ShardId(message)));
            Assert.Same(message, _region.EntityMessage(message));
        }
    }

    [Fact]
    public void Another_message_is_nobodys()
    {
        var message = new object();
        Assert.Null(_region.EntityId(message));
        Assert.Null(_region.ShardId(message));
    }

    [Fact]
    public void A_persistence_id_leads_back_to_the_shard_and_another_regions_does_not()
    {
        var id = EntityRegion.PersistenceIdOf(new EntityKey("task", "t-b547b7cfbc"));
        Assert.Equal("task-t-b547b7cfbc", id);
        Assert.Equal("75", _region.ShardOfPersistenceId(id));
        Assert.Null(_region.ShardOfPersistenceId("user-t-b547b7cfbc"));
        Assert.Null(_region.ShardOfPersistenceId("tasks-1"));
    }
}
