using AkkaScale.LegacySharding.Recovery;

namespace AkkaScale.Tests.Unit.Sharding;

public sealed class RecoveryQueueTests
{
    private readonly RecoveryQueue<string> _queue = new(8);

    [Fact]
    public void Loads_begin_in_the_order_of_request_and_each_that_ends_makes_room_for_one()
    {
        foreach (var number in Enumerable.Range(0, 4))
        {
            _queue.Request($"a{number}");
        }

        Assert.Equal(["a0", "a1"], TakeAll(2));
        Assert.Empty(TakeAll(2));
        _queue.Finish();
        Assert.Equal(["a2"], TakeAll(2));
    }

    [Fact]
    public void However_slow_the_store_a_quarter_of_the_most_may_be_under_way_and_never_more_than_that()
    {
        foreach (var number in Enumerable.Range(0, 20))
        {
            _queue.Request($"a{number}");
        }

        Assert.Equal(2, TakeAll(1).Count);
        Assert.Equal(2, TakeAll(4).Count);
        Assert.Equal(4, TakeAll(100).Count);
        Assert.Equal(12, _queue.Waiting);
    }

    private List<string> TakeAll(int limit)
    {
        var taken = new List<string>();
        while (_queue.TryTake(limit, out var load))
        {
            taken.Add(load);
        }

        return taken;
    }
}
