using System.Globalization;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Load.Model;
using AkkaScale.Pbm.Load.Replay;
using AkkaScale.Pbm.Load.Report;
using AkkaScale.Pbm.Load.Verify;
using AkkaScale.Pbm.Terminal;

namespace AkkaScale.Pbm.Load.Run;

/// <summary>`pbm load` from plan to report.</summary>
internal sealed class LoadRun(LoadRequest request, LoadPlan plan, IReadOnlyList<Uri> gateways, Screen screen, TimeProvider time)
{
    private readonly LoadStatistics _statistics = new(time);
    private readonly ReplayOptions _options = new(request.Concurrency, request.MaxFailures);
    private VerificationResult? _verification;
    private bool _verificationComplete;

    /// <summary>Never throws for an interruption: the report then says so.</summary>
    public async Task<LoadReport> RunAsync(CancellationToken cancellation)
    {
        using var client = new GatewayClient(request.Concurrency, request.Retry.AttemptTimeout, time);
        var sender = new RetryingSender(client, new GatewayPool(gateways, time), request.Retry, time);
        string outcome;
        try
        {
            outcome = await ReplayAsync(sender, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            outcome = LoadOutcome.Interrupted;
        }

        return LoadReportBuilder.Build(request, gateways, plan, _statistics, _verification, _verificationComplete, outcome);
    }

    private async Task<string> ReplayAsync(RetryingSender sender, CancellationToken cancellation)
    {
        var replay = new TraceReplay(plan, sender, _statistics, _options);
        var started = time.GetTimestamp();
        await ProgressDisplay.RunAsync(screen, "load", () => ReadReplay(started), () => replay.RunAsync(cancellation))
            .ConfigureAwait(false);
        if (replay.GaveUp)
        {
            return LoadOutcome.GaveUp;
        }

        if (request.Verify)
        {
            _verification = new VerificationResult();
            var verification = new Verification(plan, sender, _verification, _options, time);
            await ProgressDisplay.RunAsync(screen, "verify", () => ReadVerification(verification), () => verification.RunAsync(cancellation))
                .ConfigureAwait(false);
            _verificationComplete = !verification.GaveUp;
        }

        var clean = _statistics is { Failed: 0, Skipped: 0, Differences: 0 } && _verification is null or { Mismatches: 0 };
        return clean ? LoadOutcome.Ok : LoadOutcome.Failed;
    }

    private ProgressReading ReadReplay(long started)
    {
        var done = _statistics.Done;
        var rate = done / Math.Max(0.001, time.GetElapsedTime(started).TotalSeconds);
        return new ProgressReading(done, plan.Commands, string.Create(CultureInfo.InvariantCulture,
            $"{rate:N0}/s, {_statistics.Refused:N0} refused, {_statistics.Failed:N0} failed"));
    }

    private ProgressReading ReadVerification(Verification verification) =>
        new(_verification!.Entities, verification.Total, Counted.Of(_verification.Mismatches, "mismatch", "mismatches"));
}
