namespace AkkaScale.Tests.Simulation.Shards;

public sealed class ShardSimulationTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const string SeedVariable = "AKKASCALE_SHARD_SEED";
    private const int Seeds = 400;
    private const int Steps = 600;

    [Fact]
    public void Through_many_owners_and_faults_each_command_takes_effect_once_and_is_answered_alike()
    {
        if (Environment.GetEnvironmentVariable(SeedVariable) is { } wanted)
        {
            Run(int.Parse(wanted));
            return;
        }

        var fresh = Environment.TickCount & 0x7FFFFFFF;
        output.WriteLine($"Fresh seed: {fresh}");
        var total = new Coverage();
        foreach (var seed in Enumerable.Range(1, Seeds).Append(fresh))
        {
            total.Add(Run(seed));
        }

        output.WriteLine(total.ToString());
        Assert.True(total.IsFull, $"The runs did not meet every situation: {total}");
    }

    private static ShardSimulation Run(int seed)
    {
        var simulation = new ShardSimulation(seed);
        try
        {
            simulation.Run(Steps);
        }
        catch (InvalidOperationException broken)
        {
            throw new InvalidOperationException(
                $"Seed {seed}: {broken.Message} Replay: {SeedVariable}={seed} dotnet test tests/Simulation --filter {nameof(ShardSimulationTests)}", broken);
        }

        return simulation;
    }

    private sealed class Coverage
    {
        private long _accepted;
        private long _takeovers;
        private long _unknown;
        private long _replays;
        private long _lookUps;
        private long _warm;
        private long _cold;
        private long _resumed;
        private long _discarded;

        public bool IsFull => _accepted > 0 && _takeovers > 0 && _unknown > 0 && _replays > 0 && _lookUps > 0
            && _warm > 0 && _cold > 0 && _resumed > 0 && _discarded > 0;

        public void Add(ShardSimulation run)
        {
            _accepted += run.Accepted;
            _takeovers += run.Takeovers;
            _unknown += run.UnknownOutcomes;
            _replays += run.Replays;
            _lookUps += run.LookUps;
            _warm += run.WarmStarts;
            _cold += run.ColdStarts;
            _resumed += run.Resumed;
            _discarded += run.Discarded;
        }

        public override string ToString() =>
            $"{_accepted} accepted, {_takeovers} takeovers, {_unknown} unknown outcomes, {_replays} repeated answers, {_lookUps} look-ups in the journal, "
            + $"{_warm} warm and {_cold} cold handoffs, {_resumed} called off after intake had stopped, {_discarded} copies thrown away";
    }
}
