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
    public void A_touch_goes_as_the_shards_number() =>
        Assert.Equal(new TouchShard(17), Check(new TouchShard(17), "touch", """{"shard":17}"""));

    private object Check(object message, string name, string json)
    {
        Assert.Equal(name, _serializer.Manifest(message));
        Assert.Equal(json, Encoding.UTF8.GetString(_serializer.ToBinary(message)));
        return _serializer.FromBinary(Encoding.UTF8.GetBytes(json), name);
    }
}
