using AkkaScale.Pbm.Load.Model;

namespace AkkaScale.Pbm.Load.Replay;

/// <summary>Sends a plan: users, then projects, then tasks; commands of one entity in order, entities side by side.</summary>
public sealed class TraceReplay(LoadPlan plan, RetryingSender sender, LoadStatistics statistics, ReplayOptions options)
{
    /// <summary>Too many failures: the rest was not sent.</summary>
    public bool GaveUp => statistics.Failed >= options.MaxFailures;

    /// <exception cref="OperationCanceledException">Interrupted; the statistics hold what was done.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        statistics.Start();
        try
        {
            await RunPhaseAsync(plan.Users, cancellation).ConfigureAwait(false);
            await RunPhaseAsync(plan.Projects, cancellation).ConfigureAwait(false);
            await RunPhaseAsync(plan.Tasks, cancellation).ConfigureAwait(false);
        }
        finally
        {
            statistics.Stop();
        }
    }

    private async Task RunPhaseAsync(IReadOnlyList<EntityChain> chains, CancellationToken cancellation)
    {
        var queue = new ChainQueue(chains);
        var workers = Enumerable.Range(0, Math.Min(options.Concurrency, chains.Count))
            .Select(number => Task.Run(() => WorkAsync(queue, new Random(number), cancellation), CancellationToken.None));
        await Task.WhenAll(workers).ConfigureAwait(false);
    }

    private async Task WorkAsync(ChainQueue queue, Random random, CancellationToken cancellation)
    {
        while (!GaveUp && queue.TryTake(out var chain))
        {
            cancellation.ThrowIfCancellationRequested();
            var command = chain.Next;
            var outcome = await sender.SendAsync(GatewayRequest.For(command), random, statistics.Retry, cancellation)
                .ConfigureAwait(false);
            statistics.Record(command, outcome, chain.AcknowledgedVersion);
            chain.Advance();
            if (outcome.Failure is not null)
            {
                // Its outcome is unknown: sending the next one could put it before this one.
                statistics.Skip(chain.Left);
                continue;
            }

            if (outcome.Answer!.IsAccepted)
            {
                chain.AcknowledgedVersion = outcome.Answer.Version!.Value;
            }

            queue.Return(chain);
        }
    }
}
