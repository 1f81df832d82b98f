using AkkaScale.Journal.Reading;
using AkkaScale.Journal.Writing;

namespace AkkaScale.Tests.Unit.Journal.Reading;

public sealed class HandOversTests
{
    private static readonly Slice Epoch1 = new("s1", 1);
    private static readonly RecoveryRead Read = new(null, [], 4);

    private readonly SteppedTime _time = new();
    private readonly HandOvers _handOvers;

    public HandOversTests() => _handOvers = new HandOvers(_time);

    [Fact]
    public void What_was_read_is_found_and_taken_once()
    {
        _handOvers.Complete(_handOvers.Begin("a", Epoch1)!, Read, 3);
        Assert.Same(Read, _handOvers.Look("a", 3, Epoch1));
        Assert.Same(Read, _handOvers.Take("a", 3, Epoch1));
        Assert.Null(_handOvers.Take("a", 3, Epoch1));
    }

    [Fact]
    public void A_write_accepted_while_it_is_being_read_takes_it_away()
    {
        var begun = _handOvers.Begin("a", Epoch1)!;
        _handOvers.Discard("a");
        _handOvers.Complete(begun, Read, 3);
        Assert.Null(_handOvers.Look("a", 3, Epoch1));
    }

    [Fact]
    public void Another_epoch_another_start_or_an_unfinished_reading_is_not_served()
    {
        var begun = _handOvers.Begin("a", Epoch1)!;
        Assert.Null(_handOvers.Look("a", 3, Epoch1));
        _handOvers.Complete(begun, Read, 3);
        Assert.Null(_handOvers.Look("a", 3, new Slice("s1", 2)));
        Assert.Null(_handOvers.Look("a", 2, Epoch1));
    }

    [Fact]
    public void What_nobody_picks_up_grows_old_and_makes_room()
    {
        for (var i = 0; i < 4096; i++)
        {
            _handOvers.Complete(_handOvers.Begin($"e{i}", Epoch1)!, Read, 1);
        }

        Assert.Null(_handOvers.Begin("more", Epoch1));
        _time.Elapse(TimeSpan.FromSeconds(11));
        Assert.Null(_handOvers.Look("e0", 1, Epoch1));
        Assert.NotNull(_handOvers.Begin("more", Epoch1));
    }

    private sealed class SteppedTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Elapse(TimeSpan time) => _ticks += time.Ticks;
    }
}
