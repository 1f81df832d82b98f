using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.Chaos;

/// <summary>The short form of chaos.sh: some faults of each kind, once each, in an order that the seed gives.</summary>
public sealed class SmokeTests(ITestOutputHelper output)
{
    [NamespacesFact]
    public Task Nothing_is_lost_or_seen_twice_while_nodes_the_network_and_the_database_fail() =>
        RunAsync(TestStore.Postgres, "kill-9", "stop-1.5", "cut-node", "loss", "database-restart");

    [NamespacesFact]
    public Task Nothing_is_lost_or_seen_twice_over_the_embedded_store() => RunAsync(TestStore.Sqlite, "kill-9", "stop-3");

    private async Task RunAsync(string store, params string[] nemeses)
    {
        var options = new ChaosOptions
        {
            Store = store,
            Nemeses = nemeses,
            OnceEach = true,
            Report = Path.Combine(Repository.Root, ".run", "chaos", $"smoke-{store}.html"),
        };
        using var terminal = new Terminal(isSilent: false, output.WriteLine);
        var result = await new ChaosRun(options, terminal).ExecuteAsync(CancellationToken.None);
        output.WriteLine(result.ToString());
        Assert.True(result.IsClean, result.ToString());
        Assert.Equal(nemeses.Order(), result.Done.Keys.Union(result.Skipped.Keys).Intersect(nemeses).Order());
        Assert.True(result.Judgement.Counts.AcknowledgedWrites > 200, $"only {result.Judgement.Counts.AcknowledgedWrites} commands were acknowledged");
    }
}
