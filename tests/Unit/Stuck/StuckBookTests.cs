using AkkaScale.Entities;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Stuck;
using Microsoft.Extensions.Time.Testing;

namespace AkkaScale.Tests.Unit.Stuck;

public sealed class StuckBookTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void What_is_at_one_message_for_long_is_found_and_what_has_ended_or_left_is_not()
    {
        var book = new WorkBook(_time);
        var (stuck, done, gone) = (book.Enter(new EntityKey("cart", "a")), book.Enter(new EntityKey("cart", "b")), book.Enter(new EntityKey("cart", "c")));
        stuck.Begin();
        done.Begin();
        gone.Begin();
        _time.Advance(TimeSpan.FromSeconds(2));
        done.End();
        done.Begin();
        book.Leave(gone);
        Assert.Equal(["a"], book.LongerThan(TimeSpan.FromSeconds(2)).Select(each => each.Entity.Id));
        stuck.End();
        Assert.Empty(book.LongerThan(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void What_a_member_told_ages_until_it_tells_otherwise_or_falls_silent()
    {
        var book = new StuckBook(_time);
        book.TakeOver(Told("n1", ("a", 2), ("b", 5)));
        book.TakeOver(Told("n2", ("c", 1)));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([("a", 3.0), ("b", 6.0), ("c", 2.0)], book.All.Select(each => (each.Id, each.For.TotalSeconds)).Order());
        Assert.Equal("b", book.Of("cart")[7].Id);
        Assert.Empty(book.Of("other"));

        book.TakeOver(Told("n1"));
        Assert.Equal(["c"], book.All.Select(each => each.Id));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Empty(book.All);
    }

    private static StuckEntitiesTold Told(string node, params (string Id, double Seconds)[] entities) =>
        new(node, [.. entities.Select(each => new StuckEntityTold("cart", 7, each.Id, each.Seconds))]);
}
