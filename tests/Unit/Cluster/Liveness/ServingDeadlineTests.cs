using AkkaScale.Cluster.Liveness;
using static AkkaScale.Tests.Unit.Cluster.Rows;

namespace AkkaScale.Tests.Unit.Cluster.Liveness;

public sealed class ServingDeadlineTests
{
    private readonly Clock _clock = new();

    [Fact]
    public void Nothing_is_served_before_a_deadline_is_set() => Assert.False(new ServingDeadline(_clock).IsServing);

    [Fact]
    public void Each_question_reads_the_clock()
    {
        var deadline = new ServingDeadline(_clock);
        deadline.MoveTo(At(11.8));
        _clock.Now = At(11.799);
        Assert.True(deadline.IsServing);
        _clock.Now = At(11.8);
        Assert.False(deadline.IsServing);
        deadline.MoveTo(At(12));
        Assert.True(deadline.IsServing);
        Assert.Equal(At(12), deadline.Until);
        deadline.MoveTo(At(11));
        Assert.False(deadline.IsServing);
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
