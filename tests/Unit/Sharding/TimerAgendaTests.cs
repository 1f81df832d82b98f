using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;
using AkkaScale.Sharding.Timers;

namespace AkkaScale.Tests.Unit.Sharding;

public sealed class TimerAgendaTests
{
    private readonly TimerAgenda _agenda = new(2);

    [Fact]
    public void A_timer_under_way_is_not_taken_again_and_at_most_so_many_are()
    {
        Assert.Equal([1, 2], Take(0, 1, 2, 3));
        Assert.Empty(Take(0, 1, 2, 3));
        _agenda.Finish(Timer(1));
        Assert.Equal([3], Take(0, 2, 3));
        Assert.Equal(2, _agenda.InFlight);
    }

    [Fact]
    public void What_is_put_off_does_not_stop_what_stands_behind_it()
    {
        Take(0, 1, 2);
        _agenda.PutOff(Timer(1), 100);
        _agenda.PutOff(Timer(2), 200);
        Assert.Equal(4, _agenda.ReadLimit);
        Assert.Equal([3, 4], Take(99, 1, 2, 3, 4));
        _agenda.Finish(Timer(3));
        _agenda.Finish(Timer(4));
        Assert.Equal([1], Take(100, 1, 2));
        Assert.Equal(3, _agenda.ReadLimit);
    }

    [Fact]
    public void Another_version_of_a_timer_is_another_timer()
    {
        Take(0, 1);
        _agenda.PutOff(Timer(1), 100);
        Assert.Single(_agenda.Take([Timer(1) with { Version = 2 }], 0));
    }

    [Fact]
    public void What_is_put_off_is_bounded()
    {
        for (var number = 0; number < TimerAgenda.MostPutOff + 10; number++)
        {
            _agenda.PutOff(Timer(number), 1_000 + number);
        }

        Assert.Equal(2 + TimerAgenda.MostPutOff, _agenda.ReadLimit);
        Assert.Equal([0, 1], Take(0, 0, 1, 10, TimerAgenda.MostPutOff));
    }

    private IEnumerable<int> Take(long now, params int[] due) =>
        _agenda.Take([.. due.Select(Timer)], now).Select(timer => timer.Shard);

    private static DueTimer Timer(int number) => new(number, new EntityKey("alarm", $"a-{number}"), "due", 1, default);
}
