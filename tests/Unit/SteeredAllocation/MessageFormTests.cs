using System.Text;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Serialization;

namespace AkkaScale.Tests.Unit.SteeredAllocation;

/// <summary>What goes between nodes, of one version and the next: another form would be another name.</summary>
public sealed class MessageFormTests
{
    private readonly ShardingMessageSerializer _serializer = new(null!);

    [Fact]
    public void A_map_goes_as_numbers_by_address()
    {
        var map = ShardMapPublished.Of("task", "a", 1, 5, new Dictionary<int, string> { [0] = "a", [7] = "b", [3] = "a" });
        var back = (ShardMapPublished)Check(
            map, "map", """{"region":"task","coordinator":"a","coordinatorUid":1,"round":5,"shards":{"a":[0,3],"b":[7]}}""");
        Assert.Equal(map.Homes().OrderBy(each => each.Key), back.Homes().OrderBy(each => each.Key));
        Assert.Equal(map, back with { Shards = map.Shards });
    }

    [Fact]
    public void A_map_with_weights_goes_with_one_for_each_shard_by_number()
    {
        var map = ShardMapPublished.Of("task", "a", 1, 5, new Dictionary<int, string> { [1] = "a" }) with { Weights = [0, 10], IsManual = true };
        var back = (ShardMapPublished)Check(
            map, "map", """{"region":"task","coordinator":"a","coordinatorUid":1,"round":5,"shards":{"a":[1]},"weights":[0,10],"isManual":true}""");
        Assert.Equal([0, 10], back.Weights!);
        Assert.True(back.IsManual);
    }

    [Fact]
    public void Loads_go_as_messages_and_entities_by_shard()
    {
        var loads = new ShardLoadsReported("task", 3, new Dictionary<int, long[]> { [17] = [12, 5] });
        var back = (ShardLoadsReported)Check(loads, "loads", """{"region":"task","seconds":3,"shards":{"17":[12,5]}}""");
        Assert.Equal([12, 5], back.Shards[17]);
    }

    [Fact]
    public void A_map_of_ten_thousand_shards_with_weights_fits_into_a_frame()
    {
        var map = ShardMapPublished.Of("task", "a", 1, 5, Enumerable.Range(0, 10_000).ToDictionary(shard => shard, shard => $"akka.tcp://akkascale@10.0.0.{shard % 50}:4053")) with
        {
            Weights = [.. Enumerable.Range(0, 10_000).Select(shard => 10 + (shard % 900))],
        };
        Assert.InRange(_serializer.ToBinary(map).Length, 1, 120_000);
        var loads = new ShardLoadsReported("task", 3, Enumerable.Range(0, ShardLoadsReported.MostShards).ToDictionary(shard => 90_000 + shard, _ => new[] { 1_000_000L, 200_000L }));
        Assert.InRange(_serializer.ToBinary(loads).Length, 1, 120_000);
    }

    [Fact]
    public void A_touch_goes_as_the_shards_number() =>
        Assert.Equal(new TouchShard(17), Check(new TouchShard(17), "touch", """{"shard":17}"""));

    private object Check(object message, string name, string json)
    {
        Assert.Equal(name, _serializer.Manifest(message));
        Assert.Equal(json, Encoding.UTF8.GetString(_serializer.ToBinary(message)));
        return _serializer.FromBinary(Encoding.UTF8.GetBytes(json), name);
    }
}
