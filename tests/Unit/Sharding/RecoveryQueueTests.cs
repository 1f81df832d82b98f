using AkkaScale.Sharding.Recovery;

namespace AkkaScale.Tests.Unit.Sharding;

public sealed class RecoveryQueueTests
{
    private readonly RecoveryQueue<string> _queue = new(8);

    [Fact]
    public void What_is_waited_for_comes_before_what_is_remembered()
    {
        _queue.Remember("r1");
        _queue.Request("a");
        _queue.Remember("r2");
        _queue.Request("b");
        Assert.Equal(["a", "b", "r1", "r2"], TakeAll(8));
    }

    [Fact]
    public void A_remembered_entity_that_is_asked_for_moves_forward_and_is_loaded_once()
    {
        _queue.Remember("r1");
        _queue.Remember("r2");
        _queue.Request("r2");
        Assert.Equal(1, _queue.RememberedWaiting);
        Assert.Equal(["r2", "r1"], TakeAll(8));
    }

    [Fact]
    public void One_under_way_is_not_begun_again_when_it_is_asked_for()
    {
        _queue.Remember("r1");
        Assert.Equal(["r1"], TakeAll(8));
        _queue.Request("r1");
        Assert.Empty(TakeAll(8));
        _queue.Finish("r1");
        _queue.Request("r1");
        Assert.Equal(["r1"], TakeAll(8));
    }

    [Fact]
    public void Remembered_entities_take_at_most_half_of_the_limit_and_one_at_least()
    {
        foreach (var number in Enumerable.Range(0, 20))
        {
            _queue.Remember($"r{number}");
        }

        Assert.Equal(3, TakeAll(6).Count);
        Assert.Empty(TakeAll(6));
        _queue.Finish("r0");
        Assert.Single(TakeAll(6));
        _queue.Finish("r1");
        _queue.Finish("r2");
        _queue.Finish("r3");
        Assert.Single(TakeAll(1));
    }

    [Fact]
    public void However_slow_the_store_what_is_waited_for_gets_a_quarter_of_the_most_and_never_more_than_that()
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
