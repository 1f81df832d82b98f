using AkkaScale.Tests.Chaos.Rig;
using AkkaScale.Tests.Verdict;

namespace AkkaScale.Tests.Chaos.Nemeses;

/// <summary>Carries nemeses out, one or two at a time, waits until the cluster has recovered, and notes what did not go as it should.</summary>
internal sealed class Assault(ChaosCluster cluster, HistoryWriter history, RunClock clock, Random random, Action<string> tell, CancellationToken stop)
{
    private static readonly TimeSpan HealBound = TimeSpan.FromSeconds(90);

    private readonly Victims _victims = new();
    private readonly List<string> _failures = [];
    private readonly Dictionary<string, int> _done = [];

    /// <summary>Nemeses that could not be carried out, and clusters that did not heal.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>By nemesis how often it was done.</summary>
    public IReadOnlyDictionary<string, int> Done => _done;

    public async Task DoAsync(Nemesis nemesis)
    {
        Nemesis[] together = nemesis == NemesisList.TwoAtOnce ? NemesisList.Pair(cluster, random) : [nemesis];
        tell($"{nemesis.Name}{(together.Length > 1 ? $": {string.Join(" and ", together.Select(one => one.Name))}" : "")} …");
        var strikes = together
            .Select(one => new Strike(one.Name, cluster, new Random(random.Next()), _victims, history, clock, together.Length == 1, stop)).ToArray();
        try
        {
            var failures = await Task.WhenAll(together.Zip(strikes, CarryOutAsync));
            await RecoverAsync(failures.Any(failed => failed));
        }
        finally
        {
            foreach (var strike in strikes)
            {
                strike.Record();
                strike.Dispose();
                _done[strike.Name] = _done.GetValueOrDefault(strike.Name) + 1;
                tell($"{strike.Name}: {(strike.IsSeen ? "" : "NOT SEEN: ")}{strike.What}");
            }

            _done[nemesis.Name] = _done.GetValueOrDefault(nemesis.Name) + (together.Length > 1 ? 1 : 0);
        }
    }

    /// <returns>Whether it could not be carried out.</returns>
    private async Task<bool> CarryOutAsync(Nemesis nemesis, Strike strike)
    {
        try
        {
            await nemesis.StrikeAsync(strike);
            strike.End();
            return false;
        }
        catch (Exception failure)
        {
            strike.End();
            Fail($"{nemesis.Name}: {failure.Message}");
            return true;
        }
    }

    private async Task RecoverAsync(bool isLeftBroken)
    {
        try
        {
            if (isLeftBroken)
            {
                await cluster.RepairAsync();
            }

            await cluster.WaitUntilHealthyAsync(HealBound);
        }
        catch (Exception unhealed) when (!isLeftBroken)
        {
            Fail($"the cluster did not recover: {unhealed.Message}");
            await RecoverAsync(isLeftBroken: true);
        }
    }

    private void Fail(string what)
    {
        lock (_failures)
        {
            _failures.Add($"at {TimeSpan.FromMicroseconds(clock.Now):hh\\:mm\\:ss} {what}");
            tell($"FAILURE {_failures[^1]}");
        }
    }
}
