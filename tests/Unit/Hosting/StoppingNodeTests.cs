using AkkaScale.Hosting;

namespace AkkaScale.Tests.Unit.Hosting;

public sealed class StoppingNodeTests
{
    /// <summary>A timer that throws ends the process: one that fires while a node's services are disposed of must find nothing missing.</summary>
    [Fact]
    public async Task Timers_that_fire_while_the_node_is_disposed_of_do_no_harm()
    {
        var store = Directory.CreateTempSubdirectory("akkascale-stopping-");
        var time = new LastTicks();
        var app = new AkkaScaleNodeBuilder(["--store-path", store.FullName]) { Time = time }.Build();
        await app.DisposeAsync();

        Assert.NotEmpty(time.Callbacks);
        Assert.All(time.Callbacks, tick => tick());
        store.Delete(recursive: true);
    }

    /// <summary>Timers tick only when the test says so, and also when they have been disposed of.</summary>
    private sealed class LastTicks : TimeProvider
    {
        public List<Action> Callbacks { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Callbacks.Add(() => callback(state));
            return new NoTimer();
        }

        private sealed class NoTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
