namespace AkkaScale.Tests.Simulation.Shards;

public sealed class MessageSimulationTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const string SeedVariable = "AKKASCALE_MESSAGE_SEED";
    private const int Seeds = 300;
    private const int Steps = 1_000;

    [Fact]
    public void Every_message_takes_effect_exactly_once_and_in_order_whatever_fails()
    {
        if (Environment.GetEnvironmentVariable(SeedVariable) is { } wanted)
        {
            Run(int.Parse(wanted));
            return;
        }

        var fresh = Environment.TickCount & 0x7FFFFFFF;
        output.WriteLine($"Fresh seed: {fresh}");
        var (letters, refused, takeovers, copies, closes, overflows) = (0L, 0L, 0L, 0L, 0L, 0L);
        foreach (var seed in Enumerable.Range(1, Seeds).Append(fresh))
        {
            var run = Run(seed);
            letters += run.Letters;
            refused += run.Refused;
            takeovers += run.Takeovers;
            copies += run.Copies;
            closes += run.Closes;
            overflows += run.Overflows;
        }

        var met = $"{letters} letters, {refused} refused or without effect, {copies} deliveries, {takeovers} takeovers, {closes} closes, {overflows} steps with more messages than memory";
        output.WriteLine(met);
        Assert.True(refused > 0 && takeovers > 2 * Seeds && copies > letters && closes > 0 && overflows > 0, $"The runs did not meet every situation: {met}");
    }

    private static MessageSimulation Run(int seed)
    {
        try
        {
            var simulation = new MessageSimulation(seed);
            simulation.Run(Steps);
            return simulation;
        }
        catch (InvalidOperationException broken)
        {
            throw new InvalidOperationException(
                $"Seed {seed}: {broken.Message} Replay: {SeedVariable}={seed} dotnet test tests/Simulation --filter {nameof(MessageSimulationTests)}", broken);
        }
    }
}
